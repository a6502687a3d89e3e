/** Somebody or something that attempts are counted for. `key` names it without telling it (pseudonyms.ts). */
export interface AttemptSubject {
  /** Which limit holds: one of those that the ledger knows. */
  readonly scope: string;
  readonly key: string;
}

/** A lock that has begun. `until`: milliseconds since the epoch. */
export interface AttemptLock extends AttemptSubject {
  readonly failures: number;
  readonly until: number;
}

/** An attempt that was allowed. Exactly one of these is told; an attempt that nobody settles counts as wrong after a minute. */
export interface AttemptTicket {
  readonly allowed: true;
  /** It was right. */
  succeeded(): void;
  /** It was wrong. Returns the locks that begin with it. */
  failed(): readonly AttemptLock[];
  /** Nobody can tell: what was asked gave no answer. It does not count. */
  undone(): void;
}

export interface AttemptRefusal {
  readonly allowed: false;
  readonly lock: AttemptLock;
}

/** How often somebody guessed. Survives a restart of the process. */
export interface Attempts {
  /** The lock of one of these, the longest; undefined when an attempt would be allowed. */
  lockOf(subjects: readonly AttemptSubject[]): AttemptLock | undefined;
  /**
   * Asks for an attempt and counts it in the same moment, so that many at once do not all pass. `id` names it: the same attempt again (after a
   * restart) is counted once.
   */
  begin(id: string, subjects: readonly AttemptSubject[]): AttemptTicket | AttemptRefusal;
}
