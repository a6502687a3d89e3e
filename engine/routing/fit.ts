import type { AgentSelection } from '../domain/queue.ts';
import type { Requirement } from '../domain/requirement.ts';
import { satisfies, type Qualification } from './shortfall.ts';

/**
 * How well an agent who satisfies `requirement` fits it; the lowest is taken first.
 *
 * - longestIdle: all fit alike
 * - leastSurplus: skill points of the agent beyond those that are asked for
 * - mostSkilled: the points in the skills that are asked for, negative, so that more is lower
 */
export function fitOf(selection: AgentSelection, agent: Qualification, requirement: Requirement): number {
  switch (selection) {
    case 'longestIdle':
      return 0;
    case 'leastSurplus':
      return totalPoints(agent) - pointsAsked(agent, requirement);
    case 'mostSkilled': {
      const named = new Set<string>();
      collectNamed(agent, requirement, named);
      let points = 0;
      for (const skill of named) points += agent.skills[skill] ?? 0;
      // `0 - points`, because -0 and 0 would be two values for whoever looks them up.
      return 0 - points;
    }
  }
}

function totalPoints(agent: Qualification): number {
  let points = 0;
  for (const skill of Object.keys(agent.skills)) points += agent.skills[skill] ?? 0;
  return points;
}

/**
 * A skill without a lower bound asks for 1 point; of an `any` counts the alternative that asks for most of this agent.
 * What is ruled out, and an agent by name, ask for no skill.
 */
function pointsAsked(agent: Qualification, requirement: Requirement): number {
  if ('skill' in requirement) return requirement.atLeast ?? 1;
  if ('all' in requirement) {
    let points = 0;
    for (const part of requirement.all) points += pointsAsked(agent, part);
    return points;
  }
  if ('any' in requirement) {
    let most = 0;
    for (const part of requirement.any) if (satisfies(agent, part)) most = Math.max(most, pointsAsked(agent, part));
    return most;
  }
  return 0;
}

/** The skills that an agent is asked for and has; each counts once. */
function collectNamed(agent: Qualification, requirement: Requirement, into: Set<string>): void {
  if ('skill' in requirement) into.add(requirement.skill);
  else if ('all' in requirement) for (const part of requirement.all) collectNamed(agent, part, into);
  else if ('any' in requirement) {
    for (const part of requirement.any) if (satisfies(agent, part)) collectNamed(agent, part, into);
  }
}
