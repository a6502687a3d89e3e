import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What the bench tells a program that it starts, and how the program answers. */
export interface ProgramTask {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** Name of the Stasis application. */
  readonly app: string;
  /** Media URIs of the two prompts. */
  readonly first: string;
  readonly second: string;
}

/** The task of this process. */
export function programTask(): ProgramTask {
  return JSON.parse(process.env['STROWGER_BENCH_TASK'] ?? '{}') as ProgramTask;
}

/** What the bench asks, and is answered. */
export const FIGURES = 'figures';
export interface ProgramFigures {
  readonly heapBytes: number;
  readonly handles: number;
}

function figures(): ProgramFigures {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return { heapBytes: process.memoryUsage().heapUsed, handles: process.getActiveResourcesInfo().length };
}

/** Tells the bench that calls can come, and ends with it, however it ends. */
export function ready(close: () => Promise<void> | void = () => undefined): void {
  process.once('disconnect', () => {
    void Promise.resolve(close()).finally(() => process.exit(0));
  });
  process.on('message', (message) => {
    if (message === FIGURES) process.send?.(figures());
  });
  process.send?.('ready');
}
