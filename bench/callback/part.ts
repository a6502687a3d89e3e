import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { PartTask } from './parts.ts';
import type { Placed } from './placing.ts';
import type { RequestRate } from './requests.ts';
import type { PlainRead, Restored } from './restore.ts';

/** What each part gives back. */
export interface PartResults {
  readonly restore: Restored;
  readonly readPlain: PlainRead;
  readonly place: Placed;
  readonly request: readonly RequestRate[];
}

export type PartRunner = <Part extends keyof PartResults>(task: Extract<PartTask, { readonly part: Part }>) => Promise<PartResults[Part]>;

const CHILD = join(import.meta.dirname, 'part.child.ts');
const PRINTED = 1_500;

/** Runs a part in a process of its own. Rejects with `bench.program` when that fails. */
export async function runPart<Part extends keyof PartResults>(task: Extract<PartTask, { readonly part: Part }>): Promise<PartResults[Part]> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), CHILD], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, STROWGER_BENCH_TASK: JSON.stringify(task) },
  });
  let printed = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed = (printed + text).slice(-PRINTED)));
  let result: unknown;
  child.once('message', (message) => (result = message));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  if (result === undefined) throw new StrowgerError('bench.program', `The part ${task.part} failed. The end of what it printed:\n${printed}`);
  return result as PartResults[Part];
}
