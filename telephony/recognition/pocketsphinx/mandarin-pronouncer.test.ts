import { describe, expect, it } from 'vitest';
import { pinyinPhonetics } from '../../../integrations/language/pinyin.ts';
import { MandarinPronouncer } from './mandarin-pronouncer.ts';

const TABLE = { yu: 'uxs ux', e: 'es e', yin: 'y in', hang: 'h ang', lv: 'l ux', er: 'es er', shi: 'sh ib', si: 's if', yi: 'y i', yao: 'y ao', jiu: 'j iu', wu: 'w u', hao: 'h ao' };
const mandarin = new MandarinPronouncer(TABLE, pinyinPhonetics);
const said = (phrase: string) => mandarin.words(phrase).map(({ written, pronunciations }) => `${written}: ${pronunciations.join(' | ')}`);

describe('MandarinPronouncer', () => {
  it('takes the reading that the neighbours ask for', () => {
    expect(said('银行')).toEqual(['yin: y in', 'hang: h ang']);
    expect(said('余额')).toEqual(['yu: uxs ux', 'e: es e']);
  });

  it('writes ü as v', () => {
    expect(said('绿')).toEqual(['lv: l ux']);
  });

  it('reads quantities, and long numbers digit by digit with yāo for 1', () => {
    expect(said('24')).toEqual(['er: es er', 'shi: sh ib', 'si: s if']);
    expect(said('9515号')).toEqual(['jiu: j iu', 'wu: w u', 'yi/yao: y i | y ao', 'wu: w u', 'hao: h ao']);
  });

  it('names the characters that it has no sound for, and passes over punctuation', () => {
    expect(said('余额，VIP')).toEqual(['yu: uxs ux', 'e: es e', 'V: ', 'I: ', 'P: ']);
  });

  it('has the phones of its table, each once', () => {
    expect(mandarin.phones).toContain('uxs');
    expect(new Set(mandarin.phones).size).toBe(mandarin.phones.length);
  });
});
