import type { CallbackView } from '../engine/callback/callback-desk.ts';
import { queueId } from '../engine/domain/ids.ts';
import { engineMetrics, type EngineMetrics } from '../integrations/metrics/engine-metrics.ts';
import type { NodeFigures } from '../integrations/metrics/metrics-sources.ts';
import type { MqttHealth } from '../integrations/mqtt/mqtt-publisher.ts';
import { systemClock } from '../integrations/runtime/system-clock.ts';
import type { AriNode } from '../telephony/ari/ari-node.ts';
import { LATENCY_BOUNDS_MS } from '../telephony/ari/ari-stats.ts';
import type { Engine } from './engine.ts';
import type { ServiceCircuit } from './services.ts';
import { VERSION } from './version.ts';

export interface MetricsParts {
  readonly engine: Engine;
  readonly mqtt: () => MqttHealth;
  readonly services: () => readonly ServiceCircuit[];
}

/** Joins the metrics with what they are read from. */
export function metricsOf({ engine, mqtt, services }: MetricsParts): EngineMetrics {
  const { callbacks, distributor, recordings, sessions, store, switchboard } = engine;
  const now = (): number => systemClock.now();
  const metrics = engineMetrics({
    sources: {
      calls: () => sessions.calls(),
      queues: () =>
        distributor.queues().map(({ queue, contacts }) => ({
          queueId: queue.id,
          waiting: contacts.length,
          longestWaitingSince: contacts.length === 0 ? null : Math.min(...contacts.map(({ enqueuedAt }) => enqueuedAt)),
          serviceLevelMs: queue.serviceLevelMs,
        })),
      targetOf: (id) => distributor.queue(queueId(id)),
      agents: () => distributor.agents().map(({ status }) => status),
      callbacks: () => callbacks.list().flatMap((callback) => openOnly(callback, now())),
      nodes: () => switchboard.nodeIds.map((id) => nodeFigures(switchboard.node(id), sessions)),
      store: () => ({
        ...store.health(),
        ...store.size(),
        lostEvents: store.events.lost,
        waitingEvents: store.events.waiting,
        waitingRecords: store.journal.waiting,
      }),
      mqtt: () => {
        const { connected, waiting, doneSeq } = mqtt();
        return { connected, waiting, backlog: Math.max(0, store.events.newestSeq - doneSeq) };
      },
      recognizers: () => engine.recognizers(),
      services: () => services().map(({ service, state }) => ({ service, open: state === 'open' })),
      timers: () => engine.timers(),
      admission: () => {
        const { level, nodes, callLimit = 0, trunks, refused, diverted } = engine.admission.state;
        return { level, nodes: nodes.map((node) => ({ node: node.nodeId, level: node.level, draining: node.draining })), callLimit, trunks, refused, diverted };
      },
      ...(recordings === undefined ? {} : { recordings: () => ({ live: recordings.live().length, waiting: recordings.waiting }) }),
      version: VERSION,
      now,
    },
  });
  engine.onEvent((event) => metrics.observe(event));
  engine.onStoreFlushed((tookMs) => metrics.storeFlushed(tookMs));
  return metrics;
}

function openOnly({ stage, notBefore }: CallbackView, now: number): readonly { readonly stage: string; readonly due: boolean }[] {
  return stage === 'ended' ? [] : [{ stage, due: stage === 'scheduled' && notBefore <= now }];
}

function nodeFigures(node: AriNode, sessions: Engine['sessions']): NodeFigures {
  const { nodeId, status, stats } = node;
  const { orphans, ghosts } = sessions.disagreement(nodeId);
  return {
    ...stats,
    node: nodeId,
    ready: status.ready,
    requestLatency: { boundsMs: LATENCY_BOUNDS_MS, ...stats.requestLatency },
    eventLag: { boundsMs: LATENCY_BOUNDS_MS, ...stats.eventLag },
    oldestRequestMs: status.pulse?.oldestRequestMs ?? 0,
    silentMs: status.pulse?.silentMs ?? 0,
    orphans: orphans.length,
    ghosts: ghosts.length,
  };
}
