import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { PrivateRoot } from '../../telephony/pbx/private-root.ts';
import { RtpPacer } from '../../telephony/phones/rtp-pacer.ts';
import type { LatenessClock } from './lateness.ts';
import { LoadCall, type HeardCall } from './load-call.ts';
import { LOAD_DRAIN_LIMIT_MS, loadScenario } from './load-scenario.ts';

export interface LoadOptions {
  readonly root: PrivateRoot;
  readonly server: { readonly host: string; readonly port: number };
  /** What is dialled. */
  readonly number: string;
  readonly calls: number;
  /** Calls begun a second. */
  readonly rate: number;
  readonly digitAfterMs: number;
  readonly clock: LatenessClock;
}

/** One call of a load. */
export interface CallOutcome {
  /** Undefined when all went as it should, else what went wrong first. */
  readonly failure: string | undefined;
  readonly digitToAudioMs: number | undefined;
}

/** What a load of calls met. */
export interface LoadResult {
  readonly calls: readonly CallOutcome[];
  /** Calls begun a second, as it came out. */
  readonly offeredPerSecond: number;
  readonly inviteTo200Ms: readonly number[];
  /** How late the load generator's own timers were, in milliseconds. */
  readonly latenessMs: readonly number[];
}

/** Places `calls` calls at `rate` a second and settles when the last one has ended. sipp signals, LoadCall listens and presses. */
export async function placeLoad(options: LoadOptions): Promise<LoadResult> {
  const { clock, digitAfterMs } = options;
  const pacer = new RtpPacer(clock);
  const calls = await Promise.all(Array.from({ length: options.calls }, () => LoadCall.open({ pacer, digitAfterMs })));
  const dir = mkdtempSync(join(tmpdir(), 'strowger-load-'));
  try {
    clock.take();
    await runSipp(options, dir, calls.map(({ port }) => port));
    const latenessMs = clock.take();
    const trips = readRoundTrips(readRtt(dir));
    const endings = readEndings(readIn(dir, 'endings.log'));
    return {
      calls: calls.map((call) => outcomeOf(endings.get(call.port), call.heard)),
      offeredPerSecond: offeredRate(trips) ?? options.rate,
      inviteTo200Ms: trips.map(({ tookMs }) => tookMs),
      latenessMs,
    };
  } finally {
    await Promise.all(calls.map((call) => call.close()));
    rmSync(dir, { recursive: true, force: true });
  }
}

async function runSipp({ root, server, number, calls, rate }: LoadOptions, dir: string, ports: readonly number[]): Promise<void> {
  writeFileSync(join(dir, 'load.xml'), loadScenario());
  writeFileSync(join(dir, 'ports.csv'), `SEQUENTIAL\n${ports.join('\n')}\n`);
  const sipp = root.command('sipp', [
    ...[`${server.host}:${server.port}`, '-sf', 'load.xml', '-inf', 'ports.csv', '-s', number, '-i', '127.0.0.1'],
    ...['-r', String(rate), '-m', String(calls), '-l', String(calls), '-nostdin', '-nd', '-trace_err', '-error_file', 'errors.log'],
    ...['-trace_logs', '-log_file', 'endings.log', '-trace_rtt', '-rtt_freq', '1'],
  ]);
  const child = spawn(sipp.file, sipp.args, { cwd: dir, env: { ...sipp.env, TERM: 'dumb' }, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (data: Buffer) => (complaint = (complaint + data.toString()).slice(-1_000)));
  const timer = setTimeout(() => child.kill('SIGKILL'), (calls / rate) * 1_000 + LOAD_DRAIN_LIMIT_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', resolve);
  });
  clearTimeout(timer);
  // 0: all calls ended as the scenario says, 1: some did not; anything else is sipp's own trouble.
  if (code !== 0 && code !== 1) {
    throw new StrowgerError('bench.load', `sipp ended with ${code ?? 'a signal'}: ${complaint.trim() || readIn(dir, 'errors.log').slice(0, 1_000) || 'no message'}`);
  }
}

/** `-nd` switches sipp's defaults off (e.g. BYE for a call that fails), so each call ends as the scenario has it. */
function outcomeOf(ending: string | undefined, heard: HeardCall): CallOutcome {
  const { firstPromptAtMs, digitAtMs, secondPromptAtMs } = heard;
  const failure =
    ending !== undefined && /^[3-6]\d\d$/.test(ending) ? `refused with ${ending}`
    : ending === 'no-answer' ? 'not answered'
    : firstPromptAtMs === undefined ? 'first prompt not heard'
    : digitAtMs === undefined ? 'ended before the digit'
    : secondPromptAtMs === undefined ? 'second prompt not heard after the digit'
    : ending === 'no-bye' ? 'not hung up'
    : ending === undefined ? 'lost by sipp'
    : undefined;
  const digitToAudioMs = digitAtMs === undefined || secondPromptAtMs === undefined ? undefined : secondPromptAtMs - digitAtMs;
  return { failure, digitToAudioMs };
}

/** Lines `<port> <how>` as the scenario writes them. */
export function readEndings(text: string): ReadonlyMap<number, string> {
  return new Map([...text.matchAll(/^(\d+) (\S+)$/gm)].map(([, port, how]) => [Number(port), how ?? '']));
}

/** One line of sipp's `-trace_rtt` file: INVITE → 200, in milliseconds, and when the 200 came (milliseconds since some start). */
export interface RoundTrip {
  readonly atMs: number;
  readonly tookMs: number;
}

/** The file has a heading, then lines `date;milliseconds;name`. */
export function readRoundTrips(text: string): readonly RoundTrip[] {
  return [...text.matchAll(/^([\d.]+);([\d.]+);/gm)].map(([, at, took]) => ({ atMs: Number(at), tookMs: Number(took) }));
}

/** Calls begun a second, from the first INVITE to the last: undefined when that cannot be told. */
export function offeredRate(trips: readonly RoundTrip[]): number | undefined {
  const times = trips.map(({ atMs, tookMs }) => atMs - tookMs);
  const spanMs = Math.max(...times) - Math.min(...times);
  return spanMs > 0 ? ((times.length - 1) * 1_000) / spanMs : undefined;
}

function readRtt(dir: string): string {
  const name = readdirSync(dir).find((file) => file.endsWith('_rtt.csv'));
  return name === undefined ? '' : readIn(dir, name);
}

function readIn(dir: string, name: string): string {
  try {
    return readFileSync(join(dir, name), 'utf8');
  } catch {
    return ''; // sipp makes each of its files with the first line in it.
  }
}
