import type { StrowgerError } from '../../engine/domain/errors.ts';
import type { Recognition, RecognitionSink, Transcript } from '../../engine/ports/recognizer.ts';
import type { SpeechEvent } from '../../engine/ports/speech-input.ts';

/** One utterance: its sound on the way to the recogniser, and what comes back. */
export class Utterance implements RecognitionSink {
  readonly #tell: (event: SpeechEvent) => void;
  #recognition: Recognition | undefined;
  #over = false;

  /** `tell` takes all that the recogniser says of it, until the first that is `final` or `failed`. */
  constructor(tell: (event: SpeechEvent) => void) {
    this.#tell = tell;
  }

  /** `sound`: what was said before the utterance was noticed. */
  begin(recognize: (sink: RecognitionSink) => Recognition, sound: Int16Array): void {
    const recognition = recognize(this);
    // It may have failed at once.
    if (this.#over) return;
    this.#recognition = recognition;
    recognition.write(sound);
  }

  write(samples: Int16Array): void {
    // A copy: whoever delivers sound may use its buffer again, and a recogniser that is not connected yet keeps this.
    this.#recognition?.write(samples.slice());
  }

  /** The caller has finished. */
  end(): void {
    this.#recognition?.end();
  }

  /** Nobody wants to know any more: nothing is told after it. */
  cancel(): void {
    const recognition = this.#recognition;
    this.#finish();
    recognition?.cancel();
  }

  partial(text: string): void {
    if (!this.#over) this.#tell({ type: 'partial', text });
  }

  final(transcripts: readonly Transcript[]): void {
    this.#conclude({ type: 'final', transcripts });
  }

  failed(error: StrowgerError): void {
    this.#conclude({ type: 'failed', error });
  }

  #conclude(event: SpeechEvent): void {
    if (this.#over) return;
    this.#finish();
    this.#tell(event);
  }

  #finish(): void {
    this.#over = true;
    this.#recognition = undefined;
  }
}
