/** One thing that a party heard. Times are milliseconds since the call began for that party. */
export interface Heard {
  /** The media URI, or `music:<class>`. */
  readonly media: string;
  readonly fromMs: number;
  /** Undefined while it lasts. */
  toMs: number | undefined;
  /** Heard to its end. Music has none. */
  complete: boolean;
}

/** What a party hears from the switch: prompts, and music between them. */
export class Ear {
  readonly heard: Heard[] = [];
  readonly #sinceStart: () => number;
  readonly #notice: () => void;
  #now: Heard | undefined;

  constructor(sinceStart: () => number, notice: () => void) {
    this.#sinceStart = sinceStart;
    this.#notice = notice;
  }

  /** What is being heard. */
  get now(): Heard | undefined {
    return this.#now;
  }

  begin(media: string): void {
    this.end(false);
    this.#now = { media, fromMs: this.#sinceStart(), toMs: undefined, complete: false };
    this.heard.push(this.#now);
    this.#notice();
  }

  end(complete: boolean): void {
    if (!this.#now) return;
    this.#now.toMs = this.#sinceStart();
    this.#now.complete = complete;
    this.#now = undefined;
    this.#notice();
  }
}
