import type { ChannelId } from '../../engine/domain/ids.ts';
import type { CallControl } from '../../engine/ports/call-control.ts';
import type { CallEvents } from '../../engine/ports/call-events.ts';

/** A person with a telephone, at the far end of one channel. */
export interface FarEnd {
  /** `fast`: as a machine types, not a person: 60 ms a key, 60 ms between two. */
  sendDigits(digits: string, pace?: 'fast'): Promise<void>;
  hangUp(): Promise<void>;
  /** Whether it says something now. */
  readonly isSpeaking: boolean;
  /** True when this side knows that the call is over, or was never answered. */
  readonly isOver: boolean;
  /** Whether the call was answered, as this side saw it. */
  readonly wasAnswered: boolean;
  /** Settles when this side hears what the other says. */
  hears(other: FarEnd): Promise<void>;
  /** Puts the other side on hold, with the phone's own means; settles when the switch has agreed. */
  hold(): Promise<void>;
  /** Takes the other side back. */
  unhold(): Promise<void>;
  /** Settles when this side hears the switch's music, and beside it nobody. */
  hearsMusic(): Promise<void>;
}

/** What a phone does with a call of ours. */
export type PhoneBehaviour =
  | { readonly does: 'answer'; readonly hangUpAfterMs?: number }
  /** Answers, says a word or two, and waits. */
  | { readonly does: 'speak' }
  /** Answers with a greeting of some seconds. */
  | { readonly does: 'greet' }
  | { readonly does: 'busy' }
  | { readonly does: 'decline' }
  | { readonly does: 'ring' }
  /** Nobody is registered there: the switch has no address to dial. */
  | { readonly does: 'beAbsent' };

/** What a switch, real or simulated, brings along to be held to the contract. */
export interface CallControlRig {
  readonly node: CallControl;
  readonly events: CallEvents;
  /** URIs: `short` lasts 0.2 to 1 s, `long` more than 5 s, `missing` has no file. */
  readonly media: { readonly short: string; readonly long: string; readonly missing: string };
  /** Opens the engine's connection; settles after `node.up`. Called once, after the contract listens. */
  connect(): Promise<void>;
  /**
   * Somebody calls a number of ours; the dialplan hands the call over without answering it, with the arguments
   * `['inbound', dialled, 'contract']`. Settles when the call is on its way.
   */
  inboundCall(call: { readonly callerNumber: string; readonly callerName: string; readonly dialled: string }): Promise<FarEnd>;
  /** A phone that is to be dialled at `endpoint`. At most two at once; `party()` is the far end once it was dialled. */
  phone(behaviour: PhoneBehaviour): Promise<{ readonly endpoint: string; party(): FarEnd | undefined }>;
  /** Waits in the switch's time until `probe` finds something; fails after some seconds with `what`. */
  until<T>(probe: () => T | undefined, what: string): Promise<T>;
  /** Ends everything. */
  close(): Promise<void>;
}

/** The far end and its channel. */
export interface Party {
  readonly far: FarEnd;
  readonly channelId: ChannelId;
}
