import type { Transcript } from '../../engine/ports/recognizer.ts';

/** Whether a server has said all that it will say about an utterance. `perhaps`: unless more comes soon. */
export type Over = 'no' | 'perhaps' | 'yes';

/** How one kind of server talks about one utterance. Knows neither sockets nor time. */
export interface SpeechProtocol {
  /** The WebSocket subprotocol that is asked for. A server that names none is taken too, one that names another is not. */
  readonly subprotocol?: string;
  /** The rate that the server takes. */
  readonly sampleRateHz: 8_000 | 16_000;
  /** Milliseconds of sound in a message; the last may be shorter. */
  readonly chunkMs: number;
  /** Sent first. */
  readonly opening: string | undefined;
  /** False until the server has agreed to what it was sent first: no sound before. Absent: it need not. */
  readonly isAgreed?: boolean;
  /** Sent when the utterance is over, a message each. */
  readonly closing: readonly (string | Buffer)[];
  /** Sent so long after `closing` if the server has not had its last word. */
  readonly reminder?: { readonly afterMs: number; readonly message: string };
  /** A message of samples, for the wire. Called in order, once a message. */
  encode(samples: Int16Array): Buffer;
  /** Takes a message. Throws `NotTheProtocol`. */
  receive(message: string, isClosingSent: boolean): Over;
  /** What must be sent back for what was received. Each is given once. */
  answers?(): readonly string[];
  /** Whether all may have been said already when the utterance ends, of servers that hear its end by themselves: it is so unless more comes soon. */
  readonly mayBeComplete?: boolean;
  /** Whether the answer is complete when the server closes the connection in good order, after `closing`. */
  isCompleteAtClose(): boolean;
  /** All that was understood so far. */
  text(): string;
  /** What was understood, best first. */
  transcripts(): readonly Transcript[];
}

/** What came is not what the server of this protocol says. The message tells what is wrong, never what was said. */
export class NotTheProtocol extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotTheProtocol';
  }
}

export type JsonObject = Readonly<Record<string, unknown>>;

/** Throws `NotTheProtocol`. */
export function jsonObject(message: string): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch {
    throw new NotTheProtocol('it is no JSON');
  }
  return asObject(value, 'the message');
}

/** Throws `NotTheProtocol`. */
export function asObject(value: unknown, what: string): JsonObject {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new NotTheProtocol(`${what} is no object`);
  return value as JsonObject;
}

/** Throws `NotTheProtocol`. */
export function textOf(object: JsonObject, field: string): string {
  const value = object[field];
  if (typeof value !== 'string') throw new NotTheProtocol(`'${field}' is no text`);
  return value;
}

/** Signed 16-bit, little-endian: what most servers take. */
export function s16le(samples: Int16Array): Buffer {
  const bytes = Buffer.alloc(2 * samples.length);
  for (let at = 0; at < samples.length; at += 1) bytes.writeInt16LE(samples[at] ?? 0, 2 * at);
  return bytes;
}
