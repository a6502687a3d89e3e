import { describe, expect, it } from 'vitest';
import { ASKER } from './asker.fixture.ts';
import { reportRoutes } from './report-routes.ts';

const asked: unknown[] = [];
const range = { timeZone: 'UTC', from: 0, to: 1, asOf: 1 };
const routes = reportRoutes({
  figures: async (query) => {
    asked.push(query);
    return { ...range, interval: query.interval, queues: [], agents: [], totals: [] };
  },
  expectedWait: async (query) => {
    asked.push(query);
    return { ...range, rows: [] };
  },
});
const route = (path: string) => routes.find((each) => each.path === path) ?? expect.fail(`no ${path}`);

describe('the queries of reports', () => {
  it('are half-hours of the queues of today when nothing is said', async () => {
    const reports = route('/reports');
    await reports.handle({ params: {}, query: reports.query.parse({}), body: undefined, ...ASKER });
    expect(asked.pop()).toEqual({ interval: '30', by: 'queue' });
  });

  it('may be about callbacks; an answer without any has an empty list', async () => {
    const reports = route('/reports');
    const answer = await reports.handle({ params: {}, query: reports.query.parse({ by: 'callback', id: 'loans' }), body: undefined, ...ASKER });
    expect(asked.pop()).toEqual({ interval: '30', by: 'callback', id: 'loans' });
    expect(reports.result.parse(answer)).toMatchObject({ callbacks: [] });
  });

  it('are handed on as they are', async () => {
    const reports = route('/reports/expected-wait');
    const wanted = { from: '2026-08-01', to: '2026-08-02', timeZone: 'Asia/Shanghai' };
    expect(reports.result.parse(await reports.handle({ params: {}, query: reports.query.parse(wanted), body: undefined, ...ASKER }))).toEqual({ ...range, rows: [] });
    expect(asked.pop()).toEqual(wanted);
  });

  it.each(['2026-08-12', '2026-08-12T09:30', '2026-08-12T09:30:15', '2026-08-12T09:30:15.250Z', '2026-08-12T09:30+08:00', '1786496400000'])('take %s for a moment', (from) => {
    expect(route('/reports').query.safeParse({ from }).success).toBe(true);
  });

  it.each([
    ['from', 'yesterday'],
    ['from', '2026-8-1'],
    ['to', '2026-08-12 09:30'],
    ['to', '-1'],
    ['interval', '45'],
    ['by', 'skill'],
    ['id', ''],
    ['queue', 'loans'],
  ])('do not take %s=%s', (name, value) => {
    expect(route('/reports').query.safeParse({ [name]: value }).success).toBe(false);
  });
});
