import { describe, expect, it } from 'vitest';
import { CallbackLog } from '../../test/reporting/callback-log.ts';
import { LogBuilder } from '../../test/reporting/log-builder.ts';
import { plainCallbackFigures } from '../../test/reporting/plain-callbacks.ts';
import type { DomainEvent } from '../domain/events.ts';
import { contactId, queueId } from '../domain/ids.ts';
import { Zone } from '../domain/zone.ts';
import type { IntervalLength } from './intervals.ts';
import { Reporter, type CallbackRow } from './reporter.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
/** 09:00 in Shanghai. */
const NINE = Date.parse('2026-08-12T01:00:00Z');
const zone = Zone.of('Asia/Shanghai') ?? expect.fail('no zone');
const TARGETS = { bank: { serviceLevelMs: 20 * SECOND, shortAbandonMs: 5 * SECOND } };

const day = (): { readonly log: LogBuilder; readonly callbacks: CallbackLog } => {
  const log = new LogBuilder(NINE).at(0).configured(TARGETS, ['li', 'han']);
  return { log, callbacks: new CallbackLog(log) };
};
const atNine = (from: number, to: number): { readonly from: number; readonly to: number } => ({ from: NINE + from * MINUTE, to: NINE + to * MINUTE });

function reporter(events: readonly DomainEvent[], interval: IntervalLength = '30', from = 0): Reporter {
  const made = new Reporter({ zone, interval, range: { from: NINE + from * MINUTE, to: NINE + 120 * MINUTE }, calibration: true });
  for (const event of events) made.apply(event);
  return made;
}

/** The rows as they are, and as a plain count of the log finds them. */
function rows({ events }: { readonly events: readonly DomainEvent[] }, asOf = 120, interval: IntervalLength = '30'): readonly CallbackRow[] {
  const found = reporter(events, interval).callbackRows(NINE + asOf * MINUTE);
  for (const row of found) expect(row).toMatchObject(plainCallbackFigures(events, row.queueId, row.from, Math.min(row.to, NINE + asOf * MINUTE)));
  return found;
}
const onlyRow = <Row>(all: readonly Row[]): Row => (all.length === 1 && all[0] ? all[0] : expect.fail(`${all.length} rows`));

describe('the callbacks of a queue', () => {
  it('of which the log tells nothing are in no row', () => {
    expect(rows(day().log)).toEqual([]);
  });

  it('are offered to a caller once, however often the caller hears so, and taken by those who ask', () => {
    const { log, callbacks } = day();
    log.at(MINUTE);
    callbacks.offered('bank', 'call-1').offered('bank', 'call-2').offered('bank', 'call-3');
    log.at(2 * MINUTE);
    callbacks.offered('bank', 'call-1').requested('a', 'bank', { call: 'call-1' }).requested('b', 'bank');
    log.at(3 * MINUTE);
    callbacks.refused('bank', 'numberForeign', 'call-2').refused('bank', 'numberForeign', 'call-2').refused('bank', 'windowFull');
    expect(onlyRow(rows(log, 30))).toMatchObject({
      queueId: 'bank', offered: 3, requested: 2, requestedBy: { customer: 1, program: 1, agent: 0 }, requestedFor: { soon: 2, at: 0 }, takenShare: 1 / 3,
      refused: 3, refusedBy: { numberForeign: 2, windowFull: 1 }, openAtEnd: 2, ended: { reached: 0 }, reachedAtFirstShare: null,
      promised: { keptShare: null, averageDelayMs: null }, soon: { averageMs: null },
    });
  });

  it('know no taken share where nobody was offered one, and one above 1 where the caller asks in the interval after', () => {
    const { log, callbacks } = day();
    log.at(29 * MINUTE);
    callbacks.offered('bank', 'call-1').offered('bank', 'call-2');
    log.at(31 * MINUTE);
    callbacks.requested('a', 'bank', { call: 'call-1' }).requested('b', 'bank', { call: 'call-2' }).offered('bank', 'call-3');
    log.at(61 * MINUTE);
    callbacks.requested('c', 'bank', { call: 'call-3' });
    expect(rows(log).map(({ takenShare }) => takenShare)).toEqual([0, 2, null, null]);
  });

  it('count the offer of another call of the same caller anew', () => {
    const { log, callbacks } = day();
    callbacks.offered('bank', 'call-1').offered('vip', 'call-1');
    log.add({ type: 'call.ended', termination: { result: 'completed', reason: 'callerHungup' }, durationMs: 1 } as never, 'call-1');
    callbacks.offered('bank', 'call-2').offered('bank');
    expect(rows(log, 30).map(({ queueId: id, offered }) => [id, offered])).toEqual([['bank', 3], ['vip', 1]]);
  });

  it('end in one way, in the interval of their end, and are open until then', () => {
    const { log, callbacks } = day();
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) callbacks.requested(id, 'bank');
    log.at(31 * MINUTE);
    callbacks.reached('a').ended('b', 'canceled').ended('c', 'expired').ended('d', 'attemptsUsed').ended('e', 'impossible');
    const [first, second, third] = rows(log);
    expect(first).toMatchObject({ requested: 6, openAtStart: 0, openAtEnd: 6, ended: { reached: 0 } });
    expect(second).toMatchObject({ openAtStart: 6, openAtEnd: 1, ended: { reached: 1, canceled: 1, expired: 1, attemptsUsed: 1, impossible: 1 } });
    expect(third).toMatchObject({ openAtStart: 1, openAtEnd: 1, requested: 0 });
  });

  it('are reached at the first attempt or at a later one, and each attempt has its outcome', () => {
    const { log, callbacks } = day();
    callbacks.requested('a', 'bank').requested('b', 'bank').requested('c', 'bank');
    callbacks.reached('a').attempted('b', 'busy').attempted('b', 'noAnswer').reached('b').attempted('c', 'machine');
    expect(onlyRow(rows(log, 30))).toMatchObject({
      attempts: 5, attemptsBy: { answered: 2, busy: 1, noAnswer: 1, machine: 1, interrupted: 0 }, reachedAtFirst: 1, reachedAtFirstShare: 1 / 2,
    });
  });

  it('are no more when they are due again', () => {
    const { log, callbacks } = day();
    callbacks.requested('a', 'bank').due('a');
    log.at(5 * MINUTE);
    callbacks.due('a').dialled('a', 'call-a', 'li').attempted('a', 'busy', 'call-a');
    log.at(10 * MINUTE);
    callbacks.due('a').due('a').dialled('a', 'call-b', 'li').reached('a');
    expect(onlyRow(rows(log, 30))).toMatchObject({ requested: 1, attempts: 2, ended: { reached: 1 }, openAtEnd: 0, soon: { reached: 1, averageMs: 10 * MINUTE } });
  });

  it('keep what was promised when the customer is reached within the period, its end left out', () => {
    const { log, callbacks } = day();
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) callbacks.requested(id, 'bank', { period: atNine(10, 20) });
    log.at(10 * MINUTE);
    callbacks.reached('a');
    log.at(15 * MINUTE);
    callbacks.reached('b').ended('f', 'canceled');
    log.at(20 * MINUTE - 1);
    callbacks.reached('c');
    log.at(20 * MINUTE);
    callbacks.reached('d').ended('e', 'expired');
    expect(onlyRow(rows(log, 30)).promised).toEqual({
      reached: 4, reachedWithin: 3, withinShare: 3 / 4, keptShare: 3 / 5,
      averageDelayMs: (25 * MINUTE - 1) / 4, delayP50Ms: 5 * MINUTE, delayP90Ms: 10 * MINUTE,
    });
  });

  it('have the shares and delays of the example of the documentation', () => {
    const { log, callbacks } = day();
    for (const id of ['a', 'b', 'c', 'd', 'e']) callbacks.requested(id, 'bank', { period: atNine(60, 120) });
    for (const [id, minute] of [['a', 65], ['b', 110], ['c', 130]] as const) {
      log.at(minute * MINUTE);
      callbacks.reached(id);
    }
    callbacks.ended('d', 'expired').ended('e', 'canceled');
    const made = new Reporter({ zone, interval: 'range', range: atNine(0, 180) });
    for (const event of log.events) made.apply(event);
    expect(onlyRow(made.callbackRows(NINE + 180 * MINUTE)).promised).toMatchObject({ withinShare: 2 / 3, keptShare: 2 / 4, delayP50Ms: 50 * MINUTE });
  });

  it('are measured by the period that they were moved to', () => {
    const { log, callbacks } = day();
    callbacks.requested('a', 'bank', { period: atNine(1, 5) }).requested('b', 'bank');
    log.at(2 * MINUTE);
    callbacks.moved('a', atNine(15, 20)).moved('b', atNine(15, 20));
    log.at(17 * MINUTE);
    callbacks.reached('a').reached('b');
    expect(onlyRow(rows(log, 30))).toMatchObject({ moved: 2, promised: { reached: 2, reachedWithin: 2, averageDelayMs: 2 * MINUTE }, soon: { reached: 0 } });
  });

  it('as soon as possible have the time from the request to reached', () => {
    const { log, callbacks } = day();
    for (let n = 1; n <= 10; n += 1) {
      log.at(0);
      callbacks.requested(`c${n}`, 'bank');
      log.at(n * MINUTE);
      callbacks.reached(`c${n}`);
    }
    log.events.sort((a, b) => a.at - b.at);
    expect(onlyRow(rows(log, 30)).soon).toEqual({ reached: 10, averageMs: 5.5 * MINUTE, p50Ms: 5 * MINUTE, p90Ms: 9 * MINUTE });
  });

  it('that were asked for before the log begins were open all the time before', () => {
    const { log, callbacks } = day();
    callbacks.requested('a', 'bank').requested('b', 'bank', { period: atNine(40, 60) }).requested('c', 'bank').requested('d', 'bank');
    log.at(35 * MINUTE);
    callbacks.due('a').dialled('a', 'call-a').attempted('a', 'busy', 'call-a').due('c');
    log.at(50 * MINUTE);
    callbacks.reached('a').reached('b');
    const later = log.events.filter(({ at }) => at > NINE + 30 * MINUTE);
    const figures = reporter(later).callbackRows(NINE + 120 * MINUTE);
    expect(figures.map(({ requested, openAtStart, openAtEnd, ended }) => [requested, openAtStart, openAtEnd, ended.reached])).toEqual([
      // Of d the log says nothing; c was due and is open.
      [0, 1, 3, 0],
      [0, 3, 1, 2],
      [0, 1, 1, 0],
      [0, 1, 1, 0],
    ]);
    expect(figures[1]).toMatchObject({ attempts: 3, reachedAtFirst: 1, promised: { reached: 1, averageDelayMs: 10 * MINUTE }, soon: { averageMs: 50 * MINUTE } });
  });

  it('are the same after a restart of the engine', () => {
    const story = (restart: boolean): CallbackRow => {
      const { log, callbacks } = day();
      callbacks.requested('a', 'bank').requested('b', 'bank').due('a');
      log.queued('virtual-a', 'bank', NINE, 'a').at(MINUTE);
      if (restart) log.add({ type: 'engine.stopped' }).at(2 * MINUTE).configured(TARGETS, ['li']).add({ type: 'engine.started', resumed: 0 }).queued('virtual-a', 'bank', NINE);
      log.at(3 * MINUTE).left('virtual-a', 'answered');
      callbacks.dialled('a', 'call-a', 'li').reached('a');
      expect(onlyRow(reporter(log.events).queueRows(NINE + 30 * MINUTE))).toMatchObject({ offered: 0, answered: 0, withdrawn: 0, waitingAtEnd: 0, maxLength: 0, averageLength: 0 });
      return onlyRow(rows(log, 30));
    };
    expect(story(true)).toEqual(story(false));
    expect(story(true)).toMatchObject({ requested: 2, openAtEnd: 1, soon: { reached: 1, p90Ms: 3 * MINUTE } });
  });

  it('are the same when a report begins in the middle with the standing of another', () => {
    const { log, callbacks } = day();
    callbacks.requested('a', 'bank').requested('b', 'bank').requested('gone', 'bank').offered('bank', 'call-1').ended('gone', 'canceled').dialled('a', 'call-a');
    log.queued('virtual', 'bank', NINE, 'b');
    const middle = log.events.length;
    log.at(MINUTE / 2).left('virtual', 'answered');
    callbacks.moved('gone', atNine(20, 30)).offered('bank', 'call-1').reached('b');
    log.add({ type: 'contact.left', contactId: contactId('live-a'), queueId: queueId('bank'), how: 'overflowed', reason: 'queueFull', waitedMs: 0 }, 'call-a');
    const frame = { zone, interval: '30', range: atNine(0, 60) } as const;
    const goesOn = new Reporter({ ...frame, standing: reporter(log.events.slice(0, middle)).standing() });
    for (const event of log.events.slice(middle)) goesOn.apply(event);
    expect(goesOn.callbackRows(NINE + 30 * MINUTE)).toMatchObject([{ offered: 0, openAtEnd: 1, ended: { reached: 1, canceled: 0 } }]);
    expect(goesOn.queueRows(NINE + 30 * MINUTE)).toMatchObject([{ offered: 0, overflowed: 0, answered: 0 }]);
    for (let minutes = 2; minutes < 4; minutes += 1) log.at(minutes * MINUTE).queued(`c${minutes}`, 'bank');
    for (const event of log.events.slice(-2)) goesOn.apply(event);
    expect(goesOn.standing().callbacks.size).toBe(1);
  });

  it('are not opened again by what is told of them after their end', () => {
    const { log, callbacks } = day();
    callbacks.requested('a', 'bank', { period: atNine(10, 20) });
    log.at(MINUTE);
    callbacks.ended('a', 'canceled').moved('a', atNine(20, 30)).ended('a', 'canceled');
    log.at(5 * MINUTE).queued('x', 'bank');
    expect(onlyRow(reporter(log.events).callbackRows(NINE + 30 * MINUTE))).toMatchObject({ ended: { canceled: 1 }, openAtEnd: 0 });
  });

  it('are all as one in the whole centre, with percentiles of all', () => {
    const { log, callbacks } = day();
    callbacks.requested('a', 'bank').requested('b', 'vip').requested('c', 'vip');
    for (const [id, minute] of [['a', 1], ['b', 5], ['c', 9]] as const) {
      log.at(minute * MINUTE);
      callbacks.reached(id);
    }
    const { callbacks: all } = onlyRow(reporter(log.events).totalRows(NINE + 30 * MINUTE));
    expect(all).toMatchObject({ requested: 3, attemptsBy: { answered: 3 }, reachedAtFirst: 3, soon: { reached: 3, p50Ms: 5 * MINUTE, averageMs: 5 * MINUTE } });
    expect(reporter(log.events).callbackRows(NINE + 30 * MINUTE, 'vip').map((row) => row.queueId)).toEqual(['vip']);
  });
});

describe('the figures of callers', () => {
  /** A caller who is answered after ten seconds, with an agent's work. */
  const caller = (): LogBuilder =>
    day()
      .log.at(0).agent('li', 'ready')
      .at(MINUTE).queued('caller', 'bank')
      .at(MINUTE + 10 * SECOND).left('caller', 'answered').agent('li', 'talking', { contact: 'caller' })
      .at(2 * MINUTE).agent('li', 'ready');
  const queue = ({ events }: LogBuilder) => onlyRow(reporter(events).queueRows(NINE + 30 * MINUTE));
  const OF_AGENTS: ReadonlySet<string> = new Set(['handled', 'talkMs', 'heldMs', 'wrapUpMs', 'averageHandleMs', 'offers']);
  const callersOnly = (row: ReturnType<typeof queue>): object => Object.fromEntries(Object.entries(row).filter(([figure]) => !OF_AGENTS.has(figure)));

  it('leave out a callback that stands in the queue, and have the agent’s work for it', () => {
    const log = caller()
      .at(3 * MINUTE).queued('virtual', 'bank', NINE, 'callback-a').queued('other', 'bank', NINE, 'callback-b').queued('third', 'bank', NINE, 'callback-c').estimated('virtual', 1, 1, 1)
      .at(8 * MINUTE).offer('li', 'virtual').offerEnded('li', 'virtual', 'accepted').left('virtual', 'answered').agent('li', 'talking', { contact: 'virtual' })
      .at(10 * MINUTE).agent('li', 'ready').left('other', 'withdrawn').left('third', 'overflowed', 'noAgents');
    expect(callersOnly(queue(log))).toEqual(callersOnly(queue(caller())));
    expect(queue(log)).toMatchObject({ handled: 2, talkMs: 50 * SECOND + 2 * MINUTE, offers: { made: 1, accepted: 1 } });
    expect(onlyRow(reporter(log.events).agentRows(NINE + 30 * MINUTE))).toMatchObject({ handled: 2, offers: { accepted: 1 } });
    expect(reporter(log.events).calibration()[0]?.estimates).toBe(0);
  });

  it('leave out a customer who was called first: in the queue, hung up there, or turned away', () => {
    const log = caller();
    const callbacks = new CallbackLog(log);
    log.at(3 * MINUTE);
    for (const [index, id] of ['a', 'b', 'c'].entries()) callbacks.requested(id, 'bank').due(id).dialled(id, `call-${index}`);
    log.at(4 * MINUTE).queued('live-a', 'bank', NINE + 4 * MINUTE, 'a').queued('live-b', 'bank', NINE + 4 * MINUTE, 'b');
    log.add({ type: 'contact.left', contactId: contactId('live-c'), queueId: queueId('bank'), how: 'overflowed', reason: 'queueFull', waitedMs: 0 }, 'call-2');
    log.at(5 * MINUTE).left('live-a', 'answered').left('live-b', 'abandoned');
    callbacks.attempted('b', 'hungUp', 'call-1').reached('a');
    expect(callersOnly(queue(log))).toEqual(callersOnly(queue(caller())));
    // The next call of that number is a caller’s.
    log.at(6 * MINUTE).add({ type: 'contact.left', contactId: contactId('x'), queueId: queueId('bank'), how: 'overflowed', reason: 'queueFull', waitedMs: 0 }, 'call-1');
    expect(queue(log).overflowed).toBe(1);
  });

  it('count a caller who leaves the line for a callback as withdrawn: neither answered nor abandoned, a served one for Amazon Connect only', () => {
    const log = caller();
    const callbacks = new CallbackLog(log);
    log.at(3 * MINUTE).queued('gives-way', 'bank').at(3 * MINUTE + 8 * SECOND).left('gives-way', 'withdrawn');
    log.at(4 * MINUTE);
    callbacks.requested('a', 'bank', { call: 'call-1' });
    expect(queue(log)).toMatchObject({
      offered: 2, answered: 1, abandoned: 0, withdrawn: 1, presented: 1, abandonRate: 0, averageSpeedOfAnswerMs: 10 * SECOND, waitingAtEnd: 0,
      serviceLevels: { appQueue: 1, appQueue2: 1, ciscoNegativeAbandon: 1, amazonConnect: 1 },
    });
    // Later than the target the contact has had its service-level event before it left.
    log.at(5 * MINUTE).queued('late', 'bank').at(5 * MINUTE + 30 * SECOND).left('late', 'withdrawn');
    expect(queue(log)).toMatchObject({ withdrawn: 2, presented: 2, serviceLevels: { appQueue: 1, ciscoNegativeAbandon: 0.5, amazonConnect: 2 / 3 } });
  });

  it('have the length of the queue and the longest wait of callers', () => {
    const log = day().log.at(0).queued('virtual', 'bank', NINE, 'a').at(MINUTE).queued('caller', 'bank').at(2 * MINUTE).agent('li', 'ready');
    expect(onlyRow(reporter(log.events).queueRows(NINE + 3 * MINUTE))).toMatchObject({ maxLength: 1, waitingAtEnd: 1, longestWaitingMs: 2 * MINUTE });
    log.at(4 * MINUTE).left('virtual', 'answered').at(5 * MINUTE).left('caller', 'answered').at(6 * MINUTE).queued('next', 'bank').at(7 * MINUTE).agent('han', 'ready');
    expect(onlyRow(reporter(log.events).queueRows(NINE + 8 * MINUTE))).toMatchObject({ maxLength: 1, offered: 2, longestWaitingMs: 2 * MINUTE });
  });

  it('count a contact whose entry the log does not tell as a caller', () => {
    const log = new LogBuilder(NINE).at(MINUTE).configured(TARGETS);
    log.add({ type: 'contact.left', contactId: contactId('virtual'), queueId: queueId('bank'), how: 'answered', waitedMs: SECOND }, 'call-1');
    expect(queue(log).answered).toBe(1);
  });

  it('do not lose track of a callback whose leaving was lost', () => {
    const log = caller().at(3 * MINUTE).queued('virtual', 'bank', NINE, 'a').at(4 * MINUTE).queueEmpty('bank').at(10 * MINUTE).agent('li', 'ready');
    const made = reporter(log.events);
    expect(made.standing().visits.size).toBe(0);
    expect(queue(log).lost).toBe(0);
  });
});
