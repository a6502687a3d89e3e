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

/** Tells the bench that calls can come, and ends with it, however it ends. */
export function ready(close: () => Promise<void> | void = () => undefined): void {
  process.once('disconnect', () => {
    void Promise.resolve(close()).finally(() => process.exit(0));
  });
  process.send?.('ready');
}
