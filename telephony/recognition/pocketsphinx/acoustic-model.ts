import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, StrowgerError } from '../../../engine/domain/errors.ts';
import type { Language } from '../../../engine/domain/language.ts';
import type { Phonetics } from '../../../engine/ports/phonetics.ts';
import type { Calibration } from './confidence.ts';
import { EnglishPronouncer } from './english-pronouncer.ts';
import { MandarinPronouncer, type SyllableTable } from './mandarin-pronouncer.ts';
import type { Pronouncer } from './pronouncer.ts';

/** An acoustic model of CMU Sphinx and what tells how words sound in its phones. */
export type ModelOptions = EnglishModelOptions | MandarinModelOptions;

interface CommonModelOptions {
  /** The folder with `mdef`, `means`, `feat.params` … */
  readonly dir: string;
  /** Of its likelihood ratios. Default: that of the model which the figures of docs/speech-commands.md are of. */
  readonly calibration?: Calibration;
}

export interface EnglishModelOptions extends CommonModelOptions {
  readonly language: 'en';
  /** A dictionary in the form of cmudict. */
  readonly dictionary: string;
}

export interface MandarinModelOptions extends CommonModelOptions {
  readonly language: 'zh-CN';
  /** Phones of the syllables, as JSON. Default: `pinyin2phones.json` in the folder. */
  readonly syllables?: string;
}

/** A model that can be decoded with. */
export interface AcousticModel {
  readonly language: Language;
  readonly dir: string;
  readonly sampleRateHz: 8_000 | 16_000;
  readonly pronouncer: Pronouncer;
  readonly calibration: Calibration;
}

const FILES = ['mdef', 'means', 'variances', 'transition_matrices', 'feat.params'];

// From bench/speech (docs/speech-commands.md): `en` as fitted with Debian's en-us; `zh-CN` with zh-tdt_sc_8k, between what fits synthesised
// commands (-20.6) and short words of a person (-13.2).
const CALIBRATIONS: Readonly<Record<Language, Calibration>> = { en: { half: -2.4, scale: 4.2 }, 'zh-CN': { half: -18, scale: 4.5 } };

/** The English model of the Debian package pocketsphinx-en-us; `root` is `/` or the folder that it was unpacked into. */
export function debianEnglishModel(root: string): EnglishModelOptions {
  const dir = join(root, 'usr/share/pocketsphinx/model/en-us');
  return { language: 'en', dir: join(dir, 'en-us'), dictionary: join(dir, 'cmudict-en-us.dict') };
}

/** Reads what is needed of a model. Rejects with `speech.model`. */
export async function openAcousticModel(options: ModelOptions, phonetics: Phonetics): Promise<AcousticModel> {
  const { language, dir } = options;
  const missing = FILES.find((name) => !existsSync(join(dir, name)));
  if (missing !== undefined) throw new StrowgerError('speech.model', `The folder ${dir} is no acoustic model: ${missing} is missing in it.`, { fields: { language } });
  return {
    language,
    dir,
    sampleRateHz: sampleRateOf(await readText(join(dir, 'feat.params'), language)),
    pronouncer: options.language === 'en' ? await english(options) : await mandarin(options, phonetics),
    calibration: options.calibration ?? CALIBRATIONS[language],
  };
}

async function english({ dictionary, language }: EnglishModelOptions): Promise<Pronouncer> {
  const text = await readText(dictionary, language);
  if (!/^a AH/m.test(text)) throw new StrowgerError('speech.model', `${dictionary} is no English dictionary in the form of cmudict.`, { fields: { language } });
  return new EnglishPronouncer(text);
}

async function mandarin({ dir, syllables = join(dir, 'pinyin2phones.json'), language }: MandarinModelOptions, phonetics: Phonetics): Promise<Pronouncer> {
  const text = await readText(syllables, language);
  const table = parsedTable(text);
  if (table === undefined) throw new StrowgerError('speech.model', `${syllables} is no JSON object of syllables and their phones, such as { "zhang": "zh ang" }.`, { fields: { language } });
  return new MandarinPronouncer(table, phonetics);
}

function parsedTable(text: string): SyllableTable | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const isTable = typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) && Object.values(parsed).every((phones) => typeof phones === 'string' && phones.trim() !== '');
  return isTable && Object.keys(parsed as object).length > 0 ? (parsed as SyllableTable) : undefined;
}

// Models tell the upper edge of what they listen to, in Hz, but not always the rate that they want.
function sampleRateOf(featParams: string): 8_000 | 16_000 {
  const value = (name: string) => Number(new RegExp(`^-${name}\\s+(\\S+)`, 'm').exec(featParams)?.[1]);
  const rate = value('samprate');
  return rate === 8_000 || value('upperf') <= 4_000 ? 8_000 : 16_000;
}

async function readText(path: string, language: Language): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new StrowgerError('speech.model', `A file of the acoustic model cannot be read: ${messageOf(cause)}`, { cause, fields: { language } });
  }
}
