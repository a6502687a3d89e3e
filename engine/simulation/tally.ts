/** What became of contacts, added up over a period, a type or a queue. Sums only, so that two tallies add up to one. */
export class ContactTally {
  /** Came: the answered, abandoned, blocked, turned away, overflowed and unfinished together. */
  offered = 0;
  /** No line was free. */
  blocked = 0;
  /** The queue was full. */
  turnedAway = 0;
  answered = 0;
  /** All who hung up while they waited, the short calls included. */
  abandoned = 0;
  /** Of these, sooner than the queue's `shortAbandonMs`. */
  shortAbandoned = 0;
  /** Waited as long as the queue allows. */
  overflowed = 0;
  /** Nobody was there who could have served them. */
  noAgents = 0;
  /** Still in when the simulation was stopped. */
  unfinished = 0;
  /** Abandoned, and called again later: another contact. */
  retried = 0;
  /** Answered within the service level's target. */
  inTarget = 0;
  /** The same, when the waits of a caller's earlier attempts count, too. */
  inTargetOfAllAttempts = 0;
  /** Abandoned before the target was missed, the short calls included. */
  abandonedInTarget = 0;
  /** Did not get an agent at once. */
  waited = 0;
  waitAnsweredMs = 0;
  waitAbandonedMs = 0;
  /** Talk and wrap-up of the answered. */
  handlingMs = 0;
  /** Waits of the answered in milliseconds, in no order; empty when they are not kept. */
  readonly waitsMs: number[] = [];

  add(other: ContactTally): void {
    this.offered += other.offered;
    this.blocked += other.blocked;
    this.turnedAway += other.turnedAway;
    this.answered += other.answered;
    this.abandoned += other.abandoned;
    this.shortAbandoned += other.shortAbandoned;
    this.overflowed += other.overflowed;
    this.noAgents += other.noAgents;
    this.unfinished += other.unfinished;
    this.retried += other.retried;
    this.inTarget += other.inTarget;
    this.inTargetOfAllAttempts += other.inTargetOfAllAttempts;
    this.abandonedInTarget += other.abandonedInTarget;
    this.waited += other.waited;
    this.waitAnsweredMs += other.waitAnsweredMs;
    this.waitAbandonedMs += other.waitAbandonedMs;
    this.handlingMs += other.handlingMs;
    for (const wait of other.waitsMs) this.waitsMs.push(wait);
  }
}

/** How many wait, over time. */
export class QueueTally {
  /** Time × number of those who wait: divided by the length of the period it is the mean length of the queue. */
  lengthMs = 0;
  longest = 0;

  add(other: QueueTally): void {
    this.lengthMs += other.lengthMs;
    this.longest = Math.max(this.longest, other.longest);
  }
}

/** What the agents of a group did, in agent-milliseconds. */
export class GroupTally {
  idleMs = 0;
  ringingMs = 0;
  talkingMs = 0;
  wrapUpMs = 0;
  /** Away after an offer that was not answered. */
  awayMs = 0;
  breakMs = 0;
  answered = 0;
  missed = 0;

  get busyMs(): number {
    return this.ringingMs + this.talkingMs + this.wrapUpMs;
  }

  /** Signed in, breaks and absences included. */
  get staffedMs(): number {
    return this.busyMs + this.idleMs + this.awayMs + this.breakMs;
  }

  add(other: GroupTally): void {
    this.idleMs += other.idleMs;
    this.ringingMs += other.ringingMs;
    this.talkingMs += other.talkingMs;
    this.wrapUpMs += other.wrapUpMs;
    this.awayMs += other.awayMs;
    this.breakMs += other.breakMs;
    this.answered += other.answered;
    this.missed += other.missed;
  }
}

/** Everything of one period; lists are in the order of the model. */
export interface PeriodTally {
  readonly fromMs: number;
  readonly toMs: number;
  /** By contact type; a contact counts where it came. */
  readonly types: readonly ContactTally[];
  /** By queue: one that overflows into another queue counts in both. */
  readonly queues: readonly ContactTally[];
  readonly lengths: readonly QueueTally[];
  readonly groups: readonly GroupTally[];
}

/** A period of `model`'s shape in which nothing has happened yet. */
export function emptyPeriod(
  model: { readonly contactTypes: readonly unknown[]; readonly queues: readonly unknown[]; readonly groups: readonly unknown[] },
  fromMs: number,
  toMs: number,
): PeriodTally {
  return {
    fromMs,
    toMs,
    types: model.contactTypes.map(() => new ContactTally()),
    queues: model.queues.map(() => new ContactTally()),
    lengths: model.queues.map(() => new QueueTally()),
    groups: model.groups.map(() => new GroupTally()),
  };
}

/** All periods in one. */
export function totalOf(periods: readonly PeriodTally[]): PeriodTally {
  const [first] = periods;
  if (first === undefined) throw new RangeError('There is no period.');
  const total = emptyPeriod({ contactTypes: first.types, queues: first.queues, groups: first.groups }, first.fromMs, periods.at(-1)!.toMs);
  for (const period of periods) {
    period.types.forEach((tally, i) => total.types[i]!.add(tally));
    period.queues.forEach((tally, i) => total.queues[i]!.add(tally));
    period.lengths.forEach((tally, i) => total.lengths[i]!.add(tally));
    period.groups.forEach((tally, i) => total.groups[i]!.add(tally));
  }
  return total;
}
