import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { FIGURES, type ProgramFigures } from '../peers/program.ts';
import { processCpuMs } from './cpu.ts';

const READY_MS = 30_000;
const STOP_MS = 5_000;
const PEERS = join(import.meta.dirname, '../peers');

export interface ProgramOptions {
  /** File in bench/peers, without its ending. */
  readonly name: string;
  /** Handed over as JSON; the name of the type is in the program's file. */
  readonly task: object;
  /** Folder for what it prints (`<name>.log`). */
  readonly dir: string;
  /** Folder for a V8 CPU profile, written when it ends. */
  readonly profileDir?: string | undefined;
}

/** A program under measurement: a Node process of its own that is told by IPC when to end. */
export class ProgramProcess {
  readonly name: string;
  readonly logFile: string;
  readonly #child: ChildProcess;
  readonly #exited: Promise<void>;
  #running = true;

  /** Starts it and resolves when it can take calls. Rejects with `bench.program`. */
  static async start(options: ProgramOptions): Promise<ProgramProcess> {
    const program = new ProgramProcess(options);
    try {
      await program.#ready();
    } catch (error) {
      await program.stop();
      throw error;
    }
    return program;
  }

  private constructor({ name, task, dir, profileDir }: ProgramOptions) {
    this.name = name;
    this.logFile = join(dir, `${name}.log`);
    const output = openSync(this.logFile, 'a');
    const profile = profileDir === undefined ? [] : ['--cpu-prof', '--cpu-prof-interval', '500', '--cpu-prof-dir', join(profileDir, name)];
    this.#child = spawn(process.execPath, [...profile, '--import', import.meta.resolve('tsx'), join(PEERS, `${name}.ts`)], {
      stdio: ['ignore', output, output, 'ipc'],
      env: { ...process.env, STROWGER_BENCH_TASK: JSON.stringify(task) },
    });
    closeSync(output);
    this.#exited = new Promise((resolve) => {
      const ended = () => {
        this.#running = false;
        resolve();
      };
      this.#child.once('exit', ended);
      this.#child.once('error', ended);
    });
  }

  get running(): boolean {
    return this.#running;
  }

  /** CPU time of all its threads so far, in milliseconds. */
  cpuMs(): number {
    return this.#running ? processCpuMs(this.#child.pid ?? 0) : 0;
  }

  /** What it holds at this moment, after a collection of garbage. */
  async figures(): Promise<ProgramFigures & { readonly pid: number }> {
    const told = new Promise<ProgramFigures>((resolve) => this.#child.once('message', (message) => resolve(message as ProgramFigures)));
    this.#child.send(FIGURES);
    return { ...(await told), pid: this.#child.pid ?? 0 };
  }

  /** The end of what it printed. */
  tail(characters = 1_500): string {
    return readFileSync(this.logFile, 'utf8').slice(-characters);
  }

  /** Ends it by closing its IPC channel, by SIGKILL when that takes too long. May be called twice. */
  async stop(): Promise<void> {
    if (this.#child.connected) this.#child.disconnect();
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.#exited;
    clearTimeout(timer);
  }

  async #ready(): Promise<void> {
    const failed = (why: string) => new StrowgerError('bench.program', `The program ${this.name} ${why}. The end of what it printed:\n${this.tail()}`);
    let timer: NodeJS.Timeout | undefined;
    await Promise.race([
      new Promise((resolve) => this.#child.once('message', resolve)),
      this.#exited.then(() => Promise.reject(failed('ended before it could take calls'))),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(failed(`cannot take calls after ${READY_MS / 1000} s`)), READY_MS);
      }),
    ]).finally(() => clearTimeout(timer));
  }
}
