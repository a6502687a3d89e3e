import { describe, expect, it } from 'vitest';
import { decide, DEFAULT_BANDS, type Candidate } from './bands.ts';

const choices = (...names: string[]): Candidate[] => names.map((name) => ({ choice: name, intents: [`i.${name}`] }));
const guesses = (of: Record<string, number>) => Object.entries(of).map(([name, confidence]) => ({ intent: `i.${name}`, confidence }));
const decided = (of: Record<string, number>, candidates = choices('balance', 'loan', 'fraud')) => decide(guesses(of), candidates, DEFAULT_BANDS);

describe('what is done about what was said', () => {
  it('is to take what is sure, to confirm what is likely, and to ask again about the rest', () => {
    expect(decided({ balance: 0.7, loan: 0.3 })).toEqual({ kind: 'accept', choice: 'balance', confidence: 0.7 });
    expect(decided({ balance: 0.69 })).toEqual({ kind: 'confirm', choice: 'balance', confidence: 0.69 });
    expect(decided({ balance: 0.3 })).toEqual({ kind: 'confirm', choice: 'balance', confidence: 0.3 });
    expect(decided({ balance: 0.29 })).toEqual({ kind: 'again', confidence: 0.29 });
    expect(decided({})).toEqual({ kind: 'again', confidence: 0 });
    expect(decide([], [], DEFAULT_BANDS)).toEqual({ kind: 'again', confidence: 0 });
  });

  it('is to ask which of two when they are close, also when neither alone is likely', () => {
    expect(decided({ balance: 0.5, loan: 0.25 })).toEqual({ kind: 'either', choices: ['balance', 'loan'], confidence: 0.5 });
    expect(decided({ balance: 0.5, loan: 0.24 })).toMatchObject({ kind: 'confirm' });
    expect(decided({ balance: 0.2, loan: 0.15 })).toMatchObject({ kind: 'either' });
    expect(decided({ balance: 0.15, loan: 0.1 })).toMatchObject({ kind: 'again' });
  });

  it('takes no heed of intents that are no choice here', () => {
    expect(decided({ wealth: 0.9, balance: 0.05 })).toEqual({ kind: 'again', confidence: 0.05 });
  });

  it('lets what must not be missed go before what is more likely', () => {
    const candidates = [...choices('balance'), { choice: 'fraud', intents: ['i.fraud'], winsAt: 0.3 }];
    expect(decided({ balance: 0.5, fraud: 0.3 }, candidates)).toEqual({ kind: 'confirm', choice: 'fraud', confidence: 0.3 });
    expect(decided({ balance: 0.5, fraud: 0.29 }, candidates)).toMatchObject({ kind: 'either', choices: ['balance', 'fraud'] });
    expect(decided({ balance: 0.2, fraud: 0.75 }, candidates)).toMatchObject({ kind: 'accept', choice: 'fraud' });
  });

  it('asks more of a choice that is hard to undo', () => {
    const candidates = [{ choice: 'close', intents: ['i.close'], bands: { accept: 0.95 } }, ...choices('balance')];
    expect(decided({ close: 0.9 }, candidates)).toMatchObject({ kind: 'confirm', choice: 'close' });
    expect(decided({ balance: 0.9 }, candidates)).toMatchObject({ kind: 'accept' });
  });

  it('adds up what means the same here', () => {
    const candidates = [{ choice: 'card', intents: ['i.bill', 'i.limit'] }, ...choices('loan')];
    expect(decided({ bill: 0.4, limit: 0.35, loan: 0.2 }, candidates)).toEqual({ kind: 'accept', choice: 'card', confidence: 0.75 });
  });

  it('asks which, when two choices stand for the same intent', () => {
    const candidates = [{ choice: 'credit', intents: ['i.card'] }, { choice: 'debit', intents: ['i.card'] }];
    expect(decided({ card: 0.6 }, candidates)).toMatchObject({ kind: 'either', choices: ['credit', 'debit'] });
  });
});
