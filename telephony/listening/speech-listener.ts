import type { RecognitionRequest } from '../../engine/ports/recognizer.ts';
import type { Listening, ListenRequest, SpeechEvent, SpeechInput } from '../../engine/ports/speech-input.ts';
import { CallListening, type ListeningParts } from './call-listening.ts';

/**
 * Hears when callers speak and hands what they say to a recogniser, which may be a chain that falls back by itself: its
 * failure means that none could, so it ends the listening, and the engine asks for keys.
 */
export class SpeechListener implements SpeechInput {
  readonly #parts: ListeningParts;

  constructor(parts: ListeningParts) {
    this.#parts = parts;
  }

  knows(request: RecognitionRequest): boolean {
    return this.#parts.recognizer.knows(request);
  }

  listen(request: ListenRequest, tell: (event: SpeechEvent) => void): Listening {
    const listening = new CallListening(this.#parts, request, tell);
    void listening.open();
    return { stop: () => listening.stop() };
  }
}
