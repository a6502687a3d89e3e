import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hearingFor } from '../../app/nlu/hearing.ts';
import { readExamples, readTexts } from '../../app/nlu/examples-file.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { auroc, evaluate, type Verdict } from '../../engine/navigation/evaluation.ts';
import { trainIntents, type Example } from '../../engine/navigation/intent-trainer.ts';
import { shuffler } from '../../engine/navigation/shuffle.ts';
import { naiveBayes, nearestExample, type Classify } from './peers.ts';

const FOLDS = 5;

export interface NluBenchOptions {
  /** A folder with `<name>_train.csv` and, where there is, `<name>_oos_train.csv`. */
  readonly folder: string;
  /** One fold of five, and sets of 3 000 examples at most. */
  readonly quick: boolean;
  readonly onProgress: (text: string) => void;
}

/** What one way of telling intents reached on the same folds. */
export interface Contestant {
  readonly name: string;
  readonly accuracy: number;
  readonly macroF1: number;
  readonly microsecondsEach: number;
}

export interface DataSetResult {
  readonly name: string;
  readonly examples: number;
  readonly intents: number;
  readonly folds: number;
  readonly contestants: readonly Contestant[];
  readonly calibrationError: number;
  /** Of what was held out against utterances out of scope, none of which was learnt from; absent when there are none. */
  readonly outOfScopeAuroc?: number;
  /** CPU of one training, all of it. */
  readonly trainingCpuSeconds: number;
}

export interface NluBenchResult {
  readonly node: string;
  readonly sets: readonly DataSetResult[];
}

/** Cross-validates on each set of a folder: ours beside the plain ways. Throws `nlu.data` when there is none. */
export function nluBench({ folder, quick, onProgress }: NluBenchOptions): NluBenchResult {
  const names = listSets(folder);
  const sets: DataSetResult[] = [];
  for (const name of names) {
    const examples = readExamples(join(folder, `${name}_train.csv`));
    if (quick && examples.length > 3_000) continue;
    const strangers = strangersOf(folder, name);
    sets.push(crossValidate(name, examples, strangers, quick ? 1 : FOLDS, onProgress));
  }
  return { node: process.version, sets };
}

function listSets(folder: string): readonly string[] {
  let files: readonly string[];
  try {
    files = readdirSync(folder);
  } catch (cause) {
    throw new StrowgerError('nlu.data', `The folder ${folder} cannot be read.`, { cause, fields: { folder } });
  }
  const names = files.flatMap((file) => /^(.*)_train\.csv$/.exec(file)?.[1] ?? []).filter((name) => !name.endsWith('_oos'));
  if (names.length === 0) throw new StrowgerError('nlu.data', `There is no <name>_train.csv in ${folder}.`, { fields: { folder } });
  return names.sort();
}

function strangersOf(folder: string, name: string): readonly string[] {
  const file = `${name}_oos_train.csv`;
  return readdirSync(folder).includes(file) ? readTexts(join(folder, file)) : [];
}

function crossValidate(name: string, examples: readonly Example[], strangers: readonly string[], folds: number, onProgress: (text: string) => void): DataSetResult {
  const fold = foldsOf(examples);
  const hearing = hearingFor(examples.map(({ text }) => text), true);
  const [ours, nearest, bayes] = [new Course('strowger'), new Course('nearest example'), new Course('naive Bayes')];
  const [inside, outside]: [number[], number[]] = [[], []];
  let cpuMs = 0;
  for (let part = 0; part < folds; part += 1) {
    onProgress(`${name}: fold ${part + 1} of ${folds}`);
    const [learnt, heldOut] = [examples.filter((_, i) => fold[i] !== part), examples.filter((_, i) => fold[i] === part)];
    const before = process.cpuUsage();
    const model = trainIntents(learnt, hearing);
    const { user, system } = process.cpuUsage(before);
    cpuMs += (user + system) / 1000;
    ours.run(heldOut, (text) => model.understand(text, 1).guesses[0]);
    nearest.run(heldOut, plain(nearestExample(learnt)));
    bayes.run(heldOut, plain(naiveBayes(learnt)));
    for (const { text } of heldOut) inside.push(model.understand(text, 1).inScope);
    for (const text of strangers) outside.push(model.understand(text, 1).inScope);
  }
  return {
    name,
    examples: examples.length,
    intents: new Set(examples.map(({ intent }) => intent)).size,
    folds,
    contestants: [ours, nearest, bayes].map((course) => course.result),
    calibrationError: evaluate(ours.verdicts).calibrationError,
    ...(outside.length === 0 ? {} : { outOfScopeAuroc: auroc(inside, outside) }),
    trainingCpuSeconds: cpuMs / 1000 / folds,
  };
}

type Guess = (text: string) => { readonly intent: string; readonly confidence: number } | undefined;

const plain = (classify: Classify): Guess => (text) => {
  const intent = classify(text);
  return intent === undefined ? undefined : { intent, confidence: 1 };
};

/** The verdicts of one contestant, over all folds. */
class Course {
  readonly name: string;
  readonly verdicts: Verdict[] = [];
  #tookMs = 0;

  constructor(name: string) {
    this.name = name;
  }

  run(heldOut: readonly Example[], guess: Guess): void {
    const startedMs = performance.now();
    for (const { text, intent } of heldOut) {
      const found = guess(text);
      this.verdicts.push({ text, meant: intent, understood: found?.intent, confidence: found?.confidence ?? 0 });
    }
    this.#tookMs += performance.now() - startedMs;
  }

  get result(): Contestant {
    const { accuracy, macroF1 } = evaluate(this.verdicts);
    return { name: this.name, accuracy, macroF1, microsecondsEach: (this.#tookMs * 1000) / this.verdicts.length };
  }
}

/** Deals each intent's examples out alike. */
function foldsOf(examples: readonly Example[]): readonly number[] {
  const order = Int32Array.from(examples, (_, i) => i);
  shuffler(7)(order);
  const dealt = new Map<string, number>();
  const folds = new Array<number>(examples.length).fill(0);
  for (const i of order) {
    const { intent } = examples[i]!;
    const count = dealt.get(intent) ?? 0;
    dealt.set(intent, count + 1);
    folds[i] = count % FOLDS;
  }
  return folds;
}
