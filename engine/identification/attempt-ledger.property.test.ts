import fc from 'fast-check';
import { expect, it } from 'vitest';
import { MemoryJournal } from '../../test/fakes/memory-journal.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { lockMsAfter, type AttemptLimit } from '../domain/attempts.ts';
import type { AttemptTicket } from '../ports/attempts.ts';
import { AttemptLedger } from './attempt-ledger.ts';

/** More for a soak: STROWGER_PROPERTY_RUNS=100000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 300);

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const LIMITS: Readonly<Record<string, AttemptLimit>> = {
  account: { free: 3, firstLockMs: 5 * MINUTE, longestLockMs: 4 * HOUR, forgetMs: 6 * HOUR, clearedBySuccess: false },
  caller: { free: 5, firstLockMs: 5 * MINUTE, longestLockMs: 4 * HOUR, forgetMs: HOUR, clearedBySuccess: false },
};
const MAX_SUBJECTS = 6;

const step = fc.record({
  what: fc.constantFrom('begin', 'begin', 'begin', 'failed', 'failed', 'succeeded', 'undone', 'pass', 'pass', 'restart'),
  account: fc.nat(3),
  caller: fc.nat(2),
  passMs: fc.constantFrom(1, 1_000, 30_000, 61_000, 5 * MINUTE, 20 * MINUTE, HOUR, 5 * HOUR),
  at: fc.nat(50),
});

interface Open {
  readonly id: string;
  readonly key: string;
  readonly ticket: AttemptTicket;
}

/** How often an account was tried, whatever came of it, never exceeds what the limit allows, over any window of time; and what is kept is bounded. */
it('never lets anybody guess faster than the limit says', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 120 }), async (steps) => {
      const clock = new VirtualClock();
      const journal = new MemoryJournal();
      const open = (): AttemptLedger => new AttemptLedger({ clock, journal, limits: LIMITS, maxSubjects: MAX_SUBJECTS });
      let ledger = open();
      let tickets: Open[] = [];
      let ids = 0;
      /** When wrong attempts were made, by account: those that were told, and those that nobody told. */
      const wrong = new Map<string, number[]>();
      const noteWrong = (key: string, at: number): void => void wrong.set(key, [...(wrong.get(key) ?? []), at].toSorted((a, b) => a - b));
      for (const { what, account, caller, passMs, at } of steps) {
        switch (what) {
          case 'begin': {
            const key = `a${account}`;
            const id = `attempt-${(ids += 1)}`;
            const answer = ledger.begin(id, [{ scope: 'account', key }, { scope: 'caller', key: `c${caller}` }]);
            if (answer.allowed) tickets.push({ id, key, ticket: answer });
            else expect(answer.lock.until).toBeGreaterThan(clock.now());
            break;
          }
          case 'failed':
          case 'succeeded':
          case 'undone': {
            const [one] = tickets.splice(at % Math.max(1, tickets.length), 1);
            if (one === undefined) break;
            if (what === 'failed') {
              noteWrong(one.key, clock.now());
              one.ticket.failed();
            } else one.ticket[what]();
            break;
          }
          case 'pass':
            await clock.advanceBy(passMs);
            break;
          case 'restart':
            await clock.settle();
            for (const { key } of tickets) noteWrong(key, clock.now());
            tickets = [];
            ledger = open();
            await ledger.restore();
            break;
        }
        expect(ledger.size).toBeLessThanOrEqual(MAX_SUBJECTS * 2);
      }
      for (const [key, times] of wrong) {
        const { free, forgetMs, firstLockMs } = LIMITS['account'] as AttemptLimit;
        for (let first = 0; first < times.length; first += 1) {
          for (let last = first; last < times.length; last += 1) {
            const spanMs = (times[last] ?? 0) - (times[first] ?? 0);
            // The free ones, what has been forgotten meanwhile, and one for each lock that has passed: the shortest bounds their number.
            const most = free + Math.floor(spanMs / forgetMs) + Math.ceil(spanMs / firstLockMs);
            expect(last - first + 1, `wrong attempts at ${key} within ${spanMs} ms`).toBeLessThanOrEqual(most);
          }
        }
      }
    }),
    { numRuns: RUNS },
  );
});

it('locks the longer the more often somebody was wrong, and never longer than the longest', () => {
  fc.assert(
    fc.property(fc.nat(2_000), fc.constantFrom('account', 'caller'), (failures, scope) => {
      const limit = LIMITS[scope] as AttemptLimit;
      const lock = lockMsAfter(failures, limit);
      expect(lock).toBeLessThanOrEqual(limit.longestLockMs);
      expect(lock).toBeLessThanOrEqual(lockMsAfter(failures + 1, limit));
      expect(lock > 0).toBe(failures >= limit.free);
    }),
  );
});
