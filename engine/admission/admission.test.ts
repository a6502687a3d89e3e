import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DomainEventBody } from '../domain/events.ts';
import { callId, nodeId } from '../domain/ids.ts';
import type { LoadReading } from '../ports/load-meter.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { Admission, NO_LIMITS, type AdmissionLimits, type ComingCall } from './admission.ts';

const A = nodeId('a');
const B = nodeId('b');
const CALL: ComingCall = { nodeId: A, dialled: '95500', callerNumber: '13800138000', trunk: 'carrier' };
const CALM: LoadReading = { busy: 0.1, loopLagMs: 1, nodes: new Map() };
const lagOf = (node: typeof A, eventLagMs: number): LoadReading => ({ ...CALM, nodes: new Map([[node, { eventLagMs, requestMs: 1 }]]) });
const LIMITS: AdmissionLimits = { ...NO_LIMITS, busy: [0.9, Infinity, Infinity], loopLagMs: [200, 500, 1_000], eventLagMs: [500, 1_500, 3_000], requestMs: [500, 1_500, 3_000] };

function rig(limits: Partial<AdmissionLimits> = {}) {
  const clock = new VirtualClock();
  const told: DomainEventBody[] = [];
  const gates: [string, number][] = [];
  const admission = new Admission({
    limits: { ...LIMITS, ...limits },
    clock,
    announce: (body) => void told.push(body),
    nodeIds: [A, B],
    gate: (node, forMs) => (gates.push([node, forMs]), Promise.resolve()),
  });
  let calls = 0;
  return {
    clock,
    told,
    gates,
    admission,
    /** Readings for so many seconds, two a second. */
    read: async (reading: LoadReading, seconds = 1) => {
      for (let i = 0; i < seconds * 2; i += 1) {
        await clock.advanceBy(500);
        admission.sample(reading);
      }
    },
    /** A call comes; taken ones begin. */
    call: (call: Partial<ComingCall> = {}) => {
      const coming = { ...CALL, ...call };
      const verdict = admission.decide(coming);
      const id = callId(`call-${(calls += 1)}`);
      if (verdict.as !== 'refused') admission.began(id, coming, true);
      return { id, verdict };
    },
  };
}
const as = ({ verdict }: { readonly verdict: ReturnType<Admission['decide']> }) => (verdict.as === 'refused' ? verdict.reason : verdict.as === 'call' && !verdict.listens ? 'keys only' : verdict.as);

describe('admission', () => {
  it('takes every call without limits, whatever is measured', async () => {
    const { read, call, admission } = rig(NO_LIMITS);
    await read({ busy: 1, loopLagMs: 60_000, nodes: new Map([[A, { eventLagMs: 60_000, requestMs: 60_000 }]]) }, 10);
    for (let i = 0; i < 500; i += 1) expect(as(call())).toBe('call');
    expect(admission.state).toMatchObject({ level: 0, calls: 500, callLimit: undefined });
  });

  it('leaves out, diverts and refuses as the event loop falls behind, and says why', async () => {
    const { read, call, told } = rig();
    expect(as(call())).toBe('call');
    await read({ ...CALM, loopLagMs: 250 }, 9);
    expect(as(call())).toBe('call');
    await read({ ...CALM, loopLagMs: 250 });
    expect(as(call())).toBe('keys only');
    await read({ ...CALM, loopLagMs: 600 });
    expect(as(call())).toBe('diverted');
    await read({ ...CALM, loopLagMs: 1_200 });
    expect(as(call())).toBe('overload');
    await read(CALM, 20);
    expect(as(call())).toBe('call');
    const levels = told.flatMap((event) => (event.type === 'admission.level' ? [event] : []));
    expect(levels.map(({ level, was }) => [was, level])).toEqual([[0, 1], [1, 2], [2, 3], [3, 2], [2, 1], [1, 0]]);
    expect(levels[2]?.reasons).toEqual([{ measure: 'loopLagMs', value: 1_200, limit: 1_000 }]);
  });

  it('refuses on the switch that is slow, and nowhere else', async () => {
    const { read, call, told, gates } = rig();
    await read(lagOf(A, 5_000), 2);
    expect([as(call()), as(call({ nodeId: B }))]).toEqual(['overload', 'call']);
    expect(told.find(({ type }) => type === 'admission.level')).toMatchObject({ level: 3, node: A, reasons: [{ measure: 'eventLagMs', value: 5_000, limit: 3_000 }] });
    expect(new Set(gates.map(([node]) => node))).toEqual(new Set([A]));
  });

  it('closes the gate of a switch while it refuses, renews it, and opens it again at once', async () => {
    const { read, gates } = rig();
    await read({ ...CALM, loopLagMs: 2_000 }, 3);
    // The second reading confirms; each one after it renews.
    expect(gates.filter(([node]) => node === A)).toEqual([[A, 5_000], [A, 5_000], [A, 5_000], [A, 5_000], [A, 5_000]]);
    gates.length = 0;
    await read(CALM, 20);
    expect(gates.filter(([node]) => node === A).at(-1)).toEqual([A, 0]);
    expect(gates.filter(([node, forMs]) => node === A && forMs === 0)).toHaveLength(1);
  });

  it('never takes more calls than the limit, and takes one again for each that ends', async () => {
    const { call, admission } = rig({ calls: 3 });
    const [first] = [call(), call(), call()];
    expect([as(call()), as(call({ nodeId: B, callerNumber: '', trunk: undefined }))]).toEqual(['callLimit', 'callLimit']);
    admission.ended(first.id);
    admission.ended(first.id);
    expect(as(call())).toBe('call');
    expect(as(call())).toBe('callLimit');
  });

  it('diverts before it refuses when calls come near their limit', async () => {
    const { call, read } = rig({ calls: 100 });
    const taken: string[] = [];
    for (let i = 0; i < 110; i += 1) {
      taken.push(as(call()));
      await read(CALM, 0.5);
    }
    const counts = new Map<string, number>();
    for (const one of taken) counts.set(one, (counts.get(one) ?? 0) + 1);
    expect(Object.fromEntries(counts)).toEqual({ call: 80, 'keys only': 10, diverted: 10, callLimit: 10 });
  });

  it('counts the calls of each trunk and each number by themselves, at once and by the minute', async () => {
    const { call, clock, admission } = rig({ trunks: new Map([['small', { calls: 2 }]]), perTrunk: { perMinute: 4 }, perCaller: { calls: 3, perMinute: 5 } });
    expect([1, 2, 3].map((n) => as(call({ trunk: 'small', callerNumber: `1380000000${n}` })))).toEqual(['call', 'call', 'trunkCalls']);
    expect([1, 2, 3, 4, 5].map((n) => as(call({ trunk: 'other', callerNumber: `1390000000${n}` })))).toEqual(['call', 'call', 'call', 'call', 'trunkRate']);
    // Without a number there is no caller to be limited, without a trunk no trunk.
    for (let i = 0; i < 20; i += 1) expect(as(call({ trunk: undefined, callerNumber: '' }))).toBe('call');
    const own = [1, 2, 3, 4].map(() => call({ trunk: undefined, callerNumber: '13700000000' }));
    expect(own.map(as)).toEqual(['call', 'call', 'call', 'callerCalls']);
    for (const { id } of own) admission.ended(id);
    expect([1, 2, 3].map(() => as(call({ trunk: undefined, callerNumber: '13700000000' })))).toEqual(['call', 'call', 'callerRate']);
    await clock.advanceBy(60_000);
    // Two of them are on the line still.
    expect([1, 2].map(() => as(call({ trunk: undefined, callerNumber: '13700000000' })))).toEqual(['call', 'callerCalls']);
  });

  it('counts calls that were taken up, but not as new ones', () => {
    const { admission, call } = rig({ perTrunk: { calls: 2, perMinute: 2 } });
    admission.began(callId('old'), CALL, false);
    expect([as(call()), as(call())]).toEqual(['call', 'trunkCalls']);
    admission.ended(callId('old'));
    expect([as(call()), as(call())]).toEqual(['call', 'trunkCalls']);
  });

  it('tells of a flood once a second, with the number of calls', async () => {
    const { call, told, read, admission } = rig({ perTrunk: { calls: 0 } });
    for (let i = 0; i < 1_000; i += 1) call({ callerNumber: String(13_800_000_000 + i) });
    await read(CALM, 2);
    for (let i = 0; i < 7; i += 1) call();
    await read(CALM, 2);
    const refused = told.flatMap((event) => (event.type === 'call.refused' ? [event] : []));
    expect(refused.map(({ count, reason, trunk }) => [count, reason, trunk])).toEqual([
      [1, 'trunkCalls', 'carrier'],
      [999, 'trunkCalls', 'carrier'],
      [1, 'trunkCalls', 'carrier'],
      [6, 'trunkCalls', 'carrier'],
    ]);
    expect(refused[1]?.pii.callerNumber).toBe('13800000999');
    expect(admission.state.refused).toMatchObject({ trunkCalls: 1_007, overload: 0 });
  });

  it('reads the meter twice a second while it is open', async () => {
    const { admission, clock } = rig();
    let readings = 0;
    admission.open({ read: () => ((readings += 1), { ...CALM, loopLagMs: 5_000 }) });
    await clock.advanceBy(2_000);
    expect([readings, admission.level(A)]).toEqual([4, 3]);
    admission.close();
    await clock.advanceBy(5_000);
    expect([readings, clock.pending]).toEqual([4, 0]);
  });
});

describe('admission, whatever happens', () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ what: fc.constant('call' as const), trunk: fc.constantFrom('x', 'y', undefined), callerNumber: fc.constantFrom('1', '2', ''), nodeId: fc.constantFrom(A, B) }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant('end' as const), which: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ what: fc.constant('read' as const), loopLagMs: fc.constantFrom(0, 0, 0, 149, 220, 700, 1_500), eventLagMs: fc.constantFrom(0, 0, 0, 600, 4_000), busy: fc.constantFrom(0.2, 0.95) }) },
    { weight: 1, arbitrary: fc.record({ what: fc.constant('wait' as const), ms: fc.constantFrom(500, 3_000, 20_000, 61_000) }) },
  );

  it('refuses no call while every figure is below its limit and has been long enough, and none that is in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
        const { admission, clock } = rig({ calls: 20, perTrunk: { calls: 6, perMinute: 9 }, perCaller: { calls: 5, perMinute: 7 } });
        const live: { id: ReturnType<typeof callId>; call: ComingCall }[] = [];
        const begun: { at: number; call: ComingCall }[] = [];
        /** When a figure was last near the limit of a level. */
        let nearAt = -Infinity;
        for (const [index, one] of steps.entries()) {
          const now = clock.now();
          if (one.what === 'wait') await clock.advanceBy(one.ms);
          else if (one.what === 'end') {
            const [gone] = live.splice(one.which % Math.max(1, live.length), 1);
            if (gone) admission.ended(gone.id);
          } else if (one.what === 'read') {
            const { loopLagMs, eventLagMs, busy } = one;
            admission.sample({ busy, loopLagMs, nodes: new Map([[A, { eventLagMs, requestMs: 0 }]]) });
            if (loopLagMs >= 150 || eventLagMs >= 375 || busy >= 0.675 || live.length >= 15) nearAt = now;
          } else {
            const { trunk, callerNumber, nodeId: node } = one;
            const call: ComingCall = { nodeId: node, dialled: '1', callerNumber, trunk };
            const verdict = admission.decide(call);
            const same = (other: ComingCall, by: 'trunk' | 'callerNumber') => other[by] === call[by];
            const countOf = (by: 'trunk' | 'callerNumber') => live.filter(({ call: other }) => same(other, by)).length;
            const recent = (by: 'trunk' | 'callerNumber') => begun.filter(({ at, call: other }) => at > now - 60_000 && same(other, by)).length;
            const full = live.length >= 20;
            const trunkFull = trunk !== undefined && (countOf('trunk') >= 6 || recent('trunk') >= 9);
            const callerFull = callerNumber !== '' && (countOf('callerNumber') >= 5 || recent('callerNumber') >= 7);
            if (full || trunkFull || callerFull) expect(verdict.as).toBe('refused');
            // The counts of calls are exact; only what was measured is remembered, for 15 seconds and until it is measured again.
            else if (nearAt === -Infinity) expect(verdict).toEqual({ as: 'call', listens: true });
            else if (verdict.as === 'refused') expect(verdict.reason).toBe('overload');
            if (verdict.as !== 'refused') {
              const id = callId(`call-${index}`);
              admission.began(id, call, true);
              live.push({ id, call });
              begun.push({ at: now, call });
            }
          }
          expect(admission.state.calls).toBe(live.length);
        }
        // However bad it was: calm brings everything back.
        for (const { id } of live) admission.ended(id);
        await clock.advanceBy(60_000);
        for (let i = 0; i < 40; i += 1) {
          admission.sample(CALM);
          await clock.advanceBy(500);
        }
        expect(admission.decide(CALL)).toEqual({ as: 'call', listens: true });
        expect(admission.state.trunks).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});
