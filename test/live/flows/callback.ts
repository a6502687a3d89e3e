import flow from '../../callback/callback-flow.ts';

// For queues that call the customer first.
export default flow;
