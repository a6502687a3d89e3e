import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { Fragment } from './fragments.ts';
import { PromptRenderer, type PromptRendererOptions, type RenderResult } from './prompt-renderer.ts';
import { dbOf, fromPcm, peakOf, speechLevel, speechSpan } from './sound.ts';
import { tone, ToneSynthesizer } from './testing/tone-synthesizer.ts';
import { decodeWav, encodeWav } from './wav.ts';

const HELLO: Fragment = { language: 'en', name: 'hello', text: 'Hello, caller', role: 'prompt' };
const GREETING: Fragment = { language: 'zh-CN', name: 'hello', text: '您好', role: 'prompt' };
const YUAN: Fragment = { language: 'zh-CN', name: 'atoms/yuan', text: '元', role: 'atom' };
const PAUSE: Fragment = { language: 'en', name: 'atoms/pause', text: '', role: 'atom' };

let dir: string;
let voice: ToneSynthesizer;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'strowger-prompts-'));
  voice = new ToneSynthesizer();
});
afterEach(() => rmSync(dir, { recursive: true }));

const cacheDir = () => join(dir, 'cache');
const recordingsDir = () => join(dir, 'recordings');

function render(fragments: readonly Fragment[], options: Partial<PromptRendererOptions> = {}): Promise<RenderResult> {
  const renderer = new PromptRenderer({ cacheDir: cacheDir(), recordingsDir: recordingsDir(), synthesizers: { 'zh-CN': voice, en: voice }, ...options });
  return renderer.render(fragments);
}

function record(name: string, pcm = tone({ hz: 1_000, ms: 400, sampleRateHz: 44_100 })): string {
  const path = join(recordingsDir(), `${name}.wav`);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, encodeWav(pcm));
  return path;
}

function sound(result: RenderResult, id: string, extension: 'wav' | 'wav16' = 'wav') {
  const { samples, sampleRateHz } = decodeWav(readFileSync(join(cacheDir(), `${result.paths.get(id)}.${extension}`)));
  return { samples: fromPcm(samples), sampleRateHz };
}

const files = () => readdirSync(cacheDir(), { recursive: true, encoding: 'utf8' }).filter((name) => name.includes('.'));

/** The tone in a sound, by its zero crossings. */
function pitchHz(given: ReturnType<typeof sound>): number {
  const { from, to } = speechSpan(given) ?? { from: 0, to: 0 };
  const said = given.samples.subarray(from, to);
  const crossings = said.filter((value, index) => value >= 0 && (said[index - 1] ?? 0) < 0).length;
  return (crossings * given.sampleRateHz) / said.length;
}

describe('a rendered fragment', () => {
  it('is there at 8 and 16 kHz, with the same length', async () => {
    const result = await render([HELLO]);
    expect(result).toMatchObject({ rendered: 1, failures: [] });
    const [narrow, wide] = [sound(result, 'en/hello'), sound(result, 'en/hello', 'wav16')];
    expect([narrow.sampleRateHz, wide.sampleRateHz]).toEqual([8_000, 16_000]);
    expect(wide.samples.length / narrow.samples.length).toBeCloseTo(2, 2);
  });

  it('has one level, whatever the source had', async () => {
    record('en/hello', tone({ hz: 700, ms: 500, sampleRateHz: 48_000, amplitude: 0.01 }));
    record('zh-CN/hello', tone({ hz: 700, ms: 500, sampleRateHz: 8_000, amplitude: 1 }));
    const result = await render([HELLO, GREETING, YUAN]);
    for (const id of ['en/hello', 'zh-CN/hello', 'zh-CN/atoms/yuan']) {
      expect(dbOf(speechLevel(sound(result, id)))).toBeCloseTo(-20, 1);
      expect(dbOf(peakOf(sound(result, id, 'wav16').samples))).toBeLessThan(-1);
    }
  });

  it('has the silence of its role around it', async () => {
    const result = await render([HELLO, YUAN]);
    const silence = (id: string) => {
      const given = sound(result, id);
      const span = speechSpan(given) ?? { from: 0, to: 0 };
      return [span.from / 8, (given.samples.length - span.to) / 8].map(Math.round);
    };
    const [sentence, atom] = [silence('en/hello'), silence('zh-CN/atoms/yuan')];
    expect(sentence[0]).toBeGreaterThanOrEqual(30);
    expect(sentence[1]).toBeGreaterThanOrEqual(190);
    expect((atom[0] ?? 0) + (atom[1] ?? 0)).toBeLessThanOrEqual(40);
  });

  it('is silence when it has no text', async () => {
    const { samples } = sound(await render([PAUSE]), 'en/atoms/pause');
    expect(samples.length).toBe(1_600);
    expect(peakOf(samples)).toBe(0);
    expect(voice.asked).toEqual([]);
  });
});

describe('the cache', () => {
  it('is used: the second time nothing is asked and nothing written', async () => {
    const first = await render([HELLO, GREETING, YUAN, PAUSE]);
    const before = files();
    voice.asked.length = 0;
    const second = await render([HELLO, GREETING, YUAN, PAUSE]);
    expect(second).toMatchObject({ rendered: 0, failures: [] });
    expect([...second.paths]).toEqual(expect.arrayContaining([...first.paths]));
    expect(voice.asked).toEqual([]);
    expect(files()).toEqual(before);
  });

  it.each([
    ['text', { ...HELLO, text: 'Hello!' }],
    ['role', { ...HELLO, role: 'part' as const }],
  ])('is not used for another %s; what it held stays', async (_, changed) => {
    const first = await render([HELLO]);
    const second = await render([changed]);
    expect(second.rendered).toBe(1);
    expect(second.paths.get('en/hello')).not.toBe(first.paths.get('en/hello'));
    expect(files()).toHaveLength(4);
    expect((await render([HELLO])).rendered).toBe(0);
  });

  it('is not used when another program speaks', async () => {
    await render([HELLO]);
    expect((await render([HELLO], { synthesizers: { en: new ToneSynthesizer('tone 2') } })).rendered).toBe(1);
  });

  it('heals when one of two files is gone', async () => {
    const { paths } = await render([HELLO]);
    rmSync(join(cacheDir(), `${paths.get('en/hello')}.wav16`));
    expect((await render([HELLO])).rendered).toBe(1);
    expect(files()).toHaveLength(2);
  });

  it('holds complete files only', async () => {
    // A folder in the place of the file makes the last step fail.
    const { paths } = await render([HELLO]);
    const target = join(cacheDir(), `${paths.get('en/hello')}.wav`);
    rmSync(target);
    mkdirSync(join(target, 'x'), { recursive: true });
    rmSync(join(cacheDir(), `${paths.get('en/hello')}.wav16`));
    await expect(render([HELLO])).rejects.toMatchObject({ code: 'prompt.cache' });
    expect(files().filter((name) => !/\.wav(16)?(\/x)?$/.test(name))).toEqual([]);
  });

  it('that cannot be a folder is told', async () => {
    writeFileSync(cacheDir(), 'a file');
    await expect(render([HELLO])).rejects.toMatchObject({ code: 'prompt.cache' });
  });

  it('may be filled by two at once', async () => {
    const both = await Promise.all([render([HELLO, YUAN]), render([HELLO, YUAN])]);
    expect(both[0].paths).toEqual(both[1].paths);
    expect(files()).toHaveLength(4);
    expect(dbOf(speechLevel(sound(both[0], 'en/hello')))).toBeCloseTo(-20, 1);
  });

  it('takes names that the switch can play: no comma, no blank, no folder', async () => {
    const { paths } = await render([{ ...HELLO, name: 'odd, näme/../x' }]);
    expect([...paths.values()][0]).toMatch(/^en\/[a-zA-Z0-9._-]+$/);
    expect(dirname([...paths.values()][0] ?? '')).toBe('en');
  });
});

describe('a recording', () => {
  it('wins over synthesis', async () => {
    record('en/hello');
    const result = await render([HELLO, GREETING]);
    expect(voice.asked).toEqual(['您好']);
    expect(pitchHz(sound(result, 'en/hello'))).toBeCloseTo(1_000, -2);
  });

  it('of an atom lies in a folder of its own', async () => {
    record('zh-CN/atoms/yuan');
    expect(pitchHz(sound(await render([YUAN]), 'zh-CN/atoms/yuan'))).toBeCloseTo(1_000, -2);
    expect(voice.asked).toEqual([]);
  });

  it('is taken anew when it was exchanged, also by one of the same size', async () => {
    const path = record('en/hello');
    await render([HELLO]);
    expect((await render([HELLO])).rendered).toBe(0);
    record('en/hello', tone({ hz: 600, ms: 400, sampleRateHz: 44_100 }));
    utimesSync(path, statSync(path).atime, new Date(statSync(path).mtimeMs + 5_000));
    const result = await render([HELLO]);
    expect(result.rendered).toBe(1);
    expect(pitchHz(sound(result, 'en/hello'))).toBeCloseTo(600, -2);
  });

  it('that was removed leaves the word to synthesis again', async () => {
    rmSync(record('en/hello'));
    expect((await render([HELLO])).rendered).toBe(1);
    expect(voice.asked).toEqual([HELLO.text]);
  });

  it.each([
    ['silent', (path: string) => writeFileSync(path, encodeWav({ samples: new Int16Array(8_000), sampleRateHz: 8_000 })), 'there is no sound in it'],
    ['cut off', (path: string) => truncateSync(path, 30), 'cannot be used'],
    ['no WAV file', (path: string) => writeFileSync(path, 'ID3'), 'no WAV file'],
    ['of a strange rate', (path: string) => writeFileSync(path, encodeWav({ samples: new Int16Array(4_000).fill(9_000), sampleRateHz: 4_000 })), '4000 samples a second'],
  ])('that is %s is told, and does not keep the others', async (_, spoil, message) => {
    const path = record('en/hello');
    spoil(path);
    const { failures, paths } = await render([HELLO, GREETING]);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.error).toMatchObject({ code: 'prompt.recording', fields: { path } });
    expect(failures[0]?.error.message).toContain(message);
    expect([...paths.keys()]).toEqual(['zh-CN/hello']);
  });
});

describe('synthesis', () => {
  it('that fails is told for its fragment', async () => {
    const fault = new StrowgerError('prompt.synthesis', 'it broke');
    voice.fault = { matches: /Hello/, throws: fault };
    const { failures, paths } = await render([HELLO, GREETING]);
    expect(failures).toEqual([{ fragment: HELLO, error: fault }]);
    expect([...paths.keys()]).toEqual(['zh-CN/hello']);
  });

  it('that fails in its own way is told with a code of ours', async () => {
    voice.fault = { matches: /Hello/, throws: new TypeError('odd') };
    const { failures } = await render([HELLO]);
    expect(failures[0]?.error).toMatchObject({ code: 'prompt.synthesis' });
    expect(failures[0]?.error.message).toContain('odd');
  });

  it('is not there for a language: what is not recorded is told', async () => {
    record('en/hello');
    const { failures, paths } = await render([HELLO, GREETING], { synthesizers: {} });
    expect([...paths.keys()]).toEqual(['en/hello']);
    expect(failures[0]?.error).toMatchObject({ code: 'prompt.synthesis', fields: { language: 'zh-CN' } });
  });

  it('is asked for two texts at once, or as many as are allowed, and tells how far it is', async () => {
    const many = Array.from({ length: 12 }, (_, index): Fragment => ({ ...HELLO, name: `p${index}`, text: `text ${index}` }));
    const seen: number[] = [];
    await render(many, { onProgress: ({ done, total }) => seen.push(done / total) });
    expect(voice.mostAtOnce).toBe(2);
    expect(seen).toEqual(many.map((_, index) => (index + 1) / 12));
    const one = new ToneSynthesizer('one');
    await render(many, { synthesizers: { en: one }, concurrency: 1 });
    expect(one.mostAtOnce).toBe(1);
  });

  it('makes a fragment once that is asked for twice', async () => {
    await render([HELLO, HELLO]);
    expect(voice.asked).toEqual([HELLO.text]);
  });
});
