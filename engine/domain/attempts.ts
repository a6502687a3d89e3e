/** How often one subject (an account, a caller, a user name) may be wrong, and how long it is locked then. */
export interface AttemptLimit {
  /** Wrong attempts up to the first lock: the one with this number locks. */
  readonly free: number;
  readonly firstLockMs: number;
  /** Each further wrong attempt locks four times as long as the one before, up to this. */
  readonly longestLockMs: number;
  /** One wrong attempt is forgotten after so long. It bounds what may be guessed for ever: one in this time. */
  readonly forgetMs: number;
  /** A right attempt clears the count. Not where somebody could be right with something else, e.g. a caller with an account of its own. */
  readonly clearedBySuccess: boolean;
}

const GROWTH = 4;

/** How long a subject is locked after its wrong attempt number `failures`; 0 while there are free ones. */
export function lockMsAfter(failures: number, { free, firstLockMs, longestLockMs }: AttemptLimit): number {
  if (failures < free) return 0;
  return Math.min(longestLockMs, firstLockMs * GROWTH ** (failures - free));
}
