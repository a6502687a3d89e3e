import type { Distributor } from '../../engine/acd/distributor.ts';
import type { Sessions } from '../../engine/session/sessions.ts';
import type { SimulatedSwitch } from '../../telephony/sim/simulated-switch.ts';
import type { MemoryJournal } from '../fakes/memory-journal.ts';

interface EngineParts {
  readonly sim: SimulatedSwitch;
  readonly sessions: Sessions;
  readonly journal: MemoryJournal;
  readonly distributor: Distributor;
}

/** What is left of calls when nobody should be there any more; empty when all is well. */
export function leftoversOf({ sim, sessions, journal, distributor }: EngineParts): readonly string[] {
  const { channels, bridges, playbacks } = sim.leaks();
  return [
    ...channels.map((id) => `channel ${id}`),
    ...bridges.map((id) => `bridge ${id}`),
    ...playbacks.map((id) => `playback ${id}`),
    ...sessions.calls().map(({ callId }) => `session ${callId}`),
    ...journal.records('session').map(({ id }) => `journal record ${id}`),
    ...distributor.queues().flatMap(({ contacts }) => contacts.map(({ contactId }) => `contact ${contactId}`)),
  ];
}
