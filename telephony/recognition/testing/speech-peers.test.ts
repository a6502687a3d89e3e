import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { AeapPeer } from './aeap-peer.ts';
import { FunasrPeer } from './funasr-peer.ts';
import { SherpaPeer } from './sherpa-peer.ts';
import { VoskPeer } from './vosk-peer.ts';

const INIT = { mode: '2pass', wav_name: 'call', wav_format: 'pcm', is_speaking: true, chunk_size: [5, 10, 5], chunk_interval: 10, audio_fs: 16_000, itn: true };
const init = (change: object = {}): string => JSON.stringify({ ...INIT, ...change });
const END = '{"is_speaking":false,"is_end":true}';
const config = (change: object = {}): string => JSON.stringify({ config: { sample_rate: 8_000, words: true, ...change } });
const setup = (change: object = {}): string => JSON.stringify({ request: 'setup', id: 's-1', version: '0.1.0', codecs: [{ name: 'slin' }], params: {}, ...change });
const sound = (bytes: number): Buffer => Buffer.alloc(bytes);

/** What a client might do wrong, by what the peer says of it. */
it.each([
  ['FunASR: 8 kHz', new FunasrPeer(() => ''), [init({ audio_fs: 8_000 })], "'audio_fs'"],
  ['FunASR: hot words as an object', new FunasrPeer(() => ''), [init({ hotwords: { 挂失: 20 } })], "'hotwords'"],
  ['FunASR: another mode', new FunasrPeer(() => ''), [init({ mode: 'online' })], "'mode'"],
  ['FunASR: a field that nobody reads', new FunasrPeer(() => ''), [init({ hotword: '挂失' })], "'hotword' is unknown"],
  ['FunASR: sound first', new FunasrPeer(() => ''), [sound(1_920)], 'before the first message'],
  ['FunASR: half a sample', new FunasrPeer(() => ''), [init(), sound(1_919)], 'no 16-bit samples'],
  ['FunASR: 20 ms', new FunasrPeer(() => ''), [init(), sound(640), sound(640)], 'was not the last'],
  ['FunASR: sound after the end', new FunasrPeer(() => ''), [init(), sound(1_920), END, sound(1_920)], 'after the end'],
  ['FunASR: two ends', new FunasrPeer(() => ''), [init(), END, END], 'twice'],
  ['sherpa-onnx: 16-bit samples', new SherpaPeer(() => ''), [Buffer.from(Int16Array.from([1, 20_000, -3, 30_000]).buffer)], 'is no sample'],
  ['sherpa-onnx: 16-bit full scale', new SherpaPeer(() => ''), [Buffer.from(Float32Array.from([20_000]).buffer)], 'is no sample'],
  ['sherpa-onnx: another end', new SherpaPeer(() => ''), ['done'], 'means nothing'],
  ['Vosk: no configuration', new VoskPeer(() => ''), [sound(1_600)], 'before the configuration'],
  ['Vosk: an end that is the same JSON', new VoskPeer(() => ''), [config(), sound(1_600), '{"eof":1}'], 'to the letter'],
  ['Vosk: phrases as text', new VoskPeer(() => ''), [config({ phrase_list: '["挂失"]' })], "'phrase_list'"],
  ['Vosk: a wrong rate', new VoskPeer(() => ''), [config({ sample_rate: 44_100 })], "'sample_rate'"],
  ['AEAP: sound first', new AeapPeer(() => ''), [sound(320)], 'before the setup was agreed'],
  ['AEAP: sound after a codec was refused', new AeapPeer(() => ''), [setup({ codecs: [{ name: 'opus' }] }), sound(320)], 'before the setup was agreed'],
  ['AEAP: no version', new AeapPeer(() => ''), [setup({ version: undefined })], "'version'"],
  ['AEAP: no params', new AeapPeer(() => ''), [setup({ params: undefined })], "'params'"],
  ['AEAP: a number as a param', new AeapPeer(() => ''), [setup({ params: { beam: 5 } })], "'params'"],
  ['AEAP: two codecs', new AeapPeer(() => ''), [setup({ codecs: [{ name: 'slin' }, { name: 'ulaw' }] })], "'codecs'"],
  ['AEAP: no id', new AeapPeer(() => ''), ['{"request":"setup","version":"0.1.0"}'], 'has no id'],
  ['AEAP: two setups', new AeapPeer(() => ''), [setup(), setup()], 'twice'],
  ['AEAP: a question first', new AeapPeer(() => ''), ['{"request":"get","id":"g-1","params":["results"]}'], 'before the setup'],
  ['AEAP: a question as text', new AeapPeer(() => ''), [setup(), '{"request":"get","id":"g-1","params":"results"}'], "'params'"],
  ['AEAP: an answer to nothing', new AeapPeer(() => ''), [setup(), '{"response":"set","id":"r-9"}'], "'id'"],
  ['AEAP: half a sample', new AeapPeer(() => ''), [setup(), sound(319)], 'no 16-bit samples'],
  ['AEAP: a tenth of a second', new AeapPeer(() => ''), [setup(), sound(1_600)], 'longer than a frame'],
] as const)('%s', async (_what, peer, messages, complaint) => {
  await peer.listen();
  const socket = new WebSocket(peer.url, peer instanceof AeapPeer ? ['speech_to_text'] : []);
  const code = new Promise((resolve) => socket.on('close', resolve));
  await new Promise((resolve) => socket.on('open', resolve));
  for (const message of messages) socket.send(message);
  expect(await code).toBe(1002);
  await expect(peer.close()).rejects.toThrow(complaint);
});

it('a subprotocol', async () => {
  const peer = await new FunasrPeer(() => '').listen();
  const socket = new WebSocket(peer.url, ['binary']);
  socket.on('error', () => undefined);
  await new Promise((resolve) => socket.on('close', resolve));
  await expect(peer.close()).rejects.toThrow('subprotocol');
});

it('no subprotocol', async () => {
  const peer = await new AeapPeer(() => '').listen();
  const socket = new WebSocket(peer.url);
  await new Promise((resolve) => socket.on('close', resolve));
  await expect(peer.close()).rejects.toThrow('asks for the subprotocol undefined');
});
