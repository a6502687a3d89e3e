import flow from '../../../flows/callback-message.ts';

// For queues that leave a message.
export default flow;
