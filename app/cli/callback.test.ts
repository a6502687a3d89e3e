import { createColors } from 'picocolors';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { queueId } from '../../engine/domain/ids.ts';
import { QUEUE_DEFAULTS } from '../../engine/domain/queue.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { fakeDeps } from '../../integrations/http/api-deps.fixture.ts';
import { startApiServer, type ApiServer } from '../../integrations/http/api-server.ts';
import type { CallbackFacts } from '../../integrations/http/callback-schemas.ts';
import { fakeCallbacks } from '../../integrations/http/callback.fixture.ts';
import { callbackLines, listLines, promiseText, readTime, windowLines } from './callback-text.ts';
import { callbackCancel, callbackList, callbackMove, callbackRequest, callbackShow, callbackWindows } from './callback.ts';
import type { Terminal } from './terminal.ts';

/** By the clock of this machine. */
const at = (day: number, hours: number, minutes = 0): number => new Date(2026, 7, day, hours, minutes).getTime();
const NOW = at(12, 9, 30);

const SOON: CallbackFacts = {
  callbackId: 'callback-1',
  queueId: 'loans',
  number: '**********5678',
  language: 'en',
  kind: 'soon',
  period: { from: at(12, 9), to: at(12, 18) },
  stage: 'queued',
  requestedAt: at(12, 9),
  requestedBy: { by: 'customer', callId: 'call-1' },
  virtualSince: at(12, 8, 55),
  priority: 5,
  attempts: [],
  notBefore: at(12, 9),
};
const CHOSEN: CallbackFacts = {
  ...SOON,
  callbackId: 'callback-2',
  kind: 'at',
  period: { from: at(13, 10), to: at(13, 11) },
  stage: 'scheduled',
  topic: 'mortgage',
  wish: { choice: 'loans', confidence: 0.9, text: 'a loan' },
  attempts: [
    { at: at(11, 9), outcome: 'busy', agentId: '1001' },
    { at: at(12, 9, 5), outcome: 'noAnswer' },
  ],
  notBefore: at(13, 10, 5),
};
const OVER: CallbackFacts = { ...CHOSEN, callbackId: 'callback-3', stage: 'ended', ended: { how: 'canceled', at: at(11, 16), by: { by: 'supervisor', name: 'Han' } } };

describe('the text of callbacks', () => {
  it('lists them', () => {
    expect(listLines({ callbacks: [SOON, CHOSEN, OVER], total: 5 }, NOW)).toEqual([
      'CALLBACK    QUEUE  NUMBER          KIND  PERIOD                  STAGE                      ATTEMPTS        NEXT TRY',
      'callback-1  loans  **********5678  soon  09:00–18:00             queued                     –               now',
      'callback-2  loans  **********5678  at    2026-08-13 10:00–11:00  scheduled                  busy, noAnswer  2026-08-13 10:05',
      'callback-3  loans  **********5678  at    2026-08-13 10:00–11:00  canceled 2026-08-11 16:00  busy, noAnswer  –',
      '… and 2 more',
    ]);
    expect(listLines({ callbacks: [], total: 0 }, NOW)).toEqual(['nobody is to be called back']);
  });

  it('shows one', () => {
    expect(callbackLines(OVER, NOW)).toEqual([
      'callback-3 in loans: canceled 2026-08-11 16:00 by supervisor (Han)',
      '  number      **********5678 (en)',
      '  asked for   09:00 by customer (call-1)',
      '  period      2026-08-13 10:00–11:00, a window that was chosen',
      '  its place   as if it had come at 08:55, priority 5',
      '  topic       mortgage',
      '  wanted      loans, said "a loan" (0.90)',
      '  next try    –',
      '',
      'DIALLED           OUTCOME   AGENT',
      '2026-08-11 09:00  busy      1001',
      '09:05             noAnswer  –',
    ]);
    expect(callbackLines({ ...SOON, requestedBy: { by: 'program' } }, NOW)).toEqual([
      'callback-1 in loans: queued',
      '  number      **********5678 (en)',
      '  asked for   09:00 by program',
      '  period      09:00–18:00, as soon as its turn comes',
      '  its place   as if it had come at 08:55, priority 5',
      '  next try    now',
      '',
      'no attempt yet',
    ]);
  });

  it('lists windows with what chooses them', () => {
    const windows = [
      { from: at(12, 10), to: at(12, 11), left: 10 },
      { from: at(13, 23), to: at(14, 0), left: 2 },
    ].map((window) => ({ ...window, fromText: '', toText: '' }));
    expect(windowLines({ windows }, 'loans', NOW)).toEqual([
      'WINDOW                             LEFT  --at',
      '10:00–11:00                          10  10:00',
      '2026-08-13 23:00–2026-08-14 00:00     2  2026-08-13T23:00',
    ]);
    expect(windowLines({ windows: [] }, 'loans', NOW)).toEqual(['no window can be chosen in loans now']);
  });

  it('says what was agreed', () => {
    expect([SOON, CHOSEN].map((callback) => promiseText(callback, NOW))).toEqual([
      'loans calls **********5678 back as soon as its turn comes, until 18:00',
      'loans calls **********5678 back 2026-08-13 10:00–11:00',
    ]);
  });

  it.each([
    ['10:00', at(12, 10)],
    ['8:05', at(12, 8, 5)],
    ['2026-08-13T10:00', at(13, 10)],
    ['2026-08-13T10:00+08:00', Date.parse('2026-08-13T02:00:00Z')],
    ['2026-08-13T10:00:30.5Z', Date.parse('2026-08-13T10:00:30.500Z')],
    ['2026-02-30T10:00', undefined],
    ['2026-13-01T10:00', undefined],
    ['2026-08-13', undefined],
    ['25:00', undefined],
    ['tomorrow', undefined],
  ])('reads %s', (text, expected) => {
    expect(readTime(text, NOW)).toBe(expected);
  });
});

describe('./strowger callback', () => {
  const told: string[] = [];
  const lines: string[] = [];
  const terminal: Terminal = { isTty: false, colors: createColors(false), line: (text = '') => void lines.push(text), note: () => undefined, progress: () => undefined };
  let server: ApiServer;
  let engine: { readonly url: string };
  beforeAll(async () => {
    server = await startApiServer({
      deps: fakeDeps({
        callbacks: fakeCallbacks((what) => void told.push(what)),
        queues: () => [{ queue: { ...QUEUE_DEFAULTS, id: queueId('loans'), name: 'Loans' }, contacts: [] }],
      }),
      logger: silentLogger,
      port: 0,
    });
    engine = { url: server.url };
  });
  afterAll(() => server.close());
  beforeEach(() => {
    told.length = 0;
    lines.length = 0;
  });

  it('reads', async () => {
    await callbackList(terminal, { ...engine, all: true, queue: 'loans' });
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['CALLBACK', 'callback-1', 'callback-3', 'callback-0']);
    await callbackShow(terminal, 'callback-1', { ...engine, json: true });
    expect(JSON.parse(lines[4] ?? '')).toMatchObject({ callbackId: 'callback-1', stage: 'scheduled' });
    await callbackWindows(terminal, 'loans', engine);
    expect(lines[5]).toMatch(/^WINDOW +LEFT {2}--at$/);
  });

  it('asks, moves and cancels', async () => {
    await callbackRequest(terminal, 'loans', '13812345678', { ...engine, at: '2026-08-13T10:00Z', topic: 'mortgage', language: 'en' });
    await callbackMove(terminal, 'callback-1', { ...engine, soon: true });
    await callbackCancel(terminal, 'callback-1', engine);
    const by = '{"by":"supervisor","name":"command line"}';
    expect(told.slice(1)).toEqual([`move soon callback-1 ${by}`, `cancel callback-1 ${by}`]);
    expect(JSON.parse(told[0]?.replace('request ', '') ?? '')).toMatchObject({ wanted: Date.parse('2026-08-13T10:00Z'), language: 'en', topic: 'mortgage' });
    expect(lines[0]).toMatch(/^callback-1: loans calls \*+5678 back /);
    expect(lines[2]).toBe('callback-1 is cancelled');
  });

  it('says what to do when it is refused', async () => {
    await expect(callbackRequest(terminal, 'loans', '001555', engine)).rejects.toMatchObject({ code: 'cli.refused', message: 'Numbers abroad are not called back.' });
    await expect(callbackMove(terminal, 'full', { ...engine, soon: true })).rejects.toMatchObject({ hint: expect.stringContaining('callback windows') as string });
    await expect(callbackMove(terminal, 'callback-1', engine)).rejects.toMatchObject({ code: 'cli.usage' });
    await expect(callbackMove(terminal, 'callback-1', { ...engine, soon: true, at: '10:00' })).rejects.toMatchObject({ code: 'cli.usage' });
    await expect(callbackMove(terminal, 'callback-1', { ...engine, at: 'noon' })).rejects.toMatchObject({ code: 'cli.usage', message: expect.stringContaining('noon') as string });
    await expect(callbackShow(terminal, 'nobody', engine)).rejects.toMatchObject({ hint: expect.stringContaining('callback list') as string });
  });
});
