import type { SpeechEvent } from '../../engine/ports/speech-input.ts';
import { Utterance } from './utterance.ts';

interface Entry {
  readonly utterance: Utterance;
  /** What may not be told yet. */
  readonly kept: SpeechEvent[];
  over: boolean;
}

/**
 * Tells what utterances bring in the order in which they were spoken: a caller may speak again while the recogniser still
 * works on what was said before, and the answer to the second waits for the answer to the first.
 */
export class UtteranceOrder {
  readonly #tell: (event: SpeechEvent) => void;
  /** Oldest first. Only the first is told of. */
  readonly #entries: Entry[] = [];

  /** `tell` may call `cancel`. */
  constructor(tell: (event: SpeechEvent) => void) {
    this.#tell = tell;
  }

  /** A new utterance, the latest. `started` is told, at once when none is before it. */
  add(): Utterance {
    const entry: Entry = {
      utterance: new Utterance((event) => this.#take(entry, event)),
      kept: [],
      over: false,
    };
    this.#entries.push(entry);
    this.#take(entry, { type: 'started' });
    return entry.utterance;
  }

  /** Cancels all; nothing more is told. */
  cancel(): void {
    for (const { utterance } of this.#entries.splice(0)) utterance.cancel();
  }

  #take(entry: Entry, event: SpeechEvent): void {
    entry.over ||= event.type === 'final' || event.type === 'failed';
    entry.kept.push(event);
    this.#tellFirst();
  }

  #tellFirst(): void {
    for (let first = this.#entries[0]; first !== undefined; first = this.#entries[0]) {
      const event = first.kept.shift();
      if (event !== undefined) this.#tell(event);
      else if (first.over) this.#entries.shift();
      else return;
    }
  }
}
