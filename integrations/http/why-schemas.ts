import { z } from 'zod';
import { AGENT_STATES } from '../../engine/domain/agent.ts';
import { OFFER_OUTCOMES, OVERFLOW_REASONS } from '../../engine/domain/contact.ts';
import { wish } from './wish-schema.ts';

// What explanations look like on the wire: engine/acd/contact-explanation.ts and past-explanation.ts, which an adapter does not know.

const time = z.int().describe('Milliseconds since the epoch.');
const requirement = z.looseObject({}).describe('A requirement as a flow states it, e.g. {"skill":"loans","atLeast":3} or {"all":[…]}.');
const shortfall = z
  .looseObject({ kind: z.enum(['noSkill', 'tooLow', 'tooHigh', 'otherAgent', 'noneOf', 'ruledOut']) })
  .describe('One thing that the agent lacks: `noSkill` {skill}, `tooLow` {skill, has, atLeast}, `tooHigh` {skill, has, atMost}, `otherAgent` {wanted}, `noneOf` {alternatives}, `ruledOut` {by}.');

const obstacle = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('notInQueue'), queueId: z.string() }),
    z.object({ kind: z.literal('lacks'), missing: z.array(shortfall).readonly() }),
    z.object({
      kind: z.literal('state'),
      state: z.enum(AGENT_STATES),
      since: time,
      reason: z.string().optional(),
      contactId: z.string().optional().describe('What the agent works for.'),
      until: time.optional().describe('It ends by itself at this time at the latest.'),
    }),
    z.object({ kind: z.literal('excluded'), until: time }).describe('Rejected this contact, or could not be reached for it.'),
    z.object({ kind: z.literal('reserve'), keepIdle: z.int(), idle: z.int() }).describe('The step keeps so many idle agents for contacts that matter more.'),
    z.object({ kind: z.literal('stateUnknown') }),
  ])
  .describe('One reason why an agent does not get the contact.');

const closeness = z
  .enum(['mayServe', 'rings', 'waits', 'busy', 'signedOut', 'nearly', 'otherQueue', 'far'])
  .describe('How near the agent is: `waits` is idle and qualifies but is kept or excluded, `busy` qualifies, `nearly` lacks one thing, `otherQueue` has the skills only.');
const agent = z.object({ agentId: z.string(), mayServe: z.boolean(), closeness, obstacles: z.array(obstacle).readonly() });
const agentCounts = z.record(closeness, z.int());

const change = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('stepOpens'), step: z.int(), at: time, more: z.int(), idle: z.int() }).describe('`more` agents who are signed in may serve it then, `idle` of them are free.'),
    z.object({ kind: z.literal('agentFree'), agentId: z.string(), at: time, after: z.enum(['wrapUp', 'rest', 'exclusion']) }),
    z.object({ kind: z.literal('conversationEnds'), agents: z.int() }),
    z.object({ kind: z.literal('comesBack'), agents: z.array(z.string()).readonly() }),
    z.object({ kind: z.literal('signsIn'), agents: z.array(z.string()).readonly() }),
    z.object({ kind: z.literal('nobodyQualifies'), require: requirement }),
    z.object({ kind: z.literal('skill'), agentId: z.string(), missing: shortfall }),
    z.object({ kind: z.literal('joinsQueue'), agentId: z.string() }),
    z.object({ kind: z.literal('goBefore'), contacts: z.int() }),
    z.object({ kind: z.literal('offerEnds'), agentId: z.string(), at: time }),
    z.object({ kind: z.literal('promotion'), at: time }),
    z.object({ kind: z.literal('overflow'), at: time }),
    z.object({ kind: z.literal('released') }),
  ])
  .describe('What would change the wait.');

const explanation = z.object({
  contactId: z.string(),
  callId: z.string().optional(),
  queueId: z.string(),
  at: time,
  priority: z.number(),
  ageBoostMs: z.number(),
  enqueuedAt: time,
  promoted: z.boolean(),
  held: z.boolean().describe('Offers are held back for a moment after a restart.'),
  offeredTo: z.object({ agentId: z.string(), ringUntil: time }).optional(),
  wish: wish.optional(),
  steps: z
    .array(
      z.object({
        step: z.int(),
        require: requirement,
        keepIdle: z.int(),
        state: z.enum(['over', 'skipped', 'passed', 'open', 'later']),
        openedAt: time.optional(),
        until: time.optional(),
        opensAt: time.optional(),
        agents: z.object({ configured: z.int(), signedIn: z.int(), idle: z.int() }),
      }),
    )
    .readonly(),
  agents: z.array(agent).readonly().describe('The nearest first.'),
  agentCounts,
  ahead: z.object({ contacts: z.int(), competing: z.int(), first: z.array(z.string()).readonly() }),
  changes: z.array(change).readonly(),
});

const at = { at: time };
const entry = z.discriminatedUnion('kind', [
  z.object({ ...at, kind: z.literal('queued'), again: z.boolean(), position: z.int(), priority: z.number(), ageBoostMs: z.number() }),
  z.object({ ...at, kind: z.literal('step'), step: z.int(), require: requirement, skipped: z.boolean(), agents: z.array(agent).readonly(), agentCounts }),
  z.object({ ...at, kind: z.literal('changed'), priority: z.number(), ageBoostMs: z.number() }),
  z.object({ ...at, kind: z.literal('promoted') }),
  z.object({ ...at, kind: z.literal('estimated'), ahead: z.int(), expectedMs: z.number(), lowMs: z.number(), highMs: z.number(), told: z.boolean() }),
  z.object({ ...at, kind: z.literal('offered'), offerId: z.string(), agentId: z.string(), alsoFree: z.array(z.string()).readonly() }),
  z.object({ ...at, kind: z.literal('offerEnded'), offerId: z.string(), agentId: z.string(), outcome: z.enum(OFFER_OUTCOMES), rangMs: z.number() }),
  z.object({ ...at, kind: z.literal('talking'), agentId: z.string() }),
  z.object({ ...at, kind: z.literal('talked'), agentId: z.string(), endedBy: z.enum(['caller', 'agent', 'system']), talkMs: z.number() }),
  z.object({ ...at, kind: z.literal('coded'), agentId: z.string(), code: z.string() }),
  z.object({ ...at, kind: z.literal('left'), how: z.enum(['answered', 'abandoned', 'overflowed', 'withdrawn']), reason: z.enum(OVERFLOW_REASONS).optional(), waitedMs: z.number() }),
]);
const history = z.object({
  contactId: z.string(),
  callId: z.string().optional(),
  queueId: z.string(),
  enqueuedAt: time,
  wish: wish.optional(),
  ended: z.boolean(),
  entries: z.array(entry).readonly(),
});

export const whyResult = z.object({
  waiting: explanation.optional().describe('Why it still waits; only of a contact that does.'),
  history: history.optional().describe('What happened to it; of a contact that waits no more.'),
});
export type ContactWhy = z.input<typeof whyResult>;
