import type { StrowgerError } from '../domain/errors.ts';
import type { Language } from '../domain/language.ts';

/** What may be said, for one stretch of listening. */
export interface RecognitionRequest {
  /** What the caller may speak; the first is the most likely. A recogniser for one language takes the first that it knows. */
  readonly languages: readonly Language[];
  /** What callers are expected to say: all that a recogniser of commands can understand, hot words for the others. */
  readonly phrases: readonly string[];
}

/** One way to understand what was said. */
export interface Transcript {
  readonly text: string;
  /** 0 to 1; absent when the recogniser tells none. */
  readonly confidence?: number;
}

/** Takes what a recogniser makes of an utterance. */
export interface RecognitionSink {
  /** The whole of what has been understood so far. May come any number of times before the end. */
  partial(text: string): void;
  /** The utterance is over. Best first; empty when nothing of it was understood. Nothing follows. */
  final(transcripts: readonly Transcript[]): void;
  /** The recogniser cannot go on: `speech.unreachable`, `speech.timeout`, `speech.failed`. Nothing follows. */
  failed(error: StrowgerError): void;
}

/** The recognition of one utterance. */
export interface Recognition {
  /** More of the utterance, at CALL_SAMPLE_RATE_HZ. May be called at once: what cannot be sent yet is kept. */
  write(samples: Int16Array): void;
  /** The caller has finished: `final` or `failed` follows. */
  end(): void;
  /** Nobody wants to know any more. Nothing follows. */
  cancel(): void;
}

/** Turns an utterance into text. */
export interface Recognizer {
  /** As configured and logged, e.g. `funasr`. */
  readonly name: string;
  /** Whether it understands this: its languages, and whether anything may be said or only phrases. */
  knows(request: RecognitionRequest): boolean;
  recognize(request: RecognitionRequest, sink: RecognitionSink): Recognition;
}
