import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../engine/ports/logger.ts';
import { fakeDeps } from '../../integrations/http/api-deps.fixture.ts';
import { startApiServer, type ApiServer } from '../../integrations/http/api-server.ts';
import { fakeRecordings, SOUND } from '../../integrations/http/recording.fixture.ts';
import type { RecordingAnswer } from '../../integrations/http/recording-schemas.ts';
import { listLines, recordingLines } from './recording-text.ts';
import { recordingDelete, recordingExport, recordingList, recordingShow } from './recording.ts';
import type { Terminal } from './terminal.ts';

/** By the clock of this machine. */
const at = (hours: number, minutes: number, second = 0): number => new Date(2026, 7, 12, hours, minutes, second).getTime();
const ONE: RecordingAnswer = {
  recordingId: 'rec-1',
  nodeId: 'pbx-1',
  callId: 'call-1',
  startedAt: at(9, 0),
  endedAt: at(9, 5),
  durationMs: 300_000,
  talks: [{ contactId: 'contact-1', queueId: 'cards', agentId: '1001', from: at(9, 0), to: at(9, 5) }],
  pauses: [{ reason: 'request', from: at(9, 1), to: at(9, 2, 30) }],
  deleteAt: new Date(2027, 1, 8, 9, 5).getTime(),
  bytes: 2_400_000,
  sha256: 'abcd',
  keyId: '2026',
};
const { callId: _, ...unknown } = ONE;
const FOUND: RecordingAnswer = { ...unknown, recordingId: 'rec-0', talks: [], pauses: [] };

describe('the text of recordings', () => {
  it('lists them', () => {
    expect(listLines([ONE, FOUND], at(10, 0))).toEqual([
      'RECORDING  BEGAN  LENGTH  QUEUE  AGENT  PAUSES  DELETED ON  CALL',
      'rec-1      09:00    5:00  cards  1001        1  2027-02-08  call-1',
      'rec-0      09:00    5:00  –      –           0  2027-02-08  –',
    ]);
    expect(listLines([], at(10, 0))).toEqual(['no recordings']);
  });

  it('shows one', () => {
    expect(recordingLines(ONE, at(10, 0))).toEqual([
      'rec-1',
      '  call        call-1',
      '  switch      pbx-1',
      '  recorded    09:00 to 09:05, 5:00 of sound, 2400000 bytes',
      '  talk        09:00:00–09:05:00 cards, agent 1001 (contact-1)',
      '  silent      09:01:00–09:02:30 request',
      '  kept until  2027-02-08 09:05',
      '  SHA-256     abcd',
      '  key         2026',
    ]);
    expect(recordingLines(FOUND, at(10, 0))[1]).toBe('  call        not known: it was found on its switch');
  });
});

describe('./strowger recording', () => {
  const told: string[] = [];
  const lines: string[] = [];
  const terminal: Terminal = { isTty: false, colors: createColors(false), line: (text = '') => lines.push(text), note: () => undefined, progress: () => undefined };
  const dir = mkdtempSync(join(tmpdir(), 'strowger-export-'));
  let server: ApiServer;
  beforeAll(async () => {
    server = await startApiServer({
      deps: fakeDeps({ recordings: fakeRecordings((what) => told.push(what)) }),
      logger: silentLogger,
      port: 0,
    });
  });
  afterAll(async () => {
    await server.close();
    rmSync(dir, { recursive: true });
  });
  beforeEach(() => {
    told.length = 0;
    lines.length = 0;
  });
  const engine = () => ({ url: server.url });

  it('lists what was asked for', async () => {
    await recordingList(terminal, { ...engine(), queue: 'cards', from: '2026-08-12', limit: '5' });
    expect(JSON.parse(told[0] ?? '')).toEqual({ limit: 5, queueId: 'cards', from: at(0, 0) });
    expect(lines).toHaveLength(3);
    await expect(recordingList(terminal, { ...engine(), from: 'yesterday' })).rejects.toMatchObject({ code: 'cli.usage' });
  });

  it('shows one', async () => {
    await recordingShow(terminal, 'rec-1', { ...engine(), json: true });
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ recordingId: 'rec-1' });
    await expect(recordingShow(terminal, 'nobody', engine())).rejects.toMatchObject({ code: 'cli.refused', fields: { code: 'recording.unknown' } });
  });

  it('exports one to a file of its own, and says who had it', async () => {
    const out = join(dir, 'one.wav');
    await recordingExport(terminal, 'rec-1', { ...engine(), out, as: 'Chen' });
    expect(readFileSync(out).subarray(58, 58 + SOUND.length).equals(SOUND)).toBe(true);
    expect(told).toEqual(['fetch rec-1 {"by":"supervisor","name":"Chen"}']);
  });

  it('overwrites nothing, and leaves no half of a recording', async () => {
    const there = join(dir, 'there.wav');
    writeFileSync(there, 'mine');
    await expect(recordingExport(terminal, 'rec-1', { ...engine(), out: there })).rejects.toMatchObject({ code: 'cli.usage' });
    expect(told).toEqual([]);
    expect(readFileSync(there, 'utf8')).toBe('mine');
    const half = join(dir, 'half.wav');
    await expect(recordingExport(terminal, 'cut', { ...engine(), out: half })).rejects.toMatchObject({ code: 'cli.refused' });
    expect(() => readFileSync(half)).toThrow();
  });

  it('deletes one', async () => {
    await recordingDelete(terminal, 'rec-1', engine());
    expect(told).toEqual(['delete rec-1 {"by":"supervisor","name":"command line"}']);
    expect(lines).toEqual(['rec-1 is deleted']);
  });
});
