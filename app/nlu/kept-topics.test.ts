import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { afterAll, describe, expect, it } from 'vitest';
import { Topics, trainTopics } from '../../engine/navigation/topics.ts';
import { keepTopics, readTopics } from './kept-topics.ts';

const folder = mkdtempSync(join(tmpdir(), 'strowger-topics-'));
const file = join(folder, 'topics.v8');
afterAll(() => rmSync(folder, { recursive: true }));

const sayings = ['my card is lost', 'I lost my card', 'the card is gone'].map((text) => ({ text, topic: 'loss' })).concat(['my balance', 'what is my balance', 'balance please'].map((text) => ({ text, topic: 'balance' })));
const topics = trainTopics({ name: 'some', language: 'en', sayings }, {});

describe('topics that were learnt', () => {
  it('are kept, and decide the same', () => {
    expect(readTopics(file)).toBeUndefined();
    keepTopics(file, topics.parts);
    expect(readdirSync(folder)).toEqual(['topics.v8']);
    const kept = readTopics(file);
    if (kept === undefined) throw new Error('nothing was kept');
    expect(new Topics({ ...kept, name: 'some', language: 'en' }, {}).embed('lost my card')).toEqual(topics.embed('lost my card'));
  });

  it.each([
    ['torn', () => readFileSync(file).subarray(0, 300)],
    ['empty', () => new Uint8Array()],
    ['of something else', () => serialize({ topics: ['loss'] })],
    ['whose parts do not fit together', () => serialize({ topics: ['loss'], keys: ['word card'], rarity: new Float32Array(1), weights: new Int8Array(5), scales: new Float32Array(1) })],
  ])('are learnt again where the file is %s', (_what, bytes) => {
    const damaged = join(folder, 'damaged.v8');
    writeFileSync(damaged, bytes());
    expect(readTopics(damaged)).toBeUndefined();
    rmSync(damaged);
  });

  it('are told of where they cannot be kept for another reason than that nobody may write', () => {
    expect(() => keepTopics(join(folder, 'nowhere', 'topics.v8'), topics.parts)).toThrow('ENOENT');
  });
});
