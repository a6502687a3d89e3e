import type { OverflowReason } from '../domain/contact.ts';
import type { AgentId, ContactId } from '../domain/ids.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import { Selection, type IdleAgent, type Place, type Pool } from './selection.ts';
import { firstStep, nextStep, stepEndsAt, type OpenStep } from './steps.ts';

/** A contact as routing sees it. */
export interface RoutedContact extends Place {
  readonly contactId: ContactId;
  /** From `stepsOf`. */
  readonly steps: readonly RoutingStep[];
  /** Who may serve each step. */
  readonly pools: readonly Pool[];
  /** Undefined before the first decision. */
  readonly openStep: OpenStep | undefined;
  /** The end of its patience as the queue sees it; `Infinity` for none. */
  readonly leaveAt: number;
  /** An agent's phone rings for it. */
  readonly offered: boolean;
  /** Agents who are not to be asked for it before a time: they rejected it or could not be reached. */
  readonly notBefore: ReadonlyMap<AgentId, number>;
}

/** Everything that routing decides from. */
export interface RoutingState {
  /** In the order of `comparePlaces`. */
  readonly contacts: Iterable<RoutedContact>;
  /** Agents in any state but loggedOut. */
  readonly signedIn: ReadonlySet<AgentId>;
  readonly idle: readonly IdleAgent[];
}

export type Decision =
  | { readonly kind: 'step'; readonly contactId: ContactId; readonly openStep: OpenStep }
  | { readonly kind: 'offer'; readonly contactId: ContactId; readonly agentId: AgentId }
  | { readonly kind: 'overflow'; readonly contactId: ContactId; readonly reason: OverflowReason };

export interface Decisions {
  readonly decisions: readonly Decision[];
  /** When time alone calls for the next decision (milliseconds since the epoch). It may have come already. */
  readonly decideAgainAt: number | undefined;
}

/**
 * One round of routing. A pure function: the same state and time give the same decisions, in the order to be carried out.
 *
 * While an agent's phone rings for a contact its step clock runs on, but it neither gets a second agent nor leaves: a
 * caller who is about to be connected is not sent away. A contact whose time is up is still served when somebody is idle.
 */
export function decide(state: RoutingState, now: number): Decisions {
  const decisions: Decision[] = [];
  const selection = new Selection(state.idle, now);
  const staffed = staffing(state.signedIn);
  let again = Infinity;

  for (const contact of state.contacts) {
    const { contactId, steps, pools } = contact;
    const servable = (index: number): boolean => staffed(pools[index]);
    const openStep =
      contact.openStep === undefined
        ? firstStep(steps, contact.enqueuedAt, now, servable)
        : nextStep(steps, contact.openStep, now, servable);
    if (openStep === undefined) {
      if (!contact.offered) decisions.push({ kind: 'overflow', contactId, reason: 'noAgents' });
      continue;
    }
    if (openStep !== contact.openStep) decisions.push({ kind: 'step', contactId, openStep });
    if (!contact.offered) {
      const pool = pools[openStep.index];
      const agentId = pool === undefined ? undefined : selection.take({ contactId, pool, notBefore: contact.notBefore });
      if (agentId !== undefined) {
        decisions.push({ kind: 'offer', contactId, agentId });
      } else if (now >= contact.leaveAt) {
        decisions.push({ kind: 'overflow', contactId, reason: 'timeout' });
        continue;
      } else {
        again = Math.min(again, contact.leaveAt);
        for (const until of contact.notBefore.values()) if (until > now) again = Math.min(again, until);
      }
    }
    again = Math.min(again, stepEndsAt(steps, openStep, servable) ?? Infinity);
  }
  return { decisions, decideAgainAt: again === Infinity ? undefined : again };
}

/** Whether somebody of a pool is signed in; looked up once a pool. */
function staffing(signedIn: ReadonlySet<AgentId>): (pool: Pool | undefined) => boolean {
  const known = new Map<Pool, boolean>();
  return (pool) => {
    if (pool === undefined) return false;
    let staffed = known.get(pool);
    if (staffed === undefined) {
      staffed = [...pool].some((agentId) => signedIn.has(agentId));
      known.set(pool, staffed);
    }
    return staffed;
  };
}
