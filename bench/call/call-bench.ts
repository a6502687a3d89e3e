import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import type { PrivateRoot } from '../../telephony/pbx/private-root.ts';
import { asteriskVersion } from '../asterisk-version.ts';
import { benchDialplan, CONTESTANT_NAMES, CONTESTANTS, startPrograms, type AnsweredBy, type ContestantName } from './contestants.ts';
import { load1, machineCpuMs, ownCpuMs } from './cpu.ts';
import { figuresOf, type Figures, type Round } from './figures.ts';
import { goalsOf, ratiosOf, type Goal, type Ratios } from './goals.ts';
import { LatenessClock } from './lateness.ts';
import { placeLoad } from './load-round.ts';
import type { ProgramProcess } from './program-process.ts';
import { writeTones } from './tones.ts';

export interface CallBenchOptions {
  /** Calls begun a second. */
  readonly rate: number;
  readonly rounds: number;
  /** How long each contestant is offered calls in a round. */
  readonly roundSeconds: number;
  /** Calls of each contestant before anything is measured: V8 compiles what is used often. */
  readonly warmUpCalls: number;
  readonly answeredBy?: AnsweredBy;
  /** The engine's WebSockets for requests beside the one for events. Default 2. */
  readonly requestSockets?: number;
  /** Default: all. */
  readonly contestants?: readonly ContestantName[];
  /** False: the engine keeps no journal, to see what it costs. */
  readonly keepsJournal?: boolean;
  /** Folder for V8 CPU profiles of the programs. */
  readonly profileDir?: string;
  readonly onProgress?: (text: string) => void;
}

export interface CallBenchResult {
  readonly at: string;
  readonly rate: number;
  readonly rounds: number;
  readonly roundSeconds: number;
  readonly answeredBy: AnsweredBy;
  readonly requestSockets: number;
  readonly machine: { readonly cores: number; readonly node: string; readonly asterisk: string; readonly load1Before: number; readonly load1After: number };
  readonly contestants: readonly (Figures & { readonly ratios: Ratios })[];
  readonly goals: readonly Goal[];
  /** What was left on the switch after the last call: all should be 0. */
  readonly left: { readonly channels: number; readonly bridges: number };
}

const RTP_PORTS = 2_400;
/** A caller who knows the menu presses while it speaks. */
const DIGIT_AFTER_MS = 300;
const CHECK_CALLS = 3;
const IDLE_MS = 1_500;
/** After the last BYE: the engine writes its store and publishes, Asterisk destroys the channel. */
const SETTLE_MS = 250;

/** Runs the small IVR in all its forms on one Asterisk, in rounds of rotating order. */
export async function runCallBench(options: CallBenchOptions): Promise<CallBenchResult> {
  const { rate, answeredBy = 'dialplan', requestSockets = 2, contestants = CONTESTANT_NAMES, onProgress = () => undefined } = options;
  const load1Before = load1();
  const dir = mkdtempSync(join(tmpdir(), 'strowger-bench-'));
  let pbx: PrivateAsterisk | undefined;
  let programs: ReadonlyMap<ContestantName, ProgramProcess> = new Map();
  try {
    onProgress('starting Asterisk and the programs');
    const root = await ensurePrivateRoot({ onProgress: ({ name, detail }) => onProgress(`private Asterisk: ${name} ${detail ?? ''}`) });
    const prompts = writeTones(dir);
    pbx = await PrivateAsterisk.start({
      root,
      rtpPorts: RTP_PORTS,
      config: {
        hotlines: [{ number: CONTESTANTS.engine.number, flow: 'small' }],
        answerInDialplan: answeredBy === 'dialplan',
        extraModules: ['app_read.so'],
        extraDialplan: benchDialplan(prompts, answeredBy),
      },
    });
    programs = await startPrograms({ pbx, prompts, dir, requestSockets, names: contestants, profileDir: options.profileDir, keepsJournal: options.keepsJournal ?? true });
    const track = new Track(root, pbx, programs, rate);

    onProgress('checking that each plays both prompts and takes the digit');
    await Promise.all(contestants.map((name) => track.check(name)));
    if (options.warmUpCalls > 0) {
      onProgress('warming up');
      await Promise.all(contestants.map((name) => track.warmUp(name, options.warmUpCalls, rate / contestants.length)));
    }
    onProgress('measuring the idle processes');
    await track.measureIdle();

    const rounds: Round[] = [];
    for (let round = 0; round < options.rounds; round += 1) {
      for (const [turn, name] of rotated(contestants, round).entries()) {
        onProgress(`round ${round + 1} of ${options.rounds}, ${turn + 1} of ${contestants.length}: ${CONTESTANTS[name].title}`);
        rounds.push(await track.measure(name, Math.max(1, Math.round(rate * options.roundSeconds))));
      }
    }
    const figures = contestants.flatMap((name) => {
      const own = rounds.filter(({ contestant }) => contestant === name);
      return own.length === 0 ? [] : [figuresOf(own)];
    });
    return {
      at: new Date().toISOString(),
      rate,
      rounds: options.rounds,
      roundSeconds: options.roundSeconds,
      answeredBy,
      requestSockets,
      machine: { cores: availableParallelism(), node: process.version, asterisk: await asteriskVersion(pbx), load1Before, load1After: load1() },
      contestants: figures.map((one) => ({ ...one, ratios: ratiosOf(one, figures) })),
      goals: goalsOf(figures, rate),
      left: await leftOn(pbx),
    };
  } finally {
    await Promise.all([...programs.values()].map((program) => program.stop()));
    await pbx?.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

/** Where the contestants run: one Asterisk, the programs, the load generator. */
class Track {
  readonly #root: PrivateRoot;
  readonly #pbx: PrivateAsterisk;
  readonly #programs: ReadonlyMap<ContestantName, ProgramProcess>;
  readonly #rate: number;
  /** CPU milliseconds a second of wall time while no call is up; `undefined` as key is Asterisk. */
  readonly #idle = new Map<ContestantName | undefined, number>();

  constructor(root: PrivateRoot, pbx: PrivateAsterisk, programs: ReadonlyMap<ContestantName, ProgramProcess>, rate: number) {
    this.#root = root;
    this.#pbx = pbx;
    this.#programs = programs;
    this.#rate = rate;
  }

  /** Rejects with `bench.failed` unless a few calls go as they should. */
  async check(name: ContestantName): Promise<void> {
    const { calls } = await this.#load(name, CHECK_CALLS, CHECK_CALLS);
    const failures = calls.flatMap(({ failure }) => failure ?? []);
    if (failures.length === 0) return;
    const printed = this.#programs.get(name)?.tail() ?? '';
    throw new StrowgerError(
      'bench.failed',
      `${failures.length} of ${CHECK_CALLS} calls to '${CONTESTANTS[name].title}' failed: ${failures.join(', ')}.${printed === '' ? '' : `\nIts program printed:\n${printed}`}`,
    );
  }

  async warmUp(name: ContestantName, calls: number, rate: number): Promise<void> {
    await this.#load(name, calls, rate);
  }

  async measureIdle(): Promise<void> {
    await pause(SETTLE_MS);
    const before = this.#readCpu();
    await pause(IDLE_MS);
    const after = this.#readCpu();
    for (const name of [undefined, ...this.#programs.keys()]) this.#idle.set(name, ((after.get(name) ?? 0) - (before.get(name) ?? 0)) / (IDLE_MS / 1_000));
  }

  async measure(name: ContestantName, calls: number): Promise<Round> {
    const program = this.#programs.get(name);
    const startedAt = performance.now();
    const before = this.#readCpu();
    const ownBefore = ownCpuMs();
    const machineBefore = machineCpuMs();
    const load = await this.#load(name, calls, this.#rate);
    await pause(SETTLE_MS);
    const after = this.#readCpu();
    const own = ownCpuMs();
    const machineMs = machineCpuMs() - machineBefore;
    const wallMs = performance.now() - startedAt;
    if (program?.running === false) throw new StrowgerError('bench.program', `The program ${program.name} ended while it was measured:\n${program.tail()}`);
    const spentBy = (key: ContestantName | undefined): number => (after.get(key) ?? 0) - (before.get(key) ?? 0);
    const beyondIdle = (key: ContestantName | undefined): number => Math.max(0, spentBy(key) - ((this.#idle.get(key) ?? 0) * wallMs) / 1_000);
    const loadCpuMs = own.self - ownBefore.self + own.endedChildren - ownBefore.endedChildren;
    const oursMs = loadCpuMs + [undefined, ...this.#programs.keys()].reduce((sum, key) => sum + spentBy(key), 0);
    return {
      contestant: name,
      calls: load.calls,
      offeredPerSecond: load.offeredPerSecond,
      inviteTo200Ms: load.inviteTo200Ms,
      switchCpuMs: beyondIdle(undefined),
      programCpuMs: program === undefined ? undefined : beyondIdle(name),
      loadCpuMs,
      latenessMs: load.latenessMs,
      othersShare: Math.max(0, machineMs - oursMs) / (wallMs * availableParallelism()),
    };
  }

  #load(name: ContestantName, calls: number, rate: number) {
    return placeLoad({
      root: this.#root,
      server: this.#pbx.sip,
      number: CONTESTANTS[name].number,
      calls,
      rate,
      digitAfterMs: DIGIT_AFTER_MS,
      clock: new LatenessClock(),
    });
  }

  #readCpu(): ReadonlyMap<ContestantName | undefined, number> {
    const programs = [...this.#programs].map(([name, program]) => [name, program.cpuMs()] as const);
    return new Map<ContestantName | undefined, number>([[undefined, this.#pbx.cpuMs()], ...programs]);
  }
}

function rotated<T>(list: readonly T[], by: number): readonly T[] {
  const cut = by % list.length;
  return [...list.slice(cut), ...list.slice(0, cut)];
}

async function leftOn(pbx: PrivateAsterisk): Promise<CallBenchResult['left']> {
  return { channels: await pbx.channelCount(), bridges: await pbx.bridgeCount() };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
