import { describe, expect, it } from 'vitest';
import { MemoryJournal } from '../../test/fakes/memory-journal.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import type { AttemptLimit } from '../domain/attempts.ts';
import type { AttemptSubject } from '../ports/attempts.ts';
import { AttemptLedger } from './attempt-ledger.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ACCOUNT: AttemptLimit = { free: 3, firstLockMs: 5 * MINUTE, longestLockMs: 24 * HOUR, forgetMs: 24 * HOUR, clearedBySuccess: true };
const CALLER: AttemptLimit = { ...ACCOUNT, free: 6, forgetMs: 4 * HOUR, clearedBySuccess: false };
const account = (key: string): AttemptSubject => ({ scope: 'account', key });
const caller = (key: string): AttemptSubject => ({ scope: 'caller', key });
const BOTH = [account('a'), caller('c')];

class Rig {
  readonly clock = new VirtualClock();
  readonly journal = new MemoryJournal();
  ledger = this.#open();
  #ids = 0;

  #open(maxSubjects?: number): AttemptLedger {
    return new AttemptLedger({ clock: this.clock, journal: this.journal, limits: { account: ACCOUNT, caller: CALLER }, ...(maxSubjects === undefined ? {} : { maxSubjects }) });
  }

  limitedTo(maxSubjects: number): void {
    this.ledger = this.#open(maxSubjects);
  }

  begin(subjects = BOTH) {
    return this.ledger.begin(`attempt-${(this.#ids += 1)}`, subjects);
  }

  /** One wrong attempt; the locks that begin, or the lock that was in the way. */
  wrong(subjects = BOTH) {
    const ticket = this.begin(subjects);
    return ticket.allowed ? ticket.failed() : ticket.lock;
  }

  right(subjects = BOTH): boolean {
    const ticket = this.begin(subjects);
    if (ticket.allowed) ticket.succeeded();
    return ticket.allowed;
  }

  async restart(): Promise<void> {
    await this.clock.settle();
    this.journal.crash();
    this.ledger = this.#open();
    await this.ledger.restore();
  }
}

describe('the ledger of attempts', () => {
  it('locks at the third wrong attempt, four times as long at each further one, a day at most', async () => {
    const rig = new Rig();
    expect([rig.wrong([account('a')]), rig.wrong([account('a')])]).toEqual([[], []]);
    const lengths: number[] = [];
    for (let i = 0; i < 7; i += 1) {
      const [lock] = rig.wrong([account('a')]) as readonly { until: number }[];
      lengths.push(((lock?.until ?? 0) - rig.clock.now()) / MINUTE);
      expect(rig.wrong([account('a')])).toMatchObject({ scope: 'account', key: 'a' });
      await rig.clock.advanceBy((lock?.until ?? 0) - rig.clock.now() - 1);
      expect(rig.begin([account('a')]).allowed).toBe(false);
      await rig.clock.advanceBy(1);
    }
    // From the fifth lock on, one wrong attempt is forgotten as another one is made: about one a day, for ever.
    expect(lengths).toEqual([5, 20, 80, 320, 1280, 1280, 1280]);
  });

  it('counts by account and by caller, and a right PIN clears the account only', () => {
    const rig = new Rig();
    for (const key of ['a', 'b', 'd']) for (let i = 0; i < 2; i += 1) rig.wrong([account(key), caller('c')]);
    expect(rig.right([account('e'), caller('c')])).toBe(false);
    expect(rig.right([account('a'), caller('other')])).toBe(true);
    for (let i = 0; i < 2; i += 1) expect(rig.wrong([account('a'), caller('other')])).toEqual([]);
    expect(rig.wrong([account('a'), caller('other')])).toMatchObject([{ scope: 'account', failures: 3 }]);
  });

  it('does not count what was never answered, and tells a settled attempt once', () => {
    const rig = new Rig();
    for (let i = 0; i < 10; i += 1) {
      const ticket = rig.begin();
      if (!ticket.allowed) expect.fail('locked');
      ticket.undone();
      expect(ticket.failed()).toEqual([]);
    }
    expect(rig.ledger.size).toBe(0);
  });

  it('lets no more through at once than one after another', () => {
    const rig = new Rig();
    const tickets = Array.from({ length: 100 }, () => rig.begin([account('a')]));
    expect(tickets.filter(({ allowed }) => allowed)).toHaveLength(3);
    for (const ticket of tickets) if (ticket.allowed) ticket.undone();
    expect(rig.begin([account('a')]).allowed).toBe(true);
  });

  it('lets exactly one try after a lock has ended', async () => {
    const rig = new Rig();
    for (let i = 0; i < 3; i += 1) rig.wrong();
    await rig.clock.advanceBy(5 * MINUTE);
    expect([rig.begin().allowed, rig.begin().allowed]).toEqual([true, false]);
  });

  it('goes on after the process was killed, and takes the same attempt again for the same', async () => {
    const rig = new Rig();
    rig.wrong();
    rig.wrong();
    const before = rig.ledger.begin('request-1', BOTH);
    expect(before.allowed).toBe(true);
    await rig.restart();
    expect(rig.begin().allowed).toBe(false);
    const again = rig.ledger.begin('request-1', BOTH);
    if (!again.allowed) expect.fail('the same attempt was taken for another');
    expect(again.failed()).toMatchObject([{ scope: 'account', failures: 3 }]);
    await rig.restart();
    expect(rig.begin()).toMatchObject({ allowed: false, lock: { scope: 'account', until: rig.clock.now() + 5 * MINUTE } });
  });

  it('takes an attempt that died with its process for a wrong one', async () => {
    const rig = new Rig();
    rig.wrong();
    rig.wrong();
    rig.begin();
    await rig.restart();
    await rig.clock.advanceBy(MINUTE);
    expect(rig.begin()).toMatchObject({ allowed: false, lock: { scope: 'account', failures: 3 } });
  });

  it('forgets one a day, and the record with the last', async () => {
    const rig = new Rig();
    rig.wrong([account('a')]);
    rig.wrong([account('a')]);
    await rig.clock.advanceBy(24 * HOUR);
    expect(rig.wrong([account('a')])).toEqual([]);
    await rig.clock.advanceBy(48 * HOUR);
    await rig.restart();
    expect(rig.ledger.size).toBe(0);
    await rig.clock.settle();
    expect(rig.journal.records('attempts')).toEqual([]);
  });

  it('holds a lock no longer than the longest when the clock is put back', () => {
    const rig = new Rig();
    for (let i = 0; i < 3; i += 1) rig.wrong([account('a')]);
    rig.clock.set(-30 * 24 * HOUR);
    expect(rig.ledger.lockOf([account('a')])?.until).toBe(rig.clock.now() + 24 * HOUR);
  });

  it('keeps so many, and rather those that are locked: a flood of others frees nobody', () => {
    const rig = new Rig();
    rig.limitedTo(100);
    for (let i = 0; i < 3; i += 1) rig.wrong([account('victim')]);
    for (let i = 0; i < 1_000; i += 1) rig.wrong([account(`x${i}`)]);
    expect(rig.ledger.size).toBeLessThanOrEqual(100);
    expect(rig.begin([account('victim')]).allowed).toBe(false);
  });

  it('passes over records that are none', async () => {
    const rig = new Rig();
    for (const [id, record] of [['account:x', null], ['account:y', { failures: 'many' }], ['nobody:z', { failures: 1, since: 1, lockedUntil: 0, pending: [] }]] as const) {
      rig.journal.changed('attempts', id, () => record);
    }
    await rig.restart();
    expect(rig.ledger.size).toBe(0);
    await rig.clock.settle();
    expect(rig.journal.records('attempts')).toEqual([]);
  });
});
