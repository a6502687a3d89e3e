import type { z } from 'zod';
import type { Requirement } from '../../engine/domain/requirement.ts';
import type { Shortfall } from '../../engine/routing/shortfall.ts';
import type { whyResult } from '../../integrations/http/why-schemas.ts';
import { requirementText } from '../requirement-text.ts';
import { clockTime, shortDuration } from './moments.ts';
import { tableLines } from './table.ts';
import { wishText } from './wish-text.ts';

export type Why = z.output<typeof whyResult>;
type Waiting = NonNullable<Why['waiting']>;
type History = NonNullable<Why['history']>;
type Agent = Waiting['agents'][number];
type Obstacle = Agent['obstacles'][number];
type Change = Waiting['changes'][number];
type Entry = History['entries'][number];

/** Why a contact waits, or what happened to it, as people read it. */
export function whyLines({ waiting, history }: Why): readonly string[] {
  if (waiting !== undefined) return waitingLines(waiting);
  return history === undefined ? ['nothing is known'] : historyLines(history);
}

function waitingLines(why: Waiting): readonly string[] {
  const { contactId, callId, queueId, at, enqueuedAt, priority, ageBoostMs, promoted, ahead, wish } = why;
  const place = [`priority ${priority}`, ...(ageBoostMs > 0 ? [`as if it had come ${shortDuration(ageBoostMs)} earlier`] : []), ...(promoted ? ['promoted: it goes before all that have not waited as long'] : [])];
  return [
    `${contactId}${callId === undefined ? '' : ` of ${callId}`} waits in ${queueId} for ${shortDuration(at - enqueuedAt)}; ${place.join(', ')}`,
    ...wishLines(wish),
    '',
    ...tableLines(
      ['STEP', 'ASKS FOR', '', 'AGENTS', 'SIGNED IN', 'IDLE'].map((title, index) => ({ title, ...(index > 2 ? { align: 'right' as const } : {}) })),
      why.steps.map((step) => [
        String(step.step),
        asked(step.require) + (step.keepIdle > 0 ? `, keeps ${step.keepIdle} idle` : ''),
        stepText(step),
        String(step.agents.configured),
        String(step.agents.signedIn),
        String(step.agents.idle),
      ]),
    ),
    '',
    ...agentLines(why.agents, why.agentCounts, at),
    '',
    ahead.contacts === 0
      ? 'No contact goes before it.'
      : `${count(ahead.contacts, 'contact stands', 'contacts stand')} before it; ${ahead.competing === 0 ? 'none waits' : ahead.competing === 1 ? '1 waits' : `${ahead.competing} wait`} for some of the same agents${ahead.first.length === 0 ? '' : `: ${ahead.first.join(', ')}${ahead.competing > ahead.first.length ? ', …' : ''}`}.`,
    '',
    'What would change it:',
    ...(why.changes.length === 0 ? ['  nothing that is known'] : why.changes.map((change) => `  - ${changeText(change, at)}`)),
  ];
}

function historyLines({ contactId, callId, queueId, entries, ended, wish }: History): readonly string[] {
  return [
    `${contactId}${callId === undefined ? '' : ` of ${callId}`} in ${queueId}`,
    ...wishLines(wish),
    '',
    ...entries.flatMap((entry) => {
      const [first = '', ...more] = entryLines(entry);
      return [`${clockTime(entry.at)}  ${first}`, ...more.map((line) => `          ${line}`)];
    }),
    ...(ended ? [] : ['', 'Its end is not in the event log (yet).']),
  ];
}

function wishLines(wish: Waiting['wish']): readonly string[] {
  return wish === undefined ? [] : [wishText(wish, 'The caller wants ')];
}

function stepText({ state, openedAt, until, opensAt, agents }: Waiting['steps'][number]): string {
  switch (state) {
    case 'open':
      return `open since ${clockTime(openedAt ?? 0)}${until === undefined ? '' : ` until ${clockTime(until)}`}`;
    case 'over':
      return `over, opened ${clockTime(openedAt ?? 0)}`;
    case 'skipped':
      return 'skipped: nobody signed in qualified';
    case 'passed':
      return 'over or skipped';
    case 'later':
      return opensAt !== undefined ? `opens ${clockTime(opensAt)}` : agents.signedIn === 0 ? 'would be skipped: nobody signed in qualifies' : 'does not open';
  }
}

function agentLines(agents: readonly Agent[], counts: Waiting['agentCounts'], at: number): readonly string[] {
  const named = agents.filter(({ closeness }) => closeness !== 'far');
  const rest = Object.entries(counts).flatMap(([closeness, all]) => {
    const others = all - named.filter((agent) => agent.closeness === closeness).length;
    return others > 0 ? [`${others} ${OTHERS[closeness] ?? closeness}`] : [];
  });
  return [
    ...tableLines(
      [{ title: 'AGENT' }, { title: 'WHY NOT' }],
      named.map(({ agentId, closeness, obstacles }) => [agentId, closeness === 'rings' ? 'its phone rings for this contact' : obstacles.map((one) => obstacleText(one, at)).join('; ') || 'may serve it now']),
    ),
    ...(rest.length > 0 ? [`others: ${rest.join(', ')}`] : []),
  ];
}

const OTHERS: Readonly<Record<string, string>> = {
  mayServe: 'may serve it',
  rings: 'ring',
  waits: 'are kept or excluded',
  busy: 'qualify but are busy',
  signedOut: 'qualify but are signed out',
  nearly: 'lack one thing',
  otherQueue: 'have the skills but not the queue',
  far: 'do not qualify',
};

function obstacleText(obstacle: Obstacle, at: number): string {
  switch (obstacle.kind) {
    case 'notInQueue':
      return `does not serve ${obstacle.queueId}`;
    case 'lacks':
      return obstacle.missing.map((missing) => shortfallText(missing as Shortfall)).join(', ');
    case 'state': {
      const { state, reason, contactId, since, until } = obstacle;
      const what = `${state}${reason === undefined ? '' : ` (${reason})`}${contactId === undefined ? '' : ` with ${contactId}`}`;
      return `${what} for ${shortDuration(at - since)}${until === undefined ? '' : `, until ${clockTime(until)} at the latest`}`;
    }
    case 'excluded':
      return `did not take this contact; is not asked again before ${clockTime(obstacle.until)}`;
    case 'reserve':
      return `kept as a reserve: ${obstacle.idle} idle who qualify, the step leaves ${obstacle.keepIdle}`;
    case 'stateUnknown':
      return 'signed out, or its state is not in the event log';
  }
}

/** One thing that an agent lacks. */
export function shortfallText(missing: Shortfall): string {
  switch (missing.kind) {
    case 'noSkill':
      return `no ${missing.skill}`;
    case 'tooLow':
      return `${missing.skill} ${missing.has} < ${missing.atLeast}`;
    case 'tooHigh':
      return `${missing.skill} ${missing.has} > ${missing.atMost}`;
    case 'otherAgent':
      return `is not agent ${missing.wanted}`;
    case 'noneOf':
      return missing.alternatives.length === 0 ? 'nobody is asked for' : `neither ${missing.alternatives.map((parts) => `(${parts.map(shortfallText).join(', ')})`).join(' nor ')}`;
    case 'ruledOut':
      return `ruled out by not ${requirementText(missing.by, true)}`;
  }
}

function wantedText(missing: Shortfall): string {
  if (missing.kind === 'noSkill') return `had ${missing.skill}`;
  if (missing.kind === 'tooLow') return `had ${missing.skill} ≥ ${missing.atLeast}, not ${missing.has}`;
  return `were not held back: ${shortfallText(missing)}`;
}

function changeText(change: Change, at: number): string {
  const inTime = (then: number): string => `in ${shortDuration(then - at)} (${clockTime(then)})`;
  switch (change.kind) {
    case 'stepOpens':
      return `step ${change.step} opens ${inTime(change.at)}: ${change.more} more ${change.more === 1 ? 'agent' : 'agents'}, ${change.idle} of them idle now`;
    case 'agentFree': {
      const what = { wrapUp: 'ends wrap-up', rest: 'is ready again', exclusion: 'may be asked again' }[change.after];
      return `${change.agentId} ${what} ${inTime(change.at)} at the latest`;
    }
    case 'conversationEnds':
      return `${change.agents === 1 ? 'the agent who qualifies becomes' : `one of ${change.agents} agents who qualify becomes`} free`;
    case 'comesBack':
      return `${change.agents.join(' or ')} becomes ready`;
    case 'signsIn':
      return `${change.agents.join(' or ')} signs in`;
    case 'nobodyQualifies':
      return `an agent of the queue gets what is asked for: ${asked(change.require)}`;
    case 'skill':
      return `if ${change.agentId} ${wantedText(change.missing as Shortfall)}`;
    case 'joinsQueue':
      return `if ${change.agentId}, who has the skills, served the queue`;
    case 'goBefore':
      return `${count(change.contacts, 'contact goes', 'contacts go')} before it`;
    case 'offerEnds':
      return `agent ${change.agentId} answers, or rings until ${clockTime(change.at)}`;
    case 'promotion':
      return `it goes before all that have not waited as long ${inTime(change.at)}`;
    case 'overflow':
      return `it overflows ${inTime(change.at)} unless it is served`;
    case 'released':
      return 'offers are held back after a restart, for a few seconds at most';
  }
}

function entryLines(entry: Entry): readonly string[] {
  switch (entry.kind) {
    case 'queued':
      return [`${entry.again ? 'back in its place' : 'queued'}: position ${entry.position}, priority ${entry.priority}${entry.ageBoostMs > 0 ? `, as if ${shortDuration(entry.ageBoostMs)} earlier` : ''}`];
    case 'step':
      return [`step ${entry.step} ${entry.skipped ? 'skipped: nobody signed in qualifies' : 'opens'}: ${asked(entry.require)}`, ...agentLines(entry.agents, entry.agentCounts, entry.at)];
    case 'changed':
      return [`priority ${entry.priority}${entry.ageBoostMs > 0 ? `, as if ${shortDuration(entry.ageBoostMs)} earlier` : ''}`];
    case 'promoted':
      return ['goes before all that have not waited as long'];
    case 'estimated':
      return [`wait ${entry.told ? 'told' : 'expected'}: ${shortDuration(entry.expectedMs)} (half ${shortDuration(entry.lowMs)}, nine in ten ${shortDuration(entry.highMs)}), ${entry.ahead} ahead`];
    case 'offered':
      return [`offered to ${entry.agentId}${entry.alsoFree.length === 0 ? '' : `; also free: ${entry.alsoFree.join(', ')}`}`];
    case 'offerEnded':
      return [`${entry.agentId}: ${entry.outcome} after ${shortDuration(entry.rangMs)}`];
    case 'talking':
      return [`talks with ${entry.agentId}`];
    case 'talked':
      return [`conversation with ${entry.agentId} ended by the ${entry.endedBy} after ${shortDuration(entry.talkMs)}`];
    case 'coded':
      return [`${entry.agentId} enters the code ${entry.code}`];
    case 'left':
      return [`left the queue: ${entry.how}${entry.reason === undefined ? '' : ` (${entry.reason})`} after ${shortDuration(entry.waitedMs)}`];
  }
}

function asked(require: Readonly<Record<string, unknown>>): string {
  return requirementText(require as unknown as Requirement);
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
