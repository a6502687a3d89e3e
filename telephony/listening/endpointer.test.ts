import { describe, expect, it } from 'vitest';
import { type Endpoint, Endpointer, type EndpointRules } from './endpointer.ts';

const WINDOW_MS = 32;
const RULES: EndpointRules = { beginLikelihood: 0.5, sureLikelihood: 0.9, endLikelihood: 0.35, leastSpeechMs: 180, spanMs: 320, endSilenceMs: 600, maxSpeechMs: 3_000 };
const SURE = 1;
const SPEECH = 0.7;
const FADING = 0.4;
const SILENCE = 0;

/** What each window brought; windows that brought nothing are left out. */
function run(likelihoods: readonly number[], rules: Partial<EndpointRules> = {}): (Endpoint & { readonly window: number })[] {
  const endpointer = new Endpointer({ ...RULES, ...rules }, WINDOW_MS);
  return likelihoods.flatMap((likelihood, window) => {
    const endpoint = endpointer.hear(likelihood);
    return endpoint === undefined ? [] : [{ ...endpoint, window }];
  });
}
const times = (count: number, likelihood: number): number[] => Array.from({ length: count }, () => likelihood);

describe('the begin', () => {
  it('is told as soon as least speech is reached', () => {
    expect(run([...times(10, SILENCE), ...times(6, SPEECH)])).toEqual([{ type: 'began', sinceMs: 192, window: 15 }]);
  });

  it('forgives gaps within the span, and reaches back to the first window that counts', () => {
    expect(run([SPEECH, SPEECH, SILENCE, SILENCE, SPEECH, SPEECH, SPEECH, SPEECH])).toEqual([{ type: 'began', sinceMs: 256, window: 7 }]);
  });

  it('comes after half the time where it is surely speech', () => {
    expect(run([...times(10, SILENCE), ...times(6, SURE)])).toEqual([{ type: 'began', sinceMs: 96, window: 12 }]);
    expect(run([SPEECH, SURE, SILENCE, SURE, SPEECH, SPEECH])).toEqual([{ type: 'began', sinceMs: 160, window: 4 }]);
  });

  it.each([
    ['a click that sounds like a voice', times(2, SURE)],
    ['a click', times(1, SPEECH)],
    ['a cough', times(5, SPEECH)],
    ['knocks that are further apart than the span', Array.from({ length: 40 }, (_, index) => (index % 3 === 0 ? SPEECH : SILENCE))],
    ['what is never likely enough', times(100, FADING)],
  ])('is not told of %s', (_, likelihoods) => {
    expect(run([...likelihoods, ...times(40, SILENCE)])).toEqual([]);
  });
});

describe('the end', () => {
  it('comes after the silence that was asked for', () => {
    expect(run([...times(20, SPEECH), ...times(19, SILENCE)])).toEqual([{ type: 'began', sinceMs: 192, window: 5 }, { type: 'ended', window: 38 }]);
  });

  it('does not come in a shorter pause, nor while speech fades', () => {
    expect(run([...times(10, SPEECH), ...times(18, SILENCE), ...times(30, FADING), ...times(18, SILENCE), SPEECH])).toHaveLength(1);
  });

  it('lets the next utterance begin', () => {
    const word = [...times(10, SPEECH), ...times(20, SILENCE)];
    expect(run([...word, ...word]).map(({ type }) => type)).toEqual(['began', 'ended', 'began', 'ended']);
  });
});

describe('the cut', () => {
  it('comes when the longest time is over, counted from the begin', () => {
    expect(run(times(100, SPEECH))).toEqual([{ type: 'began', sinceMs: 192, window: 5 }, { type: 'cut', window: 93 }]);
  });

  it('lets nothing begin until there was a silence, and tells no end of what was cut', () => {
    const endless = [...times(300, SPEECH), ...times(10, SILENCE), ...times(100, SPEECH)];
    expect(run([...endless, ...times(19, SILENCE), ...times(6, SPEECH)]).map(({ type }) => type)).toEqual(['began', 'cut', 'began']);
  });
});

it('starts anew when the sound stopped', () => {
  const endpointer = new Endpointer(RULES, WINDOW_MS);
  for (const likelihood of times(6, SPEECH)) endpointer.hear(likelihood);
  expect(endpointer.speaking).toBe(true);
  endpointer.stop();
  expect(endpointer.speaking).toBe(false);
  expect(times(5, SPEECH).map((likelihood) => endpointer.hear(likelihood))).toEqual(times(5, 0).map(() => undefined));
  expect(endpointer.hear(SPEECH)).toEqual({ type: 'began', sinceMs: 192 });
});
