import type { AgentId, ContactId, QueueId } from '../domain/ids.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import type { RouterContact } from './router-contact.ts';
import type { OpenStep } from './steps.ts';

/** A contact in the router as boards and explanations see it. */
export interface RoutedContactView {
  readonly contactId: ContactId;
  readonly queueId: QueueId;
  readonly priority: number;
  readonly ageBoostMs: number;
  readonly enqueuedAt: number;
  /** From `stepsOf`: what `openStep.index` counts. */
  readonly steps: readonly RoutingStep[];
  /** Undefined until somebody was signed in who could serve any step. */
  readonly openStep: OpenStep | undefined;
  readonly promoted: boolean;
  readonly offered: boolean;
  /** Undefined also when the contact came with an offer from before a restart. */
  readonly offeredTo: AgentId | undefined;
  /** Agents who are not to be asked for it before a time. */
  readonly notBefore: ReadonlyMap<AgentId, number>;
}

const NOBODY: ReadonlyMap<AgentId, number> = new Map();

/** How a contact stands now; it does not change afterwards. */
export function viewOf(contact: RouterContact): RoutedContactView {
  const { contactId, priority, ageBoostMs, enqueuedAt, openStep, promoted, offered, offeredTo, plan, notBefore } = contact;
  const { queueId, steps } = plan;
  const exclusions = notBefore === undefined ? NOBODY : new Map(notBefore);
  return { contactId, queueId, priority, ageBoostMs, enqueuedAt, steps, openStep, promoted, offered, offeredTo, notBefore: exclusions };
}
