import { describe, expect, it } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import { CountedIds } from './counted-ids.ts';
import { MemoryJournal } from './memory-journal.ts';
import { RecordedLog } from './recorded-log.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('VirtualClock', () => {
  it('fires timers by due time, equal ones in the order they were set, each at its own time', async () => {
    const clock = new VirtualClock(1000);
    const fired: string[] = [];
    const note = (name: string) => () => fired.push(`${name}@${clock.now()}`);
    clock.setTimeout(note('late'), 20);
    clock.setTimeout(note('first'), 10);
    clock.setTimeout(note('second'), 10);
    clock.setTimeout(note('never'), 31);
    await clock.advanceBy(30);
    expect(fired).toEqual(['first@1010', 'second@1010', 'late@1020']);
    expect(clock.now()).toBe(1030);
    expect(clock.pending).toBe(1);
  });

  it('runs promises between timers, and timers that they set', async () => {
    const clock = new VirtualClock(0);
    const seen: number[] = [];
    clock.setTimeout(() => {
      void Promise.resolve()
        .then(() => undefined)
        .then(() => clock.setTimeout(() => seen.push(clock.now()), 5));
    }, 10);
    clock.setTimeout(() => seen.push(clock.now()), 20);
    await clock.advanceBy(20);
    expect(seen).toEqual([15, 20]);
  });

  it('forgets cleared timers, also when cleared twice or after firing', async () => {
    const clock = new VirtualClock(0);
    let fired = 0;
    const gone = clock.setTimeout(() => (fired += 1), 5);
    const kept = clock.setTimeout(() => (fired += 10), 5);
    clock.clearTimeout(gone);
    clock.clearTimeout(gone);
    await clock.advanceBy(5);
    clock.clearTimeout(kept);
    expect(fired).toBe(10);
    expect(clock.pending).toBe(0);
  });

  it('throws what a timer throws', async () => {
    const clock = new VirtualClock(0);
    clock.setTimeout(() => {
      throw new Error('from the timer');
    }, 1);
    await expect(clock.advanceBy(1)).rejects.toThrow('from the timer');
  });
});

describe('CountedIds', () => {
  it('counts each prefix', () => {
    const ids = new CountedIds();
    expect([ids.next('call'), ids.next('offer'), ids.next('call')]).toEqual(['call-1', 'offer-1', 'call-2']);
  });
});

describe('MemoryJournal', () => {
  it('gathers changes and reads the state at the time of writing', async () => {
    const journal = new MemoryJournal();
    let value = 1;
    journal.changed('agent', 'a', () => ({ value }));
    journal.changed('agent', 'a', () => ({ value }));
    value = 2;
    expect(journal.record('agent', 'a')).toBeUndefined();
    await Promise.resolve();
    expect(await journal.load('agent')).toEqual([{ id: 'a', record: { value: 2 } }]);
    expect(await journal.load('session')).toEqual([]);
    expect(journal.writes).toBe(1);
    journal.remove('agent', 'a');
    await Promise.resolve();
    expect(journal.records('agent')).toEqual([]);
  });

  it('loses in a crash what was only gathered', async () => {
    const journal = new MemoryJournal();
    journal.changed('agent', 'a', () => 1);
    journal.flush();
    journal.changed('agent', 'a', () => 2);
    journal.crash();
    await Promise.resolve();
    expect(journal.record('agent', 'a')).toBe(1);
  });
});

describe('RecordedLog', () => {
  it('stamps events and finds them by type', () => {
    const log = new RecordedLog(new VirtualClock(7));
    log.announce({ type: 'agent.state', agentId: agentId('a'), state: 'ready' });
    log.announce({ type: 'engine.stopped' });
    expect(log.types).toEqual(['agent.state', 'engine.stopped']);
    expect(log.last('agent.state')).toMatchObject({ v: 1, id: 'event-1', at: 7, state: 'ready' });
    expect(log.last('node.up')).toBeUndefined();
  });
});
