import type { NodeId } from '../engine/domain/ids.ts';
import type { LoadMeter, NodeLoad } from '../engine/ports/load-meter.ts';
import { EventLoopLoad } from '../integrations/runtime/event-loop-load.ts';
import type { AriNode } from '../telephony/ari/ari-node.ts';
import { quantileBetween, type AriStatsSnapshot } from '../telephony/ari/ari-stats.ts';

/** What a node must tell. */
export type MeasuredNode = Pick<AriNode, 'nodeId' | 'stats' | 'status'>;

/** Reads the load of this process and of its switches. */
export function createLoadMeter(nodes: readonly MeasuredNode[], eventLoop: Pick<EventLoopLoad, 'read'> = new EventLoopLoad()): LoadMeter {
  const before = new Map<NodeId, AriStatsSnapshot>();
  return {
    read: () => {
      const { lagMs, busy } = eventLoop.read();
      const loads = new Map<NodeId, NodeLoad>();
      for (const { nodeId, stats, status } of nodes) {
        const last = before.get(nodeId) ?? stats;
        before.set(nodeId, stats);
        if (status.pulse === undefined) continue;
        loads.set(nodeId, {
          eventLagMs: quantileBetween(last.eventLag, stats.eventLag, 0.95),
          requestMs: Math.max(status.pulse.oldestRequestMs, quantileBetween(last.requestLatency, stats.requestLatency, 0.95)),
        });
      }
      return { busy, loopLagMs: lagMs, nodes: loads };
    },
  };
}
