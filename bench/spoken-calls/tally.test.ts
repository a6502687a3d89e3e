import { describe, expect, it } from 'vitest';
import { tallyOf } from './tally.ts';

describe('the tally of turns', () => {
  it('counts each turn once as right, wrong or asked again', () => {
    const tally = tallyOf([
      { truth: 'balance', outcome: { chosen: 'balance', noticed: true } },
      { truth: 'balance', outcome: { chosen: 'balance', asked: 'confirm', noticed: true } },
      { truth: 'balance', outcome: { chosen: 'card', noticed: true } },
      { truth: 'balance', outcome: { asked: 'either', noticed: true } },
      { truth: 'balance', outcome: { noticed: false } },
    ]);
    expect(tally).toEqual({ turns: 5, right: 2, wrong: 1, again: 2, confirmed: 2, unnoticed: 1 });
  });

  it('takes any choice for wrong where none was meant', () => {
    const tally = tallyOf([
      { truth: undefined, outcome: { chosen: 'card', noticed: true } },
      { truth: undefined, outcome: { noticed: true } },
    ]);
    expect(tally).toMatchObject({ right: 0, wrong: 1, again: 1 });
    expect(tallyOf([])).toMatchObject({ turns: 0, right: 0 });
  });
});
