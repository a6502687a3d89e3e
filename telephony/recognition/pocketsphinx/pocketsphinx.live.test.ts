import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecognitionRequest } from '../../../engine/ports/recognizer.ts';
import { pinyinPhonetics } from '../../../integrations/language/pinyin.ts';
import { systemClock } from '../../../integrations/runtime/system-clock.ts';
import { humanWords, type HumanWord } from '../../../test/rigs/human-words.ts';
import { whiteNoise } from '../../../test/rigs/telephone-sounds.ts';
import { telephoneSpeech } from '../../../test/rigs/telephone-speech.ts';
import { ensurePrivateRoot } from '../../pbx/private-packages.ts';
import type { PrivateRoot } from '../../pbx/private-root.ts';
import { FliteSynthesizer } from '../../speech/flite-synthesizer.ts';
import { Resampler } from '../../speech/resampler.ts';
import { fromPcm } from '../../speech/sound.ts';
import { recognizerContract, type RecognizerRig, speak, understood } from '../testing/recognizer-contract.ts';
import { type RecognitionEnd, RecordingSink } from '../testing/recording-sink.ts';
import { debianEnglishModel } from './acoustic-model.ts';
import { DIGIT_PHRASES } from './digit-words.ts';
import { type PocketsphinxOptions, PocketsphinxRecognizer } from './pocketsphinx-recognizer.ts';

// Models and recordings that Debian does not have (docs/speech-commands.md).
const DATA = process.env.STROWGER_SPEECH_DATA ?? join(import.meta.dirname, '../../../../shared/data/speech');
const MANDARIN = join(DATA, 'zh-tdt_sc_8k');
const { words } = humanWords(124, DATA);
const hasMandarin = existsSync(join(MANDARIN, 'mdef')) && words.length > 0;
if (!hasMandarin) console.log(`Mandarin is not tested: ${DATA} does not hold zh-tdt_sc_8k and hsk_words_8k. STROWGER_SPEECH_DATA names the folder that does.`);

const MENU: RecognitionRequest = { languages: ['en'], phrases: ['account balance', 'lost card', 'transfer money', 'opening hours', 'speak to an agent', 'cancel'] };

let root: PrivateRoot;
let recognizer: PocketsphinxRecognizer;
let english: ReadonlyMap<string, Int16Array>;

function options(): PocketsphinxOptions {
  return {
    command: root.command('pocketsphinx', []),
    models: [debianEnglishModel(root.path), ...(hasMandarin ? [{ language: 'zh-CN', dir: MANDARIN } as const] : [])],
    phonetics: pinyinPhonetics,
    clock: systemClock,
    // Two cores, and whatever else runs on them.
    answerLimitMs: 30_000,
  };
}

const SAID = ['account balance', 'lost card', 'I want to speak to an agent please', 'what is the weather today', 'my dog is sick', 'could you tell me a story', 'nine five eight'];

beforeAll(async () => {
  root = await ensurePrivateRoot();
  recognizer = await PocketsphinxRecognizer.open(options());
  const voice = new FliteSynthesizer(root.command('flite', []));
  const resampler = new Resampler();
  const sounds = await Promise.all(
    SAID.map(async (text) => {
      const { samples, sampleRateHz } = await voice.render(text, 'en');
      return [text, telephoneSpeech((await resampler.resampled({ samples: fromPcm(samples), sampleRateHz }, 8_000)).samples)] as const;
    }),
  );
  await resampler.close();
  english = new Map(sounds);
}, 600_000);
afterAll(async () => {
  await recognizer.close();
  expect(childProcesses()).toEqual([]);
});

function sound(text: string): Int16Array {
  return english.get(text) ?? new Int16Array();
}

/** Two seconds; `level` is the root mean square, 1 full scale. */
function noise(level: number): Int16Array {
  return whiteNoise(2_000, 20 * Math.log10(level));
}

async function heard(samples: Int16Array, request = MENU): Promise<string> {
  return understood(await outcome(samples, request));
}

/** 0 when nothing was understood. */
async function confidence(samples: Int16Array, request: RecognitionRequest): Promise<number> {
  const end = await outcome(samples, request);
  return 'transcripts' in end ? (end.transcripts[0]?.confidence ?? 0) : 0;
}

function outcome(samples: Int16Array, request: RecognitionRequest): Promise<RecognitionEnd> {
  const sink = new RecordingSink();
  const recognition = recognizer.recognize(request, sink);
  speak(recognition, samples);
  recognition.end();
  return sink.end;
}

/** Programs of ours that run, or have ended and were not asked for their result (zombies). */
function childProcesses(): readonly string[] {
  const pids = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').split(' ');
  const names = pids.map((pid) => (existsSync(`/proc/${pid}/cmdline`) ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ') : ''));
  return names.filter((name) => name.includes('pocketsphinx'));
}

async function rig(): Promise<RecognizerRig> {
  const opened = await PocketsphinxRecognizer.open(options());
  const others: PocketsphinxRecognizer[] = [];
  return {
    recognizer: opened,
    request: MENU,
    unknownRequest: { languages: ['en'], phrases: ['blargh'] },
    spoken: [
      { samples: sound('account balance'), text: 'account balance' },
      { samples: sound('lost card'), text: 'lost card' },
    ],
    tellsPartials: false,
    away: async () => {
      const { file, args, env } = root.command('pocketsphinx', []);
      const dir = mkdtempSync(join(tmpdir(), 'strowger-away-'));
      symlinkSync(file, join(dir, 'loader'));
      const away = await PocketsphinxRecognizer.open({ ...options(), command: { file: join(dir, 'loader'), args, env } });
      rmSync(dir, { recursive: true });
      others.push(away);
      return away;
    },
    leftovers: async () => {
      for (const each of [opened, ...others]) await each.idle();
      return childProcesses();
    },
    close: async () => {
      for (const each of [opened, ...others]) await each.close();
    },
  };
}

recognizerContract('pocketsphinx', rig, { sends: false });

describe('in English, with the model of Debian', () => {
  it('understands a phrase, also with polite words around it', async () => {
    expect(await heard(sound('lost card'))).toBe('lost card');
    expect(await heard(sound('I want to speak to an agent please'))).toBe('speak to an agent');
  });

  it('understands a string of digits', async () => {
    expect(await heard(sound('nine five eight'), { languages: ['en'], phrases: DIGIT_PHRASES })).toBe('958');
  });

  it.each(['what is the weather today', 'my dog is sick', 'could you tell me a story'])('takes "%s" for none of the phrases', async (text) => {
    expect(await heard(sound(text))).toBe('');
  });

  it('takes silence and noise for nothing', async () => {
    expect(await heard(new Int16Array(16_000))).toBe('');
    for (const level of [0.003, 0.03, 0.2]) expect(await heard(noise(level))).toBe('');
  });

  it('understands digits in a phrase as they are said', () => {
    expect(recognizer.problems(['24 hour service', 'option 2', 'call 95588'], 'en')).toEqual([]);
  });
});

it('leaves no program behind when recognitions are cancelled', async () => {
  for (const samples of [0, 800, 8_000]) {
    const sink = new RecordingSink();
    const recognition = recognizer.recognize(MENU, sink);
    recognition.write(sound('lost card').subarray(0, samples));
    recognition.cancel();
    await recognizer.idle();
    expect(childProcesses()).toEqual([]);
    expect(sink.isUntouched).toBe(true);
  }
});

if (hasMandarin) {
  describe('in Mandarin, words said by a person', () => {
    const request: RecognitionRequest = { languages: ['zh-CN'], phrases: words.slice(0, 24).map(({ text }) => text) };

    it('understands most of a menu of 24', async () => {
      const right: string[] = [];
      for (const { text, sound: said } of words.slice(0, 24)) if ((await heard(said, request)) === text) right.push(text);
      console.log(`${right.length} of 24: ${right.join(' ')}`);
      expect(right.length).toBeGreaterThanOrEqual(16);
    });

    it('is surer of them than of other words', async () => {
      const sureness = async (some: readonly HumanWord[]) => {
        const all: number[] = [];
        for (const word of some) all.push(await confidence(word.sound, request));
        return all.sort((a, b) => a - b);
      };
      const [said, others] = [await sureness(words.slice(0, 24)), await sureness(words.slice(100, 124))];
      console.log(`medians ${said[12]?.toFixed(2)} and ${others[12]?.toFixed(2)}`);
      expect(said[12]).toBeGreaterThan((others[12] ?? 1) + 0.1);
      expect(said[6]).toBeGreaterThan(others[6] ?? 1);
    });

    it('takes noise for nothing', async () => {
      for (const level of [0.003, 0.03, 0.2]) expect(await heard(noise(level), request)).toBe('');
    });
  });
}
