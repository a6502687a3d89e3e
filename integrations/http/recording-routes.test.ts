import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import wavefile from 'wavefile';
import { silentLogger } from '../../engine/ports/logger.ts';
import { fakeDeps } from './api-deps.fixture.ts';
import type { RecordingCommands } from './api-deps.ts';
import { startApiServer, type ApiServer } from './api-server.ts';
import { askApi } from './ask-api.fixture.ts';
import { fakeRecordings, RECORDING, SOUND } from './recording.fixture.ts';

describe('the API of recordings', () => {
  let server: ApiServer;
  let told: string[];
  const start = async (recordings: RecordingCommands | undefined): Promise<void> => {
    server = await startApiServer({ deps: fakeDeps({ recordings }), logger: silentLogger, port: 0 });
  };
  const ask = (method: string, path: string, body?: unknown) => askApi(server.url, method, path, body);

  beforeEach(async () => {
    told = [];
    await start(fakeRecordings((what) => told.push(what)));
  });
  afterEach(() => server.close());

  it('lists recordings by what they are of', async () => {
    const { status, body } = await ask('GET', '/recordings?queue=cards&agent=1001&call=call-1&contact=c&from=1&to=2&limit=5');
    expect(status).toBe(200);
    expect(body['recordings']).toEqual([RECORDING, expect.objectContaining({ recordingId: 'rec-0', talks: [] })]);
    expect(JSON.parse(told[0] ?? '')).toEqual({ limit: 5, callId: 'call-1', contactId: 'c', queueId: 'cards', agentId: '1001', from: 1, to: 2 });
    await ask('GET', '/recordings');
    expect(JSON.parse(told[1] ?? '')).toEqual({ limit: 100 });
    expect(await ask('GET', '/recordings?limit=0')).toMatchObject({ status: 400, body: { code: 'api.invalid' } });
  });

  it('shows one, and tells of one that is not there', async () => {
    expect(await ask('GET', '/recordings/rec-1')).toEqual({ status: 200, body: RECORDING });
    expect(await ask('GET', '/recordings/nobody')).toMatchObject({ status: 404, body: { code: 'recording.unknown' } });
  });

  it('hands the sound out as a WAV file that holds it byte for byte, and says who had it', async () => {
    const response = await fetch(`${server.url}/api/v1/recordings/rec-1/sound?by=supervisor&name=Chen`);
    expect(response.status).toBe(200);
    expect(Object.fromEntries(['content-type', 'content-length', 'content-disposition', 'cache-control'].map((name) => [name, response.headers.get(name)]))).toEqual({
      'content-type': 'audio/wav',
      'content-length': String(58 + SOUND.length + 1),
      'content-disposition': 'attachment; filename="rec-1.wav"',
      'cache-control': 'no-store',
    });
    const file = Buffer.from(await response.arrayBuffer());
    const wav = new wavefile.WaveFile(file);
    expect(wav.fmt).toMatchObject({ audioFormat: 6, numChannels: 1, sampleRate: 8_000, bitsPerSample: 8 });
    expect(file.subarray(58, 58 + SOUND.length).equals(SOUND)).toBe(true);
    expect(file.readUInt32LE(4)).toBe(file.length - 8);
    expect(told).toEqual(['fetch rec-1 {"by":"supervisor","name":"Chen"}']);
  });

  it('does not hand it out for a look', async () => {
    const response = await fetch(`${server.url}/api/v1/recordings/rec-1/sound`, { method: 'HEAD' });
    expect(response.status).toBe(404);
    expect(told).toEqual([]);
  });

  it('tells of a file that is damaged, and cuts off what turns out to be so', async () => {
    expect(await ask('GET', '/recordings/damaged/sound')).toMatchObject({ status: 500, body: { code: 'recording.damaged' } });
    const response = await fetch(`${server.url}/api/v1/recordings/cut/sound`);
    await expect(response.arrayBuffer()).rejects.toThrow();
  });

  it('deletes one', async () => {
    expect(await ask('DELETE', '/recordings/rec-1?by=supervisor&name=Chen')).toEqual({ status: 200, body: { recordingId: 'rec-1' } });
    expect(told).toEqual(['delete rec-1 {"by":"supervisor","name":"Chen"}']);
    expect(await ask('DELETE', '/recordings/nobody')).toMatchObject({ status: 404 });
  });

  it.each(['start', 'stop', 'pause', 'resume'])('%ss the recording of a conversation', async (command) => {
    const { status, body } = await ask('POST', `/contacts/contact-1/recording/${command}`, { by: 'agent', name: '1001' });
    expect([status, body]).toEqual([200, { callId: 'call-1', contactId: 'contact-1', agentId: '1001', recordingId: 'rec-2', state: 'paused', reasons: ['request'] }]);
    await ask('POST', `/contacts/contact-1/recording/${command}`);
    expect(told).toEqual([`${command} contact-1 {"by":"agent","name":"1001"}`, `${command} contact-1 {"by":"program"}`]);
    expect(await ask('POST', `/contacts/never/recording/${command}`)).toMatchObject({ status: 409, body: { code: 'recording.conflict' } });
    expect(await ask('POST', `/contacts/nobody/recording/${command}`)).toMatchObject({ status: 404 });
    expect(await ask('POST', `/contacts/contact-1/recording/${command}`, { by: 'queue' })).toMatchObject({ status: 400 });
  });

  it('tells whether a conversation is being recorded', async () => {
    expect(await ask('GET', '/contacts/contact-1/recording')).toMatchObject({ status: 200, body: { state: 'paused' } });
  });

  it('says so where nothing is recorded', async () => {
    await server.close();
    await start(undefined);
    for (const [method, path] of [['GET', '/recordings'], ['POST', '/contacts/c/recording/pause'], ['GET', '/recordings/rec-1/sound']] as const) {
      expect(await ask(method, path)).toMatchObject({ status: 409, body: { code: 'recording.off' } });
    }
  });
});
