import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';

/** How to start a program, e.g. by the loader of the private packages. `file` with its path, so that an update is noticed. */
export interface SpeechCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

export interface SpeechRun {
  /** Added to the command's own arguments. */
  readonly args: readonly string[];
  /** Written to its standard input. */
  readonly input?: string;
  readonly timeoutMs: number;
}

const STDERR_CHARACTERS = 500;

/** Runs the program without a shell and hands back its standard output. Rejects with `prompt.synthesis`. */
export function runSpeechProgram(command: SpeechCommand, { args, input = '', timeoutMs }: SpeechRun): Promise<Buffer> {
  const all = [...command.args, ...args];
  return new Promise((resolve, reject) => {
    const fail = (what: string, cause?: unknown) => {
      reject(new StrowgerError('prompt.synthesis', `${what}: ${[command.file, ...all].join(' ')}`, { cause }));
    };
    const child = spawn(command.file, all, { env: command.env, timeout: timeoutMs, killSignal: 'SIGKILL' });
    const output: Buffer[] = [];
    let errors = '';
    child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors = (errors + text).slice(-STDERR_CHARACTERS);
    });
    // A program that ends without reading its input is judged by its exit code.
    child.stdin.on('error', (error) => {
      errors ||= error.message;
    });
    child.once('error', (error) => fail(`The speech program could not be started (${error.message})`, error));
    child.once('close', (code, signal) => {
      if (code === 0) resolve(Buffer.concat(output));
      else if (signal === 'SIGKILL') fail(`The speech program was ended after ${timeoutMs} ms`);
      else fail(`The speech program ended with ${code ?? signal}, saying "${errors.trim()}"`);
    });
    child.stdin.end(input);
  });
}

/** Changes when a file of the command is exchanged; does not depend on where it lies. Starts no process. */
export function fingerprint(command: SpeechCommand): string {
  const hash = createHash('sha256');
  for (const path of [command.file, ...command.args].filter(isAbsolute)) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats?.isFile() === true) hash.update(`${stats.size}:${Math.floor(stats.mtimeMs)}\n`);
  }
  return hash.digest('hex').slice(0, 12);
}
