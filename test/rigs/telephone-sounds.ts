import { PCMU } from '../../telephony/phones/g711.ts';

/** What is heard on telephone lines beside speech, and what makes speech hard to hear. 8 kHz, 16 bits; the same seed, the same sound. */
const SAMPLE_RATE_HZ = 8_000;
const FULL_SCALE = 32_768;

/** mulberry32: small, and good enough for noise. 0 to 1. */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const samplesIn = (ms: number) => Math.round((ms * SAMPLE_RATE_HZ) / 1_000);

export function silence(ms: number): Int16Array {
  return new Int16Array(samplesIn(ms));
}

/** One sound after the other. */
export function joined(...parts: readonly Int16Array[]): Int16Array {
  const whole = new Int16Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** Root mean square, 0 to 1. */
export function rms(sound: Int16Array): number {
  let sum = 0;
  for (const sample of sound) sum += sample * sample;
  return Math.sqrt(sum / Math.max(1, sound.length)) / FULL_SCALE;
}

/** The sound made so loud (dBFS, root mean square). What exceeds 16 bits is cut, as a telephone does. */
export function atLevel(sound: Int16Array | Float32Array, levelDb: number): Int16Array {
  let sum = 0;
  for (const sample of sound) sum += sample * sample;
  const gain = sum === 0 ? 0 : (10 ** (levelDb / 20) * FULL_SCALE) / Math.sqrt(sum / sound.length);
  return Int16Array.from(sound, (sample) => clipped(sample * gain));
}

/** Both at once; as long as the first, the second repeated as needed. */
export function mixed(sound: Int16Array, other: Int16Array): Int16Array {
  return sound.map((sample, index) => clipped(sample + (other[index % other.length] ?? 0)));
}

/** As it comes out of a telephone network: 300 to 3400 Hz, G.711 µ-law. */
export function overTelephone(sound: Int16Array): Int16Array {
  return PCMU.decode(PCMU.encode(telephoneBand(sound)));
}

/** What is left between 300 and 3400 Hz, 12 dB less an octave beside them. Full scale is that of 16 bits. */
export function telephoneBand(sound: ArrayLike<number>): Int16Array {
  return Int16Array.from(biquad(biquad(sound, 300, 'high'), 3_400, 'low'), clipped);
}

export function whiteNoise(ms: number, levelDb: number, seed = 1): Int16Array {
  const next = random(seed);
  return atLevel(Float32Array.from({ length: samplesIn(ms) }, () => gaussian(next)), levelDb);
}

/** 3 dB less an octave: rooms, streets. Voss and McCartney's sum of noises that change ever more rarely. */
export function pinkNoise(ms: number, levelDb: number, seed = 1): Int16Array {
  const next = random(seed);
  const rows = new Float64Array(12);
  let sum = 0;
  const sound = Float32Array.from({ length: samplesIn(ms) }, (_, index) => {
    const row = Math.min(rows.length - 1, 31 - Math.clz32((index + 1) & -(index + 1)));
    const value = gaussian(next);
    sum += value - (rows[row] ?? 0);
    rows[row] = value;
    return sum + gaussian(next);
  });
  return atLevel(sound, levelDb);
}

/** Sines at once, each at `levelDb` below full scale. */
export function tones(hz: readonly number[], ms: number, levelDb = -16): Int16Array {
  const amplitude = 10 ** (levelDb / 20) * FULL_SCALE;
  return Int16Array.from({ length: samplesIn(ms) }, (_, index) => {
    const value = hz.reduce((sum, each) => sum + Math.sin((2 * Math.PI * each * index) / SAMPLE_RATE_HZ), 0);
    return clipped(amplitude * value);
  });
}

/** The keys of a telephone as they sound (ITU-T Q.23). */
export function dtmf(digits: string, onMs = 100, offMs = 100): Int16Array {
  const rows = ['123A', '456B', '789C', '*0#D'];
  const rowHz = [697, 770, 852, 941];
  const columnHz = [1_209, 1_336, 1_477, 1_633];
  return joined(
    ...[...digits].map((digit) => {
      const row = rows.findIndex((keys) => keys.includes(digit));
      return joined(tones([rowHz[row] ?? 0, columnHz[rows[row]?.indexOf(digit) ?? 0] ?? 0], onMs), silence(offMs));
    }),
  );
}

/** A tone that comes and goes, e.g. ringing. */
export function cadence(hz: readonly number[], onMs: number, offMs: number, times: number): Int16Array {
  return joined(...Array.from({ length: times }, () => joined(tones(hz, onMs), silence(offMs))));
}

/** A cough or a knock: noise through one resonance that dies away. Repeated every `everyMs`, each a bit different. */
export function bursts(lengthMs: number, everyMs: number, times: number, seed = 1): Int16Array {
  const next = random(seed);
  return joined(
    ...Array.from({ length: times }, () => {
      const noise = Float32Array.from({ length: samplesIn(lengthMs) }, (_, index) => gaussian(next) * Math.exp((-3 * index) / samplesIn(lengthMs)) * Math.min(1, index / 40));
      const shaped = biquad(noise, 500 + 1_000 * next(), 'low');
      return joined(atLevel(shaped, -20), silence(everyMs - lengthMs));
    }),
  );
}

function clipped(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}

function gaussian(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

// Robert Bristow-Johnson's audio EQ cookbook, second order, Q of Butterworth's filter.
function biquad(sound: ArrayLike<number>, hz: number, kind: 'high' | 'low'): Float32Array {
  const omega = (2 * Math.PI * hz) / SAMPLE_RATE_HZ;
  const alpha = Math.sin(omega) * Math.SQRT1_2;
  const cosine = Math.cos(omega);
  const sign = kind === 'low' ? 1 : -1;
  const b1 = sign * (1 - sign * cosine);
  const b0 = (sign * b1) / 2;
  const a0 = 1 + alpha;
  const result = new Float32Array(sound.length);
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  for (let index = 0; index < result.length; index += 1) {
    const x = sound[index] ?? 0;
    const y = (b0 * x + b1 * x1 + b0 * x2 + 2 * cosine * y1 - (1 - alpha) * y2) / a0;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    result[index] = y;
  }
  return result;
}
