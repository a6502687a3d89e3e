import { engineMetrics, type EngineMetrics } from '../integrations/metrics/engine-metrics.ts';
import type { MqttHealth } from '../integrations/mqtt/mqtt-publisher.ts';
import { LATENCY_BOUNDS_MS } from '../telephony/ari/ari-stats.ts';
import type { Engine } from './engine.ts';

/** Joins the metrics with what they are read from. */
export function metricsOf(engine: Engine, mqtt: () => MqttHealth): EngineMetrics {
  const { distributor, recordings, sessions, store, switchboard } = engine;
  const metrics = engineMetrics({
    sources: {
      calls: () => sessions.calls(),
      queues: () =>
        distributor.queues().map(({ queue, contacts }) => ({
          queueId: queue.id,
          waiting: contacts.length,
          longestWaitingSince: contacts.length === 0 ? null : Math.min(...contacts.map(({ enqueuedAt }) => enqueuedAt)),
        })),
      agents: () => distributor.agents().map(({ status }) => status),
      nodes: () =>
        switchboard.nodeIds.map((id) => {
          const { status, stats } = switchboard.node(id);
          return { node: id, ready: status.ready, ...stats, requestLatency: { boundsMs: LATENCY_BOUNDS_MS, ...stats.requestLatency } };
        }),
      store: () => ({ ...store.health(), lostEvents: store.events.lost }),
      mqtt,
      ...(recordings === undefined ? {} : { recordings: () => ({ live: recordings.live().length, waiting: recordings.waiting }) }),
      now: () => Date.now(),
    },
  });
  engine.onEvent((event) => metrics.observe(event));
  engine.onStoreFlushed((tookMs) => metrics.storeFlushed(tookMs));
  return metrics;
}
