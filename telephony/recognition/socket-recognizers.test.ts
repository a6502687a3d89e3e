import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CountedIds } from '../../test/fakes/counted-ids.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import type { RecognitionRequest, Recognizer } from '../../engine/ports/recognizer.ts';
import { PCMU } from '../phones/g711.ts';
import { SLIN, type AeapCodec } from './aeap-protocol.ts';
import { AeapRecognizer, type AeapRecognizerOptions } from './aeap-recognizer.ts';
import { FunasrRecognizer } from './funasr-recognizer.ts';
import { SherpaRecognizer } from './sherpa-recognizer.ts';
import { SETTLE_MS } from './socket-recognition.ts';
import { AeapPeer } from './testing/aeap-peer.ts';
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

describe('AEAP', () => {
  const ULAW: AeapCodec = { name: 'ulaw', sampleRateHz: 8_000, encode: (samples) => PCMU.encode(samples) };
  const ULAW_BYTES = { sampleRateHz: 8_000, decode: (bytes: Buffer) => Array.from(PCMU.decode(bytes)) };
  const MEANWHILE_MS = 1_500;
  const aeap = (change: Partial<AeapRecognizerOptions> = {}): AeapRecognizer => new AeapRecognizer({ ...options(), codec: SLIN, ids: new CountedIds(), ...change });
  /** The end, once the server has worked on all that it was sent, and so much time has passed. */
  async function after(ms: number, sink: RecordingSink): Promise<RecognitionEnd> {
    await peer.until(() => peer.connections > 0 && peer.isAtRest);
    await clock.advanceBy(ms);
    return sink.end;
  }

  it('is sent frames of 20 ms in the codec that it takes, then silence', async () => {
    peer = await new AeapPeer(toneHearing(8_000, TEXTS), { codecs: { ulaw: ULAW_BYTES } }).listen();
    const sink = new RecordingSink();
    const recognition = aeap({ codec: ULAW, closingSilenceMs: 1_000 }).recognize(REQUEST, sink);
    speak(recognition, SPEECH);
    recognition.end();
    expect(understood(await after(SETTLE_MS, sink))).toBe('我要挂失信用卡');
    const { samples = new Int16Array(), lengths = [] } = peer.arrivals[0] ?? {};
    expect(lengths).toEqual(Array<number>(75 + 50).fill(160));
    expect(samples.subarray(0, 12_000)).toEqual(PCMU.decode(PCMU.encode(SPEECH)));
    expect(samples.subarray(12_000).every((sample) => sample === 0)).toBe(true);
  });

  it('is told the language with its region, or what the configuration says', async () => {
    const aeapPeer = new AeapPeer(() => '');
    peer = await aeapPeer.listen();
    const requests: [AeapRecognizer, RecognitionRequest][] = [
      [aeap(), REQUEST],
      [aeap(), { ...REQUEST, languages: ['en', 'zh-CN'] }],
      [aeap({ languages: ['en'] }), { ...REQUEST, languages: ['zh-CN', 'en'] }],
      [aeap({ params: { locale: 'zh', model: 'bank' } }), REQUEST],
    ];
    for (const [at, [recognizer, request]] of requests.entries()) {
      const recognition = recognizer.recognize(request, new RecordingSink());
      await peer.until(() => aeapPeer.messages.length > at);
      recognition.cancel();
    }
    expect(aeapPeer.messages.map(({ params }) => params)).toEqual([{ language: 'zh-CN' }, { language: 'en-US' }, { language: 'en-US' }, { locale: 'zh', model: 'bank' }]);
  });

  it.each([
    ['does not take the codec', { codecs: {} }, 'it refuses the setup: Codec slin not supported'],
    ['does not know the language', { languages: ['de-DE'] }, 'it refuses the setup: Language zh-CN not supported'],
  ])('fails at once when it %s', async (_what, manner, reason) => {
    peer = await new AeapPeer(() => '', manner).listen();
    const end = await recognized(aeap(), SPEECH);
    expect(end).toMatchObject({ error: { code: 'speech.failed' } });
    expect('error' in end && end.error.message).toContain(reason);
    expect(peer.arrivals[0]?.samples).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });

  it('has a limit of time to agree', async () => {
    class Undecided extends SpeechPeer {
      protected override readonly subprotocol = 'speech_to_text';
      protected override take(talk: Talk, message: string | Buffer): Promise<void> {
        talk.opening = message;
        return Promise.resolve();
      }
    }
    peer = await new Undecided(() => '').listen();
    const sink = new RecordingSink();
    const recognition = aeap().recognize(REQUEST, sink);
    speak(recognition, SPEECH);
    recognition.end();
    await peer.until(() => peer.arrivals[0]?.opening !== undefined);
    await clock.advanceBy(1_999);
    expect(sink.isUntouched).toBe(true);
    await clock.advanceBy(1);
    expect(await sink.end).toMatchObject({ error: { code: 'speech.timeout' } });
    expect(peer.arrivals[0]?.samples).toHaveLength(0);
    expect(clock.pending).toBe(0);
  });

  it('is asked when it says nothing, and so has understood nothing when it has nothing', async () => {
    const aeapPeer = new AeapPeer(() => '', { tellsOfNothing: false });
    peer = await aeapPeer.listen();
    const sink = new RecordingSink();
    const recognition = aeap({ askAfterMs: MEANWHILE_MS }).recognize(REQUEST, sink);
    speak(recognition, SPEECH);
    recognition.end();
    await peer.until(() => peer.connections > 0 && peer.isAtRest);
    await clock.advanceBy(MEANWHILE_MS - 1);
    expect(aeapPeer.messages).toHaveLength(1);
    await clock.advanceBy(1);
    expect(await sink.end).toEqual({ transcripts: [] });
    expect(aeapPeer.messages[1]).toMatchObject({ request: 'get', params: ['results'] });
    expect(clock.pending).toBe(0);
  });

  it.each([
    ['has understood nothing when it cannot be asked', { tellsOfNothing: false, canBeAsked: false }],
    ['has understood nothing when it says so', { tellsOfNothing: false, tells: false }],
  ])('%s', async (_what, manner) => {
    peer = await new AeapPeer(() => '', manner).listen();
    const sink = new RecordingSink();
    const recognition = aeap({ askAfterMs: MEANWHILE_MS }).recognize(REQUEST, sink);
    speak(recognition, SPEECH);
    recognition.end();
    expect(await after(MEANWHILE_MS, sink)).toEqual({ transcripts: [] });
  });

  it('may hear the end before we do: nothing is asked then', async () => {
    const aeapPeer = new AeapPeer(toneHearing(8_000, TEXTS), { pauseMs: 300 });
    peer = await aeapPeer.listen();
    const sink = new RecordingSink();
    const recognition = aeap().recognize(REQUEST, sink);
    speak(recognition, SPEECH);
    speak(recognition, new Int16Array(8_000 * 0.4));
    expect(await sink.firstPartial).toBe('我要挂失信用卡');
    expect(sink.ends).toEqual([]);
    recognition.end();
    expect(await after(SETTLE_MS, sink)).toEqual({ transcripts: [{ text: '我要挂失信用卡', confidence: 0.87 }] });
    expect(aeapPeer.messages.filter(({ request }) => request === 'get')).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('is not asked any more once it has told something', async () => {
    const aeapPeer = new AeapPeer(toneHearing(8_000, TEXTS));
    peer = await aeapPeer.listen();
    const sink = new RecordingSink();
    const recognition = aeap({ askAfterMs: MEANWHILE_MS }).recognize(REQUEST, sink);
    await peer.until(() => peer.arrivals[0]?.opening !== undefined);
    peer.manner = 'held';
    speak(recognition, SPEECH);
    recognition.end();
    await peer.until(() => peer.arrivals[0]?.isEnded === true);
    await clock.advanceBy(MEANWHILE_MS - 1);
    peer.release();
    expect(await sink.firstPartial).toBe('我要挂失信用卡');
    expect(await after(SETTLE_MS, sink)).toEqual({ transcripts: [{ text: '我要挂失信用卡', confidence: 0.87 }] });
    expect(aeapPeer.messages.filter(({ request }) => request === 'get')).toEqual([]);
  });

  it('tells what it has understood at each pause, and all of it in the end', async () => {
    peer = await new AeapPeer(toneHearing(8_000, TEXTS)).listen();
    const sink = new RecordingSink();
    const recognition = aeap().recognize(REQUEST, sink);
    speak(recognition, tone(1_000, 1.5));
    expect(await sink.firstPartial).toBe('你好');
    recognition.end();
    expect(await after(SETTLE_MS, sink)).toEqual({ transcripts: [{ text: '你好查询余额', confidence: 0.87 }] });
  });

  it('is not taken when it names another subprotocol', async () => {
    peer = await new AeapPeer(() => '', { namesSubprotocol: 'text_to_speech' }).listen();
    expect(await recognized(aeap(), SPEECH)).toMatchObject({ error: { code: 'speech.unreachable' } });
  });
});

it('has the name that it was given', async () => {
  peer = await new SherpaPeer(() => '').listen();
  expect(new SherpaRecognizer(options()).name).toBe('sherpa');
  expect(new SherpaRecognizer({ ...options(), name: 'sherpa-en' }).name).toBe('sherpa-en');
});
