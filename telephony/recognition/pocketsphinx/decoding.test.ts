import { describe, expect, it } from 'vitest';
import { confidenceOf, likelihoodRatio } from './confidence.ts';
import { type Decoding, parseDecoding, speechFrames, spokenWords, totalScore } from './decoding.ts';

// As pocketsphinx 5.1.1 said it.
const STDOUT = '{"b":0.000,"d":2.080,"p":1.000,"t":"w0 w1","w":[{"b":0.000,"d":0.410,"p":0.924,"t":"<sil>"},{"b":0.410,"d":0.440,"p":0.890,"t":"w0(2)"}]}\n';
const LOG = `INFO: fsg_search.c(874): fsg 0.23 wall 0.113 xRT
INFO: pocketsphinx.c(1350): w0 w1 (-3606)
word                 start end   pprob ascr       lscr       lback
(NULL)               -1    -1    0.998 0          -23        1  
<sil>                0     40    0.924 -450       -337       1  
w0(2)                41    84    0.890 -1132      -29        1  
w1                   85    130   0.917 -868       0          1  
(NULL)               130   130   0.999 0          -7         1  
[NOISE]              131   206   0.927 -423       -337       1  
INFO: fsg_search.c(267): TOTAL fsg 0.06 CPU 0.028 xRT
`;

describe('parseDecoding', () => {
  it('reads words and scores', () => {
    const decoding = parseDecoding(STDOUT, LOG);
    expect(spokenWords(decoding)).toEqual(['w0', 'w1']);
    expect(speechFrames(decoding)).toBe(44 + 46);
    expect(totalScore(decoding)).toBe(-450 - 1132 - 868 - 423);
  });

  it('is empty when nothing fits', () => {
    expect(parseDecoding('{"b":0.000,"d":1.930,"p":1.000,"t":"","w":[]}\n', 'INFO: x\n')).toEqual({ segments: [] });
  });

  it.each([
    ['', 'is not one line of JSON'],
    ['hello', 'is not one line of JSON'],
    ['{"b":1}', 'has no text'],
    ['null', 'has no text'],
    ['{"t":"w0 w1"}\n{"t":"w2"}', 'is not one line of JSON'],
    ['{"t":"w0"}', "understood 'w0' but traced 'w0 w1'"],
  ])('refuses %j', (stdout, message) => {
    expect(() => parseDecoding(stdout, LOG)).toThrow(message);
  });

  it('refuses a log without scores', () => {
    expect(() => parseDecoding(STDOUT, 'INFO: nothing\n')).toThrow("traced ''");
  });
});

describe('confidence', () => {
  const decoding = (...segments: [string, number, number][]): Decoding => ({ segments: segments.map(([word, frames, score]) => ({ word, frames, score })) });

  it('compares the scores of all, a frame of whichever found more speech', () => {
    const found = decoding(['<sil>', 30, -300], ['w0', 50, -5_000]);
    const free = decoding(['<sil>', 20, -150], ['w3', 30, -2_500], ['w4', 30, -2_050]);
    expect(likelihoodRatio(found, free)).toBe(-600 / 60);
    expect(likelihoodRatio(decoding(), decoding())).toBe(0);
  });

  it('is a half at the half, and grows with the ratio', () => {
    const calibration = { half: -6, scale: 3 };
    expect(confidenceOf(-6, calibration)).toBe(0.5);
    expect(confidenceOf(-3, calibration)).toBeCloseTo(0.731, 3);
    expect(confidenceOf(-1e9, calibration)).toBe(0);
    expect(confidenceOf(1e9, calibration)).toBe(1);
  });
});
