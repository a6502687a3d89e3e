import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isStrowgerError } from '../../engine/domain/errors.ts';
import type { PromptTexts } from '../../engine/domain/prompt.ts';
import { requirePlayable } from './prompt-problems.ts';
import { RenderedPromptLibrary, type RenderedPromptLibraryOptions } from './rendered-prompt-library.ts';
import { tone, ToneSynthesizer } from './testing/tone-synthesizer.ts';
import { encodeWav } from './wav.ts';

const TEXTS = {
  hello: { 'zh-CN': '您好。', en: 'Hello.' },
  balance: { 'zh-CN': '余额为{sum:money}。', en: 'Your balance is {sum:money}.' },
  queue: { 'zh-CN': '前面有{n:people}，约{m:minutes}，请稍候。', en: '{n:people} are before you, about {m:minutes}. Please hold.' },
  due: { 'zh-CN': '{at:date}{at:time}', en: '{at:date} at {at:time}' },
} satisfies PromptTexts;
const FLOWS = new Map<string, PromptTexts>([['bank', TEXTS]]);

// The atoms are rendered once for all tests: 400 of them take a while even as tones.
let cacheDir: string;
let recordingsDir: string;
const voice = new ToneSynthesizer();

beforeAll(() => {
  cacheDir = mkdtempSync(join(tmpdir(), 'strowger-prompts-'));
});
afterAll(() => rmSync(cacheDir, { recursive: true }));
beforeEach(() => {
  recordingsDir = mkdtempSync(join(tmpdir(), 'strowger-recordings-'));
});
afterEach(() => rmSync(recordingsDir, { recursive: true }));

function library(options: Partial<RenderedPromptLibraryOptions> = {}): RenderedPromptLibrary {
  return new RenderedPromptLibrary({ cacheDir, recordingsDir, synthesizers: { 'zh-CN': voice, en: voice }, ...options });
}

async function loaded(options: Partial<RenderedPromptLibraryOptions> = {}): Promise<RenderedPromptLibrary> {
  const made = library(options);
  requirePlayable((await made.load(FLOWS)).problems);
  return made;
}

/** Names of the fragments in `media`, without folder and hash. */
const names = (media: readonly string[]) => media.map((uri) => basename(uri).replace(/-[0-9a-f]{12}$/, ''));

function record(name: string): void {
  const path = join(recordingsDir, `${name}.wav`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, encodeWav(tone({ hz: 1_000, ms: 300, sampleRateHz: 8_000 })));
}

describe('media', () => {
  it('are files that exist in both formats, as absolute sound URIs without extension', async () => {
    const prompts = await loaded();
    const media = prompts.media({ key: 'queue', values: { n: 3, m: 12 } }, 'zh-CN');
    expect(media).toHaveLength(7);
    const present = readdirSync(join(cacheDir, 'zh-CN'));
    for (const uri of media) {
      expect(uri.startsWith(`sound:${cacheDir}/zh-CN/`)).toBe(true);
      expect(present).toEqual(expect.arrayContaining([`${basename(uri)}.wav`, `${basename(uri)}.wav16`]));
    }
  });

  it('put values together from atoms', async () => {
    const prompts = await loaded();
    const balance = { key: 'balance', values: { sum: 12_050 } };
    expect(names(prompts.media(balance, 'zh-CN'))).toEqual(['balance.1', 'atoms_hundred-1', 'atoms_number-20', 'atoms_yuan', 'atoms_jiao-5', 'atoms_pause']);
    expect(names(prompts.media(balance, 'en'))).toEqual(['balance.1', 'atoms_hundred-1', 'atoms_number-20', 'atoms_yuan', 'atoms_and', 'atoms_number-50', 'atoms_cents', 'atoms_pause']);
    expect(names(prompts.media({ key: 'queue', values: { n: 1, m: 2 } }, 'en'))).toEqual(['atoms_number-1', 'atoms_person', 'queue.1', 'atoms_number-2', 'atoms_minutes', 'queue.2']);
  });

  it('say dates and times of the caller’s place', async () => {
    const due = { key: 'due', values: { at: Date.UTC(2026, 10, 23, 7, 20) } };
    expect(names((await loaded()).media(due, 'en'))).toEqual(['atoms_weekday-1', 'atoms_month-11', 'atoms_day-23', 'due.1', 'atoms_number-3', 'atoms_number-20', 'atoms_pm', 'atoms_pause']);
    expect(names((await loaded({ utcOffsetMinutes: 0 })).media(due, 'en'))).toEqual(['atoms_weekday-1', 'atoms_month-11', 'atoms_day-23', 'due.1', 'atoms_number-7', 'atoms_number-20', 'atoms_am', 'atoms_pause']);
  });

  it('have the path that the switch sees', async () => {
    const prompts = await loaded({ mediaRoot: '/var/lib/strowger/prompts' });
    expect(prompts.media({ key: 'hello' }, 'en')[0]).toMatch(/^sound:\/var\/lib\/strowger\/prompts\/en\/hello-[0-9a-f]{12}$/);
  });

  it('cannot be in a folder with a comma, which separates media', () => {
    expect(() => library({ mediaRoot: '/a,b' })).toThrow(expect.toSatisfy((error) => isStrowgerError(error, 'config.invalid')));
  });

  it('of a prompt that nobody has are an error', async () => {
    const prompts = await loaded();
    expect(() => prompts.media({ key: 'nope' }, 'en')).toThrow(expect.toSatisfy((error) => isStrowgerError(error, 'prompt.missing')));
    expect(() => library().media({ key: 'hello' }, 'en')).toThrow(expect.toSatisfy((error) => isStrowgerError(error, 'prompt.missing')));
  });

  it.each([
    ['absent', {}],
    ['a fraction', { sum: 0.5 }],
    ['text', { sum: '100' }],
  ])('of a prompt whose value is %s are an error that names prompt and value', async (_, values) => {
    const prompts = await loaded();
    expect(() => prompts.media({ key: 'balance', values }, 'en')).toThrow(
      expect.toSatisfy((error) => isStrowgerError(error, 'prompt.value') && error.fields.prompt === 'balance' && error.fields.value === 'sum'),
    );
  });
});

describe('load', () => {
  it('refuses flows whose prompts differ, and keeps what was loaded', async () => {
    const prompts = await loaded();
    const conflict = new Map<string, PromptTexts>([...FLOWS, ['branch', { hello: { 'zh-CN': '你好', en: 'Hi' } }]]);
    await expect(prompts.load(conflict)).rejects.toSatisfy((error) => isStrowgerError(error, 'prompt.conflict'));
    expect(prompts.media({ key: 'hello' }, 'en')).toHaveLength(1);
    expect((await prompts.load(FLOWS)).problems).toEqual([]);
  });

  it('changes prompts when a flow is published, and keeps those of older versions', async () => {
    const prompts = await loaded();
    const before = prompts.media({ key: 'hello' }, 'en');
    const { rendered } = await prompts.load(new Map([['bank', { hello: { 'zh-CN': '您好。', en: 'Good day.' } }]]));
    expect(rendered).toBe(1);
    expect(prompts.media({ key: 'hello' }, 'en')).not.toEqual(before);
    expect(names(prompts.media({ key: 'balance', values: { sum: 100 } }, 'zh-CN'))).toEqual(['balance.1', 'atoms_yuan-1', 'atoms_pause']);
  });

  it('takes one publication after another', async () => {
    const prompts = library();
    const texts = (en: string) => new Map([['bank', { hello: { 'zh-CN': '您好。', en } }]]);
    await Promise.all([prompts.load(texts('First one.')), prompts.load(texts('Second.')), prompts.load(texts('Third.'))]);
    const third = prompts.media({ key: 'hello' }, 'en');
    const { rendered } = await prompts.load(texts('Third.'));
    expect(rendered).toBe(0);
    expect(prompts.media({ key: 'hello' }, 'en')).toEqual(third);
  });
});

describe('missingPrompts', () => {
  const codes = (problems: readonly { severity: string; code: string; language: string; name: string }[]) =>
    problems.map(({ severity, code, language, name }) => `${severity} ${code} ${language} ${name}`);

  it('is nothing when all is well', async () => {
    expect((await loaded()).missingPrompts(TEXTS)).toEqual([]);
  });

  it('finds a language without text, and kinds that are unknown', async () => {
    const flawed = { a: { 'zh-CN': '甲' }, b: { 'zh-CN': '乙', en: ' ' }, c: { 'zh-CN': '您有{n:dollars}', en: 'You have {n:number' } } as unknown as PromptTexts;
    const { problems } = await library().load(new Map([['bank', flawed]]));
    expect(codes(problems)).toEqual(['error prompt.missing en a', 'error prompt.missing en b', 'error prompt.value zh-CN c', 'error prompt.value en c']);
    expect(() => requirePlayable(problems)).toThrow(expect.toSatisfy((error: Error) => isStrowgerError(error, 'prompt.missing') && error.message.split('\n').length === 5));
  });

  it('finds what was not rendered', async () => {
    const prompts = await loaded();
    expect(codes(prompts.missingPrompts({ late: { 'zh-CN': '晚', en: 'Late {n:number}' } }))).toEqual(['error prompt.missing zh-CN late', 'error prompt.missing en late.1']);
  });

  it('finds recordings that cannot be read, and the prompt is an error to play', async () => {
    record('en/hello');
    writeFileSync(join(recordingsDir, 'en/hello.wav'), 'no sound');
    const prompts = library();
    const { problems } = await prompts.load(FLOWS);
    expect(codes(problems)).toEqual(['error prompt.recording en hello']);
    expect(() => prompts.media({ key: 'hello' }, 'en')).toThrow(expect.toSatisfy((error) => isStrowgerError(error, 'prompt.missing')));
    expect(prompts.media({ key: 'hello' }, 'zh-CN')).toHaveLength(1);
  });

  it('warns of recordings that nobody hears', async () => {
    for (const name of ['en/helo', 'en/balance', 'en/balance.1', 'en/balance.2', 'zh-CN/atoms/yuan', 'zh-CN/atoms/dollar']) record(name);
    const { problems } = await library().load(FLOWS);
    expect(codes(problems).sort()).toEqual([
      'warning prompt.recording en balance',
      'warning prompt.recording en balance.2',
      'warning prompt.recording en helo',
      'warning prompt.recording zh-CN atoms/dollar',
    ]);
    expect(problems.find(({ name }) => name === 'balance')?.message).toContain('balance.1.wav');
    expect(() => requirePlayable(problems)).not.toThrow();
  });

  it('shows ten and counts the rest', async () => {
    const silent = Object.fromEntries(Array.from({ length: 15 }, (_, index) => [`p${index}`, { 'zh-CN': '', en: 'x' }]));
    const { problems } = await library({ synthesizers: { 'zh-CN': voice, en: voice } }).load(new Map([['bank', silent]]));
    expect(() => requirePlayable(problems)).toThrow(/p9[^]*and 5 more/);
  });
});
