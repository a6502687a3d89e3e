import { describe, expect, it } from 'vitest';
import { memoryLog } from '../../test/reporting/log-builder.ts';
import { randomLog } from '../../test/reporting/random-centre.ts';
import { StrowgerError } from '../domain/errors.ts';
import { Zone } from '../domain/zone.ts';
import { PastReports } from './past-reports.ts';

const START = Date.parse('2026-08-12T01:00:00Z');
const HOUR = 3_600_000;
const zone = Zone.of('Asia/Shanghai') ?? expect.fail('no zone');
const events = randomLog({ seed: 3, start: START, steps: 5_000, disorder: 'none' });
const end = events.at(-1)?.at ?? START;

describe('reports of the past', () => {
  it('read the log once from its beginning, later ones from where the range begins to where it ends', async () => {
    const log = memoryLog(events);
    let pauses = 0;
    const past = new PastReports({ events: log, pause: async () => void (pauses += 1), pageSize: 50, eventsPerCheckpoint: 500 });
    const last = { zone, interval: '30', range: { from: end - HOUR, to: end } } as const;
    await past.read(last);
    const pages = Math.floor(events.length / 50) + 1;
    expect([log.reads(), pauses]).toEqual([pages, pages - 1]);
    await past.read(last);
    expect(log.reads() - pages).toBeLessThan(pages / 4);
    const before = log.reads();
    await past.read({ ...last, range: { from: START + HOUR, to: START + 2 * HOUR } });
    expect(log.reads() - before).toBeLessThan(pages / 4);
  });

  it('are not cut short by a clock that was wrong for a moment', async () => {
    const middle = Math.floor(events.length / 2);
    const glitch = events.map((event, index) => (index === middle ? { ...event, at: event.at + 365 * 24 * HOUR } : event));
    const report = { zone, interval: 'range', range: { from: START, to: end + 1 } } as const;
    const read = async (log: typeof events) =>
      (await new PastReports({ events: memoryLog(log), pause: async () => undefined, pageSize: 50 }).read(report)).totalRows(end + 1)[0]?.queues.answered ?? 0;
    expect(await read(glitch)).toBeGreaterThan((await read(events)) - 3);
  });

  it('of an empty log are empty', async () => {
    const past = new PastReports({ events: memoryLog([]), pause: async () => undefined });
    const reporter = await past.read({ zone, interval: '30', range: { from: START, to: START + HOUR } });
    expect([reporter.queueRows(end), reporter.agentRows(end), reporter.totalRows(end).length]).toEqual([[], [], 2]);
  });

  it('fail as the event log fails', async () => {
    const past = new PastReports({ events: { read: async () => Promise.reject(new StrowgerError('store.failed', 'no disk')) }, pause: async () => undefined });
    await expect(past.read({ zone, interval: '30', range: { from: START, to: end } })).rejects.toMatchObject({ code: 'store.failed' });
  });
});
