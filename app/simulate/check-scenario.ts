import { agentId } from '../../engine/domain/ids.ts';
import { satisfies } from '../../engine/routing/shortfall.ts';
import { skillsIn } from '../../engine/simulation/study.ts';
import { show, type ConfigProblem } from '../config/config-problem.ts';
import type { Scenario } from './scenario-schema.ts';
import { msOfDay, spanOfDay } from './time-of-day.ts';

type Report = (path: string, found: unknown, allowed: string) => void;

/** What of a scenario the calls are taken from: the file itself, or a recorded log, which replaces `callTypes`. */
export type CallsFrom = 'file' | 'log';

/** What the schema cannot see: names that nobody has, contacts that nobody could serve, times in the wrong order. */
export function scenarioProblems(scenario: Scenario, callsFrom: CallsFrom = 'file'): readonly ConfigProblem[] {
  const problems: ConfigProblem[] = [];
  const report: Report = (path, found, allowed) => problems.push({ path, found: show(found), allowed });
  if (msOfDay(scenario.day.from) >= msOfDay(scenario.day.to)) report('day.to', scenario.day.to, `a time after ${scenario.day.from}`);
  unique('queues', scenario.queues, report);
  unique('callTypes', scenario.callTypes, report);
  unique('groups', scenario.groups, report);
  checkQueues(scenario, report);
  checkGroups(scenario, report);
  if (callsFrom === 'file') checkCallTypes(scenario, report);
  return problems;
}

function unique(path: string, items: readonly { readonly id: string }[], report: Report): void {
  const ids = items.map(({ id }) => id);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) !== index) report(`${path}[${index}].id`, id, 'an id that stands once');
  });
}

function checkQueues({ queues, groups }: Scenario, report: Report): void {
  const ids = queues.map(({ id }) => id);
  queues.forEach(({ id, overflowTo }, index) => {
    if (!groups.some((group) => group.queues.includes(id))) report(`queues[${index}]`, id, 'a queue that a group of agents serves');
    if (overflowTo === undefined) return;
    if (!ids.includes(overflowTo)) {
      report(`queues[${index}].overflowTo`, overflowTo, ids.join(', '));
      return;
    }
    const seen = new Set([id]);
    for (let next: string | undefined = overflowTo; next !== undefined; next = queues.find((queue) => queue.id === next)?.overflowTo) {
      if (seen.has(next)) {
        report(`queues[${index}].overflowTo`, overflowTo, 'a queue from which no contact comes back here');
        return;
      }
      seen.add(next);
    }
  });
}

function checkGroups({ queues, groups }: Scenario, report: Report): void {
  const ids = queues.map(({ id }) => id);
  groups.forEach((group, index) => {
    const path = `groups[${index}]`;
    if (group.queues.length === 0) report(`${path}.queues`, group.queues, `at least one of ${ids.join(', ')}`);
    for (const queue of group.queues) if (!ids.includes(queue)) report(`${path}.queues`, queue, ids.join(', '));
    if ((group.shifts === undefined) === (group.levels === undefined)) report(path, group.shifts === undefined ? 'neither' : 'both', 'either `shifts` or `levels`');
    group.shifts?.forEach((shift, number) => {
      const at = `${path}.shifts[${number}]`;
      const from = msOfDay(shift.from);
      const to = msOfDay(shift.to);
      if (from >= to) report(`${at}.to`, shift.to, `a time after ${shift.from}`);
      shift.breaks.forEach((pause, nth) => {
        const span = spanOfDay(typeof pause === 'string' ? pause : pause.between);
        if (span.fromMs < from || span.toMs > to || span.fromMs >= span.toMs) report(`${at}.breaks[${nth}]`, pause, `a span within ${shift.from}-${shift.to}`);
        else if (typeof pause !== 'string' && pause.minutes * 60_000 > span.toMs - span.fromMs) report(`${at}.breaks[${nth}].minutes`, pause.minutes, `no more than ${pause.between} has`);
      });
    });
    group.levels?.forEach(({ from }, number) => {
      const before = group.levels?.[number - 1];
      if (before !== undefined && msOfDay(before.from) >= msOfDay(from)) report(`${path}.levels[${number}].from`, from, `a time after ${before.from}`);
    });
  });
}

function checkCallTypes(scenario: Scenario, report: Report): void {
  const { queues, groups, callTypes, day } = scenario;
  const ids = queues.map(({ id }) => id);
  const skills = [...new Set(groups.flatMap((group) => Object.keys(group.skills)))].sort();
  if (callTypes.length === 0) report('callTypes', callTypes, 'at least one');
  callTypes.forEach((type, index) => {
    const path = `callTypes[${index}]`;
    const known = ids.includes(type.queue);
    if (!known) report(`${path}.queue`, type.queue, ids.join(', '));
    if (type.arrivals === undefined) report(`${path}.arrivals`, undefined, '{ perHour: … } or { recorded: … }');
    if (type.talkSeconds === undefined) report(`${path}.talkSeconds`, undefined, 'how long a conversation lasts');
    type.steps.forEach(({ require }, number) => {
      const unknown = [...new Set(skillsIn(require))].filter((skill) => !skills.includes(skill));
      for (const skill of unknown) report(`${path}.steps[${number}].require`, skill, `a skill that an agent has: ${skills.join(', ')}`);
      if (unknown.length > 0 || !known) return;
      const fits = groups.some((group) => group.queues.includes(type.queue) && satisfies({ id: agentId(''), skills: group.skills }, require));
      if (!fits) report(`${path}.steps[${number}].require`, require, `what an agent of queue ${type.queue} can meet`);
    });
    checkArrivals(type, path, day, report);
  });
}

function checkArrivals({ arrivals }: Scenario['callTypes'][number], path: string, day: Scenario['day'], report: Report): void {
  if (arrivals === undefined) return;
  const inDay = (text: string): boolean => msOfDay(text) >= msOfDay(day.from) && msOfDay(text) <= msOfDay(day.to);
  if ('recorded' in arrivals) {
    arrivals.recorded.forEach((at, number) => {
      if (!inDay(at)) report(`${path}.arrivals.recorded[${number}]`, at, `a time within ${day.from}-${day.to}`);
    });
    return;
  }
  arrivals.perHour.forEach(({ from, to }, number) => {
    const before = arrivals.perHour[number - 1];
    const at = `${path}.arrivals.perHour[${number}]`;
    if (!inDay(from)) report(`${at}.from`, from, `a time within ${day.from}-${day.to}`);
    else if (before !== undefined && msOfDay(before.to) > msOfDay(from)) report(`${at}.from`, from, `a time not before ${before.to}`);
    if (!inDay(to) || msOfDay(from) >= msOfDay(to)) report(`${at}.to`, to, `a time after ${from} within the day`);
  });
}
