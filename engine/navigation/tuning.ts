import { rank, winnerOf, type Bands, type Candidate, type Decision } from './bands.ts';
import { choose, type Understand } from './choose.ts';
import { shortestBetween } from './shortest-between.ts';
import { shuffler } from './shuffle.ts';
import { wishesOf } from './wishes.ts';

/**
 * Finds the bands that cost callers least, by what callers have said. For one value of `rival` the cost of all pairs of `accept` and `confirm`
 * is had in one sweep: from the strictest `accept` down, each utterance leaves those that are asked about once, and is then the same whatever
 * `confirm` is.
 */

/** What an outcome costs a caller; 1 is a confirmation. What is taken at once, and rightly, costs nothing. */
export interface TuningCosts {
  /** Something else was done than what was meant. */
  readonly wrong: number;
  /** "Did you mean …?", and it was meant. */
  readonly confirm: number;
  /** "Did you mean …?", and it was not. */
  readonly confirmWrong: number;
  /** "This or that?", and it is one of them; when it is neither, `again` comes on top. */
  readonly either: number;
  /** The question is put again. */
  readonly again: number;
  /** Something was done for somebody who wanted none of the choices. */
  readonly strangerTaken: number;
}

/** A judgement, not a measurement: a wrong turn takes a caller about as long as ten questions for yes or no. */
export const DEFAULT_COSTS: TuningCosts = { wrong: 10, confirm: 1, confirmWrong: 3, either: 1.5, again: 2, strangerTaken: 10 };

/** A menu, as far as it decides by what was said. */
export interface TuningQuestion {
  readonly candidates: readonly Candidate[];
  /** Whether the caller can be asked about a choice: it has a name, and the flow the prompts. */
  readonly canConfirm: (choice: string) => boolean;
  readonly canAskWhich: (choices: readonly [string, string]) => boolean;
}

/** What a caller said, and the choice that was meant; undefined: none of them. */
export interface MeantUtterance {
  readonly text: string;
  readonly choice: string | undefined;
  readonly understand: Understand;
}

export const OUTCOMES = ['right', 'wrong', 'strangerTaken', 'confirmedRight', 'confirmedWrong', 'askedWhich', 'askedWhichOfOthers', 'again'] as const;
/** What came of an utterance for the one who said it. */
export type Outcome = (typeof OUTCOMES)[number];

export interface OutcomeFigures {
  /** The share of each outcome. */
  readonly shares: Readonly<Record<Outcome, number>>;
  /** Of those who were taken somewhere else than they wanted, strangers among them. */
  readonly wrongShare: number;
  readonly costEach: number;
}

export interface Tuned {
  readonly bands: Bands;
  readonly figures: OutcomeFigures;
}

export interface Tuning {
  readonly present: Tuned;
  /** The cheapest; the nearest to the present ones among equals. */
  readonly best: Tuned;
  /** The cheapest with no more than a share of wrong turns; without `tuned` no bands keep to it. */
  readonly limited: readonly { readonly mostWrong: number; readonly tuned?: Tuned }[];
  /** The cost of utterances that the bands were not tuned on, in `PARTS` parts in turn: what to expect of new callers. */
  readonly expectedCostEach: number;
}

const PARTS = 5;
/** All confidences that occur are tried as thresholds; of more than so many, as many that are spread evenly among them. */
const MOST_THRESHOLDS = 250;
const MOST_RIVALS = 60;
const LIMITS = [0.05, 0.02, 0.01, 0.005, 0];

/** Tunes the bands of a question. Throws a RangeError when nothing was said. */
export function tuneBands(utterances: readonly MeantUtterance[], question: TuningQuestion, present: Bands, costs: TuningCosts = DEFAULT_COSTS): Tuning {
  if (utterances.length === 0) throw new RangeError('There is nothing to tune by.');
  const replays = utterances.map((utterance) => replayOf(utterance, question, costs));
  const tuned = (bands: Bands): Tuned => ({ bands, figures: figuresOf(outcomesOf(utterances, question, bands), costs) });
  const [best = present, ...limited] = search(replays, present, [Infinity, ...LIMITS]);
  return {
    present: tuned(present),
    best: tuned(best),
    limited: LIMITS.map((mostWrong, i) => ({ mostWrong, ...(limited[i] === undefined ? {} : { tuned: tuned(limited[i]) }) })),
    expectedCostEach: expectedCost(utterances, replays, question, present, costs),
  };
}

/** What becomes of each utterance, by the very decisions of a call. */
export function outcomesOf(utterances: readonly MeantUtterance[], question: TuningQuestion, bands: Bands): readonly Outcome[] {
  const { candidates } = question;
  return utterances.map(({ text, choice, understand }) => outcomeOf(choose([{ text }], { candidates, bands }, understand), choice, question));
}

export function costOf(outcome: Outcome, costs: TuningCosts): number {
  switch (outcome) {
    case 'right':
      return 0;
    case 'wrong':
      return costs.wrong;
    case 'strangerTaken':
      return costs.strangerTaken;
    case 'confirmedRight':
      return costs.confirm;
    case 'confirmedWrong':
      return costs.confirmWrong;
    case 'askedWhich':
      return costs.either;
    case 'askedWhichOfOthers':
      return costs.either + costs.again;
    case 'again':
      return costs.again;
  }
}

function figuresOf(outcomes: readonly Outcome[], costs: TuningCosts): OutcomeFigures {
  const share = (wanted: Outcome): number => outcomes.filter((outcome) => outcome === wanted).length / outcomes.length;
  const shares = Object.fromEntries(OUTCOMES.map((outcome) => [outcome, share(outcome)])) as Record<Outcome, number>;
  return { shares, wrongShare: shares.wrong + shares.strangerTaken, costEach: OUTCOMES.reduce((sum, outcome) => sum + shares[outcome] * costOf(outcome, costs), 0) };
}

/** The same as a menu does where it cannot ask: which of two becomes whether the first, and that becomes the question again. */
function outcomeOf(decision: Decision, meant: string | undefined, { canConfirm, canAskWhich }: TuningQuestion): Outcome {
  switch (decision.kind) {
    case 'again':
      return 'again';
    case 'accept':
      return decision.choice === meant ? 'right' : meant === undefined ? 'strangerTaken' : 'wrong';
    case 'either': {
      const { choices } = decision;
      if (canAskWhich(choices)) return meant !== undefined && choices.includes(meant) ? 'askedWhich' : 'askedWhichOfOthers';
      return confirmed(choices[0]);
    }
    case 'confirm':
      return confirmed(decision.choice);
  }
  function confirmed(choice: string): Outcome {
    if (!canConfirm(choice)) return 'again';
    return choice === meant ? 'confirmedRight' : 'confirmedWrong';
  }
}

/** What an utterance costs under any bands. */
interface Replay {
  /** From the highest `accept` under which it is settled whatever else is set; Infinity: always. The highest first. */
  readonly settled: readonly { readonly at: number; readonly cost: number; readonly isWrong: boolean }[];
  /** It is asked "this or that?" under a `rival` up to this. */
  readonly rivalAt: number;
  /** With a rival, without one: it is asked about under a `confirm` up to `at`. */
  readonly either: { readonly at: number; readonly cost: number };
  readonly confirm: { readonly at: number; readonly cost: number };
  readonly again: number;
}

function replayOf({ text, choice: meant, understand }: MeantUtterance, question: TuningQuestion, costs: TuningCosts): Replay {
  const { candidates } = question;
  const cost = (decision: Decision): number => costOf(outcomeOf(decision, meant, question), costs);
  const whole = standingOf(understand(text).guesses, candidates);
  const wishes = wishesOf(text);
  const parts = wishes.length < 2 ? [] : wishes.map((wish) => standingOf(understand(wish).guesses, candidates));
  const keys = [...new Set([whole, ...parts].map(({ acceptAt }) => acceptAt))].filter((at) => at > -Infinity).sort((a, b) => b - a);
  const settled = keys.map((at) => {
    const decision = settledBy(whole, parts, candidates, at);
    const outcome = outcomeOf(decision, meant, question);
    return { at, cost: costOf(outcome, costs), isWrong: outcome === 'wrong' || outcome === 'strangerTaken' };
  });
  const { first, second } = whole;
  const confidence = 0;
  return {
    settled,
    rivalAt: whole.rivalAt,
    either: { at: whole.eitherAt, cost: first === undefined || second === undefined ? costs.again : cost({ kind: 'either', choices: [first, second], confidence }) },
    confirm: { at: whole.confirmAt, cost: first === undefined ? costs.again : cost({ kind: 'confirm', choice: first, confidence }) },
    again: costs.again,
  };
}

/** Where a choice or two stand, as the highest thresholds that they reach. */
interface Standing {
  readonly first: string | undefined;
  readonly second: string | undefined;
  readonly acceptAt: number;
  readonly rivalAt: number;
  readonly eitherAt: number;
  readonly confirmAt: number;
}

/** `decide` of bands.ts, seen from the thresholds. */
function standingOf(guesses: Parameters<typeof rank>[0], candidates: readonly Candidate[]): Standing {
  const ranked = rank(guesses, candidates);
  const winner = winnerOf(ranked);
  const [first, second] = winner === undefined ? ranked : [winner];
  if (first === undefined) return { first: undefined, second: undefined, acceptAt: -Infinity, rivalAt: -Infinity, eitherAt: -Infinity, confirmAt: -Infinity };
  const { confidence, bands: own = {} } = first;
  // What a choice has of its own is not for tuning: it is reached or not.
  const at = (value: number, ownThreshold: number | undefined): number => (ownThreshold === undefined ? value : value >= ownThreshold ? Infinity : -Infinity);
  const acceptAt = at(confidence, own.accept);
  if (winner !== undefined) return { first: first.choice, second: undefined, acceptAt, rivalAt: -Infinity, eitherAt: -Infinity, confirmAt: Infinity };
  const rival = second !== undefined && second.confidence > 0 ? second : undefined;
  return {
    first: first.choice,
    second: rival?.choice,
    acceptAt,
    rivalAt: rival === undefined ? -Infinity : at(rival.confidence / confidence, own.rival),
    eitherAt: at(confidence + (rival?.confidence ?? 0), own.confirm),
    confirmAt: at(confidence, own.confirm),
  };
}

/** `choose` of choose.ts for an `accept` under which the whole or one of several wishes is sure. */
function settledBy(whole: Standing, wishes: readonly Standing[], candidates: readonly Candidate[], accept: number): Decision {
  const taken = (choice = ''): Decision => ({ kind: 'accept', choice, confidence: accept });
  if (whole.acceptAt >= accept) return taken(whole.first);
  const sure = wishes.filter(({ acceptAt }) => acceptAt >= accept).map(({ first = '' }) => first);
  const urgent = sure.find((choice) => candidates.some((candidate) => candidate.choice === choice && candidate.winsAt !== undefined));
  const [first = '', second] = [...new Set(sure)];
  if (urgent !== undefined || second === undefined) return taken(urgent ?? first);
  return { kind: 'either', choices: [first, second], confidence: accept };
}

/** The cheapest bands for each limit of wrong turns, a share of the utterances; undefined where no bands keep to it. */
function search(replays: readonly Replay[], present: Bands, limits: readonly number[]): readonly (Bands | undefined)[] {
  // The same for both: `confirm` must find its place below `accept` wherever the best one is.
  const confirms = thresholds(replays.flatMap(({ settled, confirm, either }) => [...settled.map(({ at }) => at), confirm.at, either.at]), [present.accept, present.confirm], MOST_THRESHOLDS);
  const accepts = confirms.toReversed();
  const rivals = thresholds(replays.map(({ rivalAt }) => rivalAt), [present.rival], MOST_RIVALS);
  const steps = replays.flatMap(({ settled }, replay) => settled.map((step, nth) => ({ ...step, replay, nth }))).sort((a, b) => b.at - a.at || a.nth - b.nth);
  const found = limits.map((limit) => ({ most: limit * replays.length + 1e-9, cost: Infinity, far: Infinity, bands: undefined as Bands | undefined }));
  for (const rival of rivals) {
    const asked = replays.map(({ rivalAt, either, confirm }) => (rival <= rivalAt ? either : confirm));
    const open = new Float64Array(confirms.length);
    const add = (replay: number, sign: 1 | -1): void => {
      const { at, cost } = asked[replay]!;
      const { again } = replays[replay]!;
      for (let c = 0; c < confirms.length; c += 1) open[c]! += sign * (confirms[c]! <= at ? cost : again);
    };
    replays.forEach((_, replay) => add(replay, 1));
    let [next, settledCost, wrong] = [0, 0, 0];
    for (const accept of accepts) {
      for (; next < steps.length && steps[next]!.at >= accept; next += 1) {
        const { replay, nth, cost, isWrong } = steps[next]!;
        const before = nth === 0 ? undefined : replays[replay]!.settled[nth - 1];
        if (before === undefined) add(replay, -1);
        settledCost += cost - (before?.cost ?? 0);
        wrong += Number(isWrong) - Number(before?.isWrong ?? false);
      }
      for (let c = 0; c < confirms.length && confirms[c]! <= accept; c += 1) {
        const cost = settledCost + open[c]!;
        for (const each of found) {
          if (wrong > each.most || cost > each.cost + 1e-9) continue;
          const bands = { accept, confirm: confirms[c]!, rival };
          const far = Math.abs(accept - present.accept) + Math.abs(bands.confirm - present.confirm) + Math.abs(rival - present.rival);
          if (cost < each.cost - 1e-9 || far < each.far) Object.assign(each, { cost, far, bands });
        }
      }
    }
  }
  return found.map(({ bands }) => bands);
}

/** A threshold between each two values that occur, one below all, the present ones, and 1: in order. */
function thresholds(values: readonly number[], present: readonly number[], most: number): number[] {
  const finite = [...new Set(values.filter((value) => value > 0 && value <= 1))].sort((a, b) => a - b);
  const every = Math.max(1, finite.length / most);
  const picked = Array.from({ length: Math.min(most, finite.length) }, (_, k) => Math.floor(k * every));
  const between = picked.map((i) => shortestBetween(finite[i - 1] ?? 0, finite[i]!));
  return [...new Set([...between, ...present, 1])].sort((a, b) => a - b);
}

/** Tunes on four of five parts and counts what the fifth costs. */
function expectedCost(utterances: readonly MeantUtterance[], replays: readonly Replay[], question: TuningQuestion, present: Bands, costs: TuningCosts): number {
  const order = Int32Array.from(utterances, (_, i) => i);
  shuffler(1)(order);
  const parts = Math.min(PARTS, utterances.length);
  let sum = 0;
  for (let part = 0; part < parts; part += 1) {
    const isHeldOut = (_: number, nth: number): boolean => nth % parts === part;
    const tunedOn = [...order].filter((i, nth) => !isHeldOut(i, nth)).map((i) => replays[i]!);
    const heldOut = [...order].filter(isHeldOut).map((i) => utterances[i]!);
    const [bands = present] = tunedOn.length === 0 ? [] : search(tunedOn, present, [Infinity]);
    for (const outcome of outcomesOf(heldOut, question, bands)) sum += costOf(outcome, costs);
  }
  return sum / utterances.length;
}
