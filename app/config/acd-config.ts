import type { AcdConfig } from '../../engine/acd/acd-config.ts';
import type { Agent } from '../../engine/domain/agent.ts';
import { agentId, queueId } from '../../engine/domain/ids.ts';
import type { Queue } from '../../engine/domain/queue.ts';
import type { RecordingPolicy } from '../../engine/domain/recording.ts';
import { callbackPolicyOf } from './callback-config.ts';
import type { Config } from './schema.ts';

/** Sections that are read again while the engine runs. All others need a restart (`stickyDays` among them). */
export const ACD_SECTIONS = ['skills', 'skillLevels', 'queues', 'agents', 'notReadyReasons', 'fairAfterSeconds'] as const satisfies readonly (keyof Config)[];
export type AcdSection = (typeof ACD_SECTIONS)[number];

/** What the distributor works by. */
export function acdConfigOf(config: Pick<Config, 'agents' | 'queues' | 'fairAfterSeconds' | 'stickyDays' | 'notReadyReasons' | 'recording'>): AcdConfig {
  return {
    agents: config.agents.map(agentOf),
    queues: config.queues.map((queue) => queueOf(queue, config.recording)),
    fairAfterMs: config.fairAfterSeconds * 1000,
    stickyDays: config.stickyDays,
    notReadyReasons: (config.notReadyReasons ?? []).map(({ code }) => code),
  };
}

export function agentOf(agent: Config['agents'][number]): Agent {
  return {
    id: agentId(agent.id),
    name: agent.name,
    endpoint: agent.endpoint,
    skills: agent.skills,
    queues: agent.queues.map(queueId),
    capacity: agent.capacity,
  };
}

export function queueOf(queue: Config['queues'][number], centre: Config['recording']): Queue {
  const recording = recordingPolicyOf(queue.recording, centre);
  return {
    id: queueId(queue.id),
    name: queue.name,
    ringTimeoutMs: queue.ringSeconds * 1000,
    wrapUpMs: queue.wrapUpSeconds * 1000,
    maxWaitMs: queue.maxWaitSeconds === 'untilServed' ? 'untilServed' : queue.maxWaitSeconds * 1000,
    music: queue.music,
    serviceLevelMs: queue.serviceLevelSeconds * 1000,
    shortAbandonMs: queue.shortAbandonSeconds * 1000,
    selection: queue.selection,
    limits: {
      noAgentsGraceMs: queue.noAgentsGraceSeconds * 1000,
      ...(queue.maxWaiting === undefined ? {} : { maxWaiting: queue.maxWaiting }),
      ...(queue.maxExpectedWaitSeconds === undefined ? {} : { maxExpectedWaitMs: queue.maxExpectedWaitSeconds * 1000 }),
      ...(queue.leastServiceLevel === undefined ? {} : { leastServiceLevel: queue.leastServiceLevel }),
    },
    announcements: {
      position: queue.announcements.position,
      expectedWait: queue.announcements.expectedWait,
      firstAfterMs: queue.announcements.firstAfterSeconds * 1000,
      everyMs: queue.announcements.everySeconds * 1000,
    },
    ...(queue.calendar === undefined ? {} : { calendar: queue.calendar }),
    atClosing: queue.atClosing,
    resumePlaceMs: queue.resumePlaceSeconds * 1000,
    wrapUpCodes: queue.wrapUpCodes,
    ...(queue.callbacks === undefined ? {} : { callbacks: callbackPolicyOf(queue.callbacks) }),
    ...(recording === undefined ? {} : { recording }),
  };
}

const DAY_MS = 86_400_000;

/** What the queue says, else the centre; undefined where nothing is recorded at all. */
function recordingPolicyOf(queue: Config['queues'][number]['recording'], centre: Config['recording']): RecordingPolicy | undefined {
  if (centre === undefined) return undefined;
  return {
    record: queue?.record ?? centre.record,
    share: (queue?.sharePercent ?? centre.sharePercent) / 100,
    retentionMs: (queue?.retentionDays ?? centre.retentionDays) * DAY_MS,
  };
}

/** The levels that a skill may have: its own, else the centre's. */
export function levelsOf(skill: string, config: Pick<Config, 'skills' | 'skillLevels'>): { readonly lowest: number; readonly highest: number } {
  const declared = config.skills !== undefined && Object.hasOwn(config.skills, skill) ? config.skills[skill] : undefined;
  return { lowest: declared?.lowest ?? config.skillLevels.lowest, highest: declared?.highest ?? config.skillLevels.highest };
}
