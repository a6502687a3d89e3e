import type { BridgeId, ChannelId, NodeId } from '../domain/ids.ts';
import type { SwitchSnapshot } from './call-control.ts';
import type { AnsweredBy } from './call-events.ts';

/** Ids of legs begin so; reconciliation knows an orphan leg by it. */
export const LEG_PREFIX = 'leg';
/** Ids of conversation bridges begin so. */
export const BRIDGE_PREFIX = 'talk';

/** What happens to a leg that we dialled. */
export interface LegWatcher {
  /** The phone says that it rings. */
  rings?(): void;
  /** Answered, and under our control. `answeredBy`: of those dialled with `detectMachine`. */
  entered(answeredBy?: AnsweredBy): void;
  /** Whoever has the leg puts the other party on hold, or takes it back. */
  held?(held: boolean): void;
  /** Gone, with its Q.850 cause (0: none told). */
  gone(cause: number): void;
}

/** The legs of all nodes: who dials one registers it here first, so that no event of it can come too early. */
export interface Legs {
  /** Returns how to forget it. A leg that nobody watches is hung up when it is answered. */
  watch(channelId: ChannelId, watcher: LegWatcher): () => void;
  /**
   * Calls `then` once a leg that is being hung up is gone, or soon after if nobody tells; also when the call itself is over by then. Whoever
   * frees the leg's agent must wait for this: a phone with one line answers "busy" to a call that comes before its last one has ended.
   */
  partFrom(channelId: ChannelId, then: () => void): void;
  /** A node that is connected now and is not to become empty, for calls that we begin; undefined when there is none. */
  nodeForCalls(): NodeId | undefined;
}

/** The conversation bridge that a channel is in. A second one made for it would leave the first behind, empty. */
export function bridgeOf(bridges: SwitchSnapshot['bridges'], channelId: ChannelId): BridgeId | undefined {
  return bridges.find(({ id, channelIds }) => id.startsWith(`${BRIDGE_PREFIX}-`) && channelIds.includes(channelId))?.id;
}
