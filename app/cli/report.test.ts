import { fastify, type FastifyInstance } from 'fastify';
import { createColors } from 'picocolors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { queueId } from '../../engine/domain/ids.ts';
import { QUEUE_DEFAULTS } from '../../engine/domain/queue.ts';
import { asApiError, errorBody } from '../../integrations/http/api-error.ts';
import { ASKER } from '../../integrations/http/asker.fixture.ts';
import { reportRoutes } from '../../integrations/http/report-routes.ts';
import { CallbackLog } from '../../test/reporting/callback-log.ts';
import { LogBuilder, memoryLog } from '../../test/reporting/log-builder.ts';
import { reportsOf } from '../reports.ts';
import { reportCommand, type ReportCommandOptions } from './report.ts';
import type { Terminal } from './terminal.ts';

const START = Date.parse('2026-08-12T09:00:00+08:00');
const MINUTE = 60_000;
const log = new LogBuilder(START)
  .at(0)
  .configured({ loans: { serviceLevelMs: 20_000, shortAbandonMs: 5_000 } }, ['1001'])
  .agent('1001', 'ready')
  .at(MINUTE)
  .queued('a', 'loans')
  .estimated('a', 30_000, 20_000, 60_000)
  .offer('1001', 'a')
  .agent('1001', 'reserved', { contact: 'a' })
  .at(MINUTE + 12_000)
  .offerEnded('1001', 'a', 'accepted')
  .left('a', 'answered')
  .agent('1001', 'talking', { contact: 'a' })
  .at(4 * MINUTE)
  .agent('1001', 'wrapUp', { contact: 'a' })
  .at(4 * MINUTE + 30_000)
  .agent('1001', 'ready')
  .queued('b', 'loans')
  .at(5 * MINUTE)
  .left('b', 'abandoned')
  .at(31 * MINUTE)
  .queued('c', 'loans');

const callbacks = new CallbackLog(log);
log.at(10 * MINUTE);
callbacks.offered('loans', 'call-1').offered('loans', 'call-2').requested('soon', 'loans', { call: 'call-1' });
callbacks.requested('later', 'loans', { period: { from: START + 15 * MINUTE, to: START + 25 * MINUTE } }).refused('loans', 'doNotCall', 'call-2').requested('open', 'loans');
log.at(12 * MINUTE);
callbacks.attempted('soon', 'busy').reached('soon');
log.at(16 * MINUTE);
callbacks.reached('later');
log.events.sort((a, b) => a.at - b.at);

// The routes of reports alone, so that this test needs nothing of the rest of the API.
let server: FastifyInstance;
let url: string;
beforeAll(async () => {
  const reports = reportsOf({
    events: memoryLog(log.events),
    timeZone: 'Asia/Shanghai',
    now: () => START + 32 * MINUTE,
    queues: () => [{ ...QUEUE_DEFAULTS, id: queueId('loans'), name: 'Loans' }],
    agentCount: () => 1,
  });
  server = fastify({ forceCloseConnections: true });
  server.setErrorHandler((thrown, request, reply) => {
    const { status, error } = asApiError(thrown, request.id);
    return reply.status(status).send(errorBody(error));
  });
  for (const route of reportRoutes(reports)) {
    server.get(`/api/v1${route.path}`, async (request) => {
      const query = route.query.safeParse(request.query);
      if (!query.success) throw new StrowgerError('api.invalid', query.error.issues.map(({ path }) => path.join('.')).join());
      return route.result.parse(await route.handle({ params: {}, query: query.data, body: undefined, ...ASKER }));
    });
  }
  url = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(() => server.close());

async function run(what: string, options: Partial<ReportCommandOptions> = {}): Promise<readonly string[]> {
  const lines: string[] = [];
  const terminal: Terminal = { isTty: false, colors: createColors(false), line: (text = '') => void lines.push(text), note: () => undefined, progress: () => undefined };
  await reportCommand(terminal, what, { url, interval: 'range', ...options });
  return lines;
}

describe('./strowger report', () => {
  it('sums up the queues of today', async () => {
    expect(await run('queues')).toEqual([
      '2026-08-12 00:00:00 to 2026-08-12 09:32:00, Asia/Shanghai',
      'QUEUE  OFFERED  ANSWERED  ABANDONED  SHORT  OVERFLOWED  WAITING   ASA   P90  LONGEST   AHT  LENGTH  MAX     X  CISCO NEGATIVE',
      'loans        3         1          1      0           0        1  0:12  0:12     0:30  3:18     0.1    1  0:20          33.3 %',
    ]);
  });

  it('shows half-hours, marks the one that goes on, and all service levels side by side', async () => {
    expect(await run('queues', { interval: '30', from: '2026-08-12T09:00', serviceLevels: true })).toEqual([
      '2026-08-12 09:00:00 to 2026-08-12 09:32:00, Asia/Shanghai',
      'INTERVAL            QUEUE     X  PRESENTED  ANSWERED≤X  ABANDONED≤X  APP_QUEUE  APP_QUEUE 2  CISCO ONLY-HANDLED  WITHOUT-ABANDON  POSITIVE  NEGATIVE  AMAZON CONNECT',
      '2026-08-12 09:00    loans  0:20          2           1            0    100.0 %       50.0 %             100.0 %           50.0 %    50.0 %    50.0 %          50.0 %',
      '2026-08-12 09:30 …  loans  0:20          1           0            0          –            –                   –            0.0 %     0.0 %     0.0 %           0.0 %',
    ]);
  });

  it('shows agents and the whole centre', async () => {
    expect(await run('agents', { from: '2026-08-12T09:00', to: '2026-08-12T09:30' })).toEqual([
      '2026-08-12 09:00:00 to 2026-08-12 09:30:00, Asia/Shanghai',
      'AGENT  SIGNED IN  READY  RINGING  TALKING  HELD  WRAP-UP  NOT READY  NOT RESPONDING  OCCUPANCY  UTILISATION  HANDLED   AHT  OFFERS  RANG OUT  REJECTED',
      '1001       30:00  26:30     0:12     2:48  0:00     0:30       0:00            0:00     11.1 %       11.0 %        1  3:18       1         0         0',
    ]);
    expect((await run('totals')).at(-1)).toMatch(/33\.3 % {5,}10\.\d % {5,}10\.\d %$/);
  });

  it('shows callbacks', async () => {
    expect(await run('callbacks')).toEqual([
      '2026-08-12 00:00:00 to 2026-08-12 09:32:00, Asia/Shanghai',
      'QUEUE  OFFERED  REQUESTED   TAKEN  REFUSED  REACHED  AT FIRST  CANCELED  EXPIRED  USED UP  IMPOSSIBLE  OPEN  ATTEMPTS     KEPT  DELAY P50   P90  SOON P50   P90',
      'loans        2          3  50.0 %        1        2    50.0 %         0        0        0           0     1         3  100.0 %       1:00  1:00      2:00  2:00',
    ]);
    expect((await run('callbacks', { interval: '30', from: '2026-08-12T09:00' })).at(-1)).toMatch(/^2026-08-12 09:30 … {2}loans +0 +0 +– /);
    const [json = ''] = await run('callbacks', { json: true, id: 'loans' });
    expect(JSON.parse(json)).toMatchObject({ queues: [], callbacks: [{ queueId: 'loans', requested: 3, refusedBy: { doNotCall: 1 }, promised: { keptShare: 1 } }] });
    await expect(run('callbacks', { serviceLevels: true })).rejects.toMatchObject({ code: 'cli.usage', message: expect.stringContaining('Callbacks') as string });
  });

  it('shows how good the estimates were', async () => {
    expect(await run('expected-wait')).toEqual([
      '2026-08-12 00:00:00 to 2026-08-12 09:32:00, Asia/Shanghai',
      'QUEUE  EXPECTED      ESTIMATES  TOLD  GAVE UP  BIAS  MEAN ERROR  RRASE  ≤LOW (50 %)  ≤HIGH (90 %)',
      'all    any                   1     1        0  0:18        0:18   1.50      100.0 %       100.0 %',
      '       0:00 to 1:00          1     1        0  0:18        0:18   1.50      100.0 %       100.0 %',
      'loans  any                   1     1        0  0:18        0:18   1.50      100.0 %       100.0 %',
      '       0:00 to 1:00          1     1        0  0:18        0:18   1.50      100.0 %       100.0 %',
    ]);
  });

  it('prints JSON, and says what is wrong', async () => {
    const [json = ''] = await run('queues', { json: true });
    expect(JSON.parse(json)).toMatchObject({ timeZone: 'Asia/Shanghai', interval: 'range', queues: [{ queueId: 'loans', offered: 3 }] });
    await expect(run('trunks')).rejects.toMatchObject({ code: 'cli.usage' });
    await expect(run('agents', { serviceLevels: true })).rejects.toMatchObject({ code: 'cli.usage' });
    await expect(run('queues', { interval: '45' })).rejects.toMatchObject({ code: 'cli.refused', message: expect.stringContaining('interval') as string });
    await expect(run('queues', { from: '2026-08-13' })).rejects.toMatchObject({ code: 'cli.refused', message: expect.stringContaining('before it begins') as string });
    expect(await run('agents', { to: '2026-08-12T08:00' })).toEqual(['2026-08-12 00:00:00 to 2026-08-12 08:00:00, Asia/Shanghai', 'Nothing is known of this time.']);
  });
});
