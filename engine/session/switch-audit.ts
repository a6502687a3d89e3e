import type { BridgeId, CallId, ChannelId, NodeId } from '../domain/ids.ts';
import type { SwitchSnapshot } from '../ports/call-control.ts';
import { BRIDGE_PREFIX } from '../ports/legs.ts';
import { isLeg } from './leg-registry.ts';

/** What the books say of one switch. */
export interface Books {
  /** The callers' channels, with their calls. */
  readonly callers: ReadonlyMap<ChannelId, CallId>;
  /** Whether a leg of ours is watched, or is being hung up. */
  knowsLeg(channelId: ChannelId): boolean;
}

/** What does not agree. */
export interface Disagreement {
  /** Channels of ours that nobody looks after. */
  readonly orphans: readonly ChannelId[];
  /** Calls whose caller's channel does not exist. */
  readonly ghosts: readonly CallId[];
  /** Bridges of ours with nobody in them whom we know. */
  readonly emptyBridges: readonly BridgeId[];
}

const NOTHING: Disagreement = { orphans: [], ghosts: [], emptyBridges: [] };

/**
 * Compares books and switches while all seems well. Events that flow make it superfluous; it shows that they did, and finds what a lost one
 * has left. The snapshot is older than the books when it arrives, so what is seen once may be a call that has just begun or ended: it counts
 * when it is seen twice in a row.
 */
export class SwitchAudit {
  /** What the last look has shown, right or not. */
  readonly #suspects = new Map<NodeId, Disagreement>();
  readonly #found = new Map<NodeId, Disagreement>();

  /** Takes a look, and tells what is wrong for the second time. */
  compare(nodeId: NodeId, { channels, bridges }: SwitchSnapshot, books: Books): Disagreement {
    const present = new Set(channels.filter(({ inApplication }) => inApplication).map(({ id }) => id));
    const isKnown = (id: ChannelId): boolean => books.callers.has(id) || books.knowsLeg(id);
    const seen: Disagreement = {
      // A caller outside our application is with the switch's fallback.
      orphans: channels.filter(({ id, inApplication }) => (inApplication || isLeg(id)) && !isKnown(id)).map(({ id }) => id),
      ghosts: [...books.callers].filter(([id]) => !present.has(id)).map(([, callId]) => callId),
      emptyBridges: bridges.filter(({ id, channelIds }) => id.startsWith(`${BRIDGE_PREFIX}-`) && !channelIds.some(isKnown)).map(({ id }) => id),
    };
    const before = this.#suspects.get(nodeId) ?? NOTHING;
    this.#suspects.set(nodeId, seen);
    const found: Disagreement = {
      orphans: seen.orphans.filter((id) => before.orphans.includes(id)),
      ghosts: seen.ghosts.filter((id) => before.ghosts.includes(id)),
      emptyBridges: seen.emptyBridges.filter((id) => before.emptyBridges.includes(id)),
    };
    this.#found.set(nodeId, found);
    return found;
  }

  /** The connection was lost: reconciliation compares when it is back. */
  forget(nodeId: NodeId): void {
    this.#suspects.delete(nodeId);
    this.#found.delete(nodeId);
  }

  /** What the last look at a switch has found. */
  of(nodeId: NodeId): Disagreement {
    return this.#found.get(nodeId) ?? NOTHING;
  }
}
