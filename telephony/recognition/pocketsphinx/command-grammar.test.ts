import { describe, expect, it } from 'vitest';
import { commandGrammar, digitGrammar, phoneLoop } from './command-grammar.ts';
import type { SpokenWord } from './pronouncer.ts';

const word = (written: string, ...pronunciations: string[]): SpokenWord => ({ written, pronunciations });
const [lost, card, credit, please] = [word('lost', 'L AO S T'), word('card', 'K AA R D'), word('credit', 'K R EH D AH T', 'K R EH D IH T'), word('please', 'P L IY Z')];
const COMMANDS = [
  { text: 'Lost card!', words: [lost, card] },
  { text: 'credit card', words: [credit, card] },
];

describe('commandGrammar', () => {
  it('has one alternative a command, and each word once in its dictionary with all pronunciations', () => {
    const { jsgf, dictionary } = commandGrammar(COMMANDS);
    expect(jsgf).toBe('#JSGF V1.0;\ngrammar commands;\npublic <said> = ( w0 w1 | w2 w1 ) ;\n');
    expect(dictionary).toBe('w0 L AO S T\nw1 K AA R D\nw2 K R EH D AH T\nw2(2) K R EH D IH T\n');
  });

  it('tells the command as it was written', () => {
    const { textOf } = commandGrammar(COMMANDS);
    expect(textOf(['w0', 'w1'])).toBe('Lost card!');
    expect(textOf(['w2', 'w1'])).toBe('credit card');
    expect(textOf(['w1'])).toBeUndefined();
    expect(textOf([])).toBeUndefined();
  });

  it('may have words around, which are no part of it', () => {
    const { jsgf, textOf } = commandGrammar(COMMANDS, { before: [[please], [lost, please]], after: [[please]] });
    expect(jsgf).toContain('<said> = ( /1/ <NULL> | /1e-30/ f3 | /1e-30/ f4 f3 ) ( w0 w1 | w2 w1 ) ( /1/ <NULL> | /1e-30/ f3 ) ;');
    expect(textOf(['f4', 'f3', 'w0', 'w1', 'f3'])).toBe('Lost card!');
  });

  it('means the first of those that sound the same', () => {
    const { jsgf, textOf } = commandGrammar([{ text: '余额', words: [word('yu', 'ux')] }, { text: '鱼', words: [word('YU', 'ux')] }]);
    expect(jsgf).toContain('( w0 )');
    expect(textOf(['w0'])).toBe('余额');
  });

  it('is not led astray by what stands in a phrase', () => {
    const { jsgf } = commandGrammar([{ text: 'a | b ; <c>', words: [word('| b ; <c>', 'AH')] }]);
    expect(jsgf).toBe('#JSGF V1.0;\ngrammar commands;\npublic <said> = ( w0 ) ;\n');
  });
});

it('digitGrammar tells digits', () => {
  const { jsgf, textOf } = digitGrammar([...'0123456789'].map((digit) => word(digit, `D${digit}`)));
  expect(jsgf).toContain('( w0 | w1 | w2 | w3 | w4 | w5 | w6 | w7 | w8 | w9 )+ ;');
  expect(textOf(['w4', 'w7', 'w1', 'w1'])).toBe('4711');
  expect(textOf([])).toBeUndefined();
});

it('phoneLoop has each phone as a word', () => {
  const { jsgf, dictionary } = phoneLoop(['AA', 'B']);
  expect(jsgf).toContain('grammar anything;\npublic <said> = ( w0 | w1 )+ ;');
  expect(dictionary).toBe('w0 AA\nw1 B\n');
});
