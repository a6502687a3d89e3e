/** 2³² divided by the golden ratio: the step of SplitMix32. */
const GOLDEN = 0x9e3779b9;

/**
 * A stream of random numbers: xoshiro128** (Blackman and Vigna 2018) seeded by SplitMix32. Streams are named by parts
 * (seed, replication, purpose), so that each is independent of how much of the others was used. That is what makes
 * common random numbers work: a changed configuration meets the same callers at the same times.
 */
export class RandomStream {
  #a = 0;
  #b = 0;
  #c = 0;
  #d = 0;

  constructor(...parts: readonly (number | string)[]) {
    let seed = GOLDEN;
    for (const part of parts) seed = mix(seed ^ (typeof part === 'string' ? hashOf(part) : part >>> 0));
    this.reset(seed, parts.length);
  }

  /** Starts anew as the stream of these two numbers (32 bits each): cheap enough for one stream a contact. */
  reset(seed: number, purpose: number): void {
    const state = mix(seed ^ mix(purpose + 0x7f4a7c15));
    this.#a = mix(state + GOLDEN);
    this.#b = mix(state + 2 * GOLDEN);
    this.#c = mix(state + 3 * GOLDEN);
    // Not all four words may be 0.
    this.#d = mix(state + 4 * GOLDEN) | 1;
  }

  /** 32 random bits, as an unsigned number. */
  bits(): number {
    const b = this.#b;
    const times5 = Math.imul(b, 5);
    const result = Math.imul((times5 << 7) | (times5 >>> 25), 9);
    const shifted = b << 9;
    this.#c ^= this.#a;
    this.#d ^= b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = (this.#d << 11) | (this.#d >>> 21);
    return result >>> 0;
  }

  /** Uniform on the open interval (0, 1), with 52 bits: never 0, so that its logarithm exists. */
  uniform(): number {
    const high = this.bits() >>> 6;
    const low = this.bits() >>> 6;
    return (high * 67_108_864 + low + 0.5) / 4_503_599_627_370_496;
  }

  /** A whole number from 0 up to and without `below`. */
  index(below: number): number {
    return Math.floor(this.uniform() * below);
  }

  exponential(mean: number): number {
    return -mean * Math.log(this.uniform());
  }

  /** Mean 0, variance 1; the polar method of Marsaglia. */
  normal(): number {
    for (;;) {
      const x = 2 * this.uniform() - 1;
      const y = 2 * this.uniform() - 1;
      const square = x * x + y * y;
      if (square < 1 && square > 0) return x * Math.sqrt((-2 * Math.log(square)) / square);
    }
  }

  /** Gamma with mean `shape`; Marsaglia and Tsang 2000, for a shape below 1 by their boost. */
  gamma(shape: number): number {
    if (shape < 1) return this.gamma(shape + 1) * this.uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    const c = 1 / Math.sqrt(9 * d);
    for (;;) {
      const x = this.normal();
      const root = 1 + c * x;
      if (root <= 0) continue;
      const v = root ** 3;
      if (Math.log(this.uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
    }
  }
}

/** The finalizer of MurmurHash3: every input bit moves every output bit. */
function mix(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** FNV-1a. */
function hashOf(text: string): number {
  let h = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193);
  return h >>> 0;
}
