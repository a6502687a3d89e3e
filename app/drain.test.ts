import { beforeEach, expect, it } from 'vitest';
import { Admission, NO_LIMITS } from '../engine/admission/admission.ts';
import { callId, nodeId } from '../engine/domain/ids.ts';
import { MemoryJournal } from '../test/fakes/memory-journal.ts';
import { RecordedLog } from '../test/fakes/recorded-log.ts';
import { VirtualClock } from '../test/fakes/virtual-clock.ts';
import { Drain } from './drain.ts';

const [A, B] = [nodeId('pbx-1'), nodeId('pbx-2')];
const COMING = { nodeId: A, dialled: '95500', callerNumber: '13800138000', trunk: 'carrier' };
const clock = new VirtualClock();
let journal: MemoryJournal;
let log: RecordedLog;
let admission: Admission;
let gates: (readonly [string, number])[];
let told: () => Promise<void>;
let asked: number;
let drain: Drain;

const boot = async (nodeIds = [A, B]): Promise<void> => {
  log = new RecordedLog(clock);
  gates = [];
  told = () => Promise.resolve();
  asked = 0;
  admission = new Admission({ limits: NO_LIMITS, clock, announce: log.announce, nodeIds, gate: (id, forMs) => (gates.push([id, forMs]), told()) });
  drain = new Drain({ nodeIds, admission, journal, clock, callbacks: { standAside: () => (asked += 1), placedOn: (id) => (id === B ? 1 : 0) } });
  await drain.restore();
};
beforeEach(async () => {
  journal = new MemoryJournal();
  await boot();
  admission.began(callId('call-1'), COMING, true);
});

it('of the engine refuses new calls on every switch, by its gate as well, until it is undone or the process ends', async () => {
  expect(await drain.set(undefined, true)).toEqual({
    draining: true,
    calls: 2,
    switches: [
      { nodeId: A, draining: true, calls: 1 },
      { nodeId: B, draining: true, calls: 1 },
    ],
  });
  expect(admission.decide(COMING)).toEqual({ as: 'refused', reason: 'draining' });
  expect(gates.map(([id, forMs]) => [id, forMs > 0])).toEqual([[A, true], [B, true]]);
  expect(asked).toBe(1);
  admission.ended(callId('call-1'));
  expect(drain.state.calls).toBe(1);
  await drain.set(undefined, false);
  expect(admission.decide(COMING).as).toBe('call');
  expect(gates.slice(2)).toEqual([[A, 0], [B, 0]]);
  expect(log.of('node.draining').map(({ node, draining, calls }) => [node, draining, calls])).toEqual([[A, true, 1], [B, true, 0], [A, false, 0], [B, false, 0]]);
  await drain.set(undefined, true);
  await boot();
  expect(admission.decide(COMING).as).toBe('call');
});

it('is answered when the switches have been told: who hears that calls are taken again sends one', async () => {
  await drain.set(undefined, true);
  const tell: (() => void)[] = [];
  told = () => new Promise((resolve) => tell.push(resolve));
  let isAnswered = false;
  const answer = drain.set(undefined, false).then(() => (isAnswered = true));
  await clock.settle();
  expect([tell.length, isAnswered]).toEqual([2, false]);
  for (const each of tell) each();
  await answer;
});

it('of a switch leaves the others alone, and outlives the process', async () => {
  expect((await drain.set('pbx-1', true)).draining).toBe(false);
  await boot();
  expect([admission.decide(COMING).as, admission.decide({ ...COMING, nodeId: B }).as]).toEqual(['refused', 'call']);
  // What held the engine back besides does not take the switch in again.
  await drain.set(undefined, true);
  await drain.set(undefined, false);
  expect(admission.isDraining(A)).toBe(true);
  await drain.set('pbx-1', false);
  await boot();
  expect(admission.isDraining(A)).toBe(false);
});

it('of a switch that there is none of is refused; one that was taken out of the configuration is forgotten', async () => {
  await expect(drain.set('pbx-9', true)).rejects.toMatchObject({ code: 'switch.unknown', hint: 'There are: pbx-1, pbx-2.' });
  await drain.set('pbx-2', true);
  await boot([A]);
  await Promise.resolve();
  expect(journal.records('drain')).toEqual([]);
  expect(drain.state.draining).toBe(false);
});
