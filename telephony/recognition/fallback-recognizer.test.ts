import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { Language } from '../../engine/domain/language.ts';
import type { LogFields, Logger } from '../../engine/ports/logger.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import type { Recognition, RecognitionRequest, RecognitionSink, Recognizer } from '../../engine/ports/recognizer.ts';
import { FallbackRecognizer } from './fallback-recognizer.ts';
import { FunasrRecognizer } from './funasr-recognizer.ts';
import { FunasrPeer } from './testing/funasr-peer.ts';
import { recognizerContract, understood } from './testing/recognizer-contract.ts';
import { RecordingSink } from './testing/recording-sink.ts';
import { socketRig, TEXTS } from './testing/socket-rig.ts';
import { toneHearing } from './testing/tone-hearing.ts';
import { VoskPeer } from './testing/vosk-peer.ts';
import { VoskRecognizer } from './vosk-recognizer.ts';

/** One utterance at a recogniser that says what the test tells it to say. */
interface Asked {
  readonly sink: RecognitionSink;
  readonly written: number[];
  state: 'open' | 'ended' | 'cancelled';
}

class ScriptedRecognizer implements Recognizer {
  readonly name: string;
  readonly asked: Asked[] = [];
  /** What it does as soon as it is asked. */
  atOnce: (sink: RecognitionSink) => void = () => undefined;
  readonly #languages: readonly Language[];

  constructor(name: string, languages: readonly Language[] = ['zh-CN', 'en']) {
    this.name = name;
    this.#languages = languages;
  }

  get last(): Asked {
    const last = this.asked.at(-1);
    if (last === undefined) throw new Error(`${this.name} was not asked`);
    return last;
  }

  knows({ languages }: RecognitionRequest): boolean {
    return languages.some((language) => this.#languages.includes(language));
  }

  recognize(_request: RecognitionRequest, sink: RecognitionSink): Recognition {
    const asked: Asked = { sink, written: [], state: 'open' };
    this.asked.push(asked);
    this.atOnce(sink);
    return {
      write: (samples) => void asked.written.push(...samples),
      end: () => void (asked.state = 'ended'),
      cancel: () => void (asked.state = 'cancelled'),
    };
  }
}

const REQUEST: RecognitionRequest = { languages: ['zh-CN'], phrases: [] };
const down = new StrowgerError('speech.unreachable', 'It is down.');
const texts = (text: string) => [{ text }];
const sound = (...samples: number[]): Int16Array => Int16Array.from(samples);

let clock: VirtualClock;
let log: { message: string; fields: LogFields }[];
let first: ScriptedRecognizer;
let second: ScriptedRecognizer;
let third: ScriptedRecognizer;
let recognizer: FallbackRecognizer;

beforeEach(() => {
  clock = new VirtualClock();
  log = [];
  first = new ScriptedRecognizer('first');
  second = new ScriptedRecognizer('second', ['zh-CN']);
  third = new ScriptedRecognizer('third', ['en']);
  const note = (fields: LogFields, message: string): void => void log.push({ message, fields });
  const logger: Logger = { ...silentLogger, info: note, warn: note };
  recognizer = new FallbackRecognizer({
    clock,
    logger,
    recognizers: [first, second, third],
    slowMs: 1_000,
    failures: 2,
    restMs: 10_000,
    maxUtteranceMs: 1,
  });
});

function begin(request = REQUEST): { recognition: Recognition; sink: RecordingSink } {
  const sink = new RecordingSink();
  return { recognition: recognizer.recognize(request, sink), sink };
}

/** Makes the first rest. */
function tire(): void {
  first.atOnce = (sink) => sink.failed(down);
  for (let at = 0; at < 2; at += 1) begin().recognition.cancel();
  first.atOnce = () => undefined;
}

describe('the order', () => {
  it('asks the first that knows the request, and only that one', async () => {
    const { recognition, sink } = begin();
    recognition.write(sound(1, 2));
    recognition.end();
    first.last.sink.partial('挂');
    first.last.sink.final(texts('挂失'));
    expect(understood(await sink.end)).toBe('挂失');
    expect(sink.partials).toEqual(['挂']);
    expect(first.last).toMatchObject({ written: [1, 2], state: 'ended' });
    expect(second.asked).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('passes over those that do not know it', () => {
    expect(recognizer.knows({ languages: ['en'], phrases: [] })).toBe(true);
    expect(new FallbackRecognizer({ clock, logger: silentLogger, recognizers: [third] }).knows(REQUEST)).toBe(false);
    const { recognition } = begin({ languages: ['en'], phrases: [] });
    first.last.sink.failed(down);
    expect(second.asked).toEqual([]);
    expect(third.asked).toHaveLength(1);
    recognition.cancel();
  });
});

describe('when one fails', () => {
  it('gives the next the utterance from its beginning, in the middle of it', async () => {
    const { recognition, sink } = begin();
    const samples = sound(1, 2);
    recognition.write(samples);
    samples.fill(9);
    recognition.write(sound(3));
    first.last.sink.partial('查');
    first.last.sink.failed(down);
    recognition.write(sound(4));
    first.last.sink.partial('查询');
    first.last.sink.final(texts('查询'));
    second.last.sink.partial('挂');
    recognition.end();
    expect(second.last).toMatchObject({ written: [1, 2, 3, 4], state: 'ended' });
    second.last.sink.final(texts('挂失'));
    expect(understood(await sink.end)).toBe('挂失');
    expect(sink.partials).toEqual(['查', '挂']);
    expect(sink.ends).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('does so after the end too, and as soon as it is asked', async () => {
    first.atOnce = (sink) => sink.failed(down);
    const { recognition, sink } = begin();
    recognition.write(sound(1));
    recognition.end();
    second.last.sink.final(texts('挂失'));
    expect(second.last.written).toEqual([1]);
    expect(understood(await sink.end)).toBe('挂失');
  });

  it('fails with what the last of them said', async () => {
    const { recognition, sink } = begin();
    first.last.sink.failed(down);
    second.last.sink.failed(new StrowgerError('speech.timeout', 'It is slow.'));
    expect(await sink.end).toMatchObject({ error: { code: 'speech.timeout' } });
    recognition.write(sound(1));
    recognition.end();
    recognition.cancel();
    expect(sink.ends).toHaveLength(1);
    expect(clock.pending).toBe(0);
  });

  it('keeps no more than an utterance may have', () => {
    const { recognition } = begin();
    recognition.write(new Int16Array(5));
    recognition.write(new Int16Array(5));
    recognition.write(new Int16Array(5));
    first.last.sink.failed(down);
    expect(second.last.written).toHaveLength(8);
    recognition.cancel();
  });
});

describe('when one is slow after the end', () => {
  it('asks the next instead, and takes no notice of the first any more', async () => {
    const { recognition, sink } = begin();
    recognition.write(sound(1));
    await clock.advanceBy(5_000);
    recognition.end();
    await clock.advanceBy(999);
    expect(second.asked).toEqual([]);
    await clock.advanceBy(1);
    expect(first.last.state).toBe('cancelled');
    expect(second.last).toMatchObject({ written: [1], state: 'ended' });
    first.last.sink.final(texts('查询'));
    expect(sink.ends).toEqual([]);
    second.last.sink.final(texts('挂失'));
    expect(understood(await sink.end)).toBe('挂失');
    expect(clock.pending).toBe(0);
  });

  it('waits for the last as long as that one wants', async () => {
    const { recognition, sink } = begin();
    recognition.end();
    await clock.advanceBy(60_000);
    expect(second.last.state).toBe('ended');
    second.last.sink.final(texts('挂失'));
    expect(understood(await sink.end)).toBe('挂失');
  });

  it('waits on when the next rests', async () => {
    second.atOnce = (sink) => sink.failed(down);
    for (let at = 0; at < 2; at += 1) {
      begin();
      first.last.sink.final([]);
    }
    const { recognition, sink } = begin();
    recognition.end();
    await clock.advanceBy(1_000);
    expect(first.last.state).toBe('ended');
    first.last.sink.final(texts('挂失'));
    expect(understood(await sink.end)).toBe('挂失');
    expect(clock.pending).toBe(0);
  });
});

describe('when one understood nothing', () => {
  it('asks the next', async () => {
    const { recognition, sink } = begin();
    recognition.write(sound(1));
    recognition.end();
    first.last.sink.final([]);
    expect(second.last).toMatchObject({ written: [1], state: 'ended' });
    second.last.sink.final(texts('挂失'));
    expect(understood(await sink.end)).toBe('挂失');
  });

  it.each([
    ['understood nothing either', (sink: RecognitionSink) => sink.final([])],
    ['fails', (sink: RecognitionSink) => sink.failed(down)],
  ])('understands nothing when the next %s', async (_what, answer) => {
    const { recognition, sink } = begin();
    recognition.end();
    first.last.sink.final([]);
    answer(second.last.sink);
    expect(await sink.end).toEqual({ transcripts: [] });
  });
});

describe('one that failed again and again', () => {
  it('is left alone for a while, then tried by one utterance, and is back when that worked', () => {
    tire();
    expect(first.asked).toHaveLength(2);
    expect(log).toEqual([
      { message: 'recogniser is left alone for a while', fields: { recognizer: 'first', failures: 2, restMs: 10_000, reason: 'It is down.' } },
    ]);
    begin();
    expect(first.asked).toHaveLength(2);
    expect(second.asked).toHaveLength(3);
  });

  it('is tried by one utterance at a time', async () => {
    tire();
    await clock.advanceBy(9_999);
    begin();
    expect(first.asked).toHaveLength(2);
    await clock.advanceBy(1);
    begin();
    expect(first.asked).toHaveLength(3);
    begin();
    expect(first.asked).toHaveLength(3);
    first.last.sink.final(texts('挂失'));
    expect(log.at(-1)).toEqual({ message: 'recogniser is back', fields: { recognizer: 'first' } });
    begin();
    begin();
    expect(first.asked).toHaveLength(5);
  });

  it('rests again when the trial failed, without another line in the log', async () => {
    tire();
    await clock.advanceBy(10_000);
    begin();
    first.last.sink.failed(down);
    begin();
    expect(first.asked).toHaveLength(3);
    expect(log).toHaveLength(1);
    await clock.advanceBy(10_000);
    begin();
    expect(first.asked).toHaveLength(4);
  });

  it('rests no longer for what fails late of that which was asked before', async () => {
    const late = (begin(), first.last.sink);
    tire();
    await clock.advanceBy(9_000);
    late.failed(down);
    await clock.advanceBy(1_000);
    begin();
    expect(first.asked).toHaveLength(4);
  });

  it('is counted: what it was asked, what it failed, and whether it rests', async () => {
    tire();
    const figures = () => recognizer.figures[0];
    expect(figures()).toEqual({ recognizer: 'first', asked: 2, failed: 2, open: true });
    begin();
    expect(figures()?.asked).toBe(2);
    await clock.advanceBy(10_000);
    begin();
    first.last.sink.final([]);
    expect(figures()).toEqual({ recognizer: 'first', asked: 3, failed: 2, open: false });
  });

  it('is tried by the next when the trial was cancelled', async () => {
    tire();
    await clock.advanceBy(10_000);
    begin().recognition.cancel();
    expect(first.asked).toHaveLength(3);
    begin();
    expect(first.asked).toHaveLength(4);
  });

  it('counts failures in a row only', () => {
    for (let at = 0; at < 5; at += 1) {
      begin();
      first.last.sink.failed(down);
      begin();
      first.last.sink.final([]);
    }
    expect(first.asked).toHaveLength(10);
    expect(log).toEqual([]);
  });

  it('counts slowness', async () => {
    for (let at = 0; at < 2; at += 1) {
      begin().recognition.end();
      await clock.advanceBy(1_000);
    }
    expect(log).toMatchObject([{ fields: { recognizer: 'first', reason: 'no answer within 1000 ms' } }]);
  });

  it('fails when none may be asked, but not from inside the call', async () => {
    tire();
    second.atOnce = (sink) => sink.failed(down);
    for (let at = 0; at < 2; at += 1) begin();
    const { recognition, sink } = begin();
    expect(sink.isUntouched).toBe(true);
    expect(await sink.end).toMatchObject({ error: { code: 'speech.unreachable' } });
    recognition.write(sound(1));
    recognition.end();
    expect(clock.pending).toBe(0);
    const cancelled = begin();
    cancelled.recognition.cancel();
    await clock.settle();
    expect(cancelled.sink.isUntouched).toBe(true);
  });
});

it('tells nothing after it was cancelled', () => {
  const { recognition, sink } = begin();
  recognition.end();
  recognition.cancel();
  expect(first.last.state).toBe('cancelled');
  first.last.sink.final(texts('挂失'));
  first.last.sink.failed(down);
  expect(sink.isUntouched).toBe(true);
  expect(second.asked).toEqual([]);
  expect(clock.pending).toBe(0);
});

it('tells two of a kind apart', () => {
  const recognizers = ['funasr', 'vosk', 'funasr'].map((name) => new ScriptedRecognizer(name));
  const { figures } = new FallbackRecognizer({ clock, logger: silentLogger, recognizers });
  expect(figures.map((each) => each.recognizer)).toEqual(['funasr', 'vosk', 'funasr-2']);
});

recognizerContract('One behind another that refuses', async () => {
  const virtual = new VirtualClock();
  const languages = ['zh-CN'] as const;
  const bad = await new FunasrPeer(() => '').listen();
  bad.manner = 'refuses';
  const peer = await new VoskPeer(toneHearing(8_000, TEXTS)).listen();
  const at = (url: string): Recognizer =>
    new FallbackRecognizer({
      clock: virtual,
      logger: silentLogger,
      recognizers: [new FunasrRecognizer({ clock: virtual, languages, url: bad.url }), new VoskRecognizer({ clock: virtual, languages, url })],
      failures: 3,
    });
  const rig = socketRig({ peer, clock: virtual, sampleRateHz: 8_000, at });
  return {
    ...rig,
    leftovers: async () => {
      await bad.until(() => bad.open === 0);
      return rig.leftovers();
    },
    close: async () => {
      await bad.close();
      await rig.close();
    },
  };
});
