import { describe, expect, it } from 'vitest';
import { DEFAULT_BANDS } from './bands.ts';
import { choose } from './choose.ts';
import type { Understanding } from './intent-model.ts';
import { wishesOf } from './wishes.ts';

/** Knows words: `挂失` and `lost` are loss, and so on; an utterance with two of them is half of each. */
function understand(text: string): Understanding {
  const meant = Object.entries({ loss: /挂失|lost/, balance: /余额|balance/, loan: /贷款|loan/ }).flatMap(([intent, word]) => (word.test(text) ? [intent] : []));
  return { guesses: meant.map((intent) => ({ intent, confidence: 0.96 / meant.length })), inScope: meant.length > 0 ? 0.96 : 0 };
}
const candidates = ['loss', 'balance', 'loan'].map((name) => ({ choice: name, intents: [name] }));
const question = { candidates, bands: DEFAULT_BANDS };
const chosen = (...texts: (string | [string, number])[]) =>
  choose(texts.map((one) => (typeof one === 'string' ? { text: one } : { text: one[0], confidence: one[1] })), question, understand);

describe('what a recogniser has understood', () => {
  it('is judged by the first text when it does not tell how sure it is', () => {
    expect(chosen('我要查余额', '我要挂失')).toMatchObject({ kind: 'accept', choice: 'balance' });
    expect(chosen()).toEqual({ kind: 'again', confidence: 0 });
    expect(chosen('天气')).toMatchObject({ kind: 'again' });
  });

  it('counts by how sure the recogniser is', () => {
    expect(chosen(['my balance', 0.5])).toMatchObject({ kind: 'confirm', choice: 'balance', confidence: 0.48 });
    expect(chosen(['my balance', 0.5], ['my loan', 0.45])).toMatchObject({ kind: 'either', choices: ['balance', 'loan'] });
    expect(chosen(['my balance', 0.4], ['the balance', 0.4], ['a loan', 0.2])).toMatchObject({ kind: 'accept', choice: 'balance' });
    expect(chosen(['my balance', 2], ['my loan', 2])).toMatchObject({ kind: 'either', confidence: 0.48 });
  });

  it('may hold two wishes: the caller is asked which, or the urgent one goes first', () => {
    expect(chosen('我要查余额，还想问一下贷款')).toMatchObject({ kind: 'either', choices: ['balance', 'loan'] });
    expect(chosen('my balance and also a loan')).toMatchObject({ kind: 'either', choices: ['balance', 'loan'] });
    const urgent = candidates.map((each) => (each.choice === 'loss' ? { ...each, winsAt: 0.8 } : each));
    const said = [{ text: '我想查一下余额，另外卡要挂失' }];
    expect(choose(said, { ...question, candidates: urgent }, understand)).toMatchObject({ kind: 'accept', choice: 'loss' });
    expect(chosen(['我要查余额，还想问一下贷款', 1])).toMatchObject({ kind: 'either', choices: ['balance', 'loan'] });
    expect(chosen(['你好，我要查余额，还有别的', 0.4])).toMatchObject({ kind: 'confirm', choice: 'balance' });
    expect(chosen('余额，对，余额')).toMatchObject({ kind: 'accept', choice: 'balance' });
  });
});

describe('wishes', () => {
  it.each([
    ['我要挂失', ['我要挂失']],
    ['我要挂失还要查余额', ['我要挂失', '要查余额']],
    ['挂失，然后查一下余额', ['挂失', '查一下余额']],
    ['block my card and then tell me my balance', ['block my card', 'tell me my balance']],
    ['terms and', ['terms and']],
    ['', ['']],
  ])('of %s', (text, wishes) => expect(wishesOf(text)).toEqual(wishes));
});
