import type { AdmissionView } from './api-deps.ts';

/** An engine that has all the room it wants. */
export const noLoad: AdmissionView = {
  level: 0,
  since: 1,
  reasons: [],
  nodes: [{ nodeId: 'pbx-1', level: 0, since: 1, reasons: [] }],
  calls: 0,
  trunks: [],
  refused: { overload: 0, callLimit: 0, trunkCalls: 0, trunkRate: 0, callerCalls: 0, callerRate: 0 },
  diverted: 0,
};
