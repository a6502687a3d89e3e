import { describe, expect, it } from 'vitest';
import { readYesNo, YES_NO_PHRASES } from './yes-no.ts';

describe('an answer to a question for yes or no', () => {
  it.each([
    ['是的', true, ''],
    ['对', true, ''],
    ['对，我要挂失', true, '我要挂失'],
    ['是我要挂失', true, '要挂失'],
    ['不是', false, ''],
    ['不对，查余额', false, '查余额'],
    ['不要', false, ''],
    ['Yes.', true, ''],
    ['yeah that is right', true, 'that is right'],
    ['no', false, ''],
    ['No, my balance', false, 'my balance'],
    ["that's right", true, ''],
    ['嗯', true, ''],
    ['嗯，不是', false, ''],
    ['Um, no, my balance', false, 'my balance'],
    ['please', true, ''],
    ['yes please', true, 'please'],
    ['不是挂失', false, '不是挂失'],
    ['不是挂失，是查余额', false, '不是挂失,是查余额'],
    ['not my card, my balance', false, 'not my card, my balance'],
  ])('%s', (text, yes, rest) => {
    expect(readYesNo(text)).toEqual({ yes, rest });
  });

  it.each(['查余额', 'notify me', 'nothing', 'yesterday', '是非题', '对公业务', '行长', 'please say that again', '不知道', ''])('is not read into %s', (text) => {
    expect(readYesNo(text)).toBeUndefined();
  });

  it('can be given with each phrase that recognisers are told', () => {
    for (const phrase of YES_NO_PHRASES) expect(readYesNo(phrase), phrase).toBeDefined();
  });
});
