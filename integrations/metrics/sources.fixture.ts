import type { MetricsSources, NodeFigures } from './metrics-sources.ts';

const node: NodeFigures = {
  node: 'pbx-1',
  ready: true,
  connects: 3,
  failedConnects: 1,
  lostConnections: 2,
  unknownEvents: 4,
  timedOutRequests: 5,
  requestLatency: { boundsMs: [1, 5], counts: [10, 2, 1], sumMs: 30, count: 13 },
  eventLag: { boundsMs: [1, 5], counts: [3, 0, 1], sumMs: 900, count: 4 },
  oldestRequestMs: 250,
  silentMs: 500,
  orphans: 1,
  ghosts: 2,
};

export const store = { degraded: false, failedFlushes: 6, lostEvents: 7, waitingEvents: 8, waitingRecords: 9, fileBytes: 4096, logBytes: 512 };

/** An engine that has seen better days, so that no figure is the same as another. */
export const sources: MetricsSources = {
  calls: () => [{ stand: 'flow' }, { stand: 'flow' }, { stand: 'talking' }],
  queues: () => [
    { queueId: 'cards', waiting: 2, longestWaitingSince: 1000, serviceLevelMs: 20_000 },
    { queueId: 'loans', waiting: 0, longestWaitingSince: null, serviceLevelMs: 30_000 },
  ],
  targetOf: (id) => (id === 'cards' ? { serviceLevelMs: 20_000, shortAbandonMs: 5_000 } : undefined),
  agents: () => [{ state: 'ready' }, { state: 'talking' }, { state: 'ready' }],
  nodes: () => [node],
  callbacks: () => [
    { stage: 'scheduled', due: true },
    { stage: 'scheduled', due: false },
    { stage: 'talking', due: false },
  ],
  store: () => store,
  mqtt: () => ({ connected: true, waiting: 8, backlog: 80 }),
  recognizers: () => [{ recognizer: 'funasr', asked: 10, failed: 4, open: true }],
  services: () => [{ service: 'bankCore', open: false }],
  timers: () => ({ pending: 30, overdue: 1, lateness: { boundsMs: [1, 1000], counts: [50, 2, 1], sumMs: 1_500, count: 53 } }),
  admission: () => ({
    level: 2,
    nodes: [{ node: 'pbx-1', level: 3, draining: true }],
    callLimit: 500,
    trunks: [{ trunk: 'carrier', calls: 12 }],
    refused: { overload: 5, callLimit: 6, trunkCalls: 7, trunkRate: 8, callerCalls: 9, callerRate: 10, draining: 12 },
    diverted: 11,
  }),
  recordings: () => ({ live: 9, waiting: 10 }),
  version: '1.2.3',
  now: () => 31_000,
};
