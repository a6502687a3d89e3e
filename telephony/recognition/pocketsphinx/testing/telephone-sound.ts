import { CALL_SAMPLE_RATE_HZ } from '../../../../engine/ports/call-audio.ts';

const LOW_HZ = 300;
const HIGH_HZ = 3_400;
const LEVEL = 0.08;
const NOISE = 10 ** (-58 / 20);
// What a detector of voice lets through before and after: its look-back and its hangover.
const BEFORE_MS = 200;
const AFTER_MS = 600;

/** Speech as it comes from a telephone line: 300 to 3400 Hz, one level, faint noise around, through G.711 µ-law. -1 to 1 at the rate of calls. */
export function telephoneSound(speech: Float32Array, seed = 1): Int16Array {
  const threshold = 0.02 * peak(speech);
  const loud = speech.filter((sample) => Math.abs(sample) > threshold);
  const gain = LEVEL / Math.sqrt(loud.reduce((sum, sample) => sum + sample * sample, 0) / Math.max(1, loud.length));
  const before = (BEFORE_MS * CALL_SAMPLE_RATE_HZ) / 1000;
  const padded = new Float32Array(before + speech.length + (AFTER_MS * CALL_SAMPLE_RATE_HZ) / 1000);
  padded.set(speech.map((sample) => sample * gain), before);
  // Twice each: 24 dB an octave, as steep as lines are.
  const filtered = [highPass(LOW_HZ), highPass(LOW_HZ), lowPass(HIGH_HZ), lowPass(HIGH_HZ)].reduce<Float32Array>((sound, filter) => filter(sound), padded);
  const noise = whiteNoise(filtered.length, NOISE, seed);
  return Int16Array.from(filtered, (sample, at) => Math.round(muLaw(sample + (noise[at] ?? 0)) * 32_767));
}

/** The same each time. `level` is the root mean square, 1 full scale. */
export function whiteNoise(length: number, level: number, seed = 1): Float32Array {
  let state = seed >>> 0;
  // Four numbers of 0 to 1 have a variance of a third, and together nearly the shape of a bell.
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32 - 0.5;
  return Float32Array.from({ length }, () => level * Math.sqrt(3) * (random() + random() + random() + random()));
}

function peak(samples: Float32Array): number {
  return samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
}

/** To a logarithmic scale of 256 steps and back (the continuous form of ITU-T G.711). */
function muLaw(sample: number): number {
  const compressed = Math.log1p(255 * Math.min(1, Math.abs(sample))) / Math.log(256);
  return (Math.sign(sample) * (256 ** (Math.round(compressed * 127) / 127) - 1)) / 255;
}

type Filter = (samples: Float32Array) => Float32Array;

// Robert Bristow-Johnson, Cookbook formulae for audio EQ biquad filter coefficients, with Q = 1/√2.
function lowPass(hz: number): Filter {
  const cos = Math.cos((2 * Math.PI * hz) / CALL_SAMPLE_RATE_HZ);
  return biquad(hz, [(1 - cos) / 2, 1 - cos, (1 - cos) / 2]);
}

function highPass(hz: number): Filter {
  const cos = Math.cos((2 * Math.PI * hz) / CALL_SAMPLE_RATE_HZ);
  return biquad(hz, [(1 + cos) / 2, -(1 + cos), (1 + cos) / 2]);
}

function biquad(hz: number, [b0, b1, b2]: readonly [number, number, number]): Filter {
  const angle = (2 * Math.PI * hz) / CALL_SAMPLE_RATE_HZ;
  const alpha = Math.sin(angle) / Math.SQRT2;
  const [a0, a1, a2] = [1 + alpha, -2 * Math.cos(angle), 1 - alpha];
  return (samples) => {
    let [x1, x2, y1, y2] = [0, 0, 0, 0];
    return samples.map((x0) => {
      const y0 = (b0 * x0 + b1 * x1 + b2 * x2 - a1 * y1 - a2 * y2) / a0;
      [x2, x1, y2, y1] = [x1, x0, y1, y0];
      return y0;
    });
  };
}
