import { Counter, Gauge, type Registry } from 'prom-client';
import { AGENT_STATES } from '../../engine/domain/agent.ts';
import type { MetricsSources, NodeFigures } from './metrics-sources.ts';
import { SnapshotHistogram } from './snapshot-histogram.ts';

const STANDS = ['flow', 'queue', 'talking'];
/** Of CallbackView in engine/callback, but for those that have ended. */
const STAGES = ['scheduled', 'queued', 'offered', 'preview', 'dialling', 'talking', 'calling', 'inFlow'];

type Labels = Readonly<Record<string, string>>;

/** What is read when Prometheus asks. */
export function stateMetrics(registry: Registry, sources: MetricsSources): void {
  gauge('strowger_calls_active', 'Live calls, by where they stand.', 'stand', () => tally(STANDS, sources.calls().map((call) => call.stand)));
  gauge('strowger_agents', 'Agents, by state.', 'state', () => tally(AGENT_STATES, sources.agents().map((agent) => agent.state)));
  gauge('strowger_queue_waiting', 'Contacts that wait.', 'queue', () => sources.queues().map((queue) => [queue.queueId, queue.waiting]));
  gauge('strowger_queue_oldest_wait_seconds', 'How long the first of a queue has been waiting; 0 when nobody waits.', 'queue', () =>
    sources.queues().map(({ queueId, longestWaitingSince: since }) => [queueId, since === null ? 0 : Math.max(0, sources.now() - since) / 1000]),
  );
  gauge('strowger_queue_service_level_target_seconds', 'Target of a queue: answered within.', 'queue', () =>
    sources.queues().map(({ queueId, serviceLevelMs }) => [queueId, serviceLevelMs / 1000]),
  );
  gauge('strowger_callbacks_open', 'Callbacks that are promised and have not ended, by what they have come to.', 'stage', () =>
    tally(STAGES, sources.callbacks().map(({ stage }) => stage)),
  );
  single('strowger_callbacks_due', 'Callbacks that wait to be placed and whose time has come.', () => sources.callbacks().filter(({ due }) => due).length);
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
  new SnapshotHistogram(
    registry,
    { name: 'strowger_switch_event_lag_seconds', help: 'From the moment an event happened on a switch until it was read, by clocks that were compared.', label: 'node' },
    () => sources.nodes().map(({ node, eventLag }) => ({ label: node, durations: eventLag })),
  );
  nodeGauge('strowger_switch_oldest_request_seconds', 'How long the oldest unanswered request to a switch has been waiting.', (node) => node.oldestRequestMs / 1000);
  nodeGauge('strowger_switch_silence_seconds', 'How long nothing was heard of a switch, in whole heartbeats.', (node) => node.silentMs / 1000);
  nodeGauge('strowger_orphan_channels', 'Channels of ours on a switch that no call looked after at the last audit.', (node) => node.orphans);
  nodeGauge('strowger_ghost_calls', 'Calls in the books without a channel on their switch at the last audit.', (node) => node.ghosts);
  single('strowger_store_degraded', 'Whether the store cannot be written: 1 means that nothing new would survive a crash.', () => (sources.store().degraded ? 1 : 0));
  total('strowger_store_failed_flushes_total', 'Writes of the store that failed; each is tried again.', () => sources.store().failedFlushes);
  total('strowger_store_lost_events_total', 'Events that were lost because the store failed for too long.', () => sources.store().lostEvents);
  single('strowger_store_waiting_events', 'Events that were announced and are not on disk yet.', () => sources.store().waitingEvents);
  single('strowger_store_waiting_records', 'Records of the journal that have changed and are not on disk yet.', () => sources.store().waitingRecords);
  single('strowger_store_size_bytes', 'The file of the store.', () => sources.store().fileBytes);
  single('strowger_store_log_size_bytes', 'The write-ahead log of the store.', () => sources.store().logBytes);
  single('strowger_mqtt_connected', '1 while connected to the MQTT broker.', () => (sources.mqtt().connected ? 1 : 0));
  single('strowger_mqtt_waiting_events', 'Events in memory that the broker has not acknowledged.', () => sources.mqtt().waiting);
  single('strowger_mqtt_backlog_events', 'Places of the event log that are not published yet; those that are not to be published count until they are passed over.', () => sources.mqtt().backlog);
  labelled('counter', 'strowger_recognizer_requests_total', 'Utterances that a speech recogniser was asked about.', 'recognizer', () => sources.recognizers().map(({ recognizer, asked }) => [recognizer, asked]));
  labelled('counter', 'strowger_recognizer_failures_total', 'Utterances that a speech recogniser did not answer, or not in time.', 'recognizer', () => sources.recognizers().map(({ recognizer, failed }) => [recognizer, failed]));
  gauge('strowger_recognizer_circuit_open', '1 while a speech recogniser is left alone because it failed too often.', 'recognizer', () => sources.recognizers().map(({ recognizer, open }) => [recognizer, open ? 1 : 0]));
  gauge('strowger_service_circuit_open', '1 while a back office is left alone because it failed too often.', 'service', () => sources.services().map(({ service, open }) => [service, open ? 1 : 0]));
  single('strowger_timers_pending', 'Timers that are set.', () => sources.timers().pending);
  single('strowger_timers_overdue', 'Timers that should have fired more than a second ago.', () => sources.timers().overdue);
  new SnapshotHistogram(registry, { name: 'strowger_timer_lateness_seconds', help: 'How late timers fired.', label: undefined }, () => [{ label: '', durations: sources.timers().lateness }]);
  single('strowger_admission_level', 'What is done about load: 0 nothing, 1 optional things are left out, 2 new callers are told to call later, 3 new calls are refused.', () => sources.admission().level);
  gauge('strowger_switch_admission_level', 'The same for the calls of one switch, for its own load.', 'node', () => sources.admission().nodes.map(({ node, level }) => [node, level]));
  gauge('strowger_switch_draining', '1 while a switch takes no new calls because it is to become empty.', 'node', () => sources.admission().nodes.map(({ node, draining }) => [node, draining ? 1 : 0]));
  single('strowger_calls_limit', 'Calls that may be at once; 0: no limit.', () => sources.admission().callLimit);
  gauge('strowger_trunk_calls', 'Live calls, by what they came in by.', 'trunk', () => sources.admission().trunks.map(({ trunk, calls }) => [trunk, calls]));
  labelled('counter', 'strowger_calls_refused_total', 'Calls that were not taken for want of room, by the limit that was reached; those that a switch refused by itself are not among them.', 'reason', () => Object.entries(sources.admission().refused));
  total('strowger_calls_diverted_total', 'Calls that were told to call later.', () => sources.admission().diverted);
  gauge('strowger_build_info', 'Always 1; tells the version that runs.', 'version', () => [[sources.version, 1]]);
  if (sources.recordings !== undefined) {
    single('strowger_recordings_live', 'Calls that are being recorded, paused ones included.', () => sources.recordings?.().live ?? 0);
    single('strowger_recordings_waiting', 'Recordings that have ended and still wait on their switch.', () => sources.recordings?.().waiting ?? 0);
  }

  type Read = () => readonly (readonly [label: string, figure: number])[];

  function gauge(name: string, help: string, label: string, read: Read): void {
    labelled('gauge', name, help, label, read);
  }

  function labelled(type: 'gauge' | 'counter', name: string, help: string, label: string, read: Read): void {
    metric(type, { name, help, labelNames: [label] }, () => read().map(([value, figure]) => [{ [label]: value }, figure]));
  }

  function nodeGauge(name: string, help: string, read: (node: NodeFigures) => number): void {
    gauge(name, help, 'node', () => sources.nodes().map((node) => [node.node, read(node)]));
  }

  function nodeCounter(name: string, help: string, read: (node: NodeFigures) => number): void {
    labelled('counter', name, help, 'node', () => sources.nodes().map((node) => [node.node, read(node)]));
  }

  function single(name: string, help: string, read: () => number): void {
    metric('gauge', { name, help }, () => [[{}, read()]]);
  }

  function total(name: string, help: string, read: () => number): void {
    metric('counter', { name, help }, () => [[{}, read()]]);
  }

  /** Set anew at each scrape, so that what is gone is not shown any more. */
  function metric(type: 'gauge' | 'counter', named: { readonly name: string; readonly help: string; readonly labelNames?: string[] }, read: () => readonly (readonly [Labels, number])[]): void {
    const configuration = {
      ...named,
      registers: [registry],
      collect(this: Pick<Gauge, 'reset' | 'inc'>) {
        this.reset();
        for (const [labels, figure] of read()) this.inc(labels, figure);
      },
    };
    if (type === 'gauge') new Gauge(configuration);
    else new Counter(configuration);
  }
}

/** How often each value occurs. Values that are expected are there with 0, so that a curve falls instead of ending. */
function tally(expected: readonly string[], values: readonly string[]): readonly (readonly [string, number])[] {
  const counts = new Map(expected.map((value) => [value, 0]));
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts];
}
