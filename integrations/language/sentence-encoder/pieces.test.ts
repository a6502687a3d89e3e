import { describe, expect, it } from 'vitest';
import { Pieces, type VocabularyEntry } from './pieces.ts';

const MARKS: readonly VocabularyEntry[] = ['unknown', '<s>', '</s>', 'a', 'b', 'c'].map((mark) => [mark, 0]);
const pieces = new Pieces([...MARKS, ['▁', -5], ['▁card', -2], ['card', -3], ['s', -1], ['▁c', -2], ['ard', -2], ['▁cards', -4], [':', null]]);
const of = (text: string, most = 10): readonly number[] => pieces.numbersOf(text, most);

describe('pieces', () => {
  it('are the likeliest together: "▁card" + "s" (-3) before "▁cards" (-4) and "▁c" + "ard" + "s" (-5)', () => expect(of('cards')).toEqual([7, 9]));
  it('begin a word where a space was', () => expect(of('card  card')).toEqual([7, 7]));
  it('are one for unknown characters that follow each other', () => expect(of('card££s')).toEqual([7, 0, 9]));
  it('are none that the vocabulary calls impossible', () => expect(of('card:')).toEqual([7, 0]));
  it('are no more than asked for', () => expect(of('card card card', 2)).toEqual([7, 7]));
  it('are none of nothing', () => expect(of('  ')).toEqual([]));
  it('are cut from full-width letters as from others', () => expect(of('ｃａｒｄ')).toEqual([7]));
});
