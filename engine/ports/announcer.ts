import type { DomainEventBody } from '../domain/events.ts';
import type { CallId } from '../domain/ids.ts';

/** Stamps what happened with id and time and appends it to the event log. */
export type Announce = (body: DomainEventBody, callId?: CallId) => void;
