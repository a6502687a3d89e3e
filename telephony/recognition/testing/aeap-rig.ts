import type { Recognizer } from '../../../engine/ports/recognizer.ts';
import type { AeapPeer } from './aeap-peer.ts';

/**
 * Lets as much time pass after each utterance as the recogniser waits for more, once the peer has worked on all that it was sent and knows
 * that its results have arrived.
 */
export function withTimeAfterUtterances(recognizer: Recognizer, peer: AeapPeer, clock: { advanceBy(ms: number): Promise<void> }, waitsMs: number): Recognizer {
  let begun = 0;
  return {
    name: recognizer.name,
    knows: (request) => recognizer.knows(request),
    recognize: (request, sink) => {
      const recognition = recognizer.recognize(request, sink);
      begun += 1;
      const isAllWorkedOn = (): boolean => peer.connections >= begun && peer.isAtRest;
      return {
        write: (samples) => recognition.write(samples),
        end: () => {
          recognition.end();
          void peer.until(isAllWorkedOn).then(() => clock.advanceBy(waitsMs));
        },
        cancel: () => recognition.cancel(),
      };
    },
  };
}
