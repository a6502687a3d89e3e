import { describe, expect, it } from 'vitest';
import { auroc, evaluate, type Verdict } from './evaluation.ts';

const verdict = (meant: string, understood: string | undefined, confidence = 1): Verdict => ({ text: `${meant}?`, meant, understood, confidence });

describe('the figures of a model', () => {
  it('count right and wrong, and each intent as much as the others', () => {
    const { accuracy, macroF1, intents, confusions, errors } = evaluate([verdict('a', 'a'), verdict('a', 'a'), verdict('a', 'b'), verdict('b', 'b'), verdict('c', undefined)]);
    expect(accuracy).toBe(3 / 5);
    expect(intents).toEqual([
      { intent: 'a', examples: 3, precision: 1, recall: 2 / 3, f1: 4 / 5 },
      { intent: 'b', examples: 1, precision: 1 / 2, recall: 1, f1: 2 / 3 },
      { intent: 'c', examples: 1, precision: 0, recall: 0, f1: 0 },
    ]);
    expect(macroF1).toBeCloseTo((4 / 5 + 2 / 3) / 3);
    expect(confusions).toEqual([{ meant: 'a', understood: 'b', times: 1 }]);
    expect(errors.map(({ meant }) => meant)).toEqual(['a', 'c']);
  });

  it('tell how far confidence is from the truth', () => {
    const sure = (right: number, wrong: number, confidence: number) => [...Array<Verdict>(right).fill(verdict('a', 'a', confidence)), ...Array<Verdict>(wrong).fill(verdict('a', 'b', confidence))];
    expect(evaluate(sure(8, 2, 0.8)).calibrationError).toBeCloseTo(0);
    expect(evaluate([...sure(5, 5, 0.95), ...sure(10, 0, 0.55)]).calibrationError).toBeCloseTo(0.45);
  });

  it('are nothing of nothing', () => expect(evaluate([])).toMatchObject({ examples: 0, accuracy: 0, macroF1: 0, calibrationError: 0 }));
});

describe('the area under the ROC curve', () => {
  it.each([
    ['apart', [3, 4], [1, 2], 1],
    ['the wrong way round', [1], [2, 3], 0],
    ['alike', [1, 1], [1, 1, 1], 0.5],
    ['mixed', [1, 3], [2, 4], 0.25],
  ])('of what is %s', (_what, positives, negatives, area) => expect(auroc(positives, negatives)).toBe(area));
  it('of nothing is not a number', () => expect(auroc([], [1])).toBeNaN());
});
