import { featuresOf, type Features } from './features.ts';
import { IntentModel, nearest, scopeFeatures, softmax, type Hearing, type IntentModelParts } from './intent-model.ts';
import { denseWeights, quantized } from './linear-scores.ts';
import { SVM_DEFAULTS, trainSvms, type SvmOptions } from './linear-svm.ts';
import { fitLogistic, type Labelled, type LogisticWeights } from './logistic.ts';
import { shuffler } from './shuffle.ts';
import { scoreOf, toLengthOne } from './sparse.ts';
import { Vocabulary } from './vocabulary.ts';

/** Something that callers say, and what they mean by it. */
export interface Example {
  readonly text: string;
  readonly intent: string;
}

export interface TrainingOptions extends Hearing {
  /** What callers say who mean none of the intents. Without it, intents that are left out in turn stand for them. */
  readonly outOfScope?: readonly string[];
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
  const { embedding, seed = 1, onProgress = () => undefined } = options;
  const intents = [...new Set(examples.map(({ intent }) => intent))].sort();
  if (intents.length < 2) throw new RangeError('There must be two intents at least.');
  const hear = (text: string): Said => ({ features: featuresOf(text, options), meaning: embedding?.embed(text) });
  const said = examples.map(({ text }) => hear(text));
  const strangers = (options.outOfScope ?? []).map(hear);
  const labels = examples.map(({ intent }) => intents.indexOf(intent));
  const rounds = examples.length > LARGE ? 1 : PARTS;
  const parts = partsOf(labels, intents.length, seed);
  const judged: Judged[] = [];
  for (let part = 0; part < rounds; part += 1) {
    judged.push(...judgeRest({ said, labels, intents: intents.length, isHeldOut: (i) => parts[i] === part, isStranger: (label) => (label + part) % Math.min(STRANGERS_OF, intents.length) === 0, strangers, options }));
    onProgress((part + 1) / (rounds + 1));
  }
  const { vocabulary, columns, centres } = learn(said, labels, intents.length, options);
  onProgress(1);
  // Texts without a vector are judged by themselves where there are such.
  const [whole, words] = [judged.filter(({ near }) => near !== undefined), judged.filter(({ near }) => near === undefined)];
  const model: IntentModelParts = { intents, vocabulary, ...quantized(columns, vocabulary.size), temperature: fitTemperature(judged), scope: fitScope(words.some(isStranger) ? words : judged, SCOPE_UNTAUGHT) };
  if (embedding === undefined) return new IntentModel(model, options);
  const meaning = { embedding: embedding.name, weights: denseWeights(columns, vocabulary.size), centres, scope: fitScope(whole, [...SCOPE_UNTAUGHT, 0]) };
  return new IntentModel({ ...model, meaning }, options);
}

/** An utterance, read once: learning weighs it several times. */
interface Said {
  readonly features: Features;
  readonly meaning: Float32Array | undefined;
}

/** How an utterance was judged that was not learnt from. */
interface Judged {
  readonly scores: Float64Array;
  readonly unknown: number;
  /** How near what it means is to an intent; undefined: it has no vector. */
  readonly near: number | undefined;
  /** The place of its intent among `scores`; undefined: it is none of them. */
  readonly label: number | undefined;
}

const isStranger = ({ label }: Judged): boolean => label === undefined;

interface Course {
  readonly said: readonly Said[];
  readonly labels: readonly number[];
  readonly intents: number;
  readonly isHeldOut: (example: number) => boolean;
  readonly isStranger: (label: number) => boolean;
  readonly strangers: readonly Said[];
  readonly options: TrainingOptions;
}

/** Learns from some of the examples, and judges the others. */
function judgeRest({ said, labels, intents, isHeldOut, isStranger, strangers, options }: Course): readonly Judged[] {
  // Where there are examples of what is out of scope, no intent need be left out; of two none can.
  const known = Array.from({ length: intents }, (_, label) => label).filter((label) => strangers.length > 0 || intents < 3 || !isStranger(label));
  const place = new Map(known.map((label, index) => [label, index]));
  const learnt = labels.map((_, i) => i).filter((i) => !isHeldOut(i) && place.has(labels[i]!));
  const { vocabulary, columns, centres } = learn(learnt.map((i) => said[i]!), learnt.map((i) => place.get(labels[i]!)!), known.length, options);
  const judge = ({ features, meaning }: Said, label: number | undefined): Judged => {
    const { vector, unknown } = vocabulary.vectorOf(features, meaning);
    return { scores: Float64Array.from(columns, (column) => scoreOf(column, vocabulary.size, vector)), unknown, near: meaning && nearest(centres, meaning), label };
  };
  const heldOut = labels.map((_, i) => i).filter((i) => isHeldOut(i) || !place.has(labels[i]!));
  return [...heldOut.map((i) => judge(said[i]!, place.get(labels[i]!))), ...strangers.map((text) => judge(text, undefined))];
}

interface Learnt {
  readonly vocabulary: Vocabulary;
  /** The weights of each intent: of words, of dimensions of the meaning, and the bias. */
  readonly columns: readonly Float32Array[];
  /** Of each intent, the middle of what its examples mean, brought to length 1, one after the other; empty without an embedding. */
  readonly centres: Float32Array;
}

function learn(said: readonly Said[], labels: readonly number[], intents: number, { svm = SVM_DEFAULTS, seed = 1, embedding }: TrainingOptions): Learnt {
  const vocabulary = Vocabulary.of(said.map(({ features }) => features));
  const vectors = said.map(({ features, meaning }) => vocabulary.vectorOf(features, meaning).vector);
  const columns = trainSvms({ examples: vectors, features: vocabulary.size, labels, classes: intents }, shuffler(seed), svm);
  return { vocabulary, columns, centres: centresOf(said, labels, intents, embedding?.dimensions ?? 0) };
}

function centresOf(said: readonly Said[], labels: readonly number[], intents: number, dimensions: number): Float32Array {
  const centres = new Float32Array(intents * dimensions);
  said.forEach(({ meaning }, i) => meaning?.forEach((value, k) => (centres[labels[i]! * dimensions + k]! += value)));
  for (let from = 0; from < centres.length; from += dimensions) {
    const centre = centres.subarray(from, from + dimensions);
    // An intent whose examples are all in another language is nowhere.
    if (centre.some((value) => value !== 0)) toLengthOne(centre);
  }
  return centres;
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

/** What tells whether an utterance is one of the intents at all. `untaught`: when nothing that was judged was none of them. */
function fitScope(judged: readonly Judged[], untaught: LogisticWeights): LogisticWeights {
  if (!judged.some(isStranger)) return untaught;
  const size = untaught.length - 1;
  const examples = judged.map(({ scores, unknown, near = 0, label }): Labelled => ({ features: [...scopeFeatures(scores, unknown), near].slice(0, size), isTrue: label !== undefined }));
  return fitLogistic(examples, size, EXPECTED_IN_SCOPE);
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
