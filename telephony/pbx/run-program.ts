import { spawn } from 'node:child_process';

export interface ProgramOptions {
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly cwd?: string;
  readonly signal?: AbortSignal | undefined;
  /** Called with each line that the program writes to file descriptor 3 (apt's status lines). */
  readonly onStatusLine?: (line: string) => void;
}

export interface ProgramResult {
  readonly code: number | null;
  readonly stdout: string;
  /** stdout and stderr as they came, for error messages. */
  readonly output: string;
}

/** Runs a program without a shell, waits for its end and hands back what it said. Rejects when it cannot be started. */
export function runProgram(file: string, args: readonly string[], options: ProgramOptions = {}): Promise<ProgramResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...args], {
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe', options.onStatusLine === undefined ? 'ignore' : 'pipe'],
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    let stdout = '';
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      output += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    const status = child.stdio[3];
    const { onStatusLine } = options;
    if (onStatusLine !== undefined && status !== null && status !== undefined && 'setEncoding' in status) {
      let rest = '';
      status.setEncoding('utf8').on('data', (text: string) => {
        const lines = (rest + text).split('\n');
        rest = lines.pop() ?? '';
        for (const line of lines) onStatusLine(line);
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, output }));
  });
}

/** The last lines of a program's output, for an error message. */
export function lastLines(output: string, count = 12): string {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
