import type { AgentId } from '../domain/ids.ts';
import { shortfall } from '../routing/shortfall.ts';
import { isIdle, isSignedIn, type JudgedAgent } from './agent-verdict.ts';
import { demandOf, type Change, type ExplainedStep, type ExplanationInput } from './contact-explanation.ts';

/** A few are an answer, a hundred are none. */
const MOST_NAMED = 5;

/** What would bring a contact nearer to an agent, or end its wait; `competing` contacts go before it. */
export function changesOf(input: ExplanationInput, steps: readonly ExplainedStep[], verdicts: readonly JudgedAgent[], competing: number): readonly Change[] {
  const { contact, now, fairAfterMs } = input;
  const changes: Change[] = [];
  if (input.held) changes.push({ kind: 'released' });
  if (contact.offeredTo !== undefined) changes.push({ kind: 'offerEnds', agentId: contact.offeredTo.agentId, at: contact.offeredTo.ringUntil });
  if (competing > 0) changes.push({ kind: 'goBefore', contacts: competing });
  changes.push(...agentChanges(verdicts));
  changes.push(...stepChanges(input, steps));
  const open = steps.filter(({ state }) => state === 'open');
  const asked = open.length > 0 ? open : steps;
  if (asked.every(({ agents }) => agents.configured === 0)) changes.push({ kind: 'nobodyQualifies', require: demandOf(contact).require });
  changes.push(...nearlyChanges(verdicts));
  const promotionAt = contact.enqueuedAt + fairAfterMs;
  if (!contact.promoted && competing > 0 && promotionAt > now) changes.push({ kind: 'promotion', at: promotionAt });
  if (contact.leaveAt !== Infinity) changes.push({ kind: 'overflow', at: contact.leaveAt });
  return changes;
}

function agentChanges(verdicts: readonly JudgedAgent[]): readonly Change[] {
  const changes: Change[] = [];
  const away: AgentId[] = [];
  let talking = 0;
  for (const { agentId, obstacles, closeness } of verdicts) {
    if (closeness === 'waits') {
      for (const obstacle of obstacles) if (obstacle.kind === 'excluded') changes.push({ kind: 'agentFree', agentId, at: obstacle.until, after: 'exclusion' });
    }
    if (closeness !== 'busy') continue;
    const state = obstacles.find((obstacle) => obstacle.kind === 'state');
    if (state?.until !== undefined) changes.push({ kind: 'agentFree', agentId, at: state.until, after: state.state === 'wrapUp' ? 'wrapUp' : 'rest' });
    else if (state?.state === 'notReady' || state?.state === 'notResponding') away.push(agentId);
    else talking += 1;
  }
  const soonest = changes.sort((a, b) => timeOf(a) - timeOf(b)).slice(0, MOST_NAMED);
  const signedOut = verdicts.flatMap(({ agentId, closeness }) => (closeness === 'signedOut' ? [agentId] : []));
  return [
    ...soonest,
    ...(talking > 0 ? [{ kind: 'conversationEnds', agents: talking } as const] : []),
    ...(away.length > 0 ? [{ kind: 'comesBack', agents: away.slice(0, MOST_NAMED) } as const] : []),
    ...(signedOut.length > 0 ? [{ kind: 'signsIn', agents: signedOut.slice(0, MOST_NAMED) } as const] : []),
  ];
}

function timeOf(change: Change): number {
  return 'at' in change ? change.at : Infinity;
}

/** What each later step would bring that the open one has not. */
function stepChanges({ contact, agents, now }: ExplanationInput, steps: readonly ExplainedStep[]): readonly Change[] {
  const open = demandOf(contact);
  return steps.flatMap(({ step, opensAt, require }): readonly Change[] => {
    if (opensAt === undefined) return [];
    const more = agents.filter(
      (view) => isSignedIn(view) && view.agent.queues.includes(contact.queueId) && shortfall(view.agent, require).length === 0 && shortfall(view.agent, open.require).length > 0,
    );
    return [{ kind: 'stepOpens', step, at: Math.max(now, opensAt), more: more.length, idle: more.filter(isIdle).length }];
  });
}

/** Who would do with one thing more; those who are idle now first. */
function nearlyChanges(verdicts: readonly JudgedAgent[]): readonly Change[] {
  const isFree = ({ obstacles }: JudgedAgent): boolean => obstacles.every(({ kind }) => kind !== 'state' && kind !== 'stateUnknown');
  return verdicts
    .filter((verdict) => isFree(verdict) && (verdict.closeness === 'nearly' || verdict.closeness === 'otherQueue'))
    .flatMap(({ agentId, obstacles }): readonly Change[] => {
      const lacks = obstacles.find((obstacle) => obstacle.kind === 'lacks')?.missing[0];
      return lacks === undefined ? [{ kind: 'joinsQueue', agentId }] : [{ kind: 'skill', agentId, missing: lacks }];
    })
    .slice(0, MOST_NAMED);
}
