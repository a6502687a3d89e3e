/** Exponential backoff with full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"). Times in milliseconds. */
export interface BackoffOptions {
  readonly baseMs: number;
  readonly capMs: number;
  /** Uniform in [0, 1). */
  readonly random: () => number;
}

/** How long to wait before attempt number `failures` + 1; `failures` is how many attempts in a row have failed, from 1. */
export function backoffMs(failures: number, { baseMs, capMs, random }: BackoffOptions): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(random() * ceiling);
}
