import type { Agent } from '../domain/agent.ts';
import type { AgentId } from '../domain/ids.ts';
import type { Requirement } from '../domain/requirement.ts';

/** One thing that an agent lacks for a requirement. */
export type Shortfall =
  | { readonly kind: 'noSkill'; readonly skill: string }
  | { readonly kind: 'tooLow'; readonly skill: string; readonly has: number; readonly atLeast: number }
  | { readonly kind: 'tooHigh'; readonly skill: string; readonly has: number; readonly atMost: number }
  | { readonly kind: 'otherAgent'; readonly wanted: AgentId }
  /** No alternative of an `any` fits; what is missing for each. An `any` without alternatives fits nobody. */
  | { readonly kind: 'noneOf'; readonly alternatives: readonly (readonly Shortfall[])[] }
  | { readonly kind: 'ruledOut'; readonly by: Requirement };

/** What of an agent counts for a requirement. */
export type Qualification = Pick<Agent, 'id' | 'skills'>;

/**
 * Why `agent` may not serve a contact with `requirement`: everything that is missing, nothing when the agent may.
 * A bound on a skill that the agent does not have at all is not met, an upper bound included: `atMost` asks for a
 * beginner, not for a stranger (as the proficiency ranges of Amazon Connect's routing criteria do).
 */
export function shortfall(agent: Qualification, requirement: Requirement): readonly Shortfall[] {
  if ('skill' in requirement) {
    const { skill, atLeast, atMost } = requirement;
    const has = proficiency(agent, skill);
    if (has === undefined) return [{ kind: 'noSkill', skill }];
    const missing: Shortfall[] = [];
    if (atLeast !== undefined && !(has >= atLeast)) missing.push({ kind: 'tooLow', skill, has, atLeast });
    if (atMost !== undefined && !(has <= atMost)) missing.push({ kind: 'tooHigh', skill, has, atMost });
    return missing;
  }
  if ('agent' in requirement) {
    return requirement.agent === agent.id ? [] : [{ kind: 'otherAgent', wanted: requirement.agent }];
  }
  if ('all' in requirement) return requirement.all.flatMap((part) => shortfall(agent, part));
  if ('any' in requirement) {
    const alternatives = requirement.any.map((part) => shortfall(agent, part));
    return alternatives.some((missing) => missing.length === 0) ? [] : [{ kind: 'noneOf', alternatives }];
  }
  return satisfies(agent, requirement.not) ? [{ kind: 'ruledOut', by: requirement.not }] : [];
}

/** True when `agent` may serve a contact with `requirement`. */
export function satisfies(agent: Qualification, requirement: Requirement): boolean {
  if ('skill' in requirement) {
    const has = proficiency(agent, requirement.skill);
    if (has === undefined) return false;
    return (requirement.atLeast === undefined || has >= requirement.atLeast)
      && (requirement.atMost === undefined || has <= requirement.atMost);
  }
  if ('agent' in requirement) return requirement.agent === agent.id;
  if ('all' in requirement) return requirement.all.every((part) => satisfies(agent, part));
  if ('any' in requirement) return requirement.any.some((part) => satisfies(agent, part));
  return !satisfies(agent, requirement.not);
}

/** Own properties only: a skill may be named `constructor`. */
function proficiency(agent: Qualification, skill: string): number | undefined {
  return Object.hasOwn(agent.skills, skill) ? agent.skills[skill] : undefined;
}
