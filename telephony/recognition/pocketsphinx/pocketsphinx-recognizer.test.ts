import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStrowgerError } from '../../../engine/domain/errors.ts';
import type { LogFields, Logger } from '../../../engine/ports/logger.ts';
import { silentLogger } from '../../../engine/ports/logger.ts';
import { pinyinPhonetics } from '../../../integrations/language/pinyin.ts';
import { systemClock } from '../../../integrations/runtime/system-clock.ts';
import { RecordingSink } from '../testing/recording-sink.ts';
import { DIGIT_PHRASES } from './digit-words.ts';
import { PocketsphinxRecognizer, type PocketsphinxOptions } from './pocketsphinx-recognizer.ts';

const DICTIONARY = ['a AH', 'balance B AE L AH N S', 'lost L AO S T', 'card K AA R D', 'oh OW', ...'zero one two three four five six seven eight nine'.split(' ').map((word, at) => `${word} W${at}`)].join('\n');
const FAKE = join(import.meta.dirname, 'testing/fake-pocketsphinx.mjs');
const REQUEST = { languages: ['en'], phrases: ['balance', 'lost card'] } as const;
const LIKELY = { commands: { words: ['w1', 'w2'], score: -1_000 }, anything: { words: ['w0', 'w1'], score: -1_010 } };

let dir: string;
let recognizer: PocketsphinxRecognizer | undefined;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'strowger-commands-'));
  for (const name of ['mdef', 'means', 'variances', 'transition_matrices']) writeFileSync(join(dir, name), '');
  writeFileSync(join(dir, 'feat.params'), '-lowerf 1\n-upperf 4000\n');
  writeFileSync(join(dir, 'words.dict'), DICTIONARY);
  writeFileSync(join(dir, 'pinyin2phones.json'), JSON.stringify({ yu: 'ux', e: 'e' }));
});
afterEach(async () => {
  await recognizer?.close();
  expect(recognizer?.runningPrograms ?? 0).toBe(0);
  recognizer = undefined;
  rmSync(dir, { recursive: true });
});

interface Fake {
  readonly mode?: string;
  readonly answers?: typeof LIKELY;
}

function options(fake: Fake = {}): PocketsphinxOptions & { command: { env: Record<string, string | undefined> } } {
  const env = { FAKE_MODE: fake.mode, FAKE_ANSWERS: JSON.stringify(fake.answers ?? LIKELY), FAKE_LOG: join(dir, 'log') };
  return { command: { file: process.execPath, args: [FAKE], env }, models: [{ language: 'en', dir, dictionary: join(dir, 'words.dict'), calibration: { half: -6, scale: 3 } }], phonetics: pinyinPhonetics, clock: systemClock };
}

async function open(fake: Fake = {}, more: Partial<PocketsphinxOptions> = {}): Promise<PocketsphinxRecognizer> {
  const all = { ...options(), ...more };
  recognizer = await PocketsphinxRecognizer.open(all);
  // Only what comes after the trial at the start misbehaves.
  Object.assign(all.command.env, options(fake).command.env);
  return recognizer;
}

async function outcome(opened: PocketsphinxRecognizer, request: Parameters<PocketsphinxRecognizer['recognize']>[0] = REQUEST, samples = 8_000) {
  const sink = new RecordingSink();
  const recognition = opened.recognize(request, sink);
  recognition.write(new Int16Array(samples));
  recognition.end();
  return sink.end;
}

const runs = () => readFileSync(join(dir, 'log'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { args: string[]; grammar: string; dictionary: string });

describe('what is understood', () => {
  it('is told as the phrase with a confidence', async () => {
    expect(await outcome(await open())).toEqual({ transcripts: [{ text: 'lost card', confidence: expect.closeTo(0.9, 1) as number }] });
    const [trial, ...both] = runs();
    expect(trial?.grammar).toContain('grammar anything;');
    expect(both.map(({ grammar }) => /grammar (\w+);/.exec(grammar)?.[1]).sort()).toEqual(['anything', 'commands']);
    for (const { args } of both) expect(args.join(' ')).toContain(`-hmm ${dir} -samprate 8000 -jsgf /dev/fd/3 -dict /dev/fd/4`);
  });

  it('is nothing when any sounds fit much better', async () => {
    expect(await outcome(await open({ answers: { ...LIKELY, anything: { words: ['w0', 'w1'], score: 0 } } }))).toEqual({ transcripts: [] });
  });

  it('is nothing when no command fits', async () => {
    expect(await outcome(await open({ answers: { ...LIKELY, commands: { words: [], score: 0 } } }))).toEqual({ transcripts: [] });
  });

  it('is nothing when nothing, or less than a word, was said', async () => {
    const opened = await open();
    expect(await outcome(opened, REQUEST, 0)).toEqual({ transcripts: [] });
    expect(await outcome(opened, REQUEST, 700)).toEqual({ transcripts: [] });
  });

  it('are digits when all digits are the phrases', async () => {
    const opened = await open({ answers: { ...LIKELY, commands: { words: ['w4', 'w7', 'w1', 'w1'], score: -2_000 } } }, { leastConfidence: 0 });
    expect(await outcome(opened, { languages: ['en'], phrases: DIGIT_PHRASES })).toMatchObject({ transcripts: [{ text: '4711' }] });
    expect(runs().find(({ grammar }) => grammar.includes('grammar digits;'))?.dictionary).toContain('w0(2) OW\n');
    expect(runs().filter(({ args }) => args.includes('-wip'))).toHaveLength(1);
  });
});

describe('what it knows', () => {
  it('are the languages that it has a model of, with a phrase that can be said', async () => {
    const opened = await open();
    expect(opened.knows(REQUEST)).toBe(true);
    expect(opened.knows({ ...REQUEST, languages: ['zh-CN', 'en'] })).toBe(true);
    expect(opened.knows({ ...REQUEST, languages: ['zh-CN'] })).toBe(false);
    expect(opened.knows({ languages: ['en'], phrases: [] })).toBe(false);
    expect(opened.knows({ languages: ['en'], phrases: ['blargh'] })).toBe(false);
    expect(opened.knows({ languages: ['en'], phrases: ['blargh', 'card'] })).toBe(true);
  });

  it('names each phrase that it cannot listen for', async () => {
    const opened = await open();
    expect(opened.problems(['card', 'lost blargh', '余额'], 'en')).toEqual([
      { phrase: 'lost blargh', language: 'en', message: "the model has no sound for 'blargh'" },
      { phrase: '余额', language: 'en', message: "the model has no sound for '余额'" },
    ]);
    expect(() => opened.requirePronounceable(['card'], 'en')).not.toThrow();
    expect(() => opened.requirePronounceable(['card', 'lost blargh'], 'en')).toThrow(expect.toSatisfy((error) => isStrowgerError(error, 'speech.model') && error.message.includes("'lost blargh': the model has no sound for 'blargh'")));
    expect(() => opened.requirePronounceable(['余额'], 'zh-CN')).toThrow('there is no model of zh-CN');
  });

  it('listens for the others, and says once which it leaves out', async () => {
    const warnings: LogFields[] = [];
    const logger: Logger = { ...silentLogger, warn: (fields) => warnings.push(fields) };
    const opened = await open({ answers: { ...LIKELY, commands: { words: ['w0'], score: -1_000 } } }, { logger });
    const request = { languages: ['en'], phrases: ['blargh', 'card'] } as const;
    expect(await outcome(opened, request)).toMatchObject({ transcripts: [{ text: 'card' }] });
    await outcome(opened, request);
    expect(warnings).toEqual([{ code: 'speech.model', phrase: 'blargh', language: 'en', reason: "the model has no sound for 'blargh'" }]);
  });

  it('fails what it does not know, from an event', async () => {
    const opened = await open();
    const sink = new RecordingSink();
    opened.recognize({ languages: ['en'], phrases: ['blargh'] }, sink).end();
    expect(sink.isUntouched).toBe(true);
    expect(await sink.end).toMatchObject({ error: { code: 'speech.model' } });
    expect(await outcome(opened, { languages: ['zh-CN'], phrases: ['余额'] })).toMatchObject({ error: { code: 'speech.model' } });
    expect(opened.runningPrograms).toBe(0);
  });
});

describe('a program that misbehaves', () => {
  it.each([
    ['crash', 'speech.failed', 'PocketSphinx decoder init failed'],
    ['early', 'speech.failed', 'ended before the utterance did'],
    ['crash of the loop', 'speech.failed', 'ended with 3'],
    ['prose', 'speech.failed', 'is not one line of JSON'],
    ['no text', 'speech.failed', 'has no text'],
    ['no backtrace', 'speech.failed', "traced ''"],
  ])('fails the utterance: %s', async (mode, code, message) => {
    const opened = await open({ mode });
    const sink = new RecordingSink();
    const recognition = opened.recognize(REQUEST, sink);
    recognition.write(new Int16Array(8_000));
    // What ends by itself shows before the caller has finished.
    if (mode !== 'early' && mode !== 'crash') recognition.end();
    expect(await sink.end).toMatchObject({ error: { code, message: expect.stringContaining(message) as string } });
    recognition.end();
    recognition.cancel();
    expect(sink.ends).toHaveLength(1);
  });

  it('is not waited for beyond the limit', async () => {
    const opened = await open({ mode: 'hang' }, { answerLimitMs: 50 });
    expect(await outcome(opened)).toMatchObject({ error: { code: 'speech.timeout' } });
  });

  it('is ended when the recognition is cancelled, and tells nothing more', async () => {
    const opened = await open({ mode: 'hang' });
    const sink = new RecordingSink();
    const recognition = opened.recognize(REQUEST, sink);
    recognition.write(new Int16Array(8_000));
    recognition.end();
    expect(opened.runningPrograms).toBe(2);
    recognition.cancel();
    await opened.close();
    expect(opened.runningPrograms).toBe(0);
    expect(sink.isUntouched).toBe(true);
  });

  it('is not started any more once the recogniser is closed', async () => {
    const opened = await open();
    await opened.close();
    const end = outcome(opened);
    expect(opened.runningPrograms).toBe(0);
    expect(await end).toMatchObject({ error: { code: 'speech.failed', message: expect.stringContaining('was closed') as string } });
  });

  it('shows at the start', async () => {
    const failure = async (all: PocketsphinxOptions) => PocketsphinxRecognizer.open(all).then(() => undefined, (error: unknown) => error);
    expect(await failure(options({ mode: 'crash' }))).toMatchObject({ code: 'speech.model', message: expect.stringContaining('No mdef-file') as string });
    expect(await failure({ ...options(), command: { file: '/nowhere/pocketsphinx', args: [], env: {} } })).toMatchObject({ code: 'speech.model', message: expect.stringContaining('could not be started') as string });
    // Node throws this one, where the other is told by an event.
    expect(await failure({ ...options(), command: { file: 'no\0name', args: [], env: {} } })).toMatchObject({ code: 'speech.model', message: expect.stringContaining('could not be started') as string });
    expect(await failure({ ...options(), models: [{ language: 'zh-CN', dir: join(dir, 'nowhere') }] })).toMatchObject({ code: 'speech.model', message: expect.stringContaining('mdef is missing') as string });
    expect(await failure({ ...options(), models: [{ language: 'en', dir, dictionary: join(dir, 'feat.params') }] })).toMatchObject({ code: 'speech.model', message: expect.stringContaining('no English dictionary') as string });
    expect(await failure({ ...options(), models: [{ language: 'en', dir, dictionary: join(dir, 'nothing') }] })).toMatchObject({ code: 'speech.model' });
    writeFileSync(join(dir, 'pinyin2phones.json'), '[]');
    expect(await failure({ ...options(), models: [{ language: 'zh-CN', dir }] })).toMatchObject({ code: 'speech.model', message: expect.stringContaining('no JSON object of syllables') as string });
  });
});

describe('many callers who end at once', () => {
  it('are answered in the order of their ends; one who is given up makes room', async () => {
    const { command } = options();
    const opened = await open({ mode: 'hang' }, { command, maxDecodings: 1 });
    const [first, second] = [new RecordingSink(), new RecordingSink()];
    const utterance = (sink: RecordingSink) => {
      const recognition = opened.recognize(REQUEST, sink);
      recognition.write(new Int16Array(8_000));
      recognition.end();
      return recognition;
    };
    const hanging = utterance(first);
    Object.assign(command.env, options().command.env);
    utterance(second);
    // Another recogniser is done with the same meanwhile.
    const other = await PocketsphinxRecognizer.open(options());
    expect(await outcome(other)).toMatchObject({ transcripts: [{ text: 'lost card' }] });
    await other.close();
    expect([first.isUntouched, second.isUntouched]).toEqual([true, true]);
    hanging.cancel();
    expect(await second.end).toMatchObject({ transcripts: [{ text: 'lost card' }] });
    expect(first.isUntouched).toBe(true);
  });
});

it('keeps nothing on the disk', async () => {
  const leftBefore = readdirSync(tmpdir()).filter((name) => /^strowger-[0-9a-f]{8}-/.test(name));
  await outcome(await open());
  expect(readdirSync(tmpdir()).filter((name) => /^strowger-[0-9a-f]{8}-/.test(name) && !leftBefore.includes(name))).toEqual([]);
});
