import { describe, expect, it } from 'vitest';
import { pinyinPhonetics } from './pinyin.ts';

const of = (text: string): readonly string[] => pinyinPhonetics.syllables([...text]);

describe('pinyin', () => {
  it('has one syllable a character, without tones', () => {
    expect(of('查询余额')).toEqual(['cha', 'xun', 'yu', 'e']);
    expect(of('绿卡')).toEqual(['lv', 'ka']);
    expect(of('')).toEqual([]);
  });

  it('sounds the same for homophones', () => expect(of('鱼鹅')).toEqual(of('余额')));

  it('reads a character by its neighbours', () => {
    expect(of('银行')).toEqual(['yin', 'hang']);
    expect(of('行走')).toEqual(['xing', 'zou']);
  });

  it('leaves what it does not know', () => expect(of('𠮷卡')).toHaveLength(2));
});
