import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { queueId } from '../engine/domain/ids.ts';
import { QUEUE_DEFAULTS, type Queue } from '../engine/domain/queue.ts';
import { Zone } from '../engine/domain/zone.ts';
import { expectedWaitResult, reportResult } from '../integrations/http/report-schemas.ts';
import { memoryLog } from '../test/reporting/log-builder.ts';
import { AGENTS, QUEUES, randomLog } from '../test/reporting/random-centre.ts';
import { centreTimeZone, rangeOf, reportsOf } from './reports.ts';

const START = Date.parse('2026-08-12T01:00:00Z');
const events = randomLog({ seed: 7, start: START, steps: 2_000, disorder: 'returns', callbacks: true });
const NOW = (events.at(-1)?.at ?? START) + 1_000;
let now = NOW;
const queues: readonly Queue[] = QUEUES.map((id) => ({ ...QUEUE_DEFAULTS, id: queueId(id), name: id }));
const reports = reportsOf({ events: memoryLog(events), timeZone: 'Asia/Shanghai', now: () => now, queues: () => queues, agentCount: () => AGENTS.length });
afterEach(() => {
  now = NOW;
});

const zone = (name: string): Zone => Zone.of(name) ?? expect.fail(`no zone ${name}`);
const shanghai = zone('Asia/Shanghai');
const range = (from: string | undefined, to: string | undefined, where = shanghai): readonly string[] => {
  const found = rangeOf({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }, where, Date.parse('2026-08-12T09:30:00Z'));
  return [where.text(found.from), where.text(found.to)];
};

describe('the range of a report', () => {
  it.each([
    ['today, up to now', undefined, undefined, '2026-08-12T00:00:00+08:00', '2026-08-12T17:30:00+08:00'],
    ['a date, to its end', '2026-08-10', '2026-08-10', '2026-08-10T00:00:00+08:00', '2026-08-11T00:00:00+08:00'],
    ['times by the wall clock', '2026-08-10T09:30', '2026-08-10T17:00:30', '2026-08-10T09:30:00+08:00', '2026-08-10T17:00:30+08:00'],
    ['times of another place', '2026-08-10T01:30Z', '2026-08-10T05:30:00-04:00', '2026-08-10T09:30:00+08:00', '2026-08-10T17:30:00+08:00'],
    ['milliseconds', '0', '1000', '1970-01-01T08:00:00+08:00', '1970-01-01T08:00:01+08:00'],
  ])('%s', (_, from, to, first, last) => expect(range(from, to)).toEqual([first, last]));

  it('has days of 25 hours', () => {
    expect(range('2026-10-25', '2026-10-25', zone('Europe/Berlin'))).toEqual(['2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00']);
    expect(range('2026-10-01', '2026-10-31', zone('Europe/Berlin'))).toEqual(['2026-10-01T00:00:00+02:00', '2026-11-01T00:00:00+01:00']);
  });

  it.each([
    ['2026-08-12', '2026-08-11', 'ends'],
    ['2026-07-01', '2026-08-01', '31 days at most'],
    ['2026-13-01', undefined, 'no such moment'],
    ['999999999999999999', undefined, 'no such moment'],
  ])('from %s to %s is refused', (from, to, why) => {
    expect(() => range(from, to)).toThrow(expect.objectContaining({ code: 'api.invalid', message: expect.stringContaining(why) as string }));
  });

  it('is in the zone of the first calendar', () => {
    expect(centreTimeZone({ bank: { timezone: 'Asia/Kolkata' }, other: { timezone: 'UTC' } })).toBe('Asia/Kolkata');
    expect(Zone.of(centreTimeZone({}))).toBeDefined();
  });
});

describe('the reports of the API', () => {
  it.each(['queue', 'agent', 'callback', 'total'] as const)('by %s are as they are described', async (by) => {
    const report = await reports.figures({ by, interval: '60' });
    const rows = { queue: report.queues, agent: report.agents, callback: report.callbacks ?? [], total: report.totals }[by];
    expect(rows.length).toBeGreaterThan(5);
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    const answer = reportResult.parse(report);
    expect(answer).toEqual(report);
    expect(ajv.validate(z.toJSONSchema(reportResult, { io: 'output' }), JSON.parse(JSON.stringify(answer))), ajv.errorsText()).toBe(true);
    expect(report.interval).toBe('60');
    expect([report.queues, report.agents, report.callbacks ?? [], report.totals].map(({ length }) => length).filter((length) => length > 0)).toHaveLength(1);
  });

  it('about estimated waits are as they are described', async () => {
    const report = await reports.expectedWait({});
    expect(report.rows.map((row) => row.queueId)).toEqual([null, ...QUEUES]);
    expect(expectedWaitResult.parse(report)).toEqual(report);
  });

  it('are of one queue or agent when asked so', async () => {
    const one = await reports.figures({ by: 'queue', interval: 'range', id: 'loans' });
    expect(one.queues.map((row) => row.queueId)).toEqual(['loans']);
    const all = await reports.figures({ by: 'queue', interval: 'range' });
    expect(all.queues).toHaveLength(QUEUES.length);
    expect(all.queues[1]).toEqual(one.queues[0]);
    const ofCallbacks = await reports.figures({ by: 'callback', interval: 'range', id: 'loans' });
    expect(ofCallbacks.callbacks?.map((row) => row.queueId)).toEqual(['loans']);
  });

  it('are refused when there is no such zone, or when they are too long', async () => {
    await expect(reports.figures({ by: 'queue', interval: '30', timeZone: 'Asia/Peking2' })).rejects.toMatchObject({ code: 'api.invalid', message: expect.stringContaining('Asia/Peking2') as string });
    now = START + 40 * 86_400_000;
    const long = { by: 'agent', from: '2026-08-12', to: '2026-09-11' } as const;
    await expect(reports.figures({ ...long, interval: '15' })).rejects.toMatchObject({ code: 'api.invalid', message: expect.stringContaining('rows') as string });
    expect((await reports.figures({ ...long, interval: '15', id: '1001' })).agents.length).toBeGreaterThan(0);
  });

  it('are made one after another, and a failure of one is not the next one’s', async () => {
    const broken = reportsOf({
      events: { read: async ({ afterSeq }) => (afterSeq === 0 ? Promise.reject(new Error('no disk')) : []) },
      timeZone: 'UTC',
      now: () => NOW,
      queues: () => queues,
      agentCount: () => 0,
    });
    const [one, two] = await Promise.allSettled([broken.figures({ by: 'queue', interval: '30' }), broken.expectedWait({})]);
    expect([one.status, two.status]).toEqual(['rejected', 'rejected']);
  });
});
