import { describe, expect, it } from 'vitest';
import { libphonenumberPlan as plan } from '../../integrations/numbering/libphonenumber-plan.ts';
import { ownNumbers } from './own-numbers.ts';

const list = ['95500', '8001', '4008895500', '+86 10 8888 6666', '110', '7', ''];

describe('numbers of our own', () => {
  const own = ownNumbers(list, plan, 'CN');

  it.each(['95500', '８００１', '80 01', '400-889-5500', '861088886666'])('%j was typed like one', (text) => expect(own.hasDialled(text)).toBe(true));
  it.each(['', 'anonymous', '9550', '955001', '13800138000'])('%j was not', (text) => expect(own.hasDialled(text)).toBe(false));

  it.each(['+864008895500', '+861088886666', '+861095500', '+8675595500'])('%s is one', (number) => expect(own.has(number)).toBe(true));
  it.each(['+8613800138000', '+8675588886666', '+8675512395500', '+8613800008001', '+861088886667'])('%s is none', (number) => expect(own.has(number)).toBe(false));

  it('are read once', () => {
    let reads = 0;
    const counting = { read: (...args: Parameters<typeof plan.read>) => ((reads += 1), plan.read(...args)) };
    const mine = ['95500', '8001'];
    ownNumbers(mine, counting, 'CN');
    ownNumbers(mine, counting, 'CN');
    expect(reads).toBe(2);
    expect(ownNumbers(mine, counting, 'HK')).not.toBe(ownNumbers(mine, counting, 'CN'));
  });
});
