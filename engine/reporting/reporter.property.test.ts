import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../test/reporting/log-builder.ts';
import { plainCallbackFigures } from '../../test/reporting/plain-callbacks.ts';
import { plainAgentFigures, plainQueueFigures } from '../../test/reporting/plain-figures.ts';
import { AGENTS, QUEUES, randomLog } from '../../test/reporting/random-centre.ts';
import type { DomainEvent } from '../domain/events.ts';
import { agentId, queueId } from '../domain/ids.ts';
import { Zone } from '../domain/zone.ts';
import type { IntervalLength } from './intervals.ts';
import { PastReports } from './past-reports.ts';
import { Reporter, type ReporterOptions } from './reporter.ts';

/** More for a soak: STROWGER_PROPERTY_RUNS=10000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 60);
const TIMEOUT_MS = 60_000 + RUNS * 200;
const HOUR = 3_600_000;
/** A quarter of an hour before the end of a day in Shanghai. */
const START = Date.parse('2026-08-12T15:45:00Z');
const zone = Zone.of('Asia/Shanghai') ?? expect.fail('no zone');

const centre = fc.record({ seed: fc.integer(), steps: fc.integer({ min: 1, max: 600 }), disorder: fc.constantFrom('none' as const, 'returns' as const, 'anything' as const), start: fc.constant(START), callbacks: fc.boolean() });
const orderly = centre.map((options) => ({ ...options, disorder: 'none' as const }));

function reportOf(events: readonly DomainEvent[], interval: IntervalLength, range = { from: START, to: endOf(events) }): Reporter {
  const reporter = new Reporter({ zone, interval, range, calibration: true });
  for (const event of events) reporter.apply(event);
  return reporter;
}

function endOf(events: readonly DomainEvent[]): number {
  return Math.max(...events.map(({ at }) => at)) + 1;
}

const rowsOf = (reporter: Reporter, asOf: number): string =>
  JSON.stringify([reporter.queueRows(asOf), reporter.agentRows(asOf), reporter.callbackRows(asOf), reporter.totalRows(asOf), reporter.calibration()]);

describe('reports, whatever the log', () => {
  it(
    'are the same however the log is read, and whatever was asked before',
    async () => {
      const sizes = fc.record({ pageSize: fc.integer({ min: 1, max: 50 }), eventsPerCheckpoint: fc.integer({ min: 1, max: 80 }) });
      const asked = fc.record({ from: fc.integer({ min: 0, max: 3 * HOUR }), span: fc.integer({ min: 1, max: 2 * HOUR }) });
      await fc.assert(
        fc.asyncProperty(centre, sizes, asked, fc.constantFrom<IntervalLength>('15', '30', 'day', 'range'), async (options, size, { from, span }, interval) => {
          const events = randomLog(options);
          const range = { from: START + from, to: START + from + span };
          const report: Omit<ReporterOptions, 'standing'> = { zone, interval, range, calibration: true };
          const pause = async (): Promise<void> => undefined;
          const past = new PastReports({ events: memoryLog(events), pause, ...size });
          const asOf = Math.max(range.to, endOf(events));
          const first = rowsOf(await past.read({ ...report, range: { from: START + 2 * HOUR, to: START + 9 * HOUR } }), asOf);
          const read = await past.read(report);
          const whole = reportOf(events, interval, range);
          expect(rowsOf(read, asOf)).toBe(rowsOf(whole, asOf));
          // Asking changes nothing.
          expect(rowsOf(read, asOf)).toBe(rowsOf(whole, asOf));
          expect(rowsOf(await past.read({ ...report, range: { from: START + 2 * HOUR, to: START + 9 * HOUR } }), asOf)).toBe(first);
        }),
        {
          numRuns: RUNS,
          // Reasons met in another order.
          examples: [[{ seed: 421535943, steps: 408, disorder: 'none', start: 1786549500000, callbacks: true }, { pageSize: 1, eventsPerCheckpoint: 1 }, { from: 3085613, span: 1 }, 'range']],
        },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'are the same live, asked at any time, as later from the log',
    () => {
      fc.assert(
        fc.property(orderly, fc.array(fc.nat(600), { maxLength: 10 }), (options, asks) => {
          const events = randomLog(options);
          const live = new Reporter({ zone, interval: '15', range: { from: START, to: Infinity }, calibration: true });
          for (const [index, event] of events.entries()) {
            live.apply(event);
            // Between two moments, as a clock shows them.
            const next = events[index + 1]?.at ?? event.at;
            if (asks.includes(index) && next > event.at) rowsOf(live, event.at + 1);
          }
          const end = endOf(events);
          const later = new Reporter({ zone, interval: '15', range: { from: START, to: end }, calibration: true });
          for (const event of events) later.apply(event);
          expect(JSON.stringify(live.queueRows(end))).toBe(JSON.stringify(later.queueRows(end)));
          expect(JSON.stringify(live.agentRows(end))).toBe(JSON.stringify(later.agentRows(end)));
          expect(JSON.stringify(live.callbackRows(end))).toBe(JSON.stringify(later.callbackRows(end)));
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'of a finished interval do not change any more but for a contact that comes back within a minute',
    () => {
      fc.assert(
        fc.property(orderly, fc.nat(), (options, cut) => {
          const events = randomLog(options);
          const some = events.slice(0, cut % (events.length + 1));
          const asOf = some.at(-1)?.at ?? START;
          const range = { from: START, to: endOf(events) };
          const [then, now] = [reportOf(some, '15', range), reportOf(events, '15', range)];
          expect(now.queueRows(endOf(events)).filter(({ to }) => to <= asOf)).toEqual(then.queueRows(asOf).filter(({ complete }) => complete));
          expect(now.callbackRows(endOf(events)).filter(({ to }) => to <= asOf)).toEqual(then.callbackRows(asOf).filter(({ complete }) => complete));
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'of several events of one moment do not depend on their order, as long as each contact and agent keeps its own',
    () => {
      fc.assert(
        fc.property(orderly, (options) => {
          const events = randomLog(options);
          const subject = (event: DomainEvent): string => ('agentId' in event ? `b${event.agentId}` : 'contactId' in event ? `c${event.contactId}` : 'a');
          // A contact has the target that was configured before it came, also within one moment.
          let era = 0;
          const sorted = events
            .map((event, index) => ({ event, index, era: event.type === 'acd.configured' ? (era += 1) : era }))
            .toSorted((a, b) => a.event.at - b.event.at || a.era - b.era || compare(subject(a.event), subject(b.event)) || a.index - b.index);
          const reordered = sorted.map(({ event }) => event);
          const end = endOf(events);
          expect(reportOf(reordered, '15').queueRows(end)).toEqual(reportOf(events, '15').queueRows(end));
          expect(reportOf(reordered, '15').agentRows(end)).toEqual(reportOf(events, '15').agentRows(end));
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'add up: intervals to the range, queues and agents to the whole, those who left and those who wait to those who came',
    () => {
      fc.assert(
        fc.property(centre, (options) => {
          const events = randomLog(options);
          const end = endOf(events);
          const parts = reportOf(events, '15');
          // To the end of the last interval, so that both cover the same time.
          const [whole] = reportOf(events, 'range', parts.grid.range).totalRows(end);
          const queueRows = parts.queueRows(end);
          const agentRows = parts.agentRows(end);
          const total = (rows: readonly object[], key: string): number => rows.reduce((sum, row) => sum + ((row as Record<string, number>)[key] ?? 0), 0);
          for (const key of ['offered', 'answered', 'abandoned', 'shortAbandoned', 'overflowed', 'withdrawn', 'lost', 'presented', 'answeredWithin', 'abandonedWithin', 'handled', 'talkMs', 'heldMs', 'wrapUpMs']) {
            expect(total(queueRows, key), key).toBe((whole?.queues as unknown as Record<string, number>)[key]);
            expect(total(parts.totalRows(end).map(({ queues }) => queues), key), key).toBe((whole?.queues as unknown as Record<string, number>)[key]);
          }
          const callbackRows = parts.callbackRows(end);
          for (const key of ['offered', 'requested', 'refused', 'moved', 'attempts', 'reachedAtFirst']) {
            expect(total(callbackRows, key), key).toBe((whole?.callbacks as unknown as Record<string, number>)[key]);
          }
          for (const key of ['loggedInMs', 'contactMs', 'handled', 'talkMs', 'heldMs', 'wrapUpMs', 'nonResponses']) {
            expect(total(agentRows, key), key).toBe((whole?.agents as unknown as Record<string, number>)[key]);
          }
          for (const row of agentRows) {
            expect(total([row.stateMs], 'ready') + row.stateMs.reserved + row.stateMs.ringing + row.contactMs + row.stateMs.notReady + row.stateMs.notResponding).toBe(row.loggedInMs);
            expect(Object.values(row.notReadyByReasonMs).reduce((sum, ms) => sum + ms, 0)).toBe(row.stateMs.notReady);
            expect(row.loggedInMs).toBeLessThanOrEqual(Math.min(row.to, end) - row.from);
          }
          for (const queue of QUEUES) {
            const rows = queueRows.filter((row) => row.queueId === queue);
            const ofCallbacks = callbackRows.filter((row) => row.queueId === queue);
            for (const [index, row] of ofCallbacks.entries()) {
              expect(row.openAtStart).toBe(ofCallbacks[index - 1]?.openAtEnd ?? 0);
              expect(row.openAtEnd).toBe(row.openAtStart + row.requested - Object.values(row.ended).reduce((sum, each) => sum + each, 0));
            }
            for (const [index, row] of rows.entries()) {
              expect(row.waitingAtStart).toBe(rows[index - 1]?.waitingAtEnd ?? 0);
              expect(row.waitingAtEnd).toBeGreaterThanOrEqual(0);
              expect(Object.values(row.overflowedBy).reduce((sum, count) => sum + count, 0)).toBe(row.overflowed);
            }
          }
        }),
        { numRuns: RUNS },
      );
    },
    TIMEOUT_MS,
  );

  it(
    'hold no negative number, no NaN and no share beyond 1, even when events are missing and the clock is put back',
    () => {
      fc.assert(
        fc.property(centre, fc.nat(), (options, cut) => {
          const log = randomLog({ ...options, disorder: 'anything' });
          const events = log.slice(cut % log.length);
          const rows = rowsOf(reportOf(events, '15'), endOf(events));
          expect(rows).not.toMatch(/NaN|Infinity/);
          // Only a bias may be negative.
          expect(rows.replaceAll(/"biasMs":-[\d.]+/g, '')).not.toMatch(/:-/);
          for (const [, share] of rows.matchAll(/"(?:appQueue2?|cisco\w+|amazonConnect|occupancy|utilisation|abandonRate|within\w+|keptShare|reachedAtFirstShare)":([-+\d.e]+)/g)) {
            expect(Number(share)).toBeLessThanOrEqual(1);
          }
        }),
        // The example has a share of 8.4e-17 in it, which is no 8.4.
        { numRuns: RUNS, examples: [[{ seed: -1_272_347_178, steps: 510, disorder: 'none', start: 1_786_549_500_000, callbacks: false }, 0]] },
      );
    },
    TIMEOUT_MS,
  );
});

describe('a report of a long log', () => {
  it('has the figures of a plain count', () => {
    const events = randomLog({ seed: 20_260_812, start: START, steps: 6_000, disorder: 'returns', callbacks: true });
    const end = endOf(events);
    for (const interval of ['60', 'day'] as const) {
      const reporter = reportOf(events, interval);
      for (const row of reporter.queueRows(end)) {
        const plain = plainQueueFigures(events, row.queueId, row.from, Math.min(row.to, end));
        // The log begins within the first interval: before, nothing is known.
        const averageLength = (plain['averageLength'] ?? 0) * ((Math.min(row.to, end) - row.from) / (Math.min(row.to, end) - Math.max(row.from, START)));
        const { averageLength: found, ...rest } = { ...row, ...row.serviceLevels };
        expect(rest).toMatchObject(Object.fromEntries(Object.entries(plain).filter(([key]) => key !== 'averageLength')));
        expect(found).toBeCloseTo(averageLength, 9);
      }
      for (const row of reporter.callbackRows(end)) expect(row).toMatchObject(plainCallbackFigures(events, row.queueId, row.from, Math.min(row.to, end)));
      expect(new Set(reporter.callbackRows(end).map((row) => row.queueId))).toEqual(new Set(QUEUES.map(queueId)));
      for (const row of reporter.agentRows(end)) {
        const { stateMs, made } = plainAgentFigures(events, row.agentId, row.from, Math.min(row.to, end));
        expect([row.stateMs, row.offers.made]).toEqual([stateMs, made]);
      }
      expect(new Set(reporter.queueRows(end).map((row) => row.queueId))).toEqual(new Set(QUEUES.map(queueId)));
      expect(new Set(reporter.agentRows(end).map((row) => row.agentId))).toEqual(new Set(AGENTS.map(agentId)));
    }
  }, 60_000);
});

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
