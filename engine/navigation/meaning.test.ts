import { describe, expect, it } from 'vitest';
import { ConceptEmbedding } from '../../test/fakes/concept-embedding.ts';
import { IntentModel } from './intent-model.ts';
import { trainIntents, type Example } from './intent-trainer.ts';

const SAYINGS: Readonly<Record<string, readonly string[]>> = {
  loss: ['I lost my card', 'the card is missing', 'card stolen', 'it is lost', 'my plastic is missing', '我要挂失'],
  balance: ['my balance', 'how much is left', 'what is the balance', 'money left', 'tell me the balance', '查询余额'],
  agent: ['an agent', 'agent please', 'a human', 'give me a human', 'an agent or a human', '转人工'],
  transfer: ['a transfer', 'transfer it', 'send it', 'send something', 'to transfer', '我要转账'],
};
const examples: readonly Example[] = Object.entries(SAYINGS).flatMap(([intent, texts]) => texts.map((text) => ({ text, intent })));
const embedding = new ConceptEmbedding();
const words = trainIntents(examples);
const model = trainIntents(examples, { embedding });
const top = (text: string, of = model): string | undefined => of.understand(text).guesses[0]?.intent;

describe('a model that learnt with an embedding', () => {
  it.each([
    ['vanished', 'loss'],
    ['gone', 'loss'],
    ['somebody', 'agent'],
    ['wire', 'transfer'],
    ['worth', 'balance'],
  ])('understands "%s", a word that no example has, as %s', (text, intent) => {
    expect(words.understand(text).inScope).toBeLessThan(model.understand(text).inScope);
    expect(top(text)).toBe(intent);
  });

  it('understands by words what the embedding does not know', () => {
    expect(embedding.embed('我要转账给他')).toBeUndefined();
    expect(top('我要转账给他')).toBe('transfer');
  });

  it('is less sure of what means something else altogether', () => {
    expect(model.understand('rain and sun').inScope).toBeLessThan(model.understand('it vanished').inScope);
  });

  it('keeps the middle of each intent at length 1, so that how near is a cosine', () => {
    const { centres = new Float32Array() } = model.parts.meaning ?? {};
    const lengths = Object.keys(SAYINGS).map((_, intent) => Math.hypot(...centres.subarray(intent * embedding.dimensions, (intent + 1) * embedding.dimensions)));
    for (const length of lengths) expect(length).toBeCloseTo(1, 5);
  });

  it('follows a caller who takes something back', () => expect(top('not a transfer, my worth')).toBe('balance'));

  it('tells what the meaning adds, and all that it tells is the score', () => {
    const reasons = model.reasons('the card vanished', 'loss');
    const whole = reasons.find(({ feature }) => feature === 'meaning as a whole');
    expect(whole?.adds).toBeGreaterThan(0);
    expect(words.reasons('the card vanished', 'loss').map(({ feature }) => feature)).not.toContain('meaning as a whole');
  });

  it('is the same, bit for bit, when it learns again', () => {
    const again = trainIntents(examples, { embedding: new ConceptEmbedding() });
    expect(again.parts.meaning).toEqual(model.parts.meaning);
    expect(again.parts.weights).toEqual(model.parts.weights);
  });

  it('does nothing without the embedding, or with another', () => {
    expect(() => new IntentModel(model.parts)).toThrow('learnt with the embedding concepts');
    class Other extends ConceptEmbedding {
      override readonly name = 'others';
    }
    expect(() => new IntentModel(model.parts, { embedding: new Other() })).toThrow(RangeError);
    expect(new IntentModel(model.parts, { embedding }).understand('vanished')).toEqual(model.understand('vanished'));
    expect(new IntentModel(words.parts).understand('my balance')).toEqual(words.understand('my balance'));
  });

  it('does without where every example is in another language', () => {
    const chinese = examples.filter(({ text }) => embedding.embed(text) === undefined);
    expect(top('我要挂失', trainIntents(chinese, { embedding }))).toBe('loss');
  });
});
