import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Language } from '../../engine/domain/language.ts';
import { pinyinPhonetics } from '../../integrations/language/pinyin.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { debianEnglishModel, type ModelOptions } from '../../telephony/recognition/pocketsphinx/acoustic-model.ts';
import { DIGIT_PHRASES } from '../../telephony/recognition/pocketsphinx/digit-words.ts';
import { PocketsphinxRecognizer } from '../../telephony/recognition/pocketsphinx/pocketsphinx-recognizer.ts';
import { RecordingSink } from '../../telephony/recognition/testing/recording-sink.ts';
import { humanWords } from '../../test/rigs/human-words.ts';
import { ownCpuMs } from '../call/cpu.ts';
import { fittedCurve, recognitionFigures, type Trial } from './recognition-figures.ts';
import { DIGIT_STRINGS, ENGLISH, MANDARIN } from './scripts.ts';
import { TelephoneVoices, type Utterance } from './utterances.ts';

/**
 * What the embedded recogniser of commands reaches: `node --import tsx bench/speech/commands.ts [folder] [--only NAME]`. The folder holds the
 * models that Debian does not have (zh-tdt_sc_8k, en-hub4wsj_sc_8k of CMU Sphinx) and recordings (hsk_words_8k: words.tsv and its files);
 * without it, Debian's English model alone is measured.
 */
const { values, positionals } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'boolean' } }, allowPositionals: true });
const [folder] = positionals;
const root = await ensurePrivateRoot();
const voices = new TelephoneVoices(root);

interface Measurement {
  readonly name: string;
  readonly model: ModelOptions;
  readonly phrases: readonly string[];
  readonly utterances: () => Promise<readonly Utterance[]> | readonly Utterance[];
}

const english = debianEnglishModel(root.path);
const measurements: readonly Measurement[] = [
  ...englishMeasurements('en-us of Debian', english),
  ...inFolder('en-hub4wsj_sc_8k').flatMap((dir) => englishMeasurements('en-hub4wsj_sc_8k', { ...english, dir })),
  ...inFolder('zh-tdt_sc_8k').flatMap(mandarinMeasurements),
];

for (const measurement of measurements) if (values.only === undefined || measurement.name.includes(values.only)) await measure(measurement);
await voices.close();

function englishMeasurements(name: string, model: ModelOptions): readonly Measurement[] {
  return [
    { name: `${name}: menu`, model, phrases: ENGLISH.phrases, utterances: () => voices.utterances(ENGLISH, 'en') },
    { name: `${name}: digits`, model, phrases: DIGIT_PHRASES, utterances: () => digitStrings('en') },
  ];
}

function mandarinMeasurements(dir: string): readonly Measurement[] {
  const model: ModelOptions = { language: 'zh-CN', dir };
  const measured: Measurement[] = [
    { name: 'zh-tdt_sc_8k: menu', model, phrases: MANDARIN.phrases, utterances: () => voices.utterances(MANDARIN, 'zh-CN') },
    { name: 'zh-tdt_sc_8k: digits', model, phrases: DIGIT_PHRASES, utterances: () => digitStrings('zh-CN') },
  ];
  const { words } = humanWords(Number.POSITIVE_INFINITY, folder);
  for (const count of words.length > 0 ? [50, words.length] : []) {
    const phrases = words.slice(0, count).map(({ text }) => text);
    const utterances = words.map(({ text, sound: samples }): Utterance => (phrases.includes(text) ? { kind: 'phrase', said: text, samples } : { kind: 'other', samples }));
    measured.push({ name: `zh-tdt_sc_8k: ${count} words by a person`, model, phrases, utterances: () => utterances });
  }
  return measured;
}

async function digitStrings(language: Language): Promise<readonly Utterance[]> {
  const sounds = await voices.speak(DIGIT_STRINGS, language);
  return sounds.map((samples, at) => ({ kind: 'phrase', samples, said: (DIGIT_STRINGS[at % DIGIT_STRINGS.length] ?? '').replaceAll(' ', '') }));
}

function inFolder(name: string): readonly string[] {
  return folder !== undefined && existsSync(join(folder, name)) ? [join(folder, name)] : [];
}

async function measure({ name, model, phrases, utterances }: Measurement): Promise<void> {
  let last: Pick<Trial, 'found' | 'ratio'> = { found: undefined, ratio: undefined };
  const recognizer = await PocketsphinxRecognizer.open({
    command: root.command('pocketsphinx', []),
    models: [model],
    phonetics: pinyinPhonetics,
    clock: systemClock,
    answerLimitMs: 120_000,
    onRatio: (ratio, found) => {
      last = { ratio, found };
    },
  });
  const run = async (samples: Int16Array, paceMs = 0): Promise<number> => {
    const sink = new RecordingSink();
    const recognition = recognizer.recognize({ languages: [model.language], phrases }, sink);
    recognition.write(samples);
    await setTimeout(paceMs);
    const start = performance.now();
    recognition.end();
    const end = await sink.end;
    if ('error' in end) throw end.error;
    return performance.now() - start;
  };
  const said = await utterances();
  const trials: (Trial & { readonly kind: Utterance['kind'] })[] = [];
  const cpuBefore = ownCpuMs().endedChildren;
  for (const { samples, kind, said: phrase } of said) {
    last = { ratio: undefined, found: undefined };
    await run(samples);
    trials.push({ ...last, kind, ...(phrase === undefined ? {} : { said: phrase }) });
  }
  const cpuMs = ownCpuMs().endedChildren - cpuBefore;
  const seconds = said.reduce((sum, { samples }) => sum + samples.length / 8_000, 0);
  const waits: number[] = [];
  // As in a call: the model is loaded while the caller speaks.
  for (const { samples } of said.slice(0, 10)) waits.push(await run(samples, samples.length / 8));
  waits.sort((a, b) => a - b);
  await recognizer.close();
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const curve = fittedCurve(trials.filter(({ kind }) => kind !== 'polite'));
  console.log(`\n${name}: ${phrases.length} phrases; fitted half ${curve.half.toFixed(2)}, scale ${curve.scale.toFixed(2)}`);
  for (const confidence of [0.5, 0.3]) {
    const least = curve.half - curve.scale * Math.log(1 / confidence - 1);
    for (const kind of ['phrase', 'polite', 'other', 'noise'] as const) {
      const some = trials.filter((trial) => trial.kind === kind);
      if (some.length === 0) continue;
      const { found, right, wrong, falseAccepts } = recognitionFigures(some, least);
      const isSpoken = kind === 'phrase' || kind === 'polite';
      console.log(`  from ${confidence}: ${kind} (${some.length}) ${isSpoken ? `found ${percent(found)}, accepted ${percent(right)}, mistaken ${percent(wrong)}` : `taken for a phrase ${percent(falseAccepts)}`}`);
    }
  }
  const all = recognitionFigures(trials.filter(({ kind }) => kind !== 'noise'), curve.half);
  console.log(`  AUROC ${all.auroc.toFixed(3)}; CPU ${(cpuMs / 1000 / seconds).toFixed(3)} s a second of sound, ${Math.round(cpuMs / said.length)} ms an utterance; ${Math.round(waits[4] ?? 0)} ms after the end (median; most ${Math.round(waits.at(-1) ?? 0)})`);
  if (values.json === true) console.log(JSON.stringify({ name, trials }));
}
