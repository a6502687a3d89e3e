import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { messageOf } from '../../engine/domain/errors.ts';
import type { PrivateCommand } from './private-root.ts';

const STOP_MS = 5_000;
const CONSOLE_CHARACTERS = 20_000;
// setpriv(1) of util-linux, which Debian and Ubuntu always have.
const SETPRIV = '/usr/bin/setpriv';
// sysconf(_SC_CLK_TCK) is 100 on all architectures that Debian supports.
const MS_PER_TICK = 10;

/** One run of a program in the foreground, from its start to its end. */
export class AsteriskProcess {
  /** Settles when the process has ended and its output is read. */
  readonly exited: Promise<void>;
  readonly #child: ChildProcess;
  #console = '';
  #running = true;

  constructor(command: PrivateCommand, cwd: string, dieWithParent: boolean) {
    // The kernel ends it when we die, even by SIGKILL (prctl(2), PR_SET_PDEATHSIG); where that is missing, the exit hook does.
    const wrap = dieWithParent && existsSync(SETPRIV);
    const file = wrap ? SETPRIV : command.file;
    const args = wrap ? ['--pdeathsig', 'KILL', command.file, ...command.args] : command.args;
    // Own process group: a Ctrl-C at the terminal is for us; we end the calls first.
    const child = spawn(file, args, { cwd, env: command.env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    child.stdout.setEncoding('utf8').on('data', (text: string) => this.#keep(text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => this.#keep(text));
    const onParentExit = () => child.kill('SIGKILL');
    if (dieWithParent) process.on('exit', onParentExit);
    this.exited = new Promise((resolve) => {
      const ended = () => {
        this.#running = false;
        process.off('exit', onParentExit);
        resolve();
      };
      child.once('close', ended);
      child.once('error', (error) => {
        this.#keep(messageOf(error));
        if (child.pid === undefined) ended();
      });
    });
  }

  get pid(): number | undefined {
    return this.#running ? this.#child.pid : undefined;
  }

  /** The end of what it printed. */
  get console(): string {
    return this.#console;
  }

  /** CPU time of all its threads, in milliseconds. */
  cpuMs(): number {
    const stat = readFileSync(`/proc/${this.#child.pid}/stat`, 'latin1');
    // proc(5): utime and stime are fields 14 and 15; the name (field 2) may contain blanks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK;
  }

  /** SIGKILL; settles when it is gone. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
  }

  /** SIGTERM, and SIGKILL after 5 s; settles when it is gone. */
  async end(): Promise<void> {
    this.#child.kill('SIGTERM');
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS);
    await this.exited;
    clearTimeout(timer);
  }

  #keep(text: string): void {
    this.#console = (this.#console + text).slice(-CONSOLE_CHARACTERS);
  }
}
