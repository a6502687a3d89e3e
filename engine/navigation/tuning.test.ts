import { describe, expect, it } from 'vitest';
import type { Bands, Candidate } from './bands.ts';
import type { Understanding } from './intent-model.ts';
import { costOf, DEFAULT_COSTS, outcomesOf, tuneBands, type MeantUtterance, type TuningQuestion } from './tuning.ts';

const NOW: Bands = { accept: 0.7, confirm: 0.3, rival: 0.5 };
const CANDIDATES: readonly Candidate[] = ['a', 'b', 'c'].map((choice) => ({ choice, intents: [choice] }));
const asks: TuningQuestion = { candidates: CANDIDATES, canConfirm: () => true, canAskWhich: () => true };

/** An utterance whose confidences are in its text: `a=0.6 b=0.3`; wishes are parted by `然后`. */
const heard = (text: string, choice?: string): MeantUtterance => ({ text, choice, understand: read });
const known = new Map<string, Understanding>();
function read(text: string): Understanding {
  const before = known.get(text);
  if (before !== undefined) return before;
  const guesses = [...text.matchAll(/([abc])=([0-9.]+)/g)].map(([, intent = '', confidence]) => ({ intent, confidence: Number(confidence) }));
  const understood = { guesses, inScope: 1 };
  known.set(text, understood);
  return understood;
}

const cost = (utterances: readonly MeantUtterance[], question: TuningQuestion, bands: Bands): number =>
  outcomesOf(utterances, question, bands).reduce((sum, outcome) => sum + costOf(outcome, DEFAULT_COSTS), 0) / utterances.length;

/** The same numbers each time. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

function randomUtterances(count: number, next: () => number): MeantUtterance[] {
  const shares = (): string => {
    const parts = [next(), next(), next(), next() * 0.5];
    const sum = parts.reduce((total, part) => total + part, 0);
    return ['a', 'b', 'c'].map((name, i) => `${name}=${((parts[i] ?? 0) / sum).toFixed(4)}`).join(' ');
  };
  return Array.from({ length: count }, () => heard(next() < 0.3 ? `${shares()}，然后${shares()}` : shares(), ['a', 'b', 'c', undefined][Math.floor(next() * 4)]));
}

const grid = Array.from({ length: 11 }, (_, i) => i / 10);

describe('bands that are tuned by what callers said', () => {
  it.each([
    ['a plain menu', asks],
    ['a menu that cannot ask about everything', { ...asks, canConfirm: (choice: string) => choice !== 'a', canAskWhich: (choices: readonly string[]) => !choices.includes('b') }],
    [
      'choices that are judged otherwise',
      { ...asks, candidates: [{ choice: 'a', intents: ['a'], winsAt: 0.3 }, { choice: 'b', intents: ['b'], bands: { accept: 0.9, confirm: 0.2 } }, { choice: 'c', intents: ['c'], bands: { rival: 0.8 } }] },
    ],
  ])('cost no more than any others, in %s', (_what, question) => {
    for (let seed = 1; seed <= 6; seed += 1) {
      const utterances = randomUtterances(12, numbers(seed));
      const { best, present } = tuneBands(utterances, question, NOW);
      expect(best.figures.costEach).toBeCloseTo(cost(utterances, question, best.bands), 9);
      expect(best.figures.costEach).toBeLessThanOrEqual(present.figures.costEach + 1e-9);
      let cheapest = Infinity;
      for (const accept of grid) for (const confirm of grid) for (const rival of grid) if (confirm <= accept) cheapest = Math.min(cheapest, cost(utterances, question, { accept, confirm, rival }));
      expect(best.figures.costEach).toBeLessThanOrEqual(cheapest + 1e-9);
    }
  });

  it('accept from where callers are right on, and confirm from where it pays', () => {
    const { best } = tuneBands([heard('a=0.9', 'a'), heard('a=0.6', 'a'), heard('a=0.5', 'b'), heard('b=0.4', 'b'), heard('c=0.2', 'a')], asks, NOW);
    expect(best.bands.accept).toBeGreaterThan(0.5);
    expect(best.bands.accept).toBeLessThanOrEqual(0.6);
    expect(best.bands.confirm).toBeGreaterThan(0.2);
    expect(best.bands.confirm).toBeLessThanOrEqual(0.4);
    expect(best.figures.wrongShare).toBe(0);
  });

  it('stay as they are where nothing is better', () => {
    expect(tuneBands([heard('a=0.9', 'a'), heard('c=0.1')], asks, NOW).best.bands).toEqual(NOW);
  });

  it('take less the more a wrong turn costs, and cost more the fewer are allowed', () => {
    const utterances = randomUtterances(80, numbers(7));
    const wrong = [1, 3, 10, 50].map((each) => tuneBands(utterances, asks, NOW, { ...DEFAULT_COSTS, wrong: each, strangerTaken: each }).best.figures.wrongShare);
    expect(wrong).toEqual([...wrong].sort((a, b) => b - a));
    const { limited } = tuneBands(utterances, asks, NOW, { ...DEFAULT_COSTS, wrong: 1, strangerTaken: 1 });
    for (const { mostWrong, tuned } of limited) expect(tuned?.figures.wrongShare ?? 0).toBeLessThanOrEqual(mostWrong);
    const costs = limited.flatMap(({ tuned }) => (tuned === undefined ? [] : [tuned.figures.costEach]));
    expect(costs).toEqual([...costs].sort((a, b) => a - b));
  });

  it('say where no bands keep to a limit', () => {
    const always = { ...asks, candidates: [{ choice: 'a', intents: ['a'], bands: { accept: 0 } }] };
    expect(tuneBands([heard('a=0.5', 'b')], always, NOW).limited.map(({ tuned }) => tuned)).toEqual([undefined, undefined, undefined, undefined, undefined]);
    expect(() => tuneBands([], asks, NOW)).toThrow(RangeError);
  });

  it('are expected to cost new callers about what they cost others like them', () => {
    const { best, expectedCostEach } = tuneBands(randomUtterances(200, numbers(3)), asks, NOW);
    expect(expectedCostEach).toBeGreaterThanOrEqual(best.figures.costEach - 1e-9);
    expect(expectedCostEach).toBeLessThan(best.figures.costEach * 1.2);
  });
});
