import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { PCMA } from '../../telephony/phones/g711.ts';
import type { IncomingCall } from '../../telephony/phones/scripted-agent-phone.ts';
import type { OutgoingCall } from '../../telephony/phones/scripted-caller.ts';
import { levelDb, tonePower } from '../../telephony/phones/tone.ts';
import type { LogLine } from './engine-process.ts';
import { AGENT_HZ, CALLER_HZ, HotlineRig } from './hotline-rig.ts';

/** What nobody may find in a recording. */
const SECRET_HZ = 930;
const SECRET_SHARE = 0.02;
const LATER_HZ = 1_240;
const LAST_HZ = 1_550;
const WAV_HEADER_BYTES = 58;

let rig: HotlineRig;
beforeAll(async () => {
  rig = await HotlineRig.start([], {
    flow: { id: 'recorded', dir: join(import.meta.dirname, 'recorded-flows') },
    recording: { record: 'always', keys: [{ id: 'live', key: randomBytes(32).toString('base64') }] },
  });
}, 300_000);
afterAll(() => rig.stop());
beforeEach(() => rig.readyAgent());
afterEach(async () => {
  await rig.cleanUp();
  expect(await readdir(spool()), 'nothing lies in the clear on the switch').toEqual([]);
});

const spool = (): string => join(rig.pbx.dirs.spool, 'recording');
const passes = (ms: number): Promise<void> => new Promise((fulfil) => setTimeout(fulfil, ms));

async function talk(): Promise<{ call: OutgoingCall; agent: IncomingCall }> {
  const call = await rig.call();
  await rig.engine.prompt('recorded.menu');
  await call.media.sendDigits('1');
  const agent = await rig.agentCall();
  await rig.engine.event('recording.started');
  call.media.sendTone(CALLER_HZ);
  await Promise.all([call.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
  return { call, agent };
}

/** Waits until the sound is put away, and fetches it as people do. */
async function stored(): Promise<{ readonly event: LogLine; readonly raw: Buffer; readonly pcm: Int16Array }> {
  const event = await rig.engine.event('recording.stored');
  const file = await rig.file(`/api/v1/recordings/${String(event['recordingId'])}/sound?by=supervisor&name=live`);
  const raw = file.subarray(WAV_HEADER_BYTES, WAV_HEADER_BYTES + Number(event['bytes']));
  return { event, raw, pcm: PCMA.decode(raw) };
}

/** How long a tone is heard, in milliseconds: windows of 100 ms in which it is at least a fifth of the sound. */
function toneMs(pcm: Int16Array, hz: number): number {
  const window = 800;
  let heard = 0;
  for (let at = 0; at + window <= pcm.length; at += window) {
    const part = pcm.subarray(at, at + window);
    if (levelDb(part) > -50 && tonePower(part, hz) > 0.2) heard += 100;
  }
  return heard;
}

/** The greatest share of the sound that a tone has anywhere. */
function greatestShare(pcm: Int16Array, hz: number): number {
  let greatest = 0;
  for (let at = 0; at + 400 <= pcm.length; at += 200) {
    const part = pcm.subarray(at, at + 400);
    if (levelDb(part) > -60) greatest = Math.max(greatest, tonePower(part, hz));
  }
  return greatest;
}

const contactOf = async (): Promise<string> => {
  const { calls } = (await rig.api('GET', '/api/v1/calls')) as { calls: { callId: string }[] };
  return calls[0]?.callId ?? '';
};

describe('recordings on a real Asterisk', () => {
  it('hold both voices, nothing of what is said in a pause or on hold, and are readable with the key only', async () => {
    const { call, agent } = await talk();
    await passes(1_500);
    const id = await contactOf();
    await rig.api('POST', `/api/v1/contacts/${id}/recording/pause`, { by: 'agent', name: '1001' });
    await rig.engine.event('recording.paused');
    call.media.sendTone(SECRET_HZ);
    await agent.media.hearsTone(SECRET_HZ);
    await passes(1_500);
    call.media.sendTone(CALLER_HZ);
    await agent.media.hearsTone(CALLER_HZ);
    await passes(500);
    await rig.api('POST', `/api/v1/contacts/${id}/recording/resume`, { by: 'agent', name: '1001' });
    await rig.engine.event('recording.resumed');
    await passes(1_500);
    await agent.hold();
    await rig.engine.event('recording.paused', (line) => line['reason'] === 'hold');
    call.media.sendTone(SECRET_HZ);
    await passes(1_000);
    call.media.sendTone(CALLER_HZ);
    // Nobody hears it while it is on hold, and a busy switch is behind.
    await passes(1_000);
    await agent.unhold();
    await rig.engine.event('recording.resumed');
    await passes(1_000);
    await agent.hangUp();
    const { event, raw, pcm } = await stored();

    expect(toneMs(pcm, CALLER_HZ)).toBeGreaterThan(3_500);
    expect(toneMs(pcm, AGENT_HZ)).toBeGreaterThan(3_500);
    expect(greatestShare(pcm, SECRET_HZ)).toBeLessThan(SECRET_SHARE);
    // Places in it are times: the silence is there, as long as it lasted.
    expect(Number(event['durationMs'])).toBeGreaterThan(7_500);
    expect(createHash('sha256').update(raw).digest('hex')).toBe(event['sha256']);

    // Nowhere in the clear: neither with us nor in the spool.
    const sample = raw.subarray(8_000, 8_064);
    expect(levelDb(PCMA.decode(sample))).toBeGreaterThan(-40);
    const folders = [rig.dir, rig.pbx.dirs.spool];
    const files = (await Promise.all(folders.map(async (dir) => (await readdir(dir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile())))).flat();
    expect(files.some(({ name }) => name.endsWith('.strowrec'))).toBe(true);
    for (const { parentPath, name } of files) expect((await readFile(join(parentPath, name))).includes(sample), name).toBe(false);

    const list = (await rig.api('GET', '/api/v1/recordings?queue=personal&agent=1001')) as { recordings: { recordingId: string; pauses: { reason: string }[] }[] };
    expect(list.recordings[0]).toMatchObject({ recordingId: event['recordingId'], pauses: [{ reason: 'request' }, { reason: 'hold' }] });
    await rig.engine.event('recording.fetched');
  }, 120_000);

  it('of a whole call have its prompts and its caller in them, and not what is said while a PIN is asked for', async () => {
    const call = await rig.call();
    await rig.engine.prompt('recorded.menu');
    await call.media.sendDigits('2');
    await rig.engine.event('recording.started');
    await rig.engine.event('recording.paused', (line) => line['reason'] === 'secret');
    await rig.engine.prompt('recorded.pin');
    call.media.sendTone(SECRET_HZ);
    await passes(1_000);
    // Who speaks while typing is not done when the last key is pressed.
    await call.media.sendDigits('135790');
    await passes(200);
    call.media.sendTone(CALLER_HZ);
    await rig.engine.event('recording.resumed');
    await passes(2_500);
    await call.hangUp();
    const { event, pcm } = await stored();
    // The voice of the prompts has sound near that tone, too: so by time. All that was secret came between these two moments.
    const { startedAt, pauses } = (await rig.api('GET', `/api/v1/recordings/${String(event['recordingId'])}`)) as { startedAt: number; pauses: { reason: string; from: number; to: number }[] };
    const secret = pauses.find(({ reason }) => reason === 'secret') ?? expect.fail('there was no pause');
    const silent = pcm.subarray((secret.from - startedAt + 300) * 8, (secret.to - startedAt - 300) * 8);
    expect(silent.length).toBeGreaterThan(1_500 * 8);
    expect(levelDb(silent)).toBeLessThan(-60);
    expect(toneMs(pcm, SECRET_HZ)).toBe(0);
    expect(toneMs(pcm, CALLER_HZ)).toBeGreaterThan(1_000);
  }, 90_000);

  it('lose nothing by a kill -9 of the engine, and are paused by the next one', async () => {
    const { call, agent } = await talk();
    await passes(2_500);
    await rig.engine.kill();
    call.media.sendTone(LATER_HZ);
    await agent.media.hearsTone(LATER_HZ);
    await passes(1_000);
    await rig.engine.start();
    const id = await contactOf();
    await rig.api('POST', `/api/v1/contacts/${id}/recording/pause`);
    await rig.engine.event('recording.paused');
    call.media.sendTone(SECRET_HZ);
    await passes(1_000);
    call.media.sendTone(LAST_HZ);
    await agent.media.hearsTone(LAST_HZ);
    await passes(300);
    await rig.api('POST', `/api/v1/contacts/${id}/recording/resume`);
    await rig.engine.event('recording.resumed');
    await passes(2_500);
    await call.hangUp();
    const { pcm } = await stored();
    // Before the kill, while nobody was there, and after it.
    expect(toneMs(pcm, CALLER_HZ)).toBeGreaterThan(1_200);
    expect(toneMs(pcm, LATER_HZ)).toBeGreaterThan(1_500);
    expect(toneMs(pcm, LAST_HZ)).toBeGreaterThan(1_000);
    expect(greatestShare(pcm, SECRET_HZ)).toBeLessThan(SECRET_SHARE);
  }, 120_000);

  it('of a call that ends while no engine runs are taken over by the next one', async () => {
    const { call } = await talk();
    await passes(2_500);
    await rig.engine.kill();
    await call.hangUp();
    await passes(500);
    expect(await readdir(spool())).toHaveLength(1);
    const since = rig.engine.lines.length;
    await rig.engine.start();
    const story = (): LogLine[] => rig.engine.lines.slice(since).filter(({ event }) => event?.startsWith('recording.') === true);
    await expect.poll(() => story().map(({ event }) => event), { timeout: 10_000 }).toEqual(['recording.stopped', 'recording.stored']);
    const bytes = Number(story()[1]?.['bytes']);
    expect(bytes).toBeGreaterThan(1.5 * 8_000);
  }, 120_000);
});
