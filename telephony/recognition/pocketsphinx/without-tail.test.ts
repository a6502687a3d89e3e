import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joined, silence, whiteNoise } from '../../../test/rigs/telephone-sounds.ts';
import { WithoutTail } from './without-tail.ts';

const speech = (ms: number): Int16Array => whiteNoise(ms, -20, 1);
const line = (ms: number): Int16Array => whiteNoise(ms, -68, 2);

/** What is heard of a sound that comes in pieces. */
function heard(sound: Int16Array, piece = 160): Int16Array {
  const tail = new WithoutTail();
  const parts: Int16Array[] = [];
  for (let at = 0; at < sound.length; at += piece) parts.push(tail.write(sound.subarray(at, at + piece)));
  return joined(...parts, tail.end());
}

describe('an utterance', () => {
  it('keeps its beginning and its pauses, and 125 ms of the silence behind it', () => {
    const said = joined(line(300), speech(400), line(500), speech(300));
    expect(heard(joined(said, line(700)))).toEqual(joined(said, line(700).subarray(0, 1_000)));
  });

  it('keeps all where there is no silence behind it: in noise, and when it is short', () => {
    const noisy = joined(speech(400), whiteNoise(700, -45, 3));
    expect(heard(noisy)).toEqual(noisy);
    expect(heard(joined(speech(400), line(100)))).toEqual(joined(speech(400), line(100)));
  });

  it('of silence alone is as it came, and of nothing is nothing', () => {
    expect(heard(silence(500))).toEqual(silence(500));
    expect(heard(new Int16Array())).toEqual(new Int16Array());
  });

  it('is the begin of what was said, whatever the pieces', () => {
    const sound = joined(line(200), speech(300), line(600));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900 }), (piece) => {
        expect(heard(sound, piece)).toEqual(sound.subarray(0, 500 * 8 + 1_000));
      }),
      { numRuns: 30 },
    );
  });
});
