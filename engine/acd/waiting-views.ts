import type { RoutingEvent } from '../routing/routing-event.ts';
import type { OpenStep } from '../routing/steps.ts';
import type { QueuedContact } from './distributor.ts';
import type { WaitingContact } from './waiting-line.ts';

/** A waiting contact as people and tools see it. `position`: 1 is the head of the queue. */
export function viewOf({ request, openStep, promoted, offer }: WaitingContact, position: number): QueuedContact {
  const { contactId, callId, queueId, priority, ageBoostMs, enqueuedAt, wish } = request;
  return {
    contactId,
    callId,
    queueId,
    priority,
    ageBoostMs,
    enqueuedAt,
    position,
    step: stepNumber(openStep),
    promoted,
    ...(offer === undefined ? {} : { offerId: offer.offerId }),
    ...(wish === undefined ? {} : { wish }),
  };
}

/** A waiting contact as the router is told of it. `offered`: an agent's phone rings for it already. */
export function arrivalOf({ request, queue, leaveAt }: WaitingContact, offered: boolean): RoutingEvent {
  const { contactId, queueId, priority, enqueuedAt, ageBoostMs, steps, afterSteps, isVirtual = false } = request;
  const noAgentsGraceMs = isVirtual ? Infinity : queue.limits.noAgentsGraceMs;
  return {
    type: 'contact.arrived',
    contact: { contactId, queueId, priority, enqueuedAt, ageBoostMs, steps, afterSteps, leaveAt, noAgentsGraceMs },
    offered,
  };
}

/** As people count: 1 is the first; 1 also before the first decision. */
export function stepNumber(openStep: OpenStep | undefined): number {
  return (openStep?.index ?? 0) + 1;
}
