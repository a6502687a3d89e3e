import { AGENT_STATES, type AgentStateName, type AgentStatus, type ContactBeside } from '../domain/agent.ts';
import { callId, contactId, offerId, queueId, type AgentId, type CallId, type QueueId } from '../domain/ids.ts';
import type { Json, JsonObject } from '../domain/json.ts';

/** What a reserved or talking agent works for: what the journal needs beside the status. */
export interface Work {
  readonly callId: CallId;
  readonly queueId: QueueId;
  /** While reserved: when the phone stops ringing (milliseconds since the epoch). */
  readonly ringUntil?: number;
}

/** What the journal keeps of an agent. */
export interface AgentRecord {
  readonly status: AgentStatus;
  readonly work: Work | undefined;
}

export function encodeAgent({ status, work }: AgentRecord): Json {
  const { beside, ...rest } = status;
  const others = beside === undefined ? {} : { beside: beside.map((other) => ({ ...other })) };
  return { v: 1, status: { ...rest, ...others }, ...(work === undefined ? {} : { work: { ...work } }) };
}

/** Undefined when the record is not one that `encodeAgent` made: the agent then starts as loggedOut. */
export function decodeAgent(agentId: AgentId, record: Json): AgentRecord | undefined {
  const top = object(record);
  const status = object(top?.['status']);
  if (top?.['v'] !== 1 || status === undefined) return undefined;
  const state = stateName(status['state']);
  const since = number(status['since']);
  const idleSince = number(status['idleSince']);
  if (state === undefined || since === undefined || idleSince === undefined) return undefined;

  const reason = text(status['reason']);
  const offer = text(status['offerId']);
  const contact = text(status['contactId']);
  const wrapUpUntil = number(status['wrapUpUntil']);
  const readyAgainAt = number(status['readyAgainAt']);
  const pending = decodePending(status['pending']);
  const work = decodeWork(top['work']);
  const beside = decodeBeside(status['beside']);
  // A state that lacks what would end it must not be taken up: the agent would be stuck in it.
  if ((state === 'reserved' || state === 'ringing') && (offer === undefined || contact === undefined || work?.ringUntil === undefined)) return undefined;
  if ((state === 'talking' || state === 'held') && (contact === undefined || work === undefined)) return undefined;
  if (state === 'wrapUp' && wrapUpUntil === undefined) return undefined;
  return {
    status: {
      agentId,
      state,
      since,
      idleSince,
      ...(reason === undefined ? {} : { reason }),
      ...(offer === undefined ? {} : { offerId: offerId(offer) }),
      ...(contact === undefined ? {} : { contactId: contactId(contact) }),
      ...(wrapUpUntil === undefined ? {} : { wrapUpUntil }),
      ...(readyAgainAt === undefined ? {} : { readyAgainAt }),
      ...(pending === undefined ? {} : { pending }),
      ...(beside.length === 0 ? {} : { beside }),
      ...(status['noMore'] === true ? { noMore: true } : {}),
    },
    work,
  };
}

/** What cannot be read is left out: a conversation that goes on is found again by its call. */
function decodeBeside(value: Json | undefined): readonly ContactBeside[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((each: Json): readonly ContactBeside[] => {
    const other = object(each);
    const contact = text(other?.['contactId']);
    const work = decodeWork(each);
    const state = stateName(other?.['state']);
    const since = number(other?.['since']);
    const wrapUpMs = number(other?.['wrapUpMs']);
    if (contact === undefined || work === undefined || since === undefined) return [];
    if (state !== 'talking' && state !== 'held' && state !== 'wrapUp') return [];
    const { callId: call, queueId: queue } = work;
    return [{ contactId: contactId(contact), callId: call, queueId: queue, state, since, ...(wrapUpMs === undefined ? {} : { wrapUpMs }) }];
  });
}

function decodePending(value: Json | undefined): AgentStatus['pending'] {
  const pending = object(value);
  if (pending?.['state'] === 'loggedOut') return { state: 'loggedOut' };
  const reason = text(pending?.['reason']);
  return pending?.['state'] === 'notReady' && reason !== undefined ? { state: 'notReady', reason } : undefined;
}

function decodeWork(value: Json | undefined): Work | undefined {
  const work = object(value);
  const call = text(work?.['callId']);
  const queue = text(work?.['queueId']);
  const ringUntil = number(work?.['ringUntil']);
  if (call === undefined || queue === undefined) return undefined;
  return { callId: callId(call), queueId: queueId(queue), ...(ringUntil === undefined ? {} : { ringUntil }) };
}

function object(value: Json | undefined): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function number(value: Json | undefined): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function stateName(value: Json | undefined): AgentStateName | undefined {
  return AGENT_STATES.find((name) => name === value);
}
