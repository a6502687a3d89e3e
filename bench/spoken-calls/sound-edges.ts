const WINDOW = 80; // 10 ms at 8 kHz
const SAMPLES_PER_MS = 8;
const FULL_SCALE = 32_768;

/** From here to here, in milliseconds from the begin of the sound. */
export interface SoundEdges {
  readonly beginMs: number;
  readonly endMs: number;
}

/** The begin of the first window of 10 ms from `fromMs` on that is above the level (dBFS), and the end of the last one before `toMs`. Undefined when there is none. */
export function soundEdges(pcm: Int16Array, levelDb: number, { fromMs = 0, toMs = Number.POSITIVE_INFINITY } = {}): SoundEdges | undefined {
  const from = Math.max(0, Math.ceil((fromMs * SAMPLES_PER_MS) / WINDOW));
  const to = Math.min(Math.floor(pcm.length / WINDOW), Math.floor((toMs * SAMPLES_PER_MS) / WINDOW));
  let first: number | undefined;
  let last = 0;
  for (let window = from; window < to; window += 1) {
    if (!isLoud(pcm.subarray(window * WINDOW, (window + 1) * WINDOW), levelDb)) continue;
    first ??= window;
    last = window;
  }
  if (first === undefined) return undefined;
  return { beginMs: (first * WINDOW) / SAMPLES_PER_MS, endMs: ((last + 1) * WINDOW) / SAMPLES_PER_MS };
}

/** The longest time from `fromMs` on in which no window of 10 ms is above the level. */
export function longestSilence(pcm: Int16Array, levelDb: number, fromMs = 0): SoundEdges {
  const windows = Math.floor(pcm.length / WINDOW);
  let longest = { begin: 0, end: 0 };
  let begin = Math.max(0, Math.ceil((fromMs * SAMPLES_PER_MS) / WINDOW));
  for (let window = begin; window <= windows; window += 1) {
    if (window < windows && !isLoud(pcm.subarray(window * WINDOW, (window + 1) * WINDOW), levelDb)) continue;
    if (window - begin > longest.end - longest.begin) longest = { begin, end: window };
    begin = window + 1;
  }
  return { beginMs: (longest.begin * WINDOW) / SAMPLES_PER_MS, endMs: (longest.end * WINDOW) / SAMPLES_PER_MS };
}

function isLoud(samples: Int16Array, levelDb: number): boolean {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  return Math.sqrt(sum / samples.length) > FULL_SCALE * 10 ** (levelDb / 20);
}
