import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { nluBench } from './nlu-bench.ts';
import { naiveBayes, nearestExample } from './peers.ts';
import { reportOf } from './report.ts';

const folder = mkdtempSync(join(tmpdir(), 'strowger-nlu-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const WORDS = { loss: ['lost', 'stolen', 'missing'], balance: ['balance', 'money', 'left'], fee: ['fee', 'charge', 'cost'] };
const FRAMES = ['my card is {}', 'what about {}', '{} please', 'tell me of {}', 'it is {} I think'];
const rows = Object.entries(WORDS).flatMap(([intent, words]) => words.flatMap((word) => FRAMES.map((frame) => ({ text: frame.replace('{}', word), intent }))));
const csv = (header: string, lines: readonly string[]): string => `${header}\n${lines.join('\n')}\n`;

describe('the bench of intents', () => {
  it('cross-validates every set of a folder beside the plain ways', () => {
    writeFileSync(join(folder, 'toy_train.csv'), csv('text,intent', rows.map(({ text, intent }) => `"${text}",${intent}`)));
    writeFileSync(join(folder, 'toy_oos_train.csv'), csv('text', ['how is the weather', 'sing a song', 'who won']));
    const progress: string[] = [];
    const result = nluBench({ folder, quick: false, onProgress: (text) => progress.push(text) });
    expect(progress).toEqual([1, 2, 3, 4, 5].map((fold) => `toy: fold ${fold} of 5`));
    const [toy] = result.sets;
    expect(toy).toMatchObject({ name: 'toy', examples: 45, intents: 3, folds: 5 });
    expect(toy?.contestants.map(({ name }) => name)).toEqual(['strowger', 'nearest example', 'naive Bayes']);
    // The frames are the same for all intents: they mislead who looks for the nearest example.
    expect(toy?.contestants.map(({ accuracy }) => accuracy > 0.9)).toEqual([true, false, false]);
    expect(toy?.outOfScopeAuroc).toBeGreaterThan(0.5);
    expect(reportOf(result)).toHaveLength(5);
  });

  it('says when there is nothing to measure', () => {
    expect(() => nluBench({ folder: tmpdir(), quick: true, onProgress: () => undefined })).toThrow('There is no <name>_train.csv');
    expect(() => nluBench({ folder: join(folder, 'nowhere'), quick: true, onProgress: () => undefined })).toThrow('cannot be read');
  });
});

describe('the plain ways', () => {
  it.each([nearestExample, naiveBayes])('%o', (learn) => {
    const classify = learn(rows);
    expect([classify('the card was stolen'), classify('how much money'), classify('what does it cost')]).toEqual(['loss', 'balance', 'fee']);
  });
});
