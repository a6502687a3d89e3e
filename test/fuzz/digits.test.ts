import fc from 'fast-check';
import { expect, it } from 'vitest';
import bank from '../../flows/bank.ts';
import { VirtualEngine } from '../engine/virtual-engine.ts';
import { fuzz, FUZZ_TIMEOUT_MS } from './inputs.ts';

const KEYS = [...'0123456789*#ABCD'];
const burst = fc.record({
  keys: fc.oneof(fc.array(fc.constantFrom(...KEYS), { maxLength: 30 }).map((keys) => keys.join('')), fc.constantFrom('*#*#*#*#', '6299990000010015#', '246810#', '1', '0', '9'.repeat(200))),
  paceMs: fc.constantFrom(0, 20, 60, 300),
  thenMs: fc.nat(9_000),
});

/** Of a caller id as SIP may carry it. */
const wild = fc.oneof(fc.string({ unit: 'binary', maxLength: 60 }), fc.constantFrom('', 'anonymous', '13800138000', '+86 138 0013 8000', "1',(SELECT 1)--", '${SHELL(id)}', 'a\r\nX-Evil: b', '9'.repeat(5_000), '\u202e110'));

it(
  'keys in any order, at any pace and in floods, from callers of any name, leave each call where it can go on, and nothing behind',
  async () => {
    await fuzz(fc.record({ bursts: fc.array(burst, { maxLength: 8 }), hangsUp: fc.boolean(), callerNumber: wild, callerName: wild }), async ({ bursts, hangsUp, callerNumber, callerName }) => {
      const engine = await VirtualEngine.start(bank);
      engine.services = async ({ service }) => (service === 'authenticate' ? { outcome: 'refused' } : {});
      const caller = engine.sim.call({ number: '95500', answeredByDialplan: true, callerNumber, callerName });
      for (const { keys, paceMs, thenMs } of bursts) {
        if (caller.ended !== undefined) break;
        await caller.press(keys, { paceMs });
        await engine.clock.advanceBy(thenMs);
      }
      if (hangsUp) caller.hangUp();
      // Who presses nothing more comes to an end, or waits for an agent until the queue lets go.
      await engine.clock.advanceBy(900_000);
      expect(caller.ended).toBeDefined();
      expect([...engine.leftovers(), ...engine.complaints.errors]).toEqual([]);
    });
  },
  FUZZ_TIMEOUT_MS,
);
