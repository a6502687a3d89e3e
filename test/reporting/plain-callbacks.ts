import type { DomainEvent } from '../../engine/domain/events.ts';

/** The figures of the callbacks of a queue in [from, to), counted from the whole of an orderly log with no thought for speed. */
export function plainCallbackFigures(events: readonly DomainEvent[], queue: string, from: number, to: number): object {
  const mine = events.filter((event) => 'queueId' in event && event.queueId === queue);
  const happened = mine.filter(({ at }) => at >= from && at < to);
  const firstOffers = mine.filter(
    (event) => event.type === 'callback.offered' && mine.find((other) => other.type === 'callback.offered' && other.callId === event.callId) === event,
  );
  const offered = firstOffers.filter((event) => happened.includes(event)).length;
  const requests = happened.filter((event) => event.type === 'callback.requested');
  const refusals = happened.filter((event) => event.type === 'callback.refused').map((event) => event.refusal);
  const ends = happened.filter((event) => event.type === 'callback.ended');
  const outcomes = happened.filter((event) => event.type === 'callback.attempted').map((event) => event.outcome);
  const endsOf = (how: string) => ends.filter((event) => event.how === how);
  const openAt = (moment: number): number => {
    const before = (at: number): boolean => at < moment;
    const opened = mine.filter((event) => event.type === 'callback.requested' && before(event.at)).length;
    return opened - mine.filter((event) => event.type === 'callback.ended' && before(event.at)).length;
  };
  const reached = endsOf('reached');
  const first = reached.filter(({ attempts }) => attempts === 1).length;
  const promised = reached.filter(({ kind }) => kind === 'at');
  const within = promised.filter(({ at, period }) => at >= period.from && at < period.to).length;
  const missed = ends.filter(({ kind, how }) => kind === 'at' && how !== 'reached' && how !== 'canceled').length;
  const delays = promised.map(({ at, period }) => Math.max(0, at - period.from));
  const soon = reached.filter(({ kind }) => kind === 'soon').map(({ tookMs }) => tookMs);
  const taken = requests.filter(({ by }) => by.by === 'customer').length;
  return {
    offered,
    requested: requests.length,
    takenShare: share(taken, offered),
    refused: refusals.length,
    refusedBy: tallied(refusals),
    moved: happened.filter(({ type }) => type === 'callback.moved').length,
    openAtStart: openAt(from),
    openAtEnd: openAt(to),
    attempts: outcomes.length,
    attemptsBy: tallied(outcomes),
    ended: tallied(ends.map(({ how }) => how)),
    reachedAtFirst: first,
    reachedAtFirstShare: share(first, reached.length),
    promised: {
      reached: promised.length,
      reachedWithin: within,
      withinShare: share(within, promised.length),
      keptShare: share(within, promised.length + missed),
      averageDelayMs: average(delays),
      delayP50Ms: rank(delays, 0.5),
      delayP90Ms: rank(delays, 0.9),
    },
    soon: { reached: soon.length, averageMs: average(soon), p50Ms: rank(soon, 0.5), p90Ms: rank(soon, 0.9) },
  };
}

function share(part: number, whole: number): number | null {
  return whole === 0 ? null : part / whole;
}

function average(values: readonly number[]): number | null {
  return share(values.reduce((sum, value) => sum + value, 0), values.length);
}

/** The least value that at least this share of all do not exceed. */
function rank(values: readonly number[], part: number): number | null {
  const enough = values.filter((value) => values.filter((other) => other <= value).length >= part * values.length);
  return enough.length === 0 ? null : Math.min(...enough);
}

function tallied(kinds: readonly string[]): Record<string, number> {
  return Object.fromEntries(kinds.map((kind) => [kind, kinds.filter((other) => other === kind).length]));
}
