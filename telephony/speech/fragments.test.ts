import { describe, expect, it } from 'vitest';
import { isStrowgerError } from '../../engine/domain/errors.ts';
import type { PromptTexts } from '../../engine/domain/prompt.ts';
import { atomFragments, mergedTexts, promptFragments, promptPieces } from './fragments.ts';

describe('promptPieces', () => {
  it('is one fragment by the key when there is no value', () => {
    expect(promptPieces('main.menu', '您好。', 'zh-CN')).toEqual([
      { type: 'fragment', fragment: { language: 'zh-CN', name: 'main.menu', text: '您好。', role: 'prompt' } },
    ]);
  });

  it('counts the parts around values from 1', () => {
    expect(promptPieces('due', 'You owe {sum:money} by {day:date}.', 'en')).toEqual([
      { type: 'fragment', fragment: { language: 'en', name: 'due.1', text: 'You owe', role: 'part' } },
      { type: 'value', name: 'sum', kind: 'money' },
      { type: 'fragment', fragment: { language: 'en', name: 'due.2', text: 'by', role: 'part' } },
      { type: 'value', name: 'day', kind: 'date' },
    ]);
  });

  it('may be a value alone, or nothing', () => {
    expect(promptPieces('n', '{n:number}', 'en')).toEqual([{ type: 'value', name: 'n', kind: 'number' }]);
    expect(promptPieces('n', ' … ', 'en')).toEqual([]);
  });
});

it('promptFragments are those of all languages; a language that is not there has none', () => {
  const texts = { hello: { 'zh-CN': '您好', en: 'Hello' }, half: { 'zh-CN': '一半' } } as unknown as PromptTexts;
  expect(promptFragments(texts).map(({ language, name }) => `${language}/${name}`)).toEqual(['zh-CN/hello', 'en/hello', 'zh-CN/half']);
});

it('atomFragments lie in a folder of their own', () => {
  expect(atomFragments('zh-CN')).toContainEqual({ language: 'zh-CN', name: 'atoms/yuan', text: '元', role: 'atom' });
});

describe('mergedTexts', () => {
  const shared = { 'zh-CN': '再见', en: 'Goodbye' };

  it('lets flows share a prompt', () => {
    const flows = new Map<string, PromptTexts>([
      ['bank', { bye: shared, hi: { 'zh-CN': '您好', en: 'Hello' } }],
      ['branch', { bye: { ...shared } }],
    ]);
    expect(Object.keys(mergedTexts(flows))).toEqual(['bye', 'hi']);
  });

  it('refuses two texts for one key, and tells the flows and the language', () => {
    const flows = new Map<string, PromptTexts>([
      ['bank', { bye: shared }],
      ['branch', { bye: shared }],
      ['cards', { bye: { ...shared, en: 'Bye' } }],
    ]);
    expect(() => mergedTexts(flows)).toThrow(
      expect.toSatisfy((error: Error) => isStrowgerError(error, 'prompt.conflict') && /bank and cards .* in en .*'bye'/.test(error.message)),
    );
  });

  it('refuses a key that is the name of a part', () => {
    const sum = { 'zh-CN': '共{n:number}', en: 'In all {n:number}' };
    expect(() => mergedTexts(new Map([['bank', { sum, 'sum.1': shared }]]))).toThrow(expect.toSatisfy((error) => isStrowgerError(error, 'prompt.conflict')));
  });
});
