import { describe, expect, it } from 'vitest';
import { joined, silence, tones } from '../../test/rigs/telephone-sounds.ts';
import { longestSilence, soundEdges } from './sound-edges.ts';

const sound = joined(silence(100), tones([400], 200, -20), silence(300), tones([400], 50, -20), silence(100));

describe('the edges of a sound', () => {
  it('are the first and the last 10 ms above the level', () => {
    expect(soundEdges(sound, -40)).toEqual({ beginMs: 100, endMs: 650 });
  });

  it('are looked for in a part only, in milliseconds of the whole', () => {
    expect(soundEdges(sound, -40, { fromMs: 301 })).toEqual({ beginMs: 600, endMs: 650 });
    expect(soundEdges(sound, -40, { toMs: 500 })).toEqual({ beginMs: 100, endMs: 300 });
    expect(soundEdges(sound, -40, { fromMs: -50, toMs: 1e9 })).toEqual({ beginMs: 100, endMs: 650 });
  });

  it('are none where nothing is as loud', () => {
    expect(soundEdges(sound, -10)).toBeUndefined();
    expect(soundEdges(sound, -40, { fromMs: 310, toMs: 590 })).toBeUndefined();
    expect(soundEdges(new Int16Array(), -40)).toBeUndefined();
  });
});

describe('the longest silence', () => {
  it('is found between sounds, before and after them', () => {
    expect(longestSilence(sound, -40)).toEqual({ beginMs: 300, endMs: 600 });
    expect(longestSilence(sound, -40, 605)).toEqual({ beginMs: 650, endMs: 750 });
    expect(longestSilence(silence(100), -40)).toEqual({ beginMs: 0, endMs: 100 });
    expect(longestSilence(tones([400], 100), -40)).toMatchObject({ beginMs: 0, endMs: 0 });
  });
});
