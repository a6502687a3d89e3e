import { Counter, Gauge, type Registry } from 'prom-client';
import { AGENT_STATES } from '../../engine/domain/agent.ts';
import type { MetricsSources, NodeFigures } from './metrics-sources.ts';
import { SnapshotHistogram } from './snapshot-histogram.ts';

const STANDS = ['flow', 'queue', 'talking'];

/** What is read when Prometheus asks. */
export function stateMetrics(registry: Registry, sources: MetricsSources): void {
  const registers = [registry];
  gauge('strowger_calls_active', 'Live calls, by where they stand.', 'stand', () => tally(STANDS, sources.calls().map((call) => call.stand)));
  gauge('strowger_agents', 'Agents, by state.', 'state', () => tally(AGENT_STATES, sources.agents().map((agent) => agent.state)));
  gauge('strowger_queue_waiting', 'Contacts that wait.', 'queue', () => sources.queues().map((queue) => [queue.queueId, queue.waiting]));
  gauge('strowger_queue_oldest_wait_seconds', 'How long the first of a queue has been waiting; 0 when nobody waits.', 'queue', () =>
    sources.queues().map(({ queueId, longestWaitingSince: since }) => [queueId, since === null ? 0 : Math.max(0, sources.now() - since) / 1000]),
  );
  gauge('strowger_switch_up', '1 while requests and events of a switch flow.', 'node', () => sources.nodes().map(({ node, ready }) => [node, ready ? 1 : 0]));
  nodeCounter('strowger_switch_connects_total', 'Connections that were made to a switch.', (node) => node.connects);
  nodeCounter('strowger_switch_failed_connects_total', 'Attempts to connect to a switch that failed.', (node) => node.failedConnects);
  nodeCounter('strowger_switch_lost_connections_total', 'Connections to a switch that were lost.', (node) => node.lostConnections);
  nodeCounter('strowger_switch_unknown_events_total', 'Events of types that this version does not know; they are ignored.', (node) => node.unknownEvents);
  nodeCounter('strowger_switch_timed_out_requests_total', 'Requests that a switch did not answer in time.', (node) => node.timedOutRequests);
  new SnapshotHistogram(
    registry,
    { name: 'strowger_switch_request_duration_seconds', help: 'Answered requests to a switch.', label: 'node' },
    () => sources.nodes().map(({ node, requestLatency }) => ({ label: node, durations: requestLatency })),
  );
  single('strowger_store_degraded', 'Whether the store cannot be written: 1 means that nothing new would survive a crash.', () => (sources.store().degraded ? 1 : 0));
  total('strowger_store_failed_flushes_total', 'Writes of the store that failed; each is tried again.', () => sources.store().failedFlushes);
  total('strowger_store_lost_events_total', 'Events that were lost because the store failed for too long.', () => sources.store().lostEvents);
  if (sources.recordings !== undefined) {
    single('strowger_recordings_live', 'Calls that are being recorded, paused ones included.', () => sources.recordings?.().live ?? 0);
    single('strowger_recordings_waiting', 'Recordings that have ended and still wait on their switch.', () => sources.recordings?.().waiting ?? 0);
  }
  if (sources.mqtt !== undefined) {
    single('strowger_mqtt_connected', '1 while connected to the MQTT broker.', () => (sources.mqtt?.().connected ? 1 : 0));
    single('strowger_mqtt_waiting_events', 'Events in memory that the broker has not acknowledged.', () => sources.mqtt?.().waiting ?? 0);
  }

  function gauge(name: string, help: string, label: string, read: () => readonly (readonly [string, number])[]): void {
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers,
      collect() {
        this.reset();
        for (const [value, figure] of read()) this.set({ [label]: value }, figure);
      },
    });
  }

  function single(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read());
      },
    });
  }

  function nodeCounter(name: string, help: string, read: (node: NodeFigures) => number): void {
    new Counter({
      name,
      help,
      labelNames: ['node'],
      registers,
      collect() {
        this.reset();
        for (const node of sources.nodes()) this.inc({ node: node.node }, read(node));
      },
    });
  }

  function total(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}

/** How often each value occurs. Values that are expected are there with 0, so that a curve falls instead of ending. */
function tally(expected: readonly string[], values: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map(expected.map((value) => [value, 0]));
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}
