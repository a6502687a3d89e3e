import { z } from 'zod';
import { AGENT_STATES, type AgentStatus } from '../../engine/domain/agent.ts';
import { agentId } from '../../engine/domain/ids.ts';
import type { ApiDeps } from './api-deps.ts';
import { route, type Route } from './route.ts';

const time = z.int().describe('Milliseconds since the epoch.');

const status = z
  .object({
    agentId: z.string(),
    state: z.enum(AGENT_STATES),
    since: time,
    idleSince: time,
    reason: z.string().optional(),
    offerId: z.string().optional(),
    contactId: z.string().optional(),
    wrapUpUntil: time.optional().describe('The limit of the wrap-up.'),
    readyAgainAt: time.optional().describe('The agent becomes ready by itself.'),
    beside: z
      .array(z.object({ contactId: z.string(), callId: z.string(), queueId: z.string(), state: z.enum(['talking', 'held', 'wrapUp']), since: time, wrapUpMs: z.number().optional() }))
      .readonly()
      .optional()
      .describe('The other contacts of an agent with a capacity above one.'),
    noMore: z.boolean().optional().describe('An offer beside a conversation came to nothing: no other one until all that the agent has is over.'),
  })
  .describe('Where an agent stands.');

const agent = z.object({
  id: z.string(),
  name: z.string(),
  queues: z.array(z.string()),
  skills: z.record(z.string(), z.number()),
  capacity: z.int().optional().describe('Contacts at a time; 1 when absent.'),
});

const params = z.object({ agentId: z.string().min(1).max(64) });
const reason = z
  .strictObject({ reason: z.string().trim().min(1).max(64).describe('Why, e.g. `lunch`: a reason code that reports group by.') })
  .describe('What the agent is doing instead.');

const wrapUpCode = z.strictObject({ code: z.string().trim().min(1).max(64).describe('One of the codes of the queue.') });

export function agentRoutes({ agents }: ApiDeps): readonly Route[] {
  const command = (name: string, summary: string, run: (id: ReturnType<typeof agentId>) => AgentStatus): Route =>
    route({
      method: 'POST',
      path: `/agents/{agentId}/${name}`,
      operationId: `agent-${name}`,
      summary,
      roles: ['agent', 'supervisor', 'engineer'],
      params,
      result: status,
      errors: ['agent.unknown', 'agent.conflict'],
      handle: (input) => run(agentId(input.params.agentId)),
    });
  return [
    route({
      method: 'GET',
      path: '/agents',
      operationId: 'agents',
      summary: 'All agents and where they stand.',
      roles: ['agent', 'supervisor', 'engineer'],
      result: z.object({ agents: z.array(z.object({ agent, status })) }),
      handle: () => ({ agents: agents.agents().map((row) => ({ agent: { ...row.agent, queues: [...row.agent.queues] }, status: row.status })) }),
    }),
    command('sign-in', 'Signs the agent in; calls may come at once.', (id) => agents.signIn(id)),
    command('sign-out', 'Signs the agent out.', (id) => agents.signOut(id)),
    command('ready', 'The agent takes calls.', (id) => agents.setReady(id)),
    route({
      method: 'POST',
      path: '/agents/{agentId}/not-ready',
      operationId: 'agent-not-ready',
      summary: 'The agent takes no calls for a reason.',
      roles: ['agent', 'supervisor', 'engineer'],
      params,
      body: reason,
      result: status,
      errors: ['agent.unknown', 'agent.conflict', 'agent.reason-unknown'],
      handle: (input) => agents.setNotReady(agentId(input.params.agentId), input.body.reason),
    }),
    command('finish-wrap-up', 'The agent is done with the last call before the time for it is over.', (id) => agents.finishWrapUp(id)),
    route({
      method: 'POST',
      path: '/agents/{agentId}/wrap-up-code',
      operationId: 'agent-wrap-up-code',
      summary: 'Enters what the conversation was about (disposition code), while talking or in the wrap-up.',
      roles: ['agent', 'supervisor', 'engineer'],
      params,
      body: wrapUpCode,
      result: z.object({ agentId: z.string(), code: z.string() }),
      errors: ['agent.unknown', 'agent.conflict', 'agent.code-unknown'],
      handle: (input) => {
        const id = agentId(input.params.agentId);
        agents.enterCode(id, input.body.code);
        return { agentId: id, code: input.body.code };
      },
    }),
  ];
}
