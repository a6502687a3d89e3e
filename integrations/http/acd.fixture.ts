import { z } from 'zod';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { AcdCommands, ContactCommands } from './api-deps.ts';
import type { ReloadResult } from './acd-schemas.ts';

export const REPORT: ReloadResult = {
  agents: { added: ['2'], changed: [], removed: [] },
  queues: { added: [], changed: ['q'], removed: [] },
  settings: ['fairAfterSeconds'],
  needRestart: ['nodes'],
  warnings: ['agents[1].endpoint: found "PJSIP/1"; allowed: a phone of its own'],
};

/** The ACD as the API needs it: it notes what it was told and does nothing. */
export function fakeAcd(told: (what: string) => void = () => undefined): AcdCommands {
  const did = async (what: string): Promise<ReloadResult> => {
    told(what);
    if (what.includes('invalid')) throw new StrowgerError('acd.refused', 'f.yaml is not valid:\n  agents[0]: found 1; allowed: 2\n  agents[1]: found 3; allowed: 4');
    if (what.includes('nobody')) throw new StrowgerError('acd.unknown', "There is no 'nobody' in agents.");
    return REPORT;
  };
  return {
    forms: {
      agent: z.strictObject({ name: z.string(), endpoint: z.string(), skills: z.record(z.string(), z.int()).optional(), queues: z.array(z.string()), capacity: z.int().optional() }),
      queue: z.strictObject({ name: z.string(), ringSeconds: z.number().optional() }),
    },
    config: () => ({
      skillLevels: { lowest: 1, highest: 5 },
      skills: { loans: { title: 'Loans', highest: 3 } },
      queues: [{ id: 'q', name: 'Q', ringSeconds: 20 }],
      agents: [{ id: '1', name: 'A', endpoint: 'PJSIP/1', skills: { loans: 2 }, queues: ['q'], capacity: 1, phonePassword: 'hunter2' } as never],
      notReadyReasons: [{ code: 'lunch', title: 'Lunch' }],
      fairAfterSeconds: 1200,
      stickyDays: 7,
    }),
    reload: () => did('reload'),
    put: (kind, id, settings) => did(`put ${kind} ${id} ${JSON.stringify(settings)}`),
    remove: (kind, id) => did(`remove ${kind} ${id}`),
  };
}

export function fakeContacts(told: (what: string) => void = () => undefined): ContactCommands {
  return {
    change: (id, change) => {
      told(`change ${id} ${JSON.stringify(change)}`);
      return id !== 'nobody';
    },
    why: async (id) => {
      told(`why ${id}`);
      if (id === 'nobody') throw new StrowgerError('contact.unknown', 'Nothing is known of nobody.');
      const agents = [
        { agentId: '1', mayServe: false, closeness: 'busy' as const, obstacles: [{ kind: 'state', state: 'wrapUp', since: 1, contactId: 'd', until: 5 } as const] },
        { agentId: '2', mayServe: false, closeness: 'nearly' as const, obstacles: [{ kind: 'lacks', missing: [{ kind: 'tooLow', skill: 'loans', has: 1, atLeast: 3 }] } as const] },
      ];
      const agentCounts = { mayServe: 0, rings: 0, waits: 0, busy: 1, signedOut: 0, nearly: 1, otherQueue: 0, far: 0 };
      const require = { skill: 'loans', atLeast: 3 };
      const facts = { contactId: 'c', callId: 'call', queueId: 'q', enqueuedAt: 1 };
      if (id === 'past') {
        return {
          history: {
            ...facts,
            ended: true,
            entries: [
              { at: 1, kind: 'queued', again: false, position: 1, priority: 5, ageBoostMs: 0 },
              { at: 1, kind: 'step', step: 1, require, skipped: false, agents, agentCounts },
              { at: 9, kind: 'left', how: 'overflowed', reason: 'timeout', waitedMs: 8 },
            ],
          },
        };
      }
      return {
        waiting: {
          ...facts,
          at: 3,
          priority: 5,
          ageBoostMs: 0,
          promoted: false,
          held: false,
          steps: [{ step: 1, require, keepIdle: 0, state: 'open', openedAt: 1, agents: { configured: 1, signedIn: 1, idle: 0 } }],
          agents,
          agentCounts,
          ahead: { contacts: 1, competing: 1, first: ['b'] },
          changes: [
            { kind: 'agentFree', agentId: '1', at: 5, after: 'wrapUp' },
            { kind: 'skill', agentId: '2', missing: { kind: 'tooLow', skill: 'loans', has: 1, atLeast: 3 } },
          ],
        },
      };
    },
  };
}
