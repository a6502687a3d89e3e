import { describe, expect, it } from 'vitest';
import { slotsOf, withoutNumbers } from './slots.ts';

/** Thursday, 2026-11-26, 07:30 in Shanghai; still Wednesday in UTC. */
const NOW = Date.UTC(2026, 10, 25, 23, 30);
const cardTypes = { credit: ['信用卡', 'credit card'], debit: ['储蓄卡', '借记卡', 'debit card'], platinum: ['白金信用卡'] };
const said = (text: string) => slotsOf(text, { nowMs: NOW, zone: 'Asia/Shanghai', cardTypes });

describe('what is named in an utterance', () => {
  it.each([
    ['我要还款五百元', 50_000],
    ['转账20000元给我妈', 2_000_000],
    ['还1,234.50元', 123_450],
    ['两万三千块钱', 2_300_000],
    ['取一百二十块五毛', 12_050],
    ['pay two hundred and fifty yuan', 25_000],
    ['transfer 12.50 dollars', 1_250],
    ['pay $40', 4_000],
    ['pay a hundred dollars', 10_000],
    ['pay two million three hundred thousand yuan', 230_000_000],
  ])('is an amount: %s', (text, amountCents) => expect(said(text)).toEqual({ amountCents }));

  it.each([
    ['尾号八八六六', '8866'],
    ['卡的尾号是1234', '1234'],
    ['后四位为零零一二', '0012'],
    ['my card ending in double two one five', '2215'],
    ['the last four digits are 4 4 0 1', '4401'],
    ['ending in eighty eight sixty six', '8866'],
    ['ending in four o one two', '4012'],
  ])('is the end of a number: %s', (text, lastFour) => expect(said(text)).toMatchObject({ lastFour }));

  it.each([
    ['今天', '2026-11-26'],
    ['明天下午', '2026-11-27'],
    ['后天', '2026-11-28'],
    ['大后天', '2026-11-29'],
    ['昨天', '2026-11-25'],
    ['下周一', '2026-11-30'],
    ['下个星期天', '2026-12-06'],
    ['周五', '2026-11-27'],
    ['周三', '2026-12-02'],
    ['十月一号', '2026-10-01'],
    ['3月5日', '2027-03-05'],
    ['2026年3月5号', '2026-03-05'],
    ['十二月三十一日', '2026-12-31'],
    ['call me tomorrow', '2026-11-27'],
    ['the day after tomorrow', '2026-11-28'],
    ['next Monday', '2026-11-30'],
    ['on Friday', '2026-11-27'],
    ['October first', '2026-10-01'],
    ['the twenty-first of December', '2026-12-21'],
    ['on 3 March 2026', '2026-03-03'],
    ['May 5th', '2027-05-05'],
  ])('is a day: %s', (text, date) => expect(said(text)).toEqual({ date }));

  it('is the kind of a card, by the longest word', () => {
    expect(said('我的信用卡')).toEqual({ cardType: 'credit' });
    expect(said('My Debit Card')).toEqual({ cardType: 'debit' });
    expect(said('白金信用卡')).toEqual({ cardType: 'platinum' });
  });

  it('is all of it at once', () => {
    expect(said('明天帮我从尾号八八六六的储蓄卡转五百块')).toEqual({ date: '2026-11-27', lastFour: '8866', cardType: 'debit', amountCents: 50_000 });
  });

  it.each(['我的卡号是6222020200112233445', '尾号88667', '尾号886', '6222020200112233445元', '一点五万元', '5千元', 'twelve point five dollars', '二月三十号', '8866', '我要查余额', 'you may go', 'last four', ''])('is nothing in "%s"', (text) => {
    expect(said(text)).toEqual({});
  });
});

describe('what is left of an utterance without its numbers', () => {
  it.each([
    ['我要还款五百元，尾号八八六六', '我要还款,'],
    ['转账20000元给我妈', '转账给我妈'],
    ['还三百块，再还1,234.50元', '还,再还'],
    ['Pay two hundred and fifty yuan off my card ending in double two one five', 'pay  off my card '],
    ['pay $40 please', 'pay  please'],
  ])('is the wish: %s', (text, left) => expect(withoutNumbers(text)).toBe(left));

  it.each(['五百元', '尾号8866', '我的卡号是6222020200112233445', '明天去网点', 'My Balance', ''])('is all of it where there are none, or nothing else: %s', (text) => expect(withoutNumbers(text)).toBe(text));
});
