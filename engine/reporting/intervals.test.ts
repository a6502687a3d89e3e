import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Zone } from '../domain/zone.ts';
import { IntervalGrid, type IntervalLength } from './intervals.ts';

const HOUR = 3_600_000;
const zone = (name: string): Zone => Zone.of(name) ?? expect.fail(`no zone ${name}`);
const grid = (name: string, length: IntervalLength, from: string, to: string): IntervalGrid =>
  new IntervalGrid(zone(name), length, { from: Date.parse(from), to: Date.parse(to) });
const starts = (name: string, length: IntervalLength, from: string, to: string): string[] =>
  grid(name, length, from, to).list(Infinity).map((interval) => `${zone(name).text(interval.from).slice(11, 16)} ${(interval.to - interval.from) / 60_000}`);

describe('the intervals of a report', () => {
  it('begin at the half hours of the wall clock, and cover more than was asked for rather than less', () => {
    expect(starts('Asia/Shanghai', '30', '2026-08-12T01:10:00Z', '2026-08-12T02:00:00.001Z')).toEqual(['09:00 30', '09:30 30', '10:00 30']);
    expect(starts('Asia/Kathmandu', '60', '2026-08-12T01:10:00Z', '2026-08-12T02:20:00Z')).toEqual(['06:00 60', '07:00 60', '08:00 60']);
    expect(starts('Asia/Kathmandu', '30', '2026-08-12T01:10:00Z', '2026-08-12T01:20:00Z')).toEqual(['06:30 30', '07:00 30']);
  });

  it('leave out the hour that is skipped and have the one that comes twice twice', () => {
    expect(starts('Europe/Berlin', '60', '2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z')).toEqual(['01:00 60', '03:00 60']);
    expect(starts('Europe/Berlin', '60', '2026-10-24T23:00:00Z', '2026-10-25T02:00:00Z')).toEqual(['01:00 60', '02:00 60', '02:00 60']);
  });

  it('are cut where a clock moves by half an hour', () => {
    expect(starts('Australia/Lord_Howe', '60', '2026-04-04T14:00:00Z', '2026-04-04T16:00:00Z')).toEqual(['01:00 60', '01:30 30', '02:00 60']);
    expect(starts('Australia/Lord_Howe', '60', '2026-10-03T14:30:00Z', '2026-10-03T16:30:00Z')).toEqual(['01:00 60', '02:30 30', '03:00 60']);
  });

  it('are days of 23 and 25 hours', () => {
    expect(starts('Europe/Berlin', 'day', '2026-03-28T12:00:00Z', '2026-03-29T12:00:00Z')).toEqual(['00:00 1440', '00:00 1380']);
  });

  it('are one, exactly as asked for, when the range is', () => {
    const { range } = grid('Europe/Berlin', 'range', '2026-03-28T12:34:56Z', '2026-03-29T12:00:01Z');
    expect([range.from, range.to]).toEqual([Date.parse('2026-03-28T12:34:56Z'), Date.parse('2026-03-29T12:00:01Z')]);
  });

  it('have no gap, no overlap and no length beyond their own, in any zone', () => {
    const from = fc.integer({ min: Date.parse('2020-01-01'), max: Date.parse('2035-01-01') });
    const someZone = fc.constantFrom('Asia/Shanghai', 'Europe/Berlin', 'Australia/Lord_Howe', 'America/Havana', 'Asia/Kathmandu', 'America/Santiago', 'Asia/Beirut');
    fc.assert(
      fc.property(someZone, from, fc.integer({ min: 1, max: 80 * HOUR }), fc.constantFrom<IntervalLength>('15', '30', '60', 'day'), (name, start, span, length) => {
        const made = new IntervalGrid(zone(name), length, { from: start, to: start + span });
        const list = made.list(Infinity);
        expect([list[0]?.from, list.at(-1)?.to]).toEqual([made.range.from, made.range.to]);
        expect(made.range.from <= start && made.range.to >= start + span).toBe(true);
        for (const [index, interval] of list.entries()) {
          expect(interval.from).toBe(list[index - 1]?.to ?? made.range.from);
          expect(interval.to - interval.from).toBeLessThanOrEqual(length === 'day' ? 25 * HOUR : Number(length) * 60_000);
          expect([made.at(interval.from), made.at(interval.to - 1)]).toEqual([interval, interval]);
        }
        expect([made.at(made.range.from - 1), made.at(made.range.to)]).toEqual([undefined, undefined]);
        // The same moment lies in the same interval, whatever the range was.
        const other = new IntervalGrid(zone(name), length, { from: start + span - 1, to: start + 2 * span });
        expect(other.list(Infinity)[0]).toEqual(list.at(-1));
      }),
      { numRuns: 100 },
    );
  });

  it('go on for ever when the range does', () => {
    const live = new IntervalGrid(zone('Asia/Shanghai'), '30', { from: Date.parse('2026-08-12T01:10:00Z'), to: Infinity });
    expect(live.list(Date.parse('2026-08-13T01:00:00Z'))).toHaveLength(48);
  });
});
