import type { QueueView } from '../../engine/routing/expected-wait/wait-features.ts';
import type { BankCall } from './bank-log.ts';

/** Is told the log in order of time. `contact` is the call's index in it. */
export interface BankReplayObserver {
  entered(contact: number, call: BankCall, now: number, view: QueueView & { readonly pool: NonNullable<QueueView['pool']> }): void;
  answered(contact: number, call: BankCall, now: number): void;
  abandoned(contact: number, call: BankCall, now: number): void;
  handled(call: BankCall, durationMs: number): void;
  /** Some time after a contact has joined the line, while it still waits. */
  waits?(contact: number, call: BankCall, now: number, view: QueueView): void;
}

/** The bank gave its customers of high priority this start over the others. */
const URGENT_MS = 90_000;
/** The log does not say who is signed in: an agent counts until this long after the last conversation. */
const PRESENT_MS = 20 * 60_000;
/** Weight of a new conversation in a type's share of the work. */
const SHARE_STEP = 0.01;

type ReplayEvent = { readonly at: number; readonly kind: 'answered' | 'abandoned' | 'ended' | 'began' | 'entered' | 'waits'; readonly contact: number };

/** What leaves at a moment makes room before what comes at it; the log has whole seconds. */
const ORDER: Readonly<Record<ReplayEvent['kind'], number>> = { answered: 0, abandoned: 1, ended: 2, began: 3, entered: 4, waits: 5 };

interface Place {
  readonly type: string;
  readonly rank: number;
}

/** Plays the log as a distributor would see it: a queue a type, one pool of agents, who is present taken from the past only. */
export function replayBankLog(calls: readonly BankCall[], observer: BankReplayObserver, askAgainAfterMs?: number): void {
  const waiting = new Map<number, Place>();
  const agents = new Map<string, { talks: boolean; seenAt: number }>();
  const shares = new Map<string, number>();

  const view = (contact: number, { type, rank }: Place, now: number): QueueView & { readonly pool: NonNullable<QueueView['pool']> } => {
    let ahead = 0;
    let poolAhead = 0;
    for (const [other, place] of waiting) {
      if (other === contact || place.rank > rank) continue;
      poolAhead += 1;
      if (place.type === type) ahead += 1;
    }
    let present = 0;
    for (const agent of agents.values()) if (agent.talks || now - agent.seenAt < PRESENT_MS) present += 1;
    const servers = Math.max(present, 1);
    return { ahead, servers: servers * Math.max(shares.get(type) ?? 1, 0.01), pool: { ahead: poolAhead, servers } };
  };

  for (const { at, kind, contact } of eventsOf(calls, askAgainAfterMs)) {
    const call = calls[contact];
    if (call === undefined) continue;
    if (kind === 'entered') {
      const place = { type: call.type, rank: at - (call.urgent ? URGENT_MS : 0) };
      observer.entered(contact, call, at, view(contact, place, at));
      waiting.set(contact, place);
    } else if (kind === 'waits') {
      const place = waiting.get(contact);
      if (place !== undefined) observer.waits?.(contact, call, at, view(contact, place, at));
    } else if (kind === 'answered' || kind === 'abandoned') {
      waiting.delete(contact);
      observer[kind](contact, call, at);
    } else if (call.service !== undefined) {
      agents.set(call.service.agent, { talks: kind === 'began', seenAt: at });
      if (kind === 'ended') {
        observer.handled(call, call.service.to - call.service.from);
        continue;
      }
      for (const type of new Set([...shares.keys(), call.type])) {
        const share = shares.get(type) ?? 0;
        shares.set(type, share + SHARE_STEP * ((type === call.type ? 1 : 0) - share));
      }
    }
  }
}

function eventsOf(calls: readonly BankCall[], askAgainAfterMs: number | undefined): readonly ReplayEvent[] {
  const events = calls.flatMap(({ wait, service }, contact): readonly ReplayEvent[] => {
    // The clocks of queue and agents differ by a second or two: nobody talks before the wait is over.
    const begin = service && Math.max(service.from, wait?.to ?? service.from);
    return [
      ...(wait === undefined ? [] : [{ at: wait.from, kind: 'entered', contact } as const, { at: wait.to, kind: wait.answered ? 'answered' : 'abandoned', contact } as const]),
      ...(wait === undefined || askAgainAfterMs === undefined ? [] : [{ at: wait.from + askAgainAfterMs, kind: 'waits', contact } as const]),
      ...(service === undefined || begin === undefined ? [] : [{ at: begin, kind: 'began', contact } as const, { at: Math.max(service.to, begin), kind: 'ended', contact } as const]),
    ];
  });
  return events.sort((a, b) => a.at - b.at || ORDER[a.kind] - ORDER[b.kind] || a.contact - b.contact);
}
