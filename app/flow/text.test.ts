import { describe, expect, it } from 'vitest';
import { textWidth, wrapText } from './text.ts';

describe('textWidth', () => {
  it('gives a Chinese character the width of the font, a Latin letter about half of it', () => {
    expect(textWidth('银行', 12)).toBe(24);
    expect(textWidth('balance', 12)).toBeGreaterThan(7 * 4.5);
    expect(textWidth('balance', 12)).toBeLessThan(7 * 8);
  });
});

describe('wrapText', () => {
  it('breaks between words, and after any Chinese character but before no punctuation', () => {
    expect(wrapText('For your balance, press 2.', 10, 62, 9)).toEqual(['For your', 'balance,', 'press 2.']);
    expect(wrapText('感谢您的来电，再见。', 10, 60, 9)).toEqual(['感谢您的来', '电，再见。']);
  });

  it('keeps every line within the width, and all of the text', () => {
    const text = 'If your card is lost or stolen, press 1. 银行卡挂失请按1，账户余额查询请按2。';
    const lines = wrapText(text, 12, 120, 99);
    for (const line of lines) expect(textWidth(line, 12)).toBeLessThanOrEqual(120);
    expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
  });

  it('ends in an ellipsis after a whole word when there are more lines than wanted', () => {
    expect(wrapText('one two three four five six seven', 10, 55, 2)).toEqual(['one two', 'three…']);
    expect(wrapText('', 10, 70, 2)).toEqual([]);
  });
});
