import { spawn, type ChildProcess } from 'node:child_process';
import { join, resolve } from 'node:path';
import { isNoPhone } from './phones-first.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** One line of the engine's log. Domain events carry their type in `event`. */
export interface LogLine {
  readonly event?: string;
  readonly callId?: string;
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** `./strowger serve` as a process of its own, with its log read line by line. */
export class EngineProcess {
  readonly lines: LogLine[] = [];
  readonly #configFile: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  #stderr = '';
  #read = 0;
  #notify: () => void = () => undefined;

  constructor(configFile: string, environment: NodeJS.ProcessEnv = {}) {
    this.#configFile = configFile;
    this.#environment = environment;
  }

  /** Starts it and returns when it is connected to its switch. */
  async start(...options: readonly '--supervised'[]): Promise<void> {
    const begin = this.lines.length;
    this.#read = begin;
    this.#child = this.#spawn(options);
    await this.#serves(240_000);
    // What it took up, it took up before that.
    this.#read = begin;
  }

  /** A second process takes the calls over. Returns when the first has ended, with its exit code. One that cannot leaves the first in its place. */
  async handOver(configFile = this.#configFile): Promise<number | null> {
    const before = this.#child;
    const ended = new Promise<number | null>((fulfil) => before?.once('close', fulfil));
    const begin = this.lines.length;
    this.#read = begin;
    this.#child = this.#spawn(['--take-over'], configFile);
    try {
      await this.#serves(60_000);
    } catch (error) {
      this.#child = before;
      throw error;
    } finally {
      this.#read = begin;
    }
    return ended;
  }

  /** The engine that a supervisor has started serves calls. */
  async servesAgain(): Promise<void> {
    await this.#serves(60_000);
  }

  /** The process that serves calls: of a supervisor, the one that it has started last. */
  get enginePid(): number {
    return Number(this.lines.findLast(({ event }) => event === 'engine.ready')?.['pid']);
  }

  #spawn(options: readonly string[], configFile = this.#configFile): ChildProcess {
    const child = spawn(
      process.execPath,
      [join(ROOT, 'app/launch.mjs'), 'serve', '--config', configFile, ...options],
      { cwd: ROOT, env: { ...process.env, ...this.#environment }, stdio: ['ignore', 'pipe', 'pipe'] },
    );
    isNoPhone(child.pid);
    let rest = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const parts = (rest + chunk).split('\n');
      rest = parts.pop() ?? '';
      for (const line of parts) this.lines.push(JSON.parse(line) as LogLine);
      this.#notify();
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.#stderr += chunk));
    child.on('exit', () => this.#notify());
    return child;
  }

  async #serves(timeoutMs: number): Promise<void> {
    // In any order: it may be connected before its API listens.
    const missing = new Set(['engine.ready', 'engine.started']);
    // The first one on a machine renders all prompts.
    await this.next((line) => missing.delete(line.event ?? '') && missing.size === 0, 'the engine to serve', timeoutMs);
  }

  get running(): boolean {
    const child = this.#child;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** kill -9. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL');
  }

  /** As a supervisor stops it. */
  async stop(): Promise<void> {
    await this.#end('SIGTERM');
  }

  /** The next line that fits, from where the last wait ended. */
  next(wanted: (line: LogLine) => boolean, what: string, timeoutMs = 20_000): Promise<LogLine> {
    return new Promise((fulfil, reject) => {
      const look = (): void => {
        while (this.#read < this.lines.length) {
          const line = this.lines[this.#read];
          this.#read += 1;
          if (line && wanted(line)) return settle(() => fulfil(line));
        }
        if (!this.running) settle(() => reject(this.#failure(`the engine ended while the test waited for ${what}`)));
      };
      const settle = (then: () => void): void => {
        clearTimeout(limit);
        this.#notify = () => undefined;
        then();
      };
      const limit = setTimeout(() => settle(() => reject(this.#failure(`the test waited ${timeoutMs} ms for ${what}`))), timeoutMs);
      this.#notify = look;
      look();
    });
  }

  /** The next domain event of a type. */
  event(type: string, test: (line: LogLine) => boolean = () => true, timeoutMs?: number): Promise<LogLine> {
    return this.next((line) => line.event === type && test(line), type, timeoutMs);
  }

  /** The next prompt that begins. */
  prompt(key: string, timeoutMs?: number): Promise<LogLine> {
    return this.next((line) => line.event === 'prompt.started' && (line['prompts'] as string[]).includes(key), `the prompt ${key}`, timeoutMs);
  }

  #failure(what: string): Error {
    const tail = this.lines.slice(-12).map((line) => JSON.stringify(line));
    return new Error([what, ...tail, this.#stderr.slice(-2000)].join('\n'));
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child;
    if (!child || !this.running) return;
    const gone = new Promise((fulfil) => child.once('close', fulfil));
    child.kill(signal);
    await gone;
  }
}
