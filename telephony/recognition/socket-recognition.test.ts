import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CountedIds } from '../../test/fakes/counted-ids.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { CALL_SAMPLE_RATE_HZ } from '../../engine/ports/call-audio.ts';
import type { Recognition, Recognizer } from '../../engine/ports/recognizer.ts';
import { SLIN } from './aeap-protocol.ts';
import { AeapRecognizer } from './aeap-recognizer.ts';
import { FunasrRecognizer } from './funasr-recognizer.ts';
import { SherpaRecognizer } from './sherpa-recognizer.ts';
import { SETTLE_MS } from './socket-recognition.ts';
import type { SocketRecognizerOptions } from './socket-recognizer.ts';
import { AeapPeer } from './testing/aeap-peer.ts';
import { FunasrPeer } from './testing/funasr-peer.ts';
import { speak, understood } from './testing/recognizer-contract.ts';
import { RecordingSink } from './testing/recording-sink.ts';
import { SherpaPeer } from './testing/sherpa-peer.ts';
import { REQUEST, TEXTS } from './testing/socket-rig.ts';
import type { Manner, SpeechPeer } from './testing/speech-peer.ts';
import { tone, toneHearing } from './testing/tone-hearing.ts';
import { VoskPeer } from './testing/vosk-peer.ts';
import { VoskRecognizer } from './vosk-recognizer.ts';

const SPEECH = tone(440, 1.5);
const LIMITS = { connectLimitMs: 1_500, answerLimitMs: 2_500, maxUtteranceMs: 5_000 };

// AEAP's goes on after an utterance: with silence.
const SILENCE_MS = 1_000;
const SERVERS = [
  ['FunASR', () => new FunasrPeer(toneHearing(16_000, TEXTS)), (options: SocketRecognizerOptions) => new FunasrRecognizer(options), 2],
  ['sherpa-onnx', () => new SherpaPeer(toneHearing(16_000, TEXTS)), (options: SocketRecognizerOptions) => new SherpaRecognizer(options), 2],
  ['Vosk', () => new VoskPeer(toneHearing(8_000, TEXTS)), (options: SocketRecognizerOptions) => new VoskRecognizer(options), 1],
  [
    'AEAP',
    () => new AeapPeer(toneHearing(8_000, TEXTS)),
    (options: SocketRecognizerOptions) => new AeapRecognizer({ ...options, codec: SLIN, ids: new CountedIds(), closingSilenceMs: SILENCE_MS }),
    1,
  ],
] as const;
const HEARS_PAUSES_ONLY = ['AEAP'];

describe.each(SERVERS)('%s', (name, makePeer, makeRecognizer, factor) => {
  const silence = name === 'AEAP' ? SILENCE_MS * 8 : 0;
  /** One that hears the end by itself is waited for a little after it has told something. */
  const waitForMore = async (): Promise<void> => {
    if (name !== 'AEAP') return;
    await sink.firstPartial;
    await clock.advanceBy(SETTLE_MS);
  };
  let clock: VirtualClock;
  let peer: SpeechPeer;
  let recognizer: Recognizer;
  let sink: RecordingSink;

  beforeEach(async () => {
    clock = new VirtualClock();
    peer = await makePeer().listen();
    recognizer = makeRecognizer({ ...LIMITS, clock, languages: ['zh-CN'], url: peer.url });
    sink = new RecordingSink();
  });
  afterEach(async () => {
    await peer.until(() => peer.open === 0);
    expect(clock.pending).toBe(0);
    expect(sink.ends).toHaveLength(1);
    await peer.close();
  });

  function begin(manner: Manner): Recognition {
    peer.manner = manner;
    return recognizer.recognize(REQUEST, sink);
  }

  const errorCode = async (): Promise<string> => {
    const end = await sink.end;
    return 'error' in end ? end.error.code : 'none';
  };

  it('cannot be reached when it refuses', async () => {
    begin('refuses');
    expect(await errorCode()).toBe('speech.unreachable');
  });

  it('has a limit of time for the connection', async () => {
    const recognition = begin('stalls');
    speak(recognition, SPEECH);
    recognition.end();
    await peer.until(() => peer.open === 1);
    await clock.advanceBy(LIMITS.connectLimitMs - 1);
    expect(sink.isUntouched).toBe(true);
    await clock.advanceBy(1);
    expect(await errorCode()).toBe('speech.timeout');
  });

  it('has a limit of time for the answer, which begins at the end', async () => {
    const recognition = begin('silent');
    speak(recognition, SPEECH);
    await peer.until(() => peer.arrivals[0] !== undefined && peer.arrivals[0].samples.length > 0);
    await clock.advanceBy(60_000);
    recognition.end();
    await peer.until(() => peer.arrivals[0]?.isEnded === true);
    await clock.advanceBy(LIMITS.answerLimitMs - 1);
    expect(sink.isUntouched).toBe(true);
    await clock.advanceBy(1);
    expect(await errorCode()).toBe('speech.timeout');
  });

  it('may be slow', async () => {
    const recognition = begin('held');
    speak(recognition, SPEECH);
    recognition.end();
    await peer.until(() => peer.arrivals[0]?.isEnded === true);
    await clock.advanceBy(LIMITS.answerLimitMs - 1);
    expect(sink.ends).toEqual([]);
    peer.release();
    await waitForMore();
    expect(understood(await sink.end)).toBe('我要挂失信用卡');
  });

  it.each(['drops', 'leaves', 'drops-at-end'] as const)('fails when it %s', async (manner) => {
    const recognition = begin(manner);
    speak(recognition, SPEECH);
    recognition.end();
    expect(await errorCode()).toBe('speech.failed');
  });

  it.each(['', '{', 'null', '[]', '"Done"', '17', '{"text":5,"partial":5,"mode":"2pass-online","segment":0}', 'x'.repeat(1_100_000), Buffer.from('{}')])(
    'fails when it says what is not its protocol (%#)',
    async (says) => {
      const recognition = begin({ says });
      speak(recognition, SPEECH);
      recognition.end();
      expect(await errorCode()).toBe('speech.failed');
    },
  );

  it('is not given more than an utterance may have', async () => {
    const recognition = begin('well');
    for (let at = 0; at < 4; at += 1) speak(recognition, SPEECH);
    recognition.end();
    await waitForMore();
    expect(understood(await sink.end)).toBe('我要挂失信用卡');
    expect(peer.arrivals[0]?.samples.length).toBe(((LIMITS.maxUtteranceMs * CALL_SAMPLE_RATE_HZ) / 1000) * factor + silence);
  });

  if (HEARS_PAUSES_ONLY.includes(name)) return;
  it('tells more and more of an utterance', async () => {
    const recognition = begin('well');
    speak(recognition, SPEECH);
    recognition.end();
    await sink.end;
    expect(sink.partials.length).toBeGreaterThan(1);
    sink.partials.forEach((partial, at) => expect(partial.startsWith(sink.partials[at - 1] ?? '')).toBe(true));
  });

  it('keeps in a partial what came before a pause', async () => {
    const recognition = begin('well');
    speak(recognition, tone(1_000, 1.5));
    recognition.end();
    expect(understood(await sink.end)).toBe('你好查询余额');
    expect(sink.partials).toContain('你好查询余额');
  });
});

it('tells when its address is none', async () => {
  for (const url of ['no address', 'http:', 'ws://127.0.0.1:1/#fragment']) {
    const clock = new VirtualClock();
    const sink = new RecordingSink();
    const recognition = new VoskRecognizer({ clock, languages: ['en'], url }).recognize(REQUEST, sink);
    expect(sink.isUntouched).toBe(true);
    speak(recognition, SPEECH);
    expect(await sink.end).toMatchObject({ error: { code: 'speech.unreachable', fields: { recognizer: 'vosk' } } });
    expect(clock.pending).toBe(0);
  }
});
