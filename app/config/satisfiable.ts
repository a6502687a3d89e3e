import type { Requirement } from '../../engine/domain/requirement.ts';

/** The levels that an agent's skill may have. Levels are whole numbers. */
export type LevelsOf = (skill: string) => { readonly lowest: number; readonly highest: number };

/** Requirements that people write have a handful of ways to be met; beyond this many we do not look. */
const MOST_WAYS = 2000;

/** One way to meet a requirement. */
interface Way {
  /** By skill: the levels that fit, or that the agent lacks it. */
  readonly skills: Readonly<Record<string, Levels | 'lacks'>>;
  readonly agent?: string;
  readonly notAgents: readonly string[];
}
interface Levels {
  readonly from: number;
  readonly to: number;
}

/**
 * Whether some agent could meet a requirement, whoever is configured: false for bounds that contradict each other or lie
 * outside the skill's levels, for an `any` of nothing, for two agents at once. True when there is too much to look through.
 */
export function isSatisfiable(requirement: Requirement, levels: LevelsOf): boolean {
  return waysTo(requirement, true, levels)?.length !== 0;
}

/** Whether everyone who meets `narrow` meets `wide`, too, whoever is configured. False when it cannot be told. */
export function implies(narrow: Requirement, wide: Requirement, levels: LevelsOf): boolean {
  return !isSatisfiable({ all: [narrow, { not: wide }] }, levels);
}

/** All ways to meet a requirement (or, for `wanted` false, to fail it); undefined when there are too many. */
function waysTo(requirement: Requirement, wanted: boolean, levels: LevelsOf): readonly Way[] | undefined {
  if ('not' in requirement) return waysTo(requirement.not, !wanted, levels);
  if ('agent' in requirement) return [wanted ? { skills: {}, agent: requirement.agent, notAgents: [] } : { skills: {}, notAgents: [requirement.agent] }];
  if ('skill' in requirement) return skillWays(requirement, wanted, levels);
  const isAll = 'all' in requirement;
  const parts = (isAll ? requirement.all : requirement.any).map((part) => waysTo(part, wanted, levels));
  // Not all of them is one that is not; none of them is all that are not.
  return isAll === wanted ? product(parts) : union(parts);
}

function skillWays({ skill, atLeast = -Infinity, atMost = Infinity }: Extract<Requirement, { skill: string }>, wanted: boolean, levels: LevelsOf): readonly Way[] {
  const { lowest, highest } = levels(skill);
  const within = (from: number, to: number): readonly Way[] => {
    const fitting = { from: Math.max(lowest, from), to: Math.min(highest, to) };
    return fitting.from <= fitting.to ? [{ skills: { [skill]: fitting }, notAgents: [] }] : [];
  };
  if (wanted) return within(Math.ceil(atLeast), Math.floor(atMost));
  return [{ skills: { [skill]: 'lacks' }, notAgents: [] }, ...within(-Infinity, Math.ceil(atLeast) - 1), ...within(Math.floor(atMost) + 1, Infinity)];
}

function union(parts: readonly (readonly Way[] | undefined)[]): readonly Way[] | undefined {
  return parts.some((part) => part === undefined) ? undefined : distinct(parts.flatMap((part) => part ?? []));
}

function product(parts: readonly (readonly Way[] | undefined)[]): readonly Way[] | undefined {
  let all: readonly Way[] | undefined = [{ skills: {}, notAgents: [] }];
  for (const part of parts) {
    if (part === undefined || all === undefined || all.length * part.length > 20 * MOST_WAYS) return undefined;
    all = distinct(all.flatMap((way) => part.flatMap((other) => both(way, other) ?? [])));
  }
  return all;
}

function distinct(ways: readonly Way[]): readonly Way[] | undefined {
  const byText = new Map(ways.map((way) => [keyOf(way), way]));
  return byText.size > MOST_WAYS ? undefined : [...byText.values()];
}

function keyOf({ skills, agent, notAgents }: Way): string {
  return JSON.stringify([Object.entries(skills).sort(([a], [b]) => (a < b ? -1 : 1)), agent, [...notAgents].sort()]);
}

/** What meets both ways; undefined when nobody can. */
function both(one: Way, other: Way): Way | undefined {
  const skills: Record<string, Levels | 'lacks'> = { ...one.skills };
  for (const [skill, more] of Object.entries(other.skills)) {
    const known = Object.hasOwn(skills, skill) ? skills[skill] : undefined;
    if (known === undefined || known === more) skills[skill] = more;
    else if (known === 'lacks' || more === 'lacks') return undefined;
    else {
      const fitting = { from: Math.max(known.from, more.from), to: Math.min(known.to, more.to) };
      if (fitting.from > fitting.to) return undefined;
      skills[skill] = fitting;
    }
  }
  const agent = one.agent ?? other.agent;
  const notAgents = [...new Set([...one.notAgents, ...other.notAgents])];
  if (other.agent !== undefined && other.agent !== agent) return undefined;
  if (agent !== undefined && notAgents.includes(agent)) return undefined;
  return { skills, ...(agent === undefined ? {} : { agent }), notAgents };
}
