import type { QueueId } from '../domain/ids.ts';
import type { EventReader } from '../ports/event-log.ts';
import { Reporter, type ReporterOptions } from './reporter.ts';
import { RETURN_MS, Standing, type Targets } from './standing.ts';

export interface PastReportsOptions {
  readonly events: Pick<EventReader, 'read'>;
  /** Lets everything else have its turn; awaited after each page, because a read of the store may hold up the calls. */
  readonly pause: () => Promise<void>;
  /** As of now: see ReporterOptions.targets. */
  readonly targets?: () => ReadonlyMap<QueueId, Targets>;
  readonly pageSize?: number;
  /** After how many events the standing is kept, for later reports to begin there. */
  readonly eventsPerCheckpoint?: number;
}

interface Checkpoint {
  readonly afterSeq: number;
  /** No event up to here has a later time; undefined: there is none. */
  readonly latest: number | undefined;
  readonly standing: Standing;
}

/**
 * Reports of the past, read from the event log. Who was signed in and who waited at the beginning of a range follows
 * from all that was before, so the log is folded from its beginning; on the way copies of the standing are kept, and the
 * next report begins at the last one before its range.
 */
export class PastReports {
  readonly #options: PastReportsOptions;
  readonly #pageSize: number;
  readonly #eventsPerCheckpoint: number;
  readonly #checkpoints: Checkpoint[] = [{ afterSeq: 0, latest: undefined, standing: new Standing() }];

  constructor(options: PastReportsOptions) {
    this.#options = options;
    this.#pageSize = options.pageSize ?? 500;
    this.#eventsPerCheckpoint = options.eventsPerCheckpoint ?? 20_000;
  }

  /** A reporter that has been given all events that matter for a range. Rejects as the event log does. */
  async read(report: Omit<ReporterOptions, 'standing' | 'targets'>): Promise<Reporter> {
    const { events, pause, targets } = this.#options;
    const shared = { ...report, ...(targets === undefined ? {} : { targets: targets() }) };
    const { from, to } = new Reporter(shared).grid.range;
    const start = this.#checkpoints.findLast(({ latest }) => latest === undefined || latest < from) ?? { afterSeq: 0, latest: undefined, standing: new Standing() };
    const reporter = new Reporter({ ...shared, standing: new Standing(start.standing) });
    let { afterSeq, latest } = start;
    let sinceCheckpoint = 0;
    for (;;) {
      // All types, not the wanted ones only: the store would look through all that are not wanted in one go.
      const page = await events.read({ afterSeq, limit: this.#pageSize });
      for (const { event } of page) {
        reporter.apply(event);
        latest = latest === undefined ? event.at : Math.max(latest, event.at);
      }
      afterSeq = page.at(-1)?.seq ?? afterSeq;
      sinceCheckpoint += page.length;
      if (sinceCheckpoint >= this.#eventsPerCheckpoint) {
        sinceCheckpoint = 0;
        this.#keep({ afterSeq, latest, standing: reporter.standing() });
      }
      if (page.length < this.#pageSize) return reporter;
      // A whole page, because a clock that is wrong for a moment does not end the range.
      if (page.every(({ event }) => event.at > to + RETURN_MS)) return reporter;
      await pause();
    }
  }

  /** Only ever further: a report that began early passes the checkpoints of former ones again. */
  #keep(checkpoint: Checkpoint): void {
    const last = this.#checkpoints.at(-1);
    if (last === undefined || checkpoint.afterSeq >= last.afterSeq + this.#eventsPerCheckpoint) this.#checkpoints.push(checkpoint);
  }
}
