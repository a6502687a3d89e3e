import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import type { RecognitionRequest, Recognizer } from '../../engine/ports/recognizer.ts';
import { FunasrRecognizer } from './funasr-recognizer.ts';
import { SherpaRecognizer } from './sherpa-recognizer.ts';
import { SETTLE_MS } from './socket-recognition.ts';
import { FunasrPeer } from './testing/funasr-peer.ts';
import { speak, understood } from './testing/recognizer-contract.ts';
import { RecordingSink, type RecognitionEnd } from './testing/recording-sink.ts';
import { SherpaPeer } from './testing/sherpa-peer.ts';
import { REQUEST, TEXTS } from './testing/socket-rig.ts';
import { SpeechPeer, type Talk } from './testing/speech-peer.ts';
import { tone, toneHearing } from './testing/tone-hearing.ts';
import { VoskPeer } from './testing/vosk-peer.ts';
import { VoskRecognizer } from './vosk-recognizer.ts';

const SPEECH = tone(440, 1.5);
let clock: VirtualClock;
let peer: SpeechPeer;

beforeEach(() => {
  clock = new VirtualClock();
});
afterEach(() => peer.close());

/** Says something that may be all, and more when the test wants it. */
class LateFunasr extends SpeechPeer {
  readonly #talks: Talk[] = [];

  sayMore(): void {
    for (const talk of this.#talks) this.say(talk, '{"mode":"2pass-online","text":"信用卡","wav_name":"call","is_final":false}');
  }

  protected override async take(talk: Talk, message: string | Buffer): Promise<void> {
    if (!message.includes('is_end')) return;
    this.#talks.push(talk);
    this.say(talk, '{"mode":"2pass-offline","text":"挂失","wav_name":"call","is_final":false}');
  }
}

const options = () => ({ clock, languages: ['zh-CN', 'en'] as const, url: peer.url });

async function recognized(recognizer: Recognizer, samples: Int16Array, request: RecognitionRequest = REQUEST): Promise<RecognitionEnd> {
  const sink = new RecordingSink();
  const recognition = recognizer.recognize(request, sink);
  speak(recognition, samples);
  recognition.end();
  return sink.end;
}

describe('FunASR', () => {
  it('is told hot words as JSON inside JSON, and none when there are none', async () => {
    peer = await new FunasrPeer(toneHearing(16_000, TEXTS)).listen();
    await recognized(new FunasrRecognizer(options()), SPEECH);
    await recognized(new FunasrRecognizer({ ...options(), hotwordWeight: 35, itn: false }), SPEECH);
    await recognized(new FunasrRecognizer({ ...options(), hotwordWeight: 0 }), SPEECH);
    await recognized(new FunasrRecognizer(options()), SPEECH, { ...REQUEST, phrases: [] });
    expect(peer.arrivals.map(({ opening }) => opening)).toMatchObject([
      { hotwords: '{"挂失信用卡":20,"查询余额":20}', itn: true },
      { hotwords: '{"挂失信用卡":35,"查询余额":35}', itn: false },
      {},
      {},
    ]);
    expect(peer.arrivals[2]?.opening).not.toHaveProperty('hotwords');
    expect(peer.arrivals[3]?.opening).not.toHaveProperty('hotwords');
  });

  it('is sent 60 ms at a time', async () => {
    peer = await new FunasrPeer(toneHearing(16_000, TEXTS)).listen();
    await recognized(new FunasrRecognizer(options()), tone(440, 1));
    expect(peer.arrivals[0]?.lengths).toEqual([...Array<number>(16).fill(960), 640]);
  });

  it('is waited for a little when it does not say that it is done, as before July 2026', async () => {
    peer = await new FunasrPeer(toneHearing(16_000, TEXTS), 'old-python').listen();
    peer.manner = 'held';
    const sink = new RecordingSink();
    const recognition = new FunasrRecognizer(options()).recognize(REQUEST, sink);
    speak(recognition, SPEECH);
    recognition.end();
    await peer.until(() => peer.arrivals[0]?.isEnded === true);
    expect(clock.pending).toBe(1); // the limit of the answer
    peer.release();
    while (clock.pending === 1) await clock.settle();
    await clock.advanceBy(SETTLE_MS - 1);
    expect(sink.ends).toEqual([]);
    await clock.advanceBy(1);
    expect(understood(await sink.end)).toBe('我要挂失信用卡');
    expect(clock.pending).toBe(0);
  });

  it('is waited for anew with each thing that it says after what may have been the last', async () => {
    peer = await new LateFunasr(() => '').listen();
    const sinks = [new RecordingSink(), new RecordingSink()] as const;
    const [whole, cancelled] = sinks.map((sink) => new FunasrRecognizer(options()).recognize(REQUEST, sink));
    for (const recognition of [whole, cancelled]) {
      speak(recognition!, SPEECH);
      recognition!.end();
    }
    await Promise.all(sinks.map((sink) => sink.firstPartial));
    await clock.advanceBy(SETTLE_MS - 1);
    expect(clock.pending).toBe(4); // each waits for more, and has its limit
    cancelled!.cancel();
    expect(clock.pending).toBe(2);
    const late = peer as LateFunasr;
    late.sayMore();
    while (sinks[0].partials.length < 2) await clock.settle();
    await clock.advanceBy(SETTLE_MS - 1);
    expect(sinks[0].ends).toEqual([]);
    await clock.advanceBy(1);
    expect(understood(await sinks[0].end)).toBe('挂失信用卡');
    expect(sinks[1].ends).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('fails when it says that it failed', async () => {
    peer = await new FunasrPeer(toneHearing(16_000, TEXTS), 'python').listen();
    peer.manner = { says: '{"mode":"2pass","wav_name":"call","is_final":false,"is_end":true,"error":"offline inference failed: out of memory"}' };
    expect(await recognized(new FunasrRecognizer(options()), SPEECH)).toMatchObject({ error: { code: 'speech.failed' } });
  });
});

describe('Vosk', () => {
  it('is told nothing but the rate by default, and the phrases when nothing else is to be understood', async () => {
    peer = await new VoskPeer(toneHearing(8_000, TEXTS)).listen();
    const only = new VoskRecognizer({ ...options(), onlyPhrases: true });
    await recognized(new VoskRecognizer(options()), SPEECH);
    await recognized(only, SPEECH);
    expect(peer.arrivals.map(({ opening }) => opening)).toEqual([
      { sample_rate: 8_000, words: true },
      { sample_rate: 8_000, words: true, phrase_list: ['挂失信用卡', '查询余额', '[unk]'] },
    ]);
    expect(only.knows(REQUEST)).toBe(true);
    expect(only.knows({ ...REQUEST, phrases: [] })).toBe(false);
    expect(new VoskRecognizer(options()).knows({ ...REQUEST, phrases: [] })).toBe(true);
  });

  it('understands nothing in what is none of the phrases', async () => {
    peer = await new VoskPeer(toneHearing(8_000, TEXTS)).listen();
    const only = new VoskRecognizer({ ...options(), onlyPhrases: true });
    expect(await recognized(only, SPEECH)).toEqual({ transcripts: [] });
    expect(await recognized(only, SPEECH, { ...REQUEST, phrases: ['我要挂失信用卡'] })).toMatchObject({ transcripts: [{ text: '我要挂失信用卡' }] });
  });

  it('is as sure as of its words on average, over pauses too', async () => {
    peer = await new VoskPeer(toneHearing(8_000, TEXTS)).listen();
    // The peer is sure by half of the first word of each segment.
    expect(await recognized(new VoskRecognizer(options()), SPEECH)).toEqual({ transcripts: [{ text: '我要挂失信用卡', confidence: 6.5 / 7 }] });
    expect(await recognized(new VoskRecognizer(options()), tone(1_000, 1.5))).toEqual({ transcripts: [{ text: '你好查询余额', confidence: 5 / 6 }] });
  });

  it('tells other ways to understand, without their likelihoods', async () => {
    peer = await new VoskPeer(toneHearing(8_000, TEXTS)).listen();
    const recognizer = new VoskRecognizer({ ...options(), alternatives: 3 });
    expect(await recognized(recognizer, SPEECH)).toEqual({ transcripts: [{ text: '我要挂失信用卡' }, { text: '我要挂失信用' }] });
    expect(await recognized(recognizer, tone(1_000, 1.5))).toEqual({ transcripts: [{ text: '你好查询余额' }] });
    expect(await recognized(recognizer, new Int16Array(8_000))).toEqual({ transcripts: [] });
  });
});

describe('sherpa-onnx', () => {
  it('is told nothing but the sound', async () => {
    peer = await new SherpaPeer(toneHearing(8_000, TEXTS)).listen();
    await recognized(new SherpaRecognizer({ ...options(), sampleRateHz: 8_000 }), tone(440, 0.25));
    expect(peer.arrivals).toMatchObject([{ opening: undefined, lengths: [800, 800, 400], isEnded: true }]);
  });
});

it('has the name that it was given', async () => {
  peer = await new SherpaPeer(() => '').listen();
  expect(new SherpaRecognizer(options()).name).toBe('sherpa');
  expect(new SherpaRecognizer({ ...options(), name: 'sherpa-en' }).name).toBe('sherpa-en');
});
