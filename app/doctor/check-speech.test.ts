import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { PCMU } from '../../telephony/phones/g711.ts';
import { AeapPeer } from '../../telephony/recognition/testing/aeap-peer.ts';
import { FunasrPeer } from '../../telephony/recognition/testing/funasr-peer.ts';
import { nowhere } from '../../telephony/recognition/testing/socket-rig.ts';
import type { SpeechPeer } from '../../telephony/recognition/testing/speech-peer.ts';
import { VoskPeer } from '../../telephony/recognition/testing/vosk-peer.ts';
import { parseConfig } from '../config/load-config.ts';
import { checkSpeech } from './check-speech.ts';
import type { Finding } from './finding.ts';

const ULAW = { sampleRateHz: 8_000, decode: (bytes: Buffer) => Array.from(PCMU.decode(bytes)) };

async function findings(...recognizers: readonly object[]): Promise<readonly Finding[]> {
  const rest = 'nodes: [{ id: n, url: "http://127.0.0.1:8088", user: u, password: p }]\nhotlines: [{ number: "95588", flow: bank }]\nqueues: [{ id: service, name: Service }]';
  return checkSpeech(parseConfig(`${rest}\nspeech: { recognizers: ${JSON.stringify(recognizers)} }`, 'strowger.yaml', {}));
}

async function listening<Peer extends SpeechPeer>(peer: Peer): Promise<Peer> {
  onTestFinished(() => peer.close());
  return peer.listen();
}

it('tries each server with a moment of silence', async () => {
  const [aeap, vosk] = [await listening(new AeapPeer(() => '', { codecs: { ulaw: ULAW } })), await listening(new VoskPeer(() => ''))];
  const found = await findings({ kind: 'aeap', url: aeap.url }, { kind: 'vosk', url: vosk.url });
  expect(found.map(({ state, text }) => [state, text.replace(/at .*/, '')])).toEqual([['ok', 'answers '], ['ok', 'answers ']]);
});

it('lets a server say nothing about silence', async () => {
  const funasr = await listening(new FunasrPeer(() => '', 'old-python'));
  expect(await findings({ kind: 'funasr', url: funasr.url })).toMatchObject([{ state: 'ok', text: expect.stringContaining('says nothing about silence') as string }]);
});

it('tells what is wrong with a server, and what happens meanwhile', async () => {
  const aeap = await listening(new AeapPeer(() => '', { codecs: {} }));
  const other = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as AddressInfo;
  const found = await findings({ kind: 'aeap', url: aeap.url }, { kind: 'vosk', url: await nowhere() }, { kind: 'sherpa', url: `ws://127.0.0.1:${port}/` });
  expect(found).toMatchObject([
    { state: 'warning', text: expect.stringContaining('Codec ulaw not supported') as string, mend: expect.stringContaining('the next recogniser is asked') as string },
    { state: 'warning', text: expect.stringContaining('nobody listens') as string },
    { state: 'warning', text: expect.stringContaining('HTTP 200') as string, mend: expect.stringContaining('callers are asked for keys') as string },
  ]);
});
