import type { QueueId } from '../domain/ids.ts';
import type { Announce } from '../ports/announcer.ts';
import type { WaitingLine } from './waiting-line.ts';

/** Announces how queues stand: once a turn for each that changed, and only when it differs from what was said last. */
export class QueueBoard {
  readonly #line: WaitingLine;
  readonly #announce: Announce;
  readonly #touched = new Set<QueueId>();
  readonly #said = new Map<QueueId, string>();

  constructor(line: WaitingLine, announce: Announce) {
    this.#line = line;
    this.#announce = announce;
  }

  touch(queueId: QueueId): void {
    this.#touched.add(queueId);
  }

  announceTouched(): void {
    for (const queueId of this.#touched) {
      const waiting = this.#line.inQueue(queueId).length;
      const longestWaitingSince = this.#line.longestWaitingSince(queueId);
      const saying = `${waiting}/${longestWaitingSince}`;
      if (this.#said.get(queueId) === saying) continue;
      this.#said.set(queueId, saying);
      this.#announce({ type: 'queue.state', queueId, waiting, longestWaitingSince });
    }
    this.#touched.clear();
  }
}
