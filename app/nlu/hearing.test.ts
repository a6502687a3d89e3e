import { describe, expect, it } from 'vitest';
import { hearingFor } from './hearing.ts';

describe('examples are read', () => {
  it('with the thesaurus where they speak of a bank', () => {
    expect(hearingFor(['我要挂失', '查询余额']).thesaurus?.name).toBe('bank-zh-1');
    expect(hearingFor(['煲鸡汤', '播放一首歌', '查询余额'])).toEqual({ phonetics: expect.anything() as unknown });
  });

  it('with the encoder where they are English, unless it is not wanted', () => {
    expect(hearingFor(['my card is lost', 'my balance']).embedding?.name).toBe('use-lite-en-7bit');
    expect(hearingFor(['my card is lost', 'my balance'], false)).toEqual({});
    // One in twenty does not pay.
    expect(hearingFor([...Array.from({ length: 19 }, () => '我要挂失'), 'agent']).embedding).toBeUndefined();
  });

  it('with nothing where there is nothing', () => expect(hearingFor([])).toEqual({}));
});
