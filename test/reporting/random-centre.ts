import type { AgentStateName } from '../../engine/domain/agent.ts';
import type { DomainEvent } from '../../engine/domain/events.ts';
import { CallbackLog } from './callback-log.ts';
import { LogBuilder } from './log-builder.ts';

export const QUEUES = ['cards', 'loans', 'vip'] as const;
export const AGENTS = ['1001', '1002', '1003', '1004', '1005'] as const;

export interface CentreOptions {
  readonly seed: number;
  readonly start: number;
  readonly steps: number;
  /** `returns`: agents hang up at once, and the contact takes its place again. `anything`: events are lost, too, and the clock is put back. */
  readonly disorder: 'none' | 'returns' | 'anything';
  /** Callbacks, too, which stand in the queues among the callers. */
  readonly callbacks?: boolean;
}

interface RandomAgent {
  readonly id: string;
  state: AgentStateName;
  contact?: string;
}

/**
 * The log of a contact centre in which anything may happen next that the distributor's rules allow. The same options
 * give the same log.
 */
export function randomLog({ seed, start, steps, disorder, callbacks = false }: CentreOptions): readonly DomainEvent[] {
  const log = new LogBuilder(start);
  const anything = disorder === 'anything';
  const random = generator(seed);
  const below = (n: number): number => Math.floor(random() * n);
  const pick = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
  const agents: RandomAgent[] = AGENTS.map((id) => ({ id, state: 'loggedOut' }));
  const waiting = new Set<string>();
  const offered = new Map<string, string>();
  let contacts = 0;
  let now = 0;
  const targets = (): Record<string, { serviceLevelMs: number; shortAbandonMs: number }> =>
    Object.fromEntries(QUEUES.map((id) => [id, { serviceLevelMs: 10_000 * (1 + below(5)), shortAbandonMs: 1_000 * below(8) }]));
  const move = (agent: RandomAgent, state: AgentStateName, contact?: string, reason?: string): void => {
    agent.state = state;
    if (contact === undefined) delete agent.contact;
    else agent.contact = contact;
    log.agent(agent.id, state, { ...(contact === undefined ? {} : { contact }), ...(reason === undefined ? {} : { reason }) });
  };
  const freeOffer = (contact: string, outcome: 'rescinded' | 'canceled'): void => {
    const agent = agents.find(({ id }) => id === offered.get(contact));
    offered.delete(contact);
    if (agent === undefined) return;
    log.offerEnded(agent.id, contact, outcome);
    move(agent, 'ready');
  };
  const leave = (how: 'abandoned' | 'overflowed' | 'withdrawn'): void => {
    const contact = pick([...waiting]);
    if (contact === undefined) return;
    waiting.delete(contact);
    freeOffer(contact, 'rescinded');
    if (!anything || below(20) > 0) log.left(contact, how, how === 'overflowed' ? 'timeout' : undefined);
  };
  const queued = (): void => {
    const contact = `contact-${(contacts += 1)}`;
    waiting.add(contact);
    log.queued(contact, pick(QUEUES) ?? 'cards');
    if (below(3) === 0) log.estimated(contact, below(120_000), below(40_000), below(200_000));
  };
  const offer = (): void => {
    const contact = pick([...waiting].filter((id) => !offered.has(id)));
    const agent = pick(agents.filter(({ state }) => state === 'ready'));
    if (contact === undefined || agent === undefined) return;
    offered.set(contact, agent.id);
    log.offer(agent.id, contact);
    move(agent, 'reserved', contact);
  };
  const offerEnds = (): void => {
    const [contact, id] = pick([...offered]) ?? [];
    const agent = agents.find((each) => each.id === id);
    if (contact === undefined || agent === undefined) return;
    const outcome = pick(['accepted', 'accepted', 'accepted', 'noAnswer', 'rejected', 'busy'] as const) ?? 'accepted';
    offered.delete(contact);
    log.offerEnded(agent.id, contact, outcome);
    if (outcome !== 'accepted') {
      move(agent, outcome === 'noAnswer' ? 'notResponding' : 'notReady', undefined, outcome === 'noAnswer' ? undefined : outcome);
      return;
    }
    waiting.delete(contact);
    log.left(contact, 'answered');
    move(agent, 'talking', contact);
  };
  const talkEnds = (): void => {
    const agent = pick(agents.filter(({ state }) => state === 'talking' || state === 'held'));
    if (agent?.contact === undefined) return;
    const { contact } = agent;
    move(agent, 'wrapUp', contact);
    if (disorder !== 'none' && below(4) === 0) {
      waiting.add(contact);
      log.queued(contact, queueOf(log, contact), enqueuedOf(log, contact));
    }
  };
  const shift = (): void => {
    const agent = pick(agents);
    if (agent === undefined || ['reserved', 'ringing', 'talking', 'held'].includes(agent.state)) return;
    const state = pick(['ready', 'ready', 'ready', 'notReady', 'loggedOut'] as const) ?? 'ready';
    move(agent, state, undefined, state === 'notReady' ? pick(['lunch', 'training']) : undefined);
  };
  const toggle = (from: AgentStateName, to: AgentStateName): void => {
    const agent = pick(agents.filter(({ state }) => state === from));
    if (agent !== undefined) move(agent, to, agent.contact);
  };
  const restart = (): void => {
    log.add({ type: 'engine.stopped' });
    now += below(20_000);
    log.at(now).add({ type: 'engine.started', resumed: waiting.size });
    for (const contact of waiting) log.queued(contact, queueOf(log, contact), enqueuedOf(log, contact));
  };

  const callbackEvents = callbacks ? randomCallbacks(log, below, (contact) => void waiting.add(contact)) : [];

  log.at(0).configured(targets(), AGENTS);
  for (let step = 0; step < steps; step += 1) {
    // Often nothing passes between two events, so that many fall on one moment.
    now += below(3) === 0 ? 0 : below(25_000);
    if (anything && below(200) === 0) now = Math.max(0, now - below(90_000));
    log.at(now);
    const happens = [queued, queued, offer, offer, offer, offerEnds, offerEnds, offerEnds, talkEnds, talkEnds, shift, shift];
    const rarely = [
      () => leave('abandoned'),
      () => leave('overflowed'),
      () => leave('withdrawn'),
      () => toggle('reserved', 'ringing'),
      () => toggle('talking', 'held'),
      () => toggle('held', 'talking'),
      ...callbackEvents,
      ...(below(30) === 0 ? [restart, () => void log.configured(targets(), AGENTS)] : []),
    ];
    (below(3) === 0 ? pick(rarely) : pick(happens))?.();
    for (const queue of QUEUES) {
      if (anything && below(50) === 0 && ![...waiting].some((contact) => queueOf(log, contact) === queue)) log.queueEmpty(queue);
    }
  }
  return log.events;
}

/** What may happen to callbacks next. Each is offered, asked for, placed, moved and ended in any order that the desk allows. */
function randomCallbacks(log: LogBuilder, below: (n: number) => number, wait: (contact: string) => void): readonly (() => void)[] {
  const book = new CallbackLog(log);
  const open: { readonly id: string; readonly queue: string }[] = [];
  const askedCalls: { readonly call: string; readonly queue: string }[] = [];
  let count = 0;
  const pick = <T>(list: readonly T[]): T | undefined => list[below(list.length)];
  const queue = (): string => pick(QUEUES) ?? 'cards';
  const period = (): { readonly from: number; readonly to: number } => {
    const from = log.now + below(1_800_000);
    return { from, to: from + 60_000 + below(900_000) };
  };
  const request = (where: string, call?: string): void => {
    const id = `callback-${(count += 1)}`;
    book.requested(id, where, { ...(below(2) === 0 ? {} : { period: period() }), ...(call === undefined ? {} : { call }) });
    open.push({ id, queue: where });
  };
  const end = (how: 'reached' | 'canceled' | 'expired' | 'attemptsUsed' | 'impossible'): void => {
    const [one] = open.splice(below(Math.max(1, open.length)), 1);
    if (one === undefined) return;
    if (how === 'reached') book.reached(one.id);
    else book.ended(one.id, how);
  };
  const withOpen = (act: (id: string, where: string) => void) => (): void => {
    const one = pick(open);
    if (one !== undefined) act(one.id, one.queue);
  };
  return [
    () => {
      const asked = { call: `call-${(count += 1)}`, queue: queue() };
      book.offered(asked.queue, asked.call);
      if (below(3) === 0) book.offered(asked.queue, asked.call);
      askedCalls.push(asked);
    },
    () => {
      const asked = askedCalls.shift();
      if (asked === undefined) request(queue());
      else if (below(4) === 0) book.refused(asked.queue, pick(['numberForeign', 'tooManyToday'] as const) ?? 'doNotCall', asked.call);
      else request(asked.queue, asked.call);
    },
    withOpen((id, where) => {
      book.due(id);
      const contact = `virtual-${(count += 1)}`;
      log.queued(contact, where, log.now, id);
      wait(contact);
    }),
    withOpen((id) => {
      const call = `call-${(count += 1)}`;
      book.due(id).dialled(id, call).attempted(id, pick(['busy', 'noAnswer', 'interrupted'] as const) ?? 'busy', call);
    }),
    withOpen((id) => void book.moved(id, period())),
    () => end('reached'),
    () => end(pick(['canceled', 'expired', 'attemptsUsed', 'impossible', 'reached'] as const) ?? 'reached'),
  ];
}

function queueOf(log: LogBuilder, contact: string): string {
  return log.place(contact).queue;
}

function enqueuedOf(log: LogBuilder, contact: string): number {
  return log.place(contact).enqueuedAt;
}

/** mulberry32: 32 bits of state, the same numbers on every machine. */
function generator(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
