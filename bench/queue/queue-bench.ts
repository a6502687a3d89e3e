import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { asteriskVersion } from '../asterisk-version.ts';
import { load1, machineCpuMs, ownCpuMs } from '../call/cpu.ts';
import { LatenessClock } from '../call/lateness.ts';
import { ProgramProcess } from '../call/program-process.ts';
import type { QueueEngineTask } from '../peers/queue-engine-process.ts';
import { benchDialplan, CONTESTANT_NAMES, CONTESTANTS, loadAppQueue, type ContestantName } from './contestants.ts';
import { figuresOf, ratiosOf, type Figures, type Ratios, type Round } from './figures.ts';
import { playRound } from './play-round.ts';
import { SipLine } from './sip-line.ts';
import { readTimeline } from './timeline.ts';
import { planTraffic, planWarmUp, type EndedBy, type PlannedCall } from './traffic.ts';

export interface QueueBenchOptions {
  /** Under a minute instead of under four. */
  readonly quick?: boolean;
  /** Callers a contestant in all rounds together. */
  readonly calls?: number;
  readonly rounds?: number;
  readonly agents?: number;
  /** Offered work over what the agents can do. Default 1. */
  readonly load?: number;
  readonly endedBy?: EndedBy;
  /** Calls of the engine before anything is measured: V8 compiles what is used often. */
  readonly warmUpCalls?: number;
  readonly contestants?: readonly ContestantName[];
  readonly onProgress?: (text: string) => void;
}

export interface QueueBenchResult {
  readonly at: string;
  readonly calls: number;
  readonly rounds: number;
  readonly agents: number;
  readonly load: number;
  readonly endedBy: EndedBy;
  readonly machine: { readonly cores: number; readonly node: string; readonly asterisk: string; readonly load1Before: number; readonly load1After: number };
  readonly contestants: readonly Figures[];
  readonly ratios: readonly Ratios[];
  /** What was left on the switch after the last call: all should be 0. */
  readonly left: { readonly channels: number; readonly bridges: number };
}

const QUICK = { calls: 36, rounds: 1, warmUpCalls: 16 };
const FULL = { calls: 150, rounds: 2, warmUpCalls: 80 };
const CHECK_CALLS = 2;
const DEFAULT_AGENTS = 8;
const RTP_PORTS = 1_200;
/** After the last has dialled, callers wait so long: longer than the line needs to become empty, and all rounds together under four minutes. */
const PATIENCE_MS = 18_000;
/** A longer round leaves a longer line behind: of its length, so much. */
const PATIENCE_SHARE = 0.5;
const IDLE_MS = 1_500;
/** After the last BYE: the engine writes its store and publishes, Asterisk destroys the channels. */
const SETTLE_MS = 400;

/** The same callers and the same phones, through app_queue and through the engine, on one Asterisk, in rounds of rotating order. */
export async function queueBench(options: QueueBenchOptions = {}): Promise<QueueBenchResult> {
  const { calls, rounds, warmUpCalls } = { ...(options.quick === true ? QUICK : FULL), ...options };
  const { agents: agentCount = DEFAULT_AGENTS, load = 1, endedBy = 'both', contestants = CONTESTANT_NAMES, onProgress = () => undefined } = options;
  const agents = Array.from({ length: agentCount }, (_, index) => `agent${index + 1}`);
  const load1Before = load1();
  const dir = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  const line = await SipLine.open();
  let pbx: PrivateAsterisk | undefined;
  let engine: ProgramProcess | undefined;
  try {
    onProgress('starting Asterisk and the engine');
    const root = await ensurePrivateRoot({ onProgress: ({ name, detail }) => onProgress(`private Asterisk: ${name} ${detail ?? ''}`) });
    pbx = await PrivateAsterisk.start({
      root,
      rtpPorts: RTP_PORTS,
      config: {
        hotlines: [{ number: CONTESTANTS.engine.number, flow: 'queue' }],
        agents: agents.map((id) => ({ id, password: 'bench', contact: { host: '127.0.0.1', port: line.port } })),
        extraDialplan: benchDialplan(),
      },
    });
    line.connect(pbx.sip.port);
    await loadAppQueue(pbx, agents);
    const dataDir = join(dir, 'engine');
    mkdirSync(dataDir);
    const task: QueueEngineTask = { ...pbx.ari, number: CONTESTANTS.engine.number, dataDir, agents };
    engine = await ProgramProcess.start({ name: 'queue-engine-process', task, dir });
    const track = new Track(pbx, engine, line, agents);

    for (const name of contestants) {
      onProgress(`checking and warming up: ${CONTESTANTS[name].title}`);
      await track.warmUp(name, planWarmUp(name === 'engine' ? Math.max(CHECK_CALLS, warmUpCalls) : CHECK_CALLS));
    }
    onProgress('measuring the idle processes');
    await track.measureIdle();

    const measured: Round[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const plan = planTraffic({ calls: Math.ceil(calls / rounds), agents: agentCount, load, endedBy, seed: round + 1 });
      for (const [turn, name] of rotated(contestants, round).entries()) {
        onProgress(`round ${round + 1} of ${rounds}, ${turn + 1} of ${contestants.length}: ${CONTESTANTS[name].title}`);
        measured.push(await track.measure(name, plan));
      }
    }
    const figures = contestants.flatMap((name) => {
      const own = measured.filter(({ contestant }) => contestant === name);
      return own.length === 0 ? [] : [figuresOf(own)];
    });
    return {
      at: new Date().toISOString(),
      calls,
      rounds,
      agents: agentCount,
      load,
      endedBy,
      machine: { cores: availableParallelism(), node: process.version, asterisk: await asteriskVersion(pbx), load1Before, load1After: load1() },
      contestants: figures,
      ratios: ratiosOf(figures),
      left: { channels: await pbx.channelCount(), bridges: await pbx.bridgeCount() },
    };
  } finally {
    await engine?.stop();
    await pbx?.stop();
    await line.close();
    rmSync(dir, { recursive: true, force: true });
  }
}

interface Reading {
  readonly atMs: number;
  readonly switchMs: number;
  readonly engineMs: number;
  readonly ownMs: number;
  readonly machineMs: number;
}

/** Where the contestants run: one Asterisk, the engine, the phones. */
class Track {
  readonly #pbx: PrivateAsterisk;
  readonly #engine: ProgramProcess;
  readonly #line: SipLine;
  readonly #agents: readonly string[];
  readonly #clock = new LatenessClock();
  /** CPU milliseconds a millisecond of wall time while no call is up. */
  #idle = { switch: 0, engine: 0 };

  constructor(pbx: PrivateAsterisk, engine: ProgramProcess, line: SipLine, agents: readonly string[]) {
    this.#pbx = pbx;
    this.#engine = engine;
    this.#line = line;
    this.#agents = agents;
  }

  /** Rejects with `bench.failed` unless every caller is served. */
  async warmUp(name: ContestantName, plan: readonly PlannedCall[]): Promise<void> {
    const { served } = readTimeline(await this.#play(name, plan), this.#agents);
    if (served === plan.length) return;
    const printed = name === 'engine' ? `\nThe engine printed:\n${this.#engine.tail()}` : `\nAsterisk logged:\n${this.#pbx.log.slice(-1_500)}`;
    throw new StrowgerError('bench.failed', `${plan.length - served} of ${plan.length} calls to '${CONTESTANTS[name].title}' were not served.${printed}`);
  }

  async measureIdle(): Promise<void> {
    await sleep(SETTLE_MS);
    const before = this.#read();
    await sleep(IDLE_MS);
    const after = this.#read();
    const wallMs = after.atMs - before.atMs;
    this.#idle = { switch: (after.switchMs - before.switchMs) / wallMs, engine: (after.engineMs - before.engineMs) / wallMs };
  }

  async measure(contestant: ContestantName, plan: readonly PlannedCall[]): Promise<Round> {
    this.#clock.take();
    const before = this.#read();
    const events = await this.#play(contestant, plan);
    const latenessMs = this.#clock.take();
    await sleep(SETTLE_MS);
    const after = this.#read();
    if (!this.#engine.running) throw new StrowgerError('bench.program', `The engine ended while it was measured:\n${this.#engine.tail()}`);
    const spent = (key: keyof Reading): number => after[key] - before[key];
    const wallMs = spent('atMs');
    return {
      contestant,
      offered: plan.length,
      timeline: readTimeline(events, this.#agents),
      switchCpuMs: Math.max(0, spent('switchMs') - this.#idle.switch * wallMs),
      engineCpuMs: contestant === 'engine' ? Math.max(0, spent('engineMs') - this.#idle.engine * wallMs) : undefined,
      latenessMs,
      othersShare: Math.max(0, spent('machineMs') - spent('switchMs') - spent('engineMs') - spent('ownMs')) / (wallMs * availableParallelism()),
    };
  }

  #play(name: ContestantName, plan: readonly PlannedCall[]) {
    return playRound({
      line: this.#line,
      clock: this.#clock,
      number: CONTESTANTS[name].number,
      agents: this.#agents,
      plan,
      patienceMs: Math.max(PATIENCE_MS, (plan.at(-1)?.atMs ?? 0) * PATIENCE_SHARE),
    });
  }

  #read(): Reading {
    return { atMs: performance.now(), switchMs: this.#pbx.cpuMs(), engineMs: this.#engine.cpuMs(), ownMs: ownCpuMs().self, machineMs: machineCpuMs() };
  }
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const cut = by % list.length;
  return [...list.slice(cut), ...list.slice(0, cut)];
}

