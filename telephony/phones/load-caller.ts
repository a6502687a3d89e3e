import { build, type Histogram } from 'hdr-histogram-js';

import type { RtpEndpointOptions } from './rtp-endpoint.ts';
import type { CallEnd } from './scripted-call.ts';
import type { DialOptions, OutgoingCall, ScriptedCaller } from './scripted-caller.ts';

/** What one call of a load does and measures. */
export interface LoadScript {
  /**
   * Runs from the INVITE on; rejects when the call did not go as it should. What it marks becomes a histogram of that name.
   * The call is hung up when it settles, unless it is over.
   */
  (call: OutgoingCall, mark: (name: string, milliseconds: number) => void): Promise<void>;
}

export interface LoadOptions {
  readonly number: string;
  readonly callsPerSecond: number;
  readonly calls: number;
  readonly script: LoadScript;
  /** Default: 13800000000 + n. */
  readonly dial?: (n: number) => Partial<Omit<DialOptions, 'number' | 'media'>>;
  /**
   * By default 100 ms of silence and then nothing but digits is sent, and nothing is recorded. Without that silence Asterisk's
   * `Answer()` waits 500 ms for the first packet.
   */
  readonly media?: Omit<RtpEndpointOptions, 'host' | 'law'>;
  /** A call that takes longer is hung up and counts as failed. */
  readonly callTimeoutMs?: number;
  /** Stops starting calls; those under way are finished. */
  readonly signal?: AbortSignal;
}

export interface LoadFailure {
  readonly n: number;
  readonly why: string;
  readonly end: CallEnd;
}

/** Milliseconds at a percentile, as `percentiles.get('digitToAudio')`. */
export interface Percentiles {
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly max: number;
}

export interface LoadResult {
  readonly started: number;
  readonly succeeded: number;
  /** In the order in which the calls were placed. */
  readonly failures: readonly LoadFailure[];
  /** Rate at which calls were really started, in calls/s. */
  readonly startRate: number;
  /** From the first INVITE to the end of the last call. */
  readonly durationMs: number;
  readonly maxConcurrent: number;
  /** `answer` (INVITE sent to 200 received, measured in sipp) and whatever the script marked. */
  readonly percentiles: ReadonlyMap<string, Percentiles>;
}

/**
 * Places calls at a steady rate, whether or not the switch keeps up (an open loop: a slow switch gets more calls at a time, not
 * fewer), all from one sipp and this process. The n-th call is due at start + n / rate.
 */
export async function runLoad(caller: ScriptedCaller, options: LoadOptions): Promise<LoadResult> {
  const { callsPerSecond, calls, callTimeoutMs = 60_000 } = options;
  const histograms = new Map<string, Histogram>();
  const mark = (name: string, milliseconds: number): void => {
    let histogram = histograms.get(name);
    if (histogram === undefined) {
      // Kept in microseconds; up to 10 minutes with three digits.
      histogram = build({ lowestDiscernibleValue: 1, highestTrackableValue: 600_000_000, numberOfSignificantValueDigits: 3 });
      histograms.set(name, histogram);
    }
    histogram.recordValue(Math.max(1, Math.round(milliseconds * 1000)));
  };
  const failures: LoadFailure[] = [];
  let succeeded = 0;
  let concurrent = 0;
  let maxConcurrent = 0;

  const runCall = async (n: number): Promise<void> => {
    const call = await caller.dial({
      callerNumber: String(13_800_000_000 + n),
      ...options.dial?.(n),
      number: options.number,
      media: { source: { kind: 'silence', forMs: 100 }, record: false, ...options.media },
    });
    maxConcurrent = Math.max(maxConcurrent, ++concurrent);
    call.answerDelayMs().then((delayMs) => mark('answer', delayMs), () => undefined); // an unanswered call fails its script
    let timer: NodeJS.Timeout | undefined;
    try {
      const timeout = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(new Error(`took longer than ${callTimeoutMs} ms`)), callTimeoutMs);
      });
      await Promise.race([options.script(call, mark), timeout]);
      const end = await call.hangUp();
      if (end.how !== 'bye') throw new Error(`ended as ${end.how}`);
      succeeded++;
    } catch (error) {
      failures.push({ n, why: error instanceof Error ? error.message : String(error), end: await call.hangUp() });
    } finally {
      clearTimeout(timer);
      concurrent--;
    }
  };

  const startedAtMs = performance.now();
  const running: Promise<void>[] = [];
  for (let n = 0; n < calls && options.signal?.aborted !== true; n++) {
    const waitMs = startedAtMs + (n * 1000) / callsPerSecond - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    running.push(runCall(n));
  }
  const lastStartMs = performance.now();
  await Promise.all(running);
  const started = running.length;
  return {
    started,
    succeeded,
    failures: failures.sort((a, b) => a.n - b.n),
    startRate: started < 2 ? 0 : ((started - 1) * 1000) / (lastStartMs - startedAtMs),
    durationMs: performance.now() - startedAtMs,
    maxConcurrent,
    percentiles: new Map(Array.from(histograms, ([name, histogram]) => [name, percentilesOf(histogram)])),
  };
}

function percentilesOf(histogram: Histogram): Percentiles {
  const at = (percentile: number): number => histogram.getValueAtPercentile(percentile) / 1000;
  return { count: histogram.totalCount, p50: at(50), p95: at(95), p99: at(99), max: histogram.maxValue / 1000 };
}

export interface MenuScriptOptions {
  /** Pressed once the prompt is heard and `pressAfterMs` have passed. */
  readonly digit: string;
  readonly pressAfterMs?: number;
  readonly digitDurationMs?: number;
  /**
   * How the next prompt is known: both prompts are tones, this one of that frequency. After barge-in Asterisk goes from one
   * prompt to the next without a pause and without a marker bit, so there is nothing else to tell them by at once.
   */
  readonly nextToneHz: number;
  /** After the next prompt has begun: hang up, or wait for the switch to do so. */
  readonly then?: 'hangUp' | 'wait';
  readonly timeoutMs?: number;
}

/**
 * A caller at a menu: hears the prompt, presses a digit, hears what comes next. Marks `answerToAudio` (200 received to first
 * audio) and `digitToAudio` (first packet with the E bit sent to first audio of the next prompt received).
 */
export function menuScript(options: MenuScriptOptions): LoadScript {
  const timeoutMs = options.timeoutMs ?? 10_000;
  return async (call, mark) => {
    const prompt = await call.media.firstAudio({ afterMs: 0, timeoutMs });
    mark('answerToAudio', prompt.arrivedAtMs - (await call.answered));
    await new Promise((resolve) => setTimeout(resolve, options.pressAfterMs ?? 200));
    let next: Promise<void> | undefined;
    await call.media.sendDigits(options.digit, {
      durationMs: options.digitDurationMs ?? 80,
      onEnd: ({ endedAtMs }) => {
        next ??= call.media
          .firstAudio({ toneHz: options.nextToneHz, afterMs: endedAtMs, timeoutMs })
          .then((packet) => mark('digitToAudio', packet.arrivedAtMs - endedAtMs));
        next.catch(() => undefined); // awaited below
      },
    });
    await next;
    if (options.then === 'wait') await call.ended;
  };
}
