import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passes } from 'node:timers/promises';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { asteriskVersion } from '../asterisk-version.ts';
import { benchDialplan, CONTESTANTS, startPrograms } from '../call/contestants.ts';
import { LatenessClock } from '../call/lateness.ts';
import { placeLoad } from '../call/load-round.ts';
import type { ProgramProcess } from '../call/program-process.ts';
import { writeTones } from '../call/tones.ts';

export interface SoakBenchOptions {
  /** Default 60; 1 with `quick`. */
  readonly minutes?: number;
  readonly quick?: boolean;
  /** Calls a second. Default 40: half of what the engine bears beside Asterisk and its callers on two cores (docs/bench.md). */
  readonly rate?: number;
  readonly onProgress?: (text: string) => void;
}

/** What is held at one moment, while no call is up. */
export interface Holding {
  readonly afterCalls: number;
  /** Of the engine's process, after a collection of garbage. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  /** Timers, sockets, files that keep its event loop alive. */
  readonly handles: number;
  readonly files: number;
  /** Of Asterisk. */
  readonly switchResidentBytes: number;
  readonly switchFiles: number;
  readonly channels: number;
  readonly bridges: number;
}

export interface SoakResult {
  readonly at: string;
  readonly machine: { readonly node: string; readonly asterisk: string };
  readonly minutes: number;
  readonly rate: number;
  readonly calls: number;
  readonly failed: number;
  readonly holdings: readonly Holding[];
}

const PORTION_SECONDS = 30;
const QUICK_PORTION_SECONDS = 6;
const DIGIT_AFTER_MS = 300;
/** After the last BYE of a portion: the store is written, the broker has what is published, Asterisk has destroyed its channels. */
const SETTLE_MS = 1_000;

/** Calls at half of capacity for an hour, in portions; after each portion it is looked at what is still held. */
export async function soakBench({ quick = false, minutes = quick ? 1 : 60, rate = 40, onProgress = () => undefined }: SoakBenchOptions): Promise<SoakResult> {
  const dir = mkdtempSync(join(tmpdir(), 'strowger-soak-'));
  let pbx: PrivateAsterisk | undefined;
  let programs: ReadonlyMap<string, ProgramProcess> = new Map();
  try {
    const root = await ensurePrivateRoot({ onProgress: ({ name, detail }) => onProgress(`private Asterisk: ${name} ${detail ?? ''}`) });
    const prompts = writeTones(dir);
    pbx = await PrivateAsterisk.start({
      root,
      rtpPorts: 2_400,
      config: { hotlines: [{ number: CONTESTANTS.engine.number, flow: 'small' }], extraModules: ['app_read.so'], extraDialplan: benchDialplan(prompts, 'dialplan') },
    });
    programs = await startPrograms({ pbx, prompts, dir, requestSockets: 2, names: ['engine'] });
    const engine = programs.get('engine');
    if (engine === undefined) throw new Error('the engine was not started');
    const portionSeconds = quick ? QUICK_PORTION_SECONDS : PORTION_SECONDS;
    const holdings: Holding[] = [];
    let [calls, failed] = [0, 0];
    for (const until = performance.now() + minutes * 60_000; performance.now() < until; ) {
      const load = await placeLoad({ root, server: pbx.sip, number: CONTESTANTS.engine.number, calls: Math.round(rate * portionSeconds), rate, digitAfterMs: DIGIT_AFTER_MS, clock: new LatenessClock() });
      calls += load.calls.length;
      failed += load.calls.filter(({ failure }) => failure !== undefined).length;
      await passes(SETTLE_MS);
      const now = await held(engine, pbx, calls);
      holdings.push(now);
      onProgress(`${calls} calls, ${failed} failed; heap ${(now.heapBytes / 1e6).toFixed(1)} MB, ${now.handles} handles, ${now.files} files, ${now.channels} channels`);
    }
    return { at: new Date().toISOString(), machine: { node: process.version, asterisk: await asteriskVersion(pbx) }, minutes, rate, calls, failed, holdings };
  } finally {
    await Promise.all([...programs.values()].map((program) => program.stop()));
    await pbx?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function held(engine: ProgramProcess, pbx: PrivateAsterisk, afterCalls: number): Promise<Holding> {
  const { heapBytes, handles, pid } = await engine.figures();
  return {
    afterCalls,
    heapBytes,
    handles,
    residentBytes: residentBytes(pid),
    files: files(pid),
    switchResidentBytes: residentBytes(pbx.pid ?? 0),
    switchFiles: files(pbx.pid ?? 0),
    channels: await pbx.channelCount(),
    bridges: await pbx.bridgeCount(),
  };
}

/** proc(5): VmRSS. */
function residentBytes(pid: number): number {
  return 1_024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1]);
}

function files(pid: number): number {
  return readdirSync(`/proc/${pid}/fd`).length;
}
