import type { StrowgerError } from '../domain/errors.ts';
import type { ChannelId, NodeId } from '../domain/ids.ts';
import type { RecognitionRequest, Transcript } from './recognizer.ts';

export interface ListenRequest extends RecognitionRequest {
  readonly nodeId: NodeId;
  readonly channelId: ChannelId;
  /** So long a silence ends what the caller says. */
  readonly endSilenceMs: number;
  /** What is longer is cut off and understood as far as it went. */
  readonly maxSpeechMs: number;
}

/**
 * What listening tells. A caller may say several things, one after the other: each is told as `started`, then any number of `partial`, then
 * `final`, and the next begins only after that. `failed` may come at any moment.
 */
export type SpeechEvent =
  /** Somebody began to speak. */
  | { readonly type: 'started' }
  /** All that was understood of this utterance so far. */
  | { readonly type: 'partial'; readonly text: string }
  /** The utterance is over. Best first; empty when it was not understood, or was no speech after all. */
  | { readonly type: 'final'; readonly transcripts: readonly Transcript[] }
  /** Nobody listens any more: no way to the sound of the call, or no recogniser. Nothing follows. */
  | { readonly type: 'failed'; readonly error: StrowgerError };

/** Understands what callers say. */
export interface SpeechInput {
  /** Whether anybody can understand this at all: a recogniser of commands cannot take down numbers. */
  knows(request: RecognitionRequest): boolean;
  /** Listens from now on, also while prompts play, until `stop`. `tell` is never called from inside `listen`, nor after `stop`. */
  listen(request: ListenRequest, tell: (event: SpeechEvent) => void): Listening;
}

export interface Listening {
  stop(): void;
}
