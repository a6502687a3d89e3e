import type { ContactRequest } from '../domain/contact.ts';
import type { RoutingStep } from '../domain/requirement.ts';

/** The step that is open for a contact. */
export interface OpenStep {
  /** Place in the list that `stepsOf` made, from 0. */
  readonly index: number;
  /** Milliseconds since the epoch. */
  readonly openedAt: number;
}

/** Tells whether any agent who is signed in could serve the step at `index`, now or when free. */
export type Servable = (index: number) => boolean;

const EVERYONE: RoutingStep = { require: { all: [] }, forMs: 'untilServed' };

/** All steps of a contact, with the implicit one at the end when any agent of the queue may serve it after the others. */
export function stepsOf(contact: Pick<ContactRequest, 'steps' | 'afterSteps'>): readonly RoutingStep[] {
  return contact.afterSteps === 'any' || contact.steps.length === 0 ? [...contact.steps, EVERYONE] : contact.steps;
}

/**
 * The step that a contact enters with. Steps that nobody can serve are skipped and take no time. A contact that comes
 * back after a restart has an `enqueuedAt` in the past: it enters at the step that its age has reached.
 */
export function firstStep(
  steps: readonly RoutingStep[],
  enqueuedAt: number,
  now: number,
  servable: Servable,
): OpenStep | undefined {
  let index = nextServable(steps, 0, servable);
  let openedAt = enqueuedAt;
  while (index !== undefined) {
    const end = stepEnd(steps, { index, openedAt });
    const next = nextServable(steps, index + 1, servable);
    // A step whose time is up in this very millisecond is still tried once: so a step of 0 ms means "only who is free now".
    if (end >= now || next === undefined) return { index, openedAt };
    index = next;
    openedAt = end;
  }
  return undefined;
}

/**
 * The step after what has happened since `open` was found: time, agents who came and went.
 *
 * - its time is up: the next step that somebody can serve; when there is none, it stays open
 * - nobody is left who could serve it: the next step at once; when there is none either, the nearest earlier one
 * - nobody is signed in who could serve any step: undefined, the contact has nothing to wait for
 */
export function nextStep(
  steps: readonly RoutingStep[],
  open: OpenStep,
  now: number,
  servable: Servable,
): OpenStep | undefined {
  const isServable = servable(open.index);
  if (isServable && now < stepEnd(steps, open)) return open;
  const later = nextServable(steps, open.index + 1, servable);
  if (later !== undefined) return { index: later, openedAt: now };
  if (isServable) return open;
  for (let index = open.index - 1; index >= 0; index -= 1) {
    if (servable(index)) return { index, openedAt: now };
  }
  return undefined;
}

/** When the open step gives way to a later one; undefined while no later one could take its place. */
export function stepEndsAt(steps: readonly RoutingStep[], open: OpenStep, servable: Servable): number | undefined {
  const end = stepEnd(steps, open);
  return end === Infinity || nextServable(steps, open.index + 1, servable) === undefined ? undefined : end;
}

function stepEnd(steps: readonly RoutingStep[], open: OpenStep): number {
  const forMs = steps[open.index]?.forMs ?? 'untilServed';
  return forMs === 'untilServed' ? Infinity : open.openedAt + forMs;
}

function nextServable(steps: readonly RoutingStep[], from: number, servable: Servable): number | undefined {
  for (let index = from; index < steps.length; index += 1) if (servable(index)) return index;
  return undefined;
}
