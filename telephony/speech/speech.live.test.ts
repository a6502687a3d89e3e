import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { type Language, LANGUAGES } from '../../engine/domain/language.ts';
import type { PromptTexts } from '../../engine/domain/prompt.ts';
import type { Synthesizer } from '../../engine/ports/synthesizer.ts';
import { PrivateAsterisk } from '../pbx/private-asterisk.ts';
import { ensurePrivateRoot } from '../pbx/private-packages.ts';
import type { PrivateRoot } from '../pbx/private-root.ts';
import { ScriptedCaller } from '../phones/scripted-caller.ts';
import { EspeakSynthesizer } from './espeak-synthesizer.ts';
import { FliteSynthesizer } from './flite-synthesizer.ts';
import { atomFragments, type Fragment, promptFragments } from './fragments.ts';
import { requirePlayable } from './prompt-problems.ts';
import { fragmentId, PromptRenderer } from './prompt-renderer.ts';
import { RenderedPromptLibrary } from './rendered-prompt-library.ts';
import { dbOf, fromPcm, peakOf, type Sound, speechLevel, speechSpan } from './sound.ts';
import { decodeWav } from './wav.ts';

const TEXTS = {
  'main.menu': {
    'zh-CN': '银行卡挂失请按1，账户余额查询请按2，信用卡业务请按3，个人贷款请按4，人工服务请按0，重听请按星号键。',
    en: 'If your card is lost or stolen, press 1. For your account balance, press 2. To speak to an agent, press 0.',
  },
  balance: { 'zh-CN': '您的账户可用余额为{sum:money}。', en: 'Your available balance is {sum:money}.' },
  amount: { 'zh-CN': '{sum:money}', en: '{sum:money}' },
  card: { 'zh-CN': '{card:digits}', en: '{card:digits}' },
} satisfies PromptTexts;
const FRAGMENTS = [...promptFragments(TEXTS), ...LANGUAGES.flatMap(atomFragments)];

let root: PrivateRoot;
let dir: string;
let cacheDir: string;
let voices: Readonly<Record<Language, Synthesizer>>;
let prompts: RenderedPromptLibrary;
let coldMs: number;

beforeAll(async () => {
  root = await ensurePrivateRoot();
  dir = mkdtempSync(join(tmpdir(), 'strowger-speech-'));
  cacheDir = join(dir, 'cache');
  voices = { 'zh-CN': new EspeakSynthesizer(root.command('espeak-ng', [])), en: new FliteSynthesizer(root.command('flite', [])) };
  prompts = new RenderedPromptLibrary({ cacheDir, synthesizers: voices });
  const start = performance.now();
  const { rendered, problems } = await prompts.load(new Map([['bank', TEXTS]]));
  coldMs = performance.now() - start;
  requirePlayable(problems);
  console.log(`rendered ${rendered} fragments in ${Math.round(coldMs)} ms`);
}, 600_000);
afterAll(() => rmSync(dir, { recursive: true }));

function read(path: string): Sound {
  const { samples, sampleRateHz } = decodeWav(readFileSync(path));
  return { samples: fromPcm(samples), sampleRateHz };
}

const ofUri = (uri: string) => read(`${uri.slice('sound:'.length)}.wav`);

/** One sound after another, as the switch plays them. */
function joined(media: readonly string[]): Sound {
  return { samples: Float32Array.from(media.flatMap((uri) => [...ofUri(uri).samples])), sampleRateHz: 8_000 };
}

/** The longest silence between the first and the last word. */
function longestGapMs(sound: Sound): number {
  const { from, to } = speechSpan(sound) ?? { from: 0, to: 0 };
  const frame = sound.sampleRateHz / 200;
  let longest = 0;
  let silence = 0;
  for (let at = from; at < to; at += frame) {
    silence = speechLevel({ ...sound, samples: sound.samples.subarray(at, at + frame) }) < 0.002 ? silence + 5 : 0;
    longest = Math.max(longest, silence);
  }
  return longest;
}

const speechMs = (sound: Sound) => {
  const { from, to } = speechSpan(sound) ?? { from: 0, to: 0 };
  return ((to - from) * 1000) / sound.sampleRateHz;
};

describe.each(LANGUAGES)('fragments in %s', (language) => {
  const said = FRAGMENTS.filter((fragment) => fragment.language === language && fragment.text !== '');
  let paths: ReadonlyMap<string, string>;

  beforeAll(async () => {
    const result = await new PromptRenderer({ cacheDir, synthesizers: voices }).render(said);
    expect(result.rendered).toBe(0);
    paths = result.paths;
  });

  const sound = (fragment: Fragment, extension: 'wav' | 'wav16') => read(join(cacheDir, `${paths.get(fragmentId(fragment))}.${extension}`));

  it('have the right rates, one level, and no clipping', () => {
    for (const fragment of said) {
      const [narrow, wide] = [sound(fragment, 'wav'), sound(fragment, 'wav16')];
      expect([fragment.name, narrow.sampleRateHz, wide.sampleRateHz]).toEqual([fragment.name, 8_000, 16_000]);
      const level = dbOf(speechLevel(narrow));
      expect(level, `level of ${fragment.name}`).toBeGreaterThan(-22);
      expect(level, `level of ${fragment.name}`).toBeLessThan(-19.9);
      for (const { samples } of [narrow, wide]) expect(dbOf(peakOf(samples)), `peak of ${fragment.name}`).toBeLessThan(-0.9);
    }
  });

  it('last as long as someone takes to say them', () => {
    for (const fragment of said) {
      // A syllable of Mandarin takes an eighth to half a second; a letter of English a fifth at most, as does a short word's four.
      const characters = fragment.text.replaceAll(/[^\p{L}\p{N}]/gu, '').length;
      const units = language === 'zh-CN' ? characters : Math.max(4, characters);
      const [least, most] = language === 'zh-CN' ? [120, 450] : [30, 200];
      const each = speechMs(sound(fragment, 'wav')) / units;
      expect(each, `${fragment.name}: ${fragment.text}`).toBeGreaterThan(least);
      expect(each, `${fragment.name}: ${fragment.text}`).toBeLessThan(most);
    }
  });

  it('that are joined have little silence around them', () => {
    for (const fragment of said.filter(({ role }) => role === 'atom')) {
      // A final s is above what a telephone lets through, so only here it is no silence.
      const whole = sound(fragment, 'wav16');
      expect((whole.samples.length * 1000) / 16_000 - speechMs(whole), fragment.name).toBeLessThanOrEqual(45);
    }
  });
});

describe('voices', () => {
  it('read characters of several readings as callers do', async () => {
    const sameSound = async (one: string, other: string) => {
      const [first, second] = [await voices['zh-CN'].render(one, 'zh-CN'), await voices['zh-CN'].render(other, 'zh-CN')];
      return Buffer.from(first.samples.buffer).equals(Buffer.from(second.samples.buffer));
    };
    expect(await sameSound('重听请按星号键', '虫听请按星号键')).toBe(true);
    expect(await sameSound('还款业务请按二', '环款业务请按二')).toBe(true);
    expect(await sameSound('您的账户余额为', '您的账户余额围')).toBe(true);
    expect(await sameSound('正在为您转接', '正在围您转接')).toBe(false);
  });

  it('tell what they cannot do', async () => {
    await expect(voices.en.render('您好', 'zh-CN')).rejects.toMatchObject({ code: 'prompt.synthesis' });
    const nobody = new EspeakSynthesizer(root.command('espeak-ng', []), { voices: { 'zh-CN': 'nobody' } });
    await expect(nobody.render('您好', 'zh-CN')).rejects.toMatchObject({ code: 'prompt.synthesis' });
  });

  it('speak the same text the same way, so that a cache of it is true', async () => {
    for (const language of LANGUAGES) {
      const one = await voices[language].render(TEXTS['main.menu'][language], language);
      // Not within the same second: espeak-ng takes its noise from the clock unless it is told otherwise.
      await setTimeout(1_100);
      const other = await voices[language].render(TEXTS['main.menu'][language], language);
      expect(Buffer.from(one.samples.buffer).equals(Buffer.from(other.samples.buffer)), language).toBe(true);
    }
  });
});

describe('a second start', () => {
  it('asks nobody to speak, and takes a fraction of the time', async () => {
    const silent = (voice: Synthesizer): Synthesizer => ({ id: voice.id, render: () => Promise.reject(new Error('asked')) });
    const again = new RenderedPromptLibrary({ cacheDir, synthesizers: { 'zh-CN': silent(voices['zh-CN']), en: silent(voices.en) } });
    const start = performance.now();
    const { rendered, problems, fragments } = await again.load(new Map([['bank', TEXTS]]));
    const warmMs = performance.now() - start;
    console.log(`found ${fragments} fragments in ${Math.round(warmMs)} ms`);
    expect({ rendered, problems }).toEqual({ rendered: 0, problems: [] });
    expect(warmMs).toBeLessThan(coldMs / 10);
    expect(again.media({ key: 'balance', values: { sum: 1 } }, 'en')).toEqual(prompts.media({ key: 'balance', values: { sum: 1 } }, 'en'));
  });
});

describe('一百二十元五角', () => {
  const ref = { key: 'amount', values: { sum: 12_050 } };

  it('does not drag, in either language', () => {
    for (const language of LANGUAGES) {
      const sound = joined(prompts.media(ref, language));
      console.log(`${language}: ${speechMs(sound)} ms, longest gap ${longestGapMs(sound)} ms, level ${dbOf(speechLevel(sound)).toFixed(1)} dBFS`);
      expect(longestGapMs(sound)).toBeLessThanOrEqual(120);
    }
    // Seven syllables.
    expect(speechMs(joined(prompts.media(ref, 'zh-CN')))).toBeLessThan(2_800);
  });
});

describe('on a real Asterisk', () => {
  let pbx: PrivateAsterisk;

  beforeAll(async () => {
    pbx = await PrivateAsterisk.start({ root, parentDir: dir, config: { hotlines: [{ number: '95588', flow: 'bank' }], extraModules: ['res_convert.so'] } });
  });
  afterAll(async () => {
    const left = { channels: await pbx.channelCount(), bridges: await pbx.bridgeCount() };
    await pbx.stop();
    expect(left).toEqual({ channels: 0, bridges: 0 });
  });

  function ari(path: string, method: string, body?: unknown): Promise<Response> {
    const authorization = `Basic ${Buffer.from(`${pbx.ari.user}:${pbx.ari.password}`).toString('base64')}`;
    return fetch(`${pbx.ari.url}/ari/${path}`, { method, headers: { authorization, 'content-type': 'application/json' }, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  }

  /** Calls, has `media` played as one playback, and brings back what the caller heard. */
  async function heard(media: readonly string[]): Promise<Sound> {
    const socket = new WebSocket(`${pbx.ari.url.replace('http', 'ws')}/ari/events?app=strowger`, { auth: `${pbx.ari.user}:${pbx.ari.password}` });
    onTestFinished(() => socket.terminate());
    await once(socket, 'open');
    const event = (type: string) =>
      new Promise<{ readonly channel: { readonly id: string }; readonly playback: { readonly state: string } }>((resolve) => {
        socket.on('message', (data: Buffer) => {
          const parsed = JSON.parse(data.toString()) as { readonly type: string } & Awaited<ReturnType<typeof event>>;
          if (parsed.type === type) resolve(parsed);
        });
      });
    const entered = event('StasisStart');
    const finished = event('PlaybackFinished');
    const caller = await ScriptedCaller.start({ command: root.command('sipp', []), server: pbx.sip });
    onTestFinished(() => caller.stop());
    const call = await caller.dial({ number: '95588', callerNumber: '13800138000' });
    const { channel } = await entered;
    await ari(`channels/${channel.id}/answer`, 'POST');
    await call.answered;
    expect((await ari(`channels/${channel.id}/play`, 'POST', { media })).status).toBe(201);
    expect((await finished).playback.state).toBe('done');
    await ari(`channels/${channel.id}`, 'DELETE');
    await call.ended;
    const { pcm, sampleRateHz } = call.media.recording();
    return { samples: fromPcm(pcm), sampleRateHz };
  }

  it('a value sounds as it was put together, without gaps of the switch’s own', async () => {
    const media = prompts.media({ key: 'balance', values: { sum: 12_050 } }, 'zh-CN');
    const [told, expected] = [await heard(media), joined(media)];
    console.log(`heard ${speechMs(told)} ms of ${speechMs(expected)} ms, longest gap ${longestGapMs(told)} ms, level ${dbOf(speechLevel(told)).toFixed(1)} dBFS`);
    expect(Math.abs(speechMs(told) - speechMs(expected))).toBeLessThan(250);
    expect(longestGapMs(told)).toBeLessThanOrEqual(120);
    expect(Math.abs(dbOf(speechLevel(told)) + 20)).toBeLessThan(1);
  });

  it('the digits of a card are one playback, in groups of four', async () => {
    const media = prompts.media({ key: 'card', values: { card: '6222021234567890' } }, 'zh-CN');
    const gap = longestGapMs(await heard(media));
    expect(gap).toBeGreaterThan(180);
    expect(gap).toBeLessThan(330);
  });

  it('the file for wideband calls is read as one of 16 kHz', async () => {
    const [uri] = prompts.media({ key: 'main.menu' }, 'zh-CN');
    const path = uri?.slice('sound:'.length) ?? '';
    const copy = join(dir, 'copy.sln16');
    await pbx.cli(`file convert ${path}.wav16 ${copy}`);
    const bytes = readFileSync(copy);
    const { samples } = decodeWav(readFileSync(`${path}.wav16`));
    const copied = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1);
    // The last frame may be cut off or filled up.
    expect(Math.abs(copied.length - samples.length)).toBeLessThanOrEqual(320);
    expect(copied.subarray(0, samples.length - 320)).toEqual(samples.subarray(0, samples.length - 320));
  });
});
