import type { AnyStateMachine } from 'xstate';
import type { Requirement, RoutingStep } from '../../engine/domain/requirement.ts';
import { LANGUAGES, type Language } from '../../engine/domain/language.ts';
import { flowGraph } from '../../engine/flow/flow-graph.ts';
import type { Hotline } from '../../engine/flow/hotline.ts';
import { satisfies } from '../../engine/routing/shortfall.ts';
import { failure, warning, type Finding } from '../doctor/finding.ts';
import { requirementText } from '../requirement-text.ts';
import { agentOf, levelsOf } from './acd-config.ts';
import { implies, isSatisfiable } from './satisfiable.ts';
import type { Config } from './schema.ts';

/** A place of a flow that hands callers to a queue. */
interface RouteState {
  /** `bank/cardLoss`, for people. */
  readonly place: string;
  readonly queues: readonly string[];
  /** Undefined when they are computed, so that only a call tells. */
  readonly steps: Readonly<Record<Language, readonly RoutingStep[]>> | undefined;
}

type AcdPart = Pick<Config, 'agents' | 'queues' | 'skills' | 'skillLevels'>;

/**
 * Compares what a flow asks of the ACD with what is configured: queues, skills and agents that are not there, steps that no
 * agent can ever serve, steps that bring nobody new. Steps that a flow computes can not be looked at.
 */
export function checkRoutes(hotline: Pick<Hotline, 'id' | 'machine'>, config: AcdPart): readonly Finding[] {
  return routeStates(hotline.machine as AnyStateMachine, hotline.id).flatMap((route) => checkRoute(route, config));
}

/** The places of a flow that compute their steps: only a call tells what they are. */
export function computedRoutes(hotline: Pick<Hotline, 'id' | 'machine'>): readonly string[] {
  return routeStates(hotline.machine as AnyStateMachine, hotline.id).flatMap(({ place, steps }) => (steps === undefined ? [place] : []));
}

function routeStates(machine: AnyStateMachine, prefix: string): readonly RouteState[] {
  return [...flowGraph(machine).nodes.values()].flatMap(({ path, meta, actors }) => {
    const inner = actors.flatMap(({ logic }) => (logic && 'root' in logic ? routeStates(logic as AnyStateMachine, `${prefix}/${path}`) : []));
    if (meta?.verb !== 'route') return inner;
    return [{ place: `${prefix}/${path}`, queues: meta.queues ?? [], steps: meta.steps }, ...inner];
  });
}

function checkRoute({ place, queues, steps }: RouteState, config: AcdPart): readonly Finding[] {
  const known = queues.filter((queue) => config.queues.some(({ id }) => id === queue));
  const unknown = queues.filter((queue) => !known.includes(queue));
  const there = config.queues.map(({ id }) => id).join(', ');
  const findings = unknown.map((queue) => failure(place, `routes to the queue ${queue}, which is not configured`, `Add it to \`queues\`, or change the flow. There are: ${there}.`));
  if (steps === undefined) return findings;
  for (const queue of known) {
    const found = LANGUAGES.map((language) => checkSteps(place, queue, steps[language], config));
    for (const one of unique(found.flat())) {
      const heard = LANGUAGES.filter((_, index) => found[index]?.some((other) => other.text === one.text));
      // What concerns callers of some languages only says so.
      findings.push(heard.length === LANGUAGES.length ? one : { ...one, text: `${one.text} (callers who speak ${heard.join(', ')})` });
    }
  }
  return findings;
}

function checkSteps(place: string, queue: string, steps: readonly RoutingStep[], config: AcdPart): readonly Finding[] {
  const agents = config.agents.map(agentOf);
  const members = agents.filter((agent) => agent.queues.some((id) => id === queue));
  const levels = (skill: string) => levelsOf(skill, config);
  return steps.flatMap((step, index): readonly Finding[] => {
    const name = `step ${index + 1} (${requirementText(step.require)})`;
    const named = namesOf(step.require);
    const undeclared = config.skills === undefined ? [] : named.skills.filter((skill) => !Object.hasOwn(config.skills ?? {}, skill));
    if (undeclared.length > 0) {
      return [failure(place, `${name} asks for ${undeclared.join(', ')}, which \`skills\` does not declare`, `Declare it, or correct the flow. There are: ${Object.keys(config.skills ?? {}).join(', ')}.`)];
    }
    const strangers = named.agents.filter((id) => !agents.some((agent) => agent.id === id));
    if (strangers.length > 0) return [warning(place, `${name} names agent ${strangers.join(', ')}, who is not configured`, 'Add the agent, or change the flow: the step is skipped.')];
    if (!isSatisfiable(step.require, levels)) {
      return [failure(place, `${name} can never be met: its conditions contradict each other or lie outside the levels of the skill`, 'Change the flow: the step is always skipped.')];
    }
    const before = steps[index - 1];
    const narrowed = before !== undefined && implies(step.require, before.require, levels) && (step.keepIdle ?? 0) >= (before.keepIdle ?? 0);
    if (narrowed) {
      const unreachable = before.forMs === 'untilServed';
      return [
        warning(
          place,
          unreachable
            ? `${name} is never reached: the step before it has no limit, and whoever could serve this one could serve that one`
            : `${name} brings nobody whom the step before it did not ask already`,
          unreachable ? 'Give the step before it `forMs`, or remove this one.' : 'Ask for less than in the step before, or remove this one.',
        ),
      ];
    }
    const missing = named.wanted.filter((skill) => !members.some((agent) => Object.hasOwn(agent.skills, skill)));
    if (members.some((agent) => satisfies(agent, step.require))) return [];
    const why = missing.length > 0 ? `no agent of the queue ${queue} has ${missing.join(', ')}` : `no agent of the queue ${queue} meets it`;
    return [warning(place, `${name}: ${why}`, 'Give an agent of the queue the skills, or change the flow: the step is skipped.')];
  });
}

interface Names {
  readonly skills: readonly string[];
  /** Skills that are asked for, not those that are ruled out. */
  readonly wanted: readonly string[];
  readonly agents: readonly string[];
}

function namesOf(requirement: Requirement, isWanted = true): Names {
  if ('skill' in requirement) return { skills: [requirement.skill], wanted: isWanted ? [requirement.skill] : [], agents: [] };
  if ('agent' in requirement) return { skills: [], wanted: [], agents: [requirement.agent] };
  if ('not' in requirement) return namesOf(requirement.not, !isWanted);
  const parts = ('all' in requirement ? requirement.all : requirement.any).map((part) => namesOf(part, isWanted));
  const gather = (key: keyof Names): readonly string[] => [...new Set(parts.flatMap((part) => part[key]))];
  return { skills: gather('skills'), wanted: gather('wanted'), agents: gather('agents') };
}

function unique(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter((finding, index) => findings.findIndex((other) => other.text === finding.text) === index);
}
