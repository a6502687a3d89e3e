import { readFileSync } from 'node:fs';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** No test of ours is silent for so long, however busy the machine is; `./strowger test fuzz` and `test chaos` give one test far more to do. */
const LIMIT_MS = 600_000 + 20 * Number(process.env['STROWGER_FUZZ_INPUTS'] ?? 0) + 90_000 * Number(process.env['STROWGER_CHAOS_FAULTS'] ?? 0);

/**
 * Ends a run in which nothing moves any more. A test that spins without giving its event loop a turn is beyond the
 * runner's own time limits: the run would never end, and nobody would learn where it stood. The processes of the runner
 * are killed, which the runner reports as an error of their files; the other files are run all the same.
 */
export default class StuckTestReporter implements Reporter {
  readonly #limitMs: number;
  readonly #running = new Map<string, string>();
  #movedAt = Date.now();
  #timer: NodeJS.Timeout | undefined;

  constructor({ limitMs = LIMIT_MS }: { readonly limitMs?: number } = {}) {
    this.#limitMs = limitMs;
  }

  onTestRunStart(): void {
    this.#moved();
    this.#timer = setInterval(() => this.#look(), this.#limitMs / 20);
  }

  onTestRunEnd(): void {
    clearInterval(this.#timer);
  }

  onTestModuleQueued({ moduleId }: TestModule): void {
    this.#running.set(moduleId, 'being loaded');
    this.#moved();
  }

  onTestCaseReady({ module, fullName }: TestCase): void {
    this.#running.set(module.moduleId, fullName);
    this.#moved();
  }

  onTestCaseResult(): void {
    this.#moved();
  }

  onTestModuleEnd({ moduleId }: TestModule): void {
    this.#running.delete(moduleId);
    this.#moved();
  }

  #moved(): void {
    this.#movedAt = Date.now();
  }

  #look(): void {
    if (Date.now() - this.#movedAt < this.#limitMs) return;
    this.#moved();
    const where = [...this.#running].map(([file, test]) => `\n  ${file}: ${test}`).join('');
    console.error(`Nothing has moved for ${this.#limitMs / 1000} s: the test processes are killed. They were at, or just past:${where}`);
    this.#running.clear();
    for (const pid of childrenOf(process.pid).filter(isWorker)) for (const each of [pid, ...descendantsOf(pid)]) kill(each);
  }
}

/** One that has ended meanwhile, maybe because its parent was just killed, is killed enough. */
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The runner has other children, its compiler for one, which it needs for the files that are still to come. */
function isWorker(pid: number): boolean {
  return readProc(`${pid}/cmdline`).includes('/vitest/');
}

/** With them, so that no switch of a killed test outlives it. */
function descendantsOf(pid: number): readonly number[] {
  return childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
}

function childrenOf(pid: number): readonly number[] {
  return readProc(`${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
}

/** A file of proc(5); empty when the process has ended meanwhile. */
function readProc(path: string): string {
  try {
    return readFileSync(`/proc/${path}`, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ESRCH') return '';
    throw error;
  }
}
