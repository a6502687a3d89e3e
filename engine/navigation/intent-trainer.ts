import type { Phonetics } from '../ports/phonetics.ts';
import { featuresOf, type Features } from './features.ts';
import { IntentModel, scopeFeatures, softmax } from './intent-model.ts';
import { SVM_DEFAULTS, trainSvm, type SvmOptions } from './linear-svm.ts';
import { fitLogistic, type Labelled, type LogisticWeights } from './logistic.ts';
import { shuffler } from './shuffle.ts';
import type { SparseVector } from './sparse.ts';
import { Vocabulary } from './vocabulary.ts';

/** Something that callers say, and what they mean by it. */
export interface Example {
  readonly text: string;
  readonly intent: string;
}

export interface TrainingOptions {
  /** What callers say who mean none of the intents. Without it, intents that are left out in turn stand for them. */
  readonly outOfScope?: readonly string[];
  readonly phonetics?: Phonetics;
  readonly svm?: SvmOptions;
  /** Examples are shuffled by it: the same examples and seed give the same model, bit for bit. */
  readonly seed?: number;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (done: number) => void;
}

/** Of a set this large one part is held out to learn how sure to be; of a smaller one each part in turn. */
const LARGE = 3_000;
const PARTS = 5;
/** So many callers want one of the intents: what is held out does not tell, for it holds as many strangers as were at hand. */
const EXPECTED_IN_SCOPE = 0.9;
/** Two intents alone teach nothing of what is neither: an utterance of unknown words then counts as out of scope, one of known words as in. */
const SCOPE_UNTAUGHT: LogisticWeights = [3, 1, -6];
/** One of so many intents is left out while it is learnt what an utterance looks like that is none of them. */
const STRANGERS_OF = 7;

/** Learns intents from examples. Throws a RangeError when there are fewer than two intents. */
export function trainIntents(examples: readonly Example[], options: TrainingOptions = {}): IntentModel {
  const { phonetics, seed = 1, onProgress = () => undefined } = options;
  const intents = [...new Set(examples.map(({ intent }) => intent))].sort();
  if (intents.length < 2) throw new RangeError('There must be two intents at least.');
  const features = examples.map(({ text }) => featuresOf(text, phonetics));
  const strangers = (options.outOfScope ?? []).map((text) => featuresOf(text, phonetics));
  const labels = examples.map(({ intent }) => intents.indexOf(intent));
  const rounds = examples.length > LARGE ? 1 : PARTS;
  const parts = partsOf(labels, intents.length, seed);
  const judged: Judged[] = [];
  for (let part = 0; part < rounds; part += 1) {
    judged.push(...judgeRest({ features, labels, intents: intents.length, isHeldOut: (i) => parts[i] === part, isStranger: (label) => (label + part) % Math.min(STRANGERS_OF, intents.length) === 0, strangers, options }));
    onProgress((part + 1) / (rounds + 1));
  }
  const temperature = fitTemperature(judged);
  const knowsStrangers = judged.some(({ label }) => label === undefined);
  const scope = !knowsStrangers ? SCOPE_UNTAUGHT : fitLogistic(judged.map(({ scores, unknown, label }): Labelled => ({ features: scopeFeatures(scores, unknown), isTrue: label !== undefined })), 2, EXPECTED_IN_SCOPE);
  const { vocabulary, columns } = learn(features, labels, intents.length, options);
  onProgress(1);
  return new IntentModel({ intents, vocabulary, ...quantized(columns), temperature, scope }, phonetics);
}

/** How an utterance was judged that was not learnt from. */
interface Judged {
  readonly scores: Float64Array;
  readonly unknown: number;
  /** The place of its intent among `scores`; undefined: it is none of them. */
  readonly label: number | undefined;
}

interface Course {
  readonly features: readonly Features[];
  readonly labels: readonly number[];
  readonly intents: number;
  readonly isHeldOut: (example: number) => boolean;
  readonly isStranger: (label: number) => boolean;
  readonly strangers: readonly Features[];
  readonly options: TrainingOptions;
}

/** Learns from some of the examples, and judges the others. */
function judgeRest({ features, labels, intents, isHeldOut, isStranger, strangers, options }: Course): readonly Judged[] {
  // Where there are examples of what is out of scope, no intent need be left out; of two none can.
  const known = Array.from({ length: intents }, (_, label) => label).filter((label) => strangers.length > 0 || intents < 3 || !isStranger(label));
  const place = new Map(known.map((label, index) => [label, index]));
  const learnt = labels.map((_, i) => i).filter((i) => !isHeldOut(i) && place.has(labels[i]!));
  const { vocabulary, columns } = learn(learnt.map((i) => features[i]!), learnt.map((i) => place.get(labels[i]!)!), known.length, options);
  const judge = (text: Features, label: number | undefined): Judged => {
    const { vector, unknown } = vocabulary.vectorOf(text);
    return { scores: Float64Array.from(columns, (column) => scoreOf(column, vector)), unknown, label };
  };
  const heldOut = labels.map((_, i) => i).filter((i) => isHeldOut(i) || !place.has(labels[i]!));
  return [...heldOut.map((i) => judge(features[i]!, place.get(labels[i]!))), ...strangers.map((text) => judge(text, undefined))];
}

interface Learnt {
  readonly vocabulary: Vocabulary;
  /** The weights of each intent, the bias last. */
  readonly columns: readonly Float32Array[];
}

function learn(features: readonly Features[], labels: readonly number[], intents: number, { svm = SVM_DEFAULTS, seed = 1 }: TrainingOptions): Learnt {
  const vocabulary = Vocabulary.of(features);
  const vectors = features.map((text) => vocabulary.vectorOf(text).vector);
  const order = shuffler(seed);
  const columns = Array.from({ length: intents }, (_, label) => trainSvm(vectors, (i) => labels[i] === label, vocabulary.size, order, svm));
  return { vocabulary, columns };
}

function scoreOf(column: Float32Array, { at, values }: SparseVector): number {
  let score = column[column.length - 1]!;
  for (let k = 0; k < at.length; k += 1) score += column[at[k]!]! * values[k]!;
  return score;
}

/** Deals the examples of each intent out to `PARTS` parts alike. */
function partsOf(labels: readonly number[], intents: number, seed: number): Uint8Array {
  const parts = new Uint8Array(labels.length);
  const shuffle = shuffler(seed);
  for (let label = 0; label < intents; label += 1) {
    const own = Int32Array.from(labels.flatMap((each, i) => (each === label ? [i] : [])));
    shuffle(own);
    own.forEach((example, n) => (parts[example] = n % PARTS));
  }
  return parts;
}

/** That makes the right intents of held-out examples most likely: a search by golden section over its logarithm. */
function fitTemperature(judged: readonly Judged[]): number {
  const loss = (logarithm: number): number => {
    const temperature = Math.exp(logarithm);
    return judged.reduce((sum, { scores, label }) => (label === undefined ? sum : sum - Math.log(Math.max(1e-12, softmax(scores, temperature)[label]!))), 0);
  };
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.02), Math.log(5)];
  for (let step = 0; step < 30; step += 1) {
    const [left, right] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (loss(left) < loss(right)) high = right;
    else low = left;
  }
  return Math.exp((low + high) / 2);
}

/** A byte a weight: a model is a quarter as large, and decides the same but for ties. */
function quantized(columns: readonly Float32Array[]): { readonly weights: Int8Array; readonly scales: Float32Array } {
  const features = columns[0]?.length ?? 0;
  const scales = Float32Array.from(columns, (column) => Math.max(1e-9, column.reduce((most, weight) => Math.max(most, Math.abs(weight)), 0)) / 127);
  const weights = new Int8Array(features * columns.length);
  columns.forEach((column, i) => column.forEach((weight, feature) => (weights[feature * columns.length + i] = Math.round(weight / scales[i]!))));
  return { weights, scales };
}
