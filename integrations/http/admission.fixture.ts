import { nodeId } from '../../engine/domain/ids.ts';
import type { AdmissionView, DrainCommands } from './api-deps.ts';

/** An engine that has all the room it wants. */
export const noLoad: AdmissionView = {
  level: 0,
  since: 1,
  reasons: [],
  nodes: [{ nodeId: 'pbx-1', draining: false, calls: 0, level: 0, since: 1, reasons: [] }],
  calls: 0,
  trunks: [],
  refused: { overload: 0, callLimit: 0, trunkCalls: 0, trunkRate: 0, callerCalls: 0, callerRate: 0, draining: 0 },
  diverted: 0,
};

/** Takes calls; told otherwise, it says that it does so, and keeps nothing of it. */
export const notDrained: DrainCommands = {
  state: { draining: false, calls: 2, switches: [{ nodeId: nodeId('pbx-1'), draining: false, calls: 2 }] },
  set: async (_, draining) => ({ draining, calls: 2, switches: [{ nodeId: nodeId('pbx-1'), draining, calls: 2 }] }),
};
