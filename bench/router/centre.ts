import { agentId, contactId, queueId } from '../../engine/domain/ids.ts';
import type { Requirement, RoutingStep } from '../../engine/domain/requirement.ts';
import type { ArrivingContact, RoutedAgent, RoutingConfig } from '../../engine/routing/routing-event.ts';

/**
 * - distinct: every agent has skills of its own; each class is served by few
 * - teams: 300 teams with the same skills, and a skill that all agents have, at five levels: some classes are served by all
 */
export const SHAPES = ['distinct', 'teams'] as const;
export type Shape = (typeof SHAPES)[number];

export interface CentreSize {
  readonly shape: Shape;
  readonly agents: number;
  readonly skills: number;
  readonly classes: number;
}

export const FULL_SIZE = { agents: 10_000, skills: 1_000, classes: 3_000 } as const;

/** A contact centre that does not exist. */
export interface Centre {
  readonly size: CentreSize;
  readonly config: RoutingConfig;
  /** What contacts ask for, most urgently wanted first step only: one list a class. */
  readonly strict: readonly (readonly RoutingStep[])[];
  /** The same, relaxed after some seconds to a lower level, then to all. */
  readonly relaxed: readonly (readonly RoutingStep[])[];
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32): every contestant gets the same centre and the same calls. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export const QUEUE = queueId('service');
const TEAMS = 300;
const HOT = 'hot';
const FAIR_AFTER_MS = 600_000;
const LEAVE_AFTER_MS = 3_600_000;
const RELAX_AFTER_MS = 30_000;

export function makeCentre(size: CentreSize, seed = 1): Centre {
  const random = seeded(seed);
  const whole = (below: number): number => Math.floor(random() * below);
  const skillSet = (count: number): Record<string, number> =>
    Object.fromEntries(Array.from({ length: count }, () => [`skill-${whole(size.skills)}`, 1 + whole(5)]));
  const teams = Array.from({ length: TEAMS }, () => skillSet(8));
  const agents = Array.from({ length: size.agents }, (_, index): RoutedAgent => {
    const skills = size.shape === 'distinct' ? skillSet(6 + whole(5)) : { ...teams[index % TEAMS], [HOT]: 1 + whole(5) };
    return { id: agentId(`agent-${index}`), skills, queues: [QUEUE] };
  });
  const classes = distinctClasses(size, agents, whole);
  return {
    size,
    config: { agents, queues: [{ id: QUEUE, selection: 'leastSurplus' }], fairAfterMs: FAIR_AFTER_MS },
    strict: classes.map((require) => [{ require, forMs: 'untilServed' }]),
    relaxed: classes.map((require) => [
      { require, forMs: RELAX_AFTER_MS },
      { require: loosened(require), forMs: RELAX_AFTER_MS },
    ]),
  };
}

/** Each asks for what some agent has: one skill at a level, or two; in teams also the hot one. */
function distinctClasses(size: CentreSize, agents: readonly RoutedAgent[], whole: (below: number) => number): readonly Requirement[] {
  const classes = new Map<string, Requirement>();
  if (size.shape === 'teams') for (let level = 1; level <= 5; level += 1) classes.set(`hot ${level}`, { skill: HOT, atLeast: level });
  while (classes.size < size.classes) {
    const agent = agents[whole(agents.length)];
    if (agent === undefined) break;
    const own = Object.entries(agent.skills).filter(([skill]) => skill !== HOT);
    const [first = ['', 1], second = ['', 1]] = [own[whole(own.length)], own[whole(own.length)]];
    const one: Requirement = { skill: first[0], atLeast: 1 + whole(first[1]) };
    const level = agent.skills[HOT];
    const other: Requirement = level === undefined ? { skill: second[0], atLeast: 1 + whole(second[1]) } : { skill: HOT, atLeast: 1 + whole(level) };
    const require: Requirement = whole(10) < 6 ? one : { all: [one, other] };
    classes.set(JSON.stringify(require), require);
  }
  return [...classes.values()];
}

/** The first skill only, at any level. */
function loosened(requirement: Requirement): Requirement {
  if ('skill' in requirement) return { skill: requirement.skill };
  const first = 'all' in requirement ? requirement.all[0] : undefined;
  return first === undefined ? { all: [] } : loosened(first);
}

/** Contacts with random classes and priorities. */
export class Callers {
  readonly #random: () => number;
  readonly #plans: Centre['strict'];
  readonly #afterSteps: 'strict' | 'any';
  #count = 0;

  constructor(plans: Centre['strict'], afterSteps: 'strict' | 'any', seed = 2) {
    this.#plans = plans;
    this.#afterSteps = afterSteps;
    this.#random = seeded(seed);
  }

  next(enqueuedAt: number): ArrivingContact {
    this.#count += 1;
    const random = this.#random;
    const steps = this.#plans[Math.floor(random() * this.#plans.length)] ?? [];
    return {
      contactId: contactId(`contact-${this.#count}`),
      queueId: QUEUE,
      priority: random() < 0.1 ? 1 + Math.floor(random() * 4) : 5,
      enqueuedAt,
      ageBoostMs: random() < 0.05 ? 60_000 : 0,
      // A journal or a flow hands over a list of its own each time; a router must not rely on meeting the same object again.
      steps: steps.map((step) => ({ ...step })),
      afterSteps: this.#afterSteps,
      leaveAt: enqueuedAt + LEAVE_AFTER_MS,
      noAgentsGraceMs: 10_000,
    };
  }
}
