import { describe, expect, it } from 'vitest';
import { maskPersonalData } from './personal-data.ts';

describe('maskPersonalData', () => {
  it('keeps the last digits of numbers and nothing of names', () => {
    expect(maskPersonalData({ callerNumber: '13812345678', callerName: '王小明', number: '95588' })).toEqual({
      callerNumber: '*******5678',
      callerName: '',
      number: '****8',
    });
  });

  it('keeps nothing of what it does not know', () => {
    expect(maskPersonalData({ address: 'Long Street 1', digits: ['1', '2'], nested: { number: '13812345678' } })).toEqual({
      address: '',
      digits: '',
      nested: '',
    });
  });
});
