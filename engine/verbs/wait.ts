import type { CancelSignal } from '../domain/cancellation.ts';
import type { Json } from '../domain/json.ts';
import type { Clock } from '../ports/clock.ts';
import type { VerbImplementation } from './verb-context.ts';

export const wait: VerbImplementation<'wait'> = async ({ clock }, run) => {
  await untilTime(clock, deadlineOf(clock, run.input.forMs, run), run.cancel);
  return { outcome: 'done' };
};

/** An absolute deadline that a restart keeps: what is left of the time is waited for, not the whole again. */
export function deadlineOf(
  clock: Clock,
  forMs: number,
  run: { readonly resume: Json | undefined; progress(progress: Json): void },
): number {
  const kept = (run.resume as { deadlineAt?: number } | undefined)?.deadlineAt;
  const deadlineAt = kept ?? clock.now() + forMs;
  if (kept === undefined) run.progress({ deadlineAt });
  return deadlineAt;
}

/** Resolves at a time; never after `cancel`. */
export function untilTime(clock: Clock, at: number, cancel: CancelSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = clock.setTimeout(() => {
      forget();
      resolve();
    }, Math.max(0, at - clock.now()));
    const forget = cancel.onCancel(() => clock.clearTimeout(timer));
  });
}
