import { describe, expect, it } from 'vitest';
import { joined, silence, tones } from '../../test/rigs/telephone-sounds.ts';
import { turnDelays } from './turn-delays.ts';

// A prompt with a pause from 400 to 700, cut short at 1200; the next from 3000.
const prompt = joined(tones([400], 400), silence(300), tones([400], 500));
const pcm = joined(prompt, silence(1_800), tones([600], 500));
const heard = { pcm, startedAtMs: 10_000 };

describe('the delays of a turn', () => {
  it('go from the begin of speech to the end of the prompt, and from its end to the next', () => {
    expect(turnDelays(heard, { beginAtMs: 10_900, endAtMs: 12_000 })).toEqual({ bargeInMs: 300, promptMs: 1_000 });
  });

  it('take no pause of the prompt for its end', () => {
    expect(turnDelays(heard, { beginAtMs: 10_200, endAtMs: 12_000 }).bargeInMs).toBe(1_000);
  });

  it('are unknown for a prompt that had ended, and for one that is not heard', () => {
    expect(turnDelays(heard, { beginAtMs: 11_300, endAtMs: 12_000 })).toEqual({ bargeInMs: undefined, promptMs: 1_000 });
    expect(turnDelays({ pcm: joined(prompt, silence(900)), startedAtMs: 10_000 }, { beginAtMs: 10_900, endAtMs: 12_000 })).toEqual({ bargeInMs: 300, promptMs: undefined });
  });
});
