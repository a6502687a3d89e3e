import type { AgentId, ContactId, QueueId } from '../domain/ids.ts';
import type { Requirement, RoutingStep } from '../domain/requirement.ts';
import { shortfall } from '../routing/shortfall.ts';
import { stepEndsAt, type OpenStep } from '../routing/steps.ts';
import { closenessOf, compareNearness, countsOf, idleCount, isIdle, isSignedIn, verdictOf, type AgentView, type JudgedAgent } from './agent-verdict.ts';
import { changesOf } from './changes.ts';
import { demandOf, type ContactExplanation, type ExplainedStep, type ExplanationInput } from './contact-explanation.ts';

/** So many of the contacts ahead are named. */
const MOST_NAMED = 5;
const NOBODY: ReadonlyMap<AgentId, number> = new Map();

/** Explains why a contact still waits. Pure: what it sees is what it is given. */
export function explainContact(input: ExplanationInput): ContactExplanation {
  const { contact, now } = input;
  const explainer = new Explainer(input);
  const { contactId, callId, queueId, priority, ageBoostMs, enqueuedAt, promoted, offeredTo, wish } = contact;
  const verdicts = explainer.verdicts();
  const ahead = explainer.ahead();
  const steps = explainer.steps();
  return {
    contactId,
    ...(callId === undefined ? {} : { callId }),
    queueId,
    at: now,
    priority,
    ageBoostMs,
    enqueuedAt,
    promoted,
    held: input.held ?? false,
    ...(offeredTo === undefined ? {} : { offeredTo }),
    ...(wish === undefined ? {} : { wish }),
    steps,
    agents: verdicts.slice(0, input.mostAgents ?? 20),
    agentCounts: countsOf(verdicts),
    ahead,
    changes: changesOf(input, steps, verdicts, ahead.competing),
  };
}

class Explainer {
  readonly #input: ExplanationInput;
  readonly #members: ReadonlyMap<QueueId, readonly AgentView[]>;
  /** By queue and requirement: contacts ask for few different things. */
  readonly #pools = new Map<string, readonly AgentView[]>();

  constructor(input: ExplanationInput) {
    this.#input = input;
    const members = new Map<QueueId, AgentView[]>();
    for (const view of input.agents) {
      for (const queueId of view.agent.queues) {
        const known = members.get(queueId);
        if (known) known.push(view);
        else members.set(queueId, [view]);
      }
    }
    this.#members = members;
  }

  verdicts(): readonly JudgedAgent[] {
    const { agents, contact, now } = this.#input;
    const demand = demandOf(contact);
    const idle = idleCount(this.#members.get(contact.queueId) ?? [], demand);
    const judged = agents.map((view): JudgedAgent => {
      const verdict = verdictOf(view, demand, idle, now);
      return { ...verdict, closeness: contact.offeredTo?.agentId === view.agent.id ? 'rings' : closenessOf(verdict) };
    });
    return judged.sort(compareNearness);
  }

  steps(): readonly ExplainedStep[] {
    const { contact } = this.#input;
    const { steps, openStep, opened } = contact;
    const servable = (index: number): boolean => this.#pool(contact.queueId, steps[index]?.require ?? { any: [] }).some(isSignedIn);
    const opensAt = openStep === undefined ? new Map<number, number>() : forecast(steps, openStep, servable);
    return steps.map((step, index): ExplainedStep => {
      const pool = this.#pool(contact.queueId, step.require);
      const openedAt = opened?.findLast((one) => one.index === index)?.openedAt;
      const isOpen = index === openStep?.index;
      const end = isOpen && openStep !== undefined ? stepEndsAt(steps, openStep, servable) : undefined;
      const opens = opensAt.get(index);
      return {
        step: index + 1,
        require: step.require,
        keepIdle: step.keepIdle ?? 0,
        state: isOpen ? 'open' : index > (openStep?.index ?? -1) ? 'later' : opened === undefined ? 'passed' : openedAt === undefined ? 'skipped' : 'over',
        ...(isOpen && openStep !== undefined ? { openedAt: openStep.openedAt } : openedAt === undefined ? {} : { openedAt }),
        ...(end === undefined ? {} : { until: end }),
        ...(opens === undefined ? {} : { opensAt: opens }),
        agents: { configured: pool.length, signedIn: pool.filter(isSignedIn).length, idle: pool.filter(isIdle).length },
      };
    });
  }

  ahead(): ContactExplanation['ahead'] {
    const { contact } = this.#input;
    const own = new Set(this.#pool(contact.queueId, demandOf(contact).require));
    const competes = new Map<readonly AgentView[], boolean>();
    let contacts = 0;
    const competing: ContactId[] = [];
    for (const other of this.#input.ahead) {
      contacts += 1;
      // An agent's phone rings for it already: it takes no other.
      if (other.offeredTo !== undefined) continue;
      const pool = this.#pool(other.queueId, demandOf({ ...other, notBefore: NOBODY }).require);
      let shares = competes.get(pool);
      if (shares === undefined) {
        shares = pool.some((view) => isSignedIn(view) && own.has(view));
        competes.set(pool, shares);
      }
      if (shares) competing.push(other.contactId);
    }
    return { contacts, competing: competing.length, first: competing.slice(0, MOST_NAMED) };
  }

  /** The agents of a queue who meet a requirement. */
  #pool(queueId: QueueId, require: Requirement): readonly AgentView[] {
    const key = `${queueId} ${JSON.stringify(require)}`;
    let pool = this.#pools.get(key);
    if (pool === undefined) {
      pool = (this.#members.get(queueId) ?? []).filter(({ agent }) => shortfall(agent, require).length === 0);
      this.#pools.set(key, pool);
    }
    return pool;
  }
}

/** When each later step opens if nobody comes, goes or becomes free. Steps that nobody signed in can serve take no time. */
function forecast(steps: readonly RoutingStep[], open: OpenStep, servable: (index: number) => boolean): ReadonlyMap<number, number> {
  const opensAt = new Map<number, number>();
  let at = open;
  for (;;) {
    const end = stepEndsAt(steps, at, servable);
    if (end === undefined) return opensAt;
    const next = steps.findIndex((_, index) => index > at.index && servable(index));
    opensAt.set(next, end);
    at = { index: next, openedAt: end };
  }
}
