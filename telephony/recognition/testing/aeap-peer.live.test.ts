import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { expectEmptySwitch } from '../../../test/live/empty-switch.ts';
import { PrivateAsterisk } from '../../pbx/private-asterisk.ts';
import { ensurePrivateRoot } from '../../pbx/private-packages.ts';
import { PCMU } from '../../phones/g711.ts';
import { AeapPeer, SLIN_BYTES, type AeapPeerCodec, type AeapPeerOptions } from './aeap-peer.ts';
import { tone, toneHearing } from './tone-hearing.ts';

// A real Asterisk talks to the peer: what the peer takes for the protocol, and what it says, is what Asterisk says and takes. So is what the
// recogniser does, which the contract tests hold against the same peer.

const TEXTS = new Map([
  [440, '我要挂失信用卡'],
  [1_000, '查询余额'],
]);
const ULAW: AeapPeerCodec = { sampleRateHz: 8_000, decode: (bytes) => Array.from(PCMU.decode(bytes)) };
const quiet = (seconds: number): Int16Array => new Int16Array(seconds * 8_000);

// What Asterisk has understood, it tells the peer itself: as settings of the engine, each in a `set` of its own.
const DIALPLAN = (sound: string, pause: string): string => `
[aeap-caller]
exten => s,1,Answer()
 same => n,Playback(${sound})
 same => n,Hangup()

[aeap-listener]
exten => twice,1,Answer()
 same => n,SpeechCreate(peer)
 same => n,GotoIf($["\${ERROR}" = "1"]?refused)
 same => n,SpeechStart()
 same => n,Set(SPEECH_RESULTS_TYPE()=nbest)
 same => n,SpeechBackground()
 same => n,Set(SPEECH_ENGINE(first)=\${SPEECH_TEXT(0)}/\${SPEECH_SCORE(0)}/\${SPEECH(results)})
 same => n,Set(SPEECH_ENGINE(language-was)=\${SPEECH_ENGINE(language)})
 same => n,SpeechBackground()
 same => n,Set(SPEECH_ENGINE(second)=\${SPEECH_TEXT(0)})
 same => n,SpeechDestroy()
 same => n,Hangup()
 same => n(refused),Log(NOTICE,SPEECH-REFUSED)
 same => n,Hangup()
exten => asks,1,Answer()
 same => n,SpeechCreate(peer)
 same => n,SpeechBackground(${pause},1,p)
 same => n,Set(SPEECH_ENGINE(partial)=\${SPEECH_TEXT(0)})
 same => n,SpeechDestroy()
 same => n,Hangup()
`;

let folder: string;
let pbx: PrivateAsterisk;
let peer: AeapPeer;

beforeAll(async () => {
  const root = await ensurePrivateRoot();
  folder = await mkdtemp(join(tmpdir(), 'strowger-aeap-'));
  const sound = [quiet(1), tone(440, 1.5), quiet(2), tone(1_000, 1.5), quiet(3)];
  await writeFile(join(folder, 'said.sln'), Buffer.concat(sound.map((part) => Buffer.from(part.buffer))));
  await writeFile(join(folder, 'pause.sln'), Buffer.from(quiet(3).buffer));
  pbx = await PrivateAsterisk.start({ root, config: { extraDialplan: DIALPLAN(join(folder, 'said'), join(folder, 'pause')) } });
}, 300_000);
afterAll(async () => {
  await pbx.stop();
  await rm(folder, { recursive: true });
});
afterEach(async () => {
  // Asterisk closes its WebSocket while its reading thread polls it (22.10.1, ast_aeap_disconnect). When another file gets that descriptor before the
  // thread has run, it polls that one for ever, and SpeechDestroy waits for it (gdb: pthread_join, and poll on a descriptor that is closed). A request
  // to Asterisk is such a file; so there is none until the thread has had time. It tells nobody that it has ended.
  await new Promise((fulfil) => setTimeout(fulfil, 500));
  try {
    await expectEmptySwitch(pbx, 20_000);
  } finally {
    await peer.close();
  }
});

/** A peer that Asterisk knows as the speech engine `peer`. */
async function known(codec: string, options: AeapPeerOptions): Promise<void> {
  peer = await new AeapPeer(hearStretches, options).listen();
  const lines = ['[peer]', 'type=client', `url=${peer.url}`, `codecs=!all,${codec}`, 'protocol=speech_to_text', '@language=zh-CN'];
  await writeFile(join(pbx.dirs.etc, 'aeap.conf'), `${lines.join('\n')}\n`);
  const modules = ['res_speech.so', 'res_aeap.so', 'res_speech_aeap.so', 'app_speech_utils.so'];
  const answers = await Promise.all([pbx.cli(`module show like speech`), pbx.cli('module show like aeap')]);
  const isLoaded = answers.join('').includes('res_speech_aeap.so');
  if (isLoaded) await pbx.cli('module reload res_aeap.so');
  else for (const module of modules) expect(await pbx.cli(`module load ${module}`)).toContain('Loaded');
  expect(await pbx.cli('aeap show clients')).toContain(peer.url);
}

/** Each stretch between silences is one of the texts. */
async function hearStretches(samples: Int16Array): Promise<string> {
  const hear = toneHearing(8_000, TEXTS);
  const stretches: Int16Array[] = [];
  let from: number | undefined;
  let lastLoud = 0;
  for (let at = 0; at <= samples.length; at += 80) {
    const isLoud = samples.subarray(at, at + 80).some((sample) => Math.abs(sample) > 1_000);
    if (isLoud) {
      from ??= at;
      lastLoud = at + 80;
    } else if (from !== undefined && (at - lastLoud > 2_400 || at + 80 > samples.length)) {
      stretches.push(samples.subarray(from, lastLoud));
      from = undefined;
    }
  }
  const texts: string[] = [];
  for (const stretch of stretches) texts.push(await hear(stretch, true));
  return texts.join('|');
}

/** Somebody says what is recorded to this extension. */
async function call(extension: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${pbx.ari.user}:${pbx.ari.password}`).toString('base64')}`;
  const query = `endpoint=Local/${extension}@aeap-listener/n&extension=s&context=aeap-caller&priority=1`;
  const response = await fetch(`${pbx.ari.url}/ari/channels?${query}`, { method: 'POST', headers: { authorization } });
  expect(response.status).toBe(200);
}

const settings = (): object[] => peer.messages.filter(({ request }) => request === 'set').map(({ params }) => params as object);

it.each([
  ['ulaw', 'ulaw', ULAW, true],
  ['slin', 'slin', SLIN_BYTES, true],
  ['ulaw, from a server that names no subprotocol', 'ulaw', ULAW, false],
] as const)('Asterisk hears what the peer sets, twice in one connection: %s', async (_what, codec, bytes, namesSubprotocol) => {
  await known(codec, { codecs: { [codec]: bytes }, ...(namesSubprotocol ? {} : { namesSubprotocol }) });
  await call('twice');
  await peer.until(() => peer.complaints.length > 0 || (peer.connections === 1 && peer.open === 0));
  expect(peer.complaints).toEqual([]);
  expect(peer.messages[0]).toMatchObject({ request: 'setup', version: '0.1.0', codecs: [{ name: codec }], params: { language: 'zh-CN' } });
  expect(settings()).toEqual([{ results_type: 'nbest' }, { first: '我要挂失信用卡/87/1' }, { 'language-was': 'zh-CN' }, { second: '查询余额' }]);
  expect(peer.messages.filter(({ response }) => response !== undefined)).toEqual([
    { response: 'set', id: 'results-1' },
    { response: 'set', id: 'results-2' },
  ]);
  // Frames as they come, 20 ms each.
  expect(new Set(peer.arrivals[0]?.lengths)).toEqual(new Set([160]));
});

it('Asterisk asks a peer that sets nothing', async () => {
  await known('ulaw', { codecs: { ulaw: ULAW }, tells: false });
  await call('asks');
  await peer.until(() => peer.complaints.length > 0 || (peer.connections === 1 && peer.open === 0));
  expect(peer.complaints).toEqual([]);
  expect(peer.messages.find(({ request }) => request === 'get')).toMatchObject({ params: ['results'] });
  expect(settings()).toEqual([{ partial: '我要挂失信用卡' }]);
});

it('Asterisk goes on without a peer that refuses its codec', async () => {
  await known('ulaw', { codecs: {} });
  await call('twice');
  await peer.until(() => peer.messages.length > 0);
  // Asterisk forgets the connection without closing it (speech_aeap_engine_create): the end of the call is what can be awaited.
  await expectEmptySwitch(pbx, 20_000);
  expect(peer.arrivals[0]?.samples).toHaveLength(0);
  expect(pbx.log).toContain('Codec ulaw not supported');
  expect(pbx.log).toContain('SPEECH-REFUSED');
});
