import type { StrowgerError } from '../../../engine/domain/errors.ts';
import type { RecognitionSink, Transcript } from '../../../engine/ports/recognizer.ts';

export type RecognitionEnd = { readonly transcripts: readonly Transcript[] } | { readonly error: StrowgerError };

/** Keeps what a recogniser tells. */
export class RecordingSink implements RecognitionSink {
  readonly partials: string[] = [];
  readonly ends: RecognitionEnd[] = [];
  /** The first end. */
  readonly end: Promise<RecognitionEnd>;
  /** Resolves with the first partial. */
  readonly firstPartial: Promise<string>;
  #resolveEnd: (end: RecognitionEnd) => void = () => undefined;
  #resolvePartial: (text: string) => void = () => undefined;

  constructor() {
    this.end = new Promise((resolve) => (this.#resolveEnd = resolve));
    this.firstPartial = new Promise((resolve) => (this.#resolvePartial = resolve));
  }

  /** Whether anything was told. */
  get isUntouched(): boolean {
    return this.partials.length === 0 && this.ends.length === 0;
  }

  partial(text: string): void {
    // What follows an end is kept with the ends, where no test overlooks it.
    if (this.ends.length > 0) throw new Error(`'${text}' came after the end`);
    this.partials.push(text);
    this.#resolvePartial(text);
  }

  final(transcripts: readonly Transcript[]): void {
    this.#ended({ transcripts });
  }

  failed(error: StrowgerError): void {
    this.#ended({ error });
  }

  #ended(end: RecognitionEnd): void {
    this.ends.push(end);
    this.#resolveEnd(end);
  }
}
