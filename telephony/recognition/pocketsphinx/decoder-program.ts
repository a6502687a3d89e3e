import { type ChildProcess, spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { messageOf } from '../../../engine/domain/errors.ts';

/** How to start pocketsphinx, e.g. by the loader of the private packages. */
export interface ProgramCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export type ProgramEnd = { readonly ok: true; readonly stdout: string; readonly stderr: string } | { readonly ok: false; readonly reason: string };

/** The end of the log is what matters: the backtrace, or why it gave up. A line a phone, some 20 a second. */
const LOG_CHARACTERS = 100_000;
const REASON_CHARACTERS = 300;

/** One run of a program that reads sound on its standard input until that ends. It does not outlive us: its input ends with us. */
export class DecoderProgram {
  /** When it has ended and all that it said is read. Never rejects. */
  readonly ended: Promise<ProgramEnd>;
  /** None when it could not be started at all. */
  readonly #child: ChildProcess | undefined;
  // None when there are no file descriptors left to start a program with.
  readonly #stdin: Writable | null | undefined;

  /** `files` are open as 3, 4 … in the program. */
  constructor(command: ProgramCommand, args: readonly string[], files: readonly number[]) {
    let child: ChildProcess;
    try {
      child = spawn(command.file, [...command.args, ...args], { env: command.env, stdio: ['pipe', 'pipe', 'pipe', ...files] });
    } catch (error) {
      // Some reasons (no memory, a closed file) are thrown, others (no such program) come as an event: whoever waits is told of both alike.
      this.ended = Promise.resolve({ ok: false, reason: `could not be started (${messageOf(error)})` });
      return;
    }
    this.#child = child;
    this.#stdin = child.stdin;
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr = (stderr + text).slice(-LOG_CHARACTERS);
    });
    // A program that ends without reading its input is judged by its exit.
    this.#stdin?.on('error', () => undefined);
    this.ended = new Promise((resolve) => {
      // It stays: a kill that fails tells so each time, and an error that nobody hears ends this process.
      child.on('error', (error) => {
        // Such an error may also tell of a kill that failed; only without a process does no `close` follow.
        if (child.pid === undefined) resolve({ ok: false, reason: `could not be started (${error.message})` });
      });
      child.once('close', (code, signal) => {
        if (code === 0) resolve({ ok: true, stdout, stderr });
        else resolve({ ok: false, reason: `ended with ${code ?? signal}${complaint(stderr)}` });
      });
    });
  }

  write(samples: Int16Array): void {
    // A copy: the buffer of the caller is used again, and the program may read later.
    if (this.#stdin?.writable === true) this.#stdin.write(Buffer.from(samples.slice().buffer));
  }

  /** No more sound comes. */
  end(): void {
    this.#stdin?.end();
  }

  kill(): void {
    this.#child?.kill('SIGKILL');
    // Without a reader what waits to be written would keep the pipe.
    this.#stdin?.destroy();
  }
}

/** The lines of the log that tell of trouble. */
function complaint(stderr: string): string {
  const lines = stderr.split('\n').filter((line) => /^(ERROR|FATAL)|not found|cannot/i.test(line));
  const said = (lines.length > 0 ? lines.join(' ') : stderr).trim().slice(-REASON_CHARACTERS);
  return said === '' ? '' : `, saying "${said}"`;
}
