import { describe, expect, it } from 'vitest';

import { findPrompts, PromptMatcher, type PromptReference } from './audio-match.ts';
import { PCMA, PCMU } from './g711.ts';

const SECOND = 8000;

/** Repeatable randomness (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/**
 * Something like speech of one voice: the same pitch throughout, syllables of random vowels (two formants), hissing consonants
 * and pauses.
 */
function speech(seed: number, durationMs: number): Int16Array {
  const next = random(seed);
  const pcm = new Int16Array((durationMs * SECOND) / 1000);
  for (let at = 0; at < pcm.length; ) {
    const length = Math.round((0.08 + 0.12 * next()) * SECOND);
    const [first, second, loud, hiss, pause] = [300 + 500 * next(), 900 + 1500 * next(), 0.4 + 0.6 * next(), next() < 0.3, next() < 0.12];
    for (let i = 0; i < length && at < pcm.length; i++, at++) {
      const envelope = Math.sin((Math.PI * i) / length) * loud * 9000;
      let sample = 0;
      if (hiss) sample = (next() - 0.5) * 0.4;
      else {
        for (let harmonic = 1; harmonic <= 20; harmonic++) {
          const hz = 120 * harmonic;
          const gain = 1 / (1 + ((hz - first) / 120) ** 2) + 0.6 / (1 + ((hz - second) / 150) ** 2);
          sample += gain * Math.sin((2 * Math.PI * hz * at) / SECOND);
        }
      }
      pcm[at] = pause ? 0 : Math.round(envelope * sample * 0.5);
    }
  }
  return pcm;
}

function join(...parts: Int16Array[]): Int16Array {
  const out = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const silence = (durationMs: number): Int16Array => new Int16Array((durationMs * SECOND) / 1000);
const REFERENCES: PromptReference[] = Array.from({ length: 12 }, (_, i) => ({ key: `p${i}`, pcm: join(silence(30), speech(i + 1, 900 + i * 150), silence(100)) }));
const matcher = new PromptMatcher(REFERENCES);
const pcmOf = (key: string): Int16Array => REFERENCES.find((each) => each.key === key)?.pcm ?? silence(0);
const overMuLaw = (pcm: Int16Array): Int16Array => PCMU.decode(PCMU.encode(pcm));

describe('recognising prompts', () => {
  it('finds each prompt as itself and nothing else, over both laws, at any offset and volume', () => {
    REFERENCES.forEach(({ key, pcm }, i) => {
      const volume = 0.2 + i / 12;
      const sent = join(new Int16Array(137 * i), pcm, silence(200)).map((sample) => sample * volume);
      const found = matcher.find((i % 2 ? PCMA : PCMU).decode((i % 2 ? PCMA : PCMU).encode(sent)));
      expect(found.map((match) => [match.key, match.complete, match.alsoFits])).toEqual([[key, true, []]]);
      expect(found[0]?.startMs).toBeCloseTo((137 * i) / 8, 0);
      expect(found[0]?.score).toBeGreaterThan(0.95);
    });
  });

  it('gives the order and places of several', () => {
    const found = matcher.find(overMuLaw(join(silence(500), pcmOf('p3'), pcmOf('p1'), silence(70), pcmOf('p3'))));
    expect(found.map(({ key, complete }) => [key, complete])).toEqual([
      ['p3', true],
      ['p1', true],
      ['p3', true],
    ]);
    expect(found[1]?.startMs).toBeCloseTo(500 + pcmOf('p3').length / 8, 0);
  });

  it('says how much of a prompt was heard before it was cut off', () => {
    for (const heardMs of [500, 800, 1200]) {
      const cut = pcmOf('p8').subarray(0, heardMs * 8);
      for (const after of [silence(600), pcmOf('p2')]) {
        const [match] = matcher.find(overMuLaw(join(cut, after)));
        expect(match).toMatchObject({ key: 'p8', complete: false });
        expect(match?.heardMs).toBeGreaterThan(heardMs - 150); // what it may have paused
        expect(match?.heardMs).toBeLessThanOrEqual(heardMs + 20);
      }
    }
  });

  it('sees the prompt that follows one cut off', () => {
    const found = matcher.find(overMuLaw(join(pcmOf('p8').subarray(0, 6000), pcmOf('p5'))));
    expect(found.map(({ key, complete }) => [key, complete])).toEqual([
      ['p8', false],
      ['p5', true],
    ]);
  });

  it('bears noise, lost packets and a stall of the player', () => {
    const next = random(99);
    const noisy = join(silence(90), pcmOf('p6'), silence(200)).map((sample) => sample + (next() - 0.5) * 600);
    expect(matcher.find(overMuLaw(noisy))).toMatchObject([{ key: 'p6', complete: true }]);

    const lossy = pcmOf('p7').slice();
    for (const frame of [20, 21, 45]) lossy.fill(0, frame * 160, (frame + 1) * 160);
    expect(matcher.find(overMuLaw(lossy))).toMatchObject([{ key: 'p7', complete: true }]);

    // The player stalled twice, once in the first word; the far end sent nothing meanwhile.
    const p9 = pcmOf('p9');
    const stalled = overMuLaw(join(silence(100), p9.subarray(0, 800), silence(130), p9.subarray(800, 7200), silence(210), p9.subarray(7200)));
    const gaps = [
      { at: 1600, length: 1040 },
      { at: 9040, length: 1680 },
    ];
    const [whole] = matcher.find({ pcm: stalled, sampleRateHz: 8000, startedAtMs: 0, gaps });
    expect(whole).toMatchObject({ key: 'p9', complete: true });
    expect(whole?.startMs).toBeCloseTo(100, 0);
    const [afterGap] = matcher.find({ pcm: join(silence(500), pcmOf('p4')), sampleRateHz: 8000, startedAtMs: 0, gaps: [{ at: 800, length: 2400 }] });
    expect(afterGap?.startMs).toBeCloseTo(500, 0);
  });

  it('names the others when prompts begin alike and no more was heard', () => {
    const same = speech(50, 700);
    const pair = [
      { key: 'account', pcm: join(same, speech(51, 900)) },
      { key: 'password', pcm: join(same, speech(52, 900)) },
    ];
    const [start] = findPrompts(overMuLaw(join(same, silence(300))), pair);
    expect([start?.key, ...(start?.alsoFits ?? [])].sort()).toEqual(['account', 'password']);
    expect(findPrompts(overMuLaw(pair[1]?.pcm ?? silence(1)), pair)).toMatchObject([{ key: 'password', complete: true, alsoFits: [] }]);
  });

  it('finds nothing in other speech, noise or silence', () => {
    const next = random(5);
    expect(matcher.find(overMuLaw(speech(1000, 5000)))).toEqual([]);
    expect(matcher.find(Int16Array.from({ length: 3 * SECOND }, () => (next() - 0.5) * 20_000))).toEqual([]);
    expect(matcher.find(silence(3000))).toEqual([]);
    expect(matcher.find(new Int16Array(0))).toEqual([]);
  });

  it('can look for some prompts only', () => {
    const heard = overMuLaw(join(pcmOf('p1'), pcmOf('p2')));
    expect(matcher.find(heard, { keys: ['p2', 'p3'] }).map(({ key }) => key)).toEqual(['p2']);
  });
});
