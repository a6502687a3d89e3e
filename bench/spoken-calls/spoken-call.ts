import type { OutgoingCall } from '../../telephony/phones/scripted-caller.ts';
import type { CallStory } from './call-story.ts';

/** A call as its caller has it, and as the engine tells of it. */
export interface SpokenCall {
  readonly call: OutgoingCall;
  readonly story: CallStory;
}
