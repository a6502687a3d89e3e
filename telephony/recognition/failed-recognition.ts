import type { StrowgerError } from '../../engine/domain/errors.ts';
import type { Recognition, RecognitionSink } from '../../engine/ports/recognizer.ts';

/** The recognition of an utterance that cannot even begin. */
export class FailedRecognition implements Recognition {
  #isCancelled = false;

  constructor(error: StrowgerError, sink: RecognitionSink) {
    // Not from inside the call that asked for it.
    setImmediate(() => {
      if (!this.#isCancelled) sink.failed(error);
    });
  }

  write(): void {
    // Nobody listens.
  }

  end(): void {
    // `failed` comes anyway.
  }

  cancel(): void {
    this.#isCancelled = true;
  }
}
