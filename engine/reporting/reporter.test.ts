import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../../test/reporting/log-builder.ts';
import type { DomainEvent } from '../domain/events.ts';
import { contactId, queueId } from '../domain/ids.ts';
import { Zone } from '../domain/zone.ts';
import type { IntervalLength } from './intervals.ts';
import { Reporter, type AgentRow, type QueueRow } from './reporter.ts';

const SECOND = 1_000;
const MINUTE = 60_000;
/** 09:00 in Shanghai. */
const NINE = Date.parse('2026-08-12T01:00:00Z');
const zone = Zone.of('Asia/Shanghai') ?? expect.fail('no zone');
const TARGETS = { bank: { serviceLevelMs: 20 * SECOND, shortAbandonMs: 5 * SECOND } };

const day = (): LogBuilder => new LogBuilder(NINE).at(0).configured(TARGETS, ['li', 'han']);

function reporter(log: LogBuilder | readonly DomainEvent[], interval: IntervalLength = '30', minutes = 120): Reporter {
  const made = new Reporter({ zone, interval, range: { from: NINE, to: NINE + minutes * MINUTE }, calibration: true });
  for (const event of log instanceof LogBuilder ? log.events : log) made.apply(event);
  return made;
}
const queues = (log: LogBuilder, asOf = 120 * MINUTE, interval: IntervalLength = '30'): readonly QueueRow[] => reporter(log, interval).queueRows(NINE + asOf);
const agents = (log: LogBuilder, asOf = 120 * MINUTE, interval: IntervalLength = '30'): readonly AgentRow[] => reporter(log, interval).agentRows(NINE + asOf);
const onlyRow = <Row>(rows: readonly Row[]): Row => (rows.length === 1 && rows[0] ? rows[0] : expect.fail(`${rows.length} rows`));

describe('a queue', () => {
  it('in which nothing happened has counts of 0 and knows no means', () => {
    const row = onlyRow(queues(day(), 30 * MINUTE));
    expect(row).toMatchObject({
      queueId: 'bank', from: NINE, to: NINE + 30 * MINUTE, local: '2026-08-12T09:00:00+08:00', complete: true,
      offered: 0, averageSpeedOfAnswerMs: null, waitP90Ms: null, longestWaitMs: null, longestWaitingMs: null, averageHandleMs: null,
      abandonRate: null, averageLength: 0, maxLength: 0, serviceLevelMs: null,
    });
    expect(new Set(Object.values(row.serviceLevels))).toEqual(new Set([null]));
  });

  it('counts a contact where it came, where it was due and where it left', () => {
    const log = day()
      .at(29 * MINUTE + 50 * SECOND).queued('a', 'bank')
      .at(30 * MINUTE + 15 * SECOND).left('a', 'answered');
    const [first, second] = queues(log);
    expect(first).toMatchObject({ offered: 1, answered: 0, presented: 0, waitingAtStart: 0, waitingAtEnd: 1, longestWaitingMs: 10 * SECOND, maxLength: 1 });
    expect(second).toMatchObject({ offered: 0, answered: 1, presented: 1, answeredWithin: 0, waitingAtStart: 1, waitingAtEnd: 0, averageSpeedOfAnswerMs: 25 * SECOND, maxLength: 1 });
    expect([first?.averageLength, second?.averageLength]).toEqual([10 / 1800, 15 / 1800]);
  });

  it('counts the service-level event in the interval in which the target passes, however long the wait goes on', () => {
    const log = day().at(29 * MINUTE + 30 * SECOND).queued('a', 'bank');
    const before = queues(log, 30 * MINUTE);
    expect(before[0]).toMatchObject({ presented: 1, serviceLevels: { ciscoNegativeAbandon: 0, appQueue: null } });
    log.at(50 * MINUTE).left('a', 'answered');
    const after = queues(log);
    expect(after[0]).toEqual(before[0]);
    expect(after[1]).toMatchObject({ answered: 1, presented: 0, answeredWithin: 0, serviceLevels: { ciscoNegativeAbandon: null, appQueue: 0 } });
  });

  it('takes the target as within, the moment after as late, and a short call by what is configured', () => {
    const log = day();
    for (const [id, seconds, how] of [['a', 20, 'answered'], ['b', 20.001, 'answered'], ['c', 4.999, 'abandoned'], ['d', 5, 'abandoned']] as const) {
      log.at(0).queued(id, 'bank').at(seconds * SECOND).left(id, how);
    }
    expect(onlyRow(queues(log, 30 * MINUTE))).toMatchObject({ answered: 2, answeredWithin: 1, shortAbandoned: 1, abandoned: 1, abandonedWithin: 1, presented: 3, abandonRate: 1 / 3 });
  });

  it('gives waits by the nearest rank', () => {
    const log = day();
    for (let n = 1; n <= 20; n += 1) log.at(0).queued(`c${n}`, 'bank').at(n * SECOND).left(`c${n}`, 'answered');
    log.at(0).queued('x', 'bank').at(40 * SECOND).left('x', 'abandoned');
    log.at(0).queued('y', 'bank').at(60 * SECOND).left('y', 'overflowed', 'timeout');
    log.at(70 * SECOND).queued('z', 'bank').left('z', 'overflowed', 'queueFull');
    log.events.sort((a, b) => a.at - b.at);
    expect(onlyRow(queues(log, 30 * MINUTE))).toMatchObject({
      averageSpeedOfAnswerMs: 10.5 * SECOND, waitP50Ms: 10 * SECOND, waitP90Ms: 18 * SECOND, waitP95Ms: 19 * SECOND,
      longestWaitMs: 60 * SECOND, averageTimeToAbandonMs: 40 * SECOND, maxLength: 22,
      overflowed: 2, overflowedBy: { timeout: 1, queueFull: 1 },
      averageLength: (210 + 40 + 60) / 1800,
    });
  });

  it('does not count an agent who took the call and hung up at once as an answer', () => {
    const log = day()
      .at(0).queued('a', 'bank')
      .at(10 * SECOND).left('a', 'answered').agent('li', 'talking', { contact: 'a' })
      .at(10.5 * SECOND).agent('li', 'wrapUp', { contact: 'a' }).queued('a', 'bank', NINE)
      .at(40 * SECOND).left('a', 'answered').agent('han', 'talking', { contact: 'a' });
    expect(onlyRow(queues(log, 30 * MINUTE))).toMatchObject({
      offered: 1, answered: 1, answeredWithin: 0, presented: 1, averageSpeedOfAnswerMs: 40 * SECOND, averageLength: 40 / 1800, waitingAtEnd: 0,
    });
  });

  it('counts a contact that comes back later anew', () => {
    const log = day()
      .at(0).queued('a', 'bank').at(10 * SECOND).left('a', 'abandoned')
      .at(71 * SECOND).queued('a', 'bank').at(75 * SECOND).left('a', 'answered');
    expect(onlyRow(queues(log, 30 * MINUTE))).toMatchObject({ offered: 2, abandoned: 1, answered: 1, averageSpeedOfAnswerMs: 4 * SECOND });
  });

  it('lets a restart pass by: the same contact is queued again and waits on from its place', () => {
    const log = day()
      .at(0).queued('a', 'bank')
      .at(5 * SECOND).add({ type: 'engine.stopped' })
      .at(9 * SECOND).queued('a', 'bank', NINE).add({ type: 'engine.started', resumed: 1 })
      .at(12 * SECOND).left('a', 'answered');
    expect(onlyRow(queues(log, 30 * MINUTE))).toMatchObject({ offered: 1, answered: 1, withdrawn: 0, averageSpeedOfAnswerMs: 12 * SECOND });
  });

  it('loses a contact only when it says that it is empty, and takes that back when the contact turns up', () => {
    const log = day().at(0).queued('a', 'bank').queued('b', 'bank').at(30 * SECOND).queueEmpty('bank');
    expect(onlyRow(queues(log, 30 * MINUTE))).toMatchObject({ offered: 2, lost: 2, waitingAtEnd: 0, presented: 2 });
    log.at(35 * SECOND).left('a', 'answered');
    expect(onlyRow(queues(log, 30 * MINUTE))).toMatchObject({ offered: 2, lost: 1, answered: 1, waitingAtEnd: 0, averageSpeedOfAnswerMs: 35 * SECOND });
  });

  it('knows a contact that was queued before the log begins from its end', () => {
    const log = new LogBuilder(NINE).at(5 * MINUTE).configured(TARGETS).at(10 * MINUTE);
    log.add({ type: 'contact.left', contactId: contactId('a'), queueId: queueId('bank'), how: 'answered', waitedMs: 15 * MINUTE });
    expect(onlyRow(queues(log, 30 * MINUTE))).toMatchObject({ offered: 0, waitingAtStart: 1, answered: 1, waitingAtEnd: 0, averageSpeedOfAnswerMs: 15 * MINUTE });
  });

  it('counts a contact that is queued elsewhere as withdrawn from here', () => {
    const log = day().at(0).queued('a', 'bank').at(10 * SECOND).queued('a', 'vip').at(15 * SECOND).left('a', 'answered');
    const [bank, vip] = queues(log, 30 * MINUTE);
    expect(bank).toMatchObject({ queueId: 'bank', offered: 1, withdrawn: 1, waitingAtEnd: 0, presented: 0, serviceLevels: { amazonConnect: 1 } });
    expect(vip).toMatchObject({ queueId: 'vip', offered: 1, answered: 1, serviceLevelMs: null, presented: 0, serviceLevels: { appQueue: null, amazonConnect: null } });
  });

  it('takes the target that was configured when the contact came, and today’s when the log tells none', () => {
    const log = day()
      .at(0).queued('a', 'bank').at(1).configured({ bank: { serviceLevelMs: 60 * SECOND, shortAbandonMs: 0 } }, ['li']).at(30 * SECOND).left('a', 'answered')
      .at(31 * MINUTE).queued('b', 'bank').at(31 * MINUTE + 30 * SECOND).left('b', 'answered');
    expect(queues(log).map(({ serviceLevelMs, answeredWithin }) => [serviceLevelMs, answeredWithin])).toEqual([[20_000, 0], [60_000, 1], [null, 0], [null, 0]]);
    const bare = new Reporter({ zone, interval: 'range', range: { from: NINE, to: NINE + 30 * MINUTE }, targets: new Map([[queueId('bank'), TARGETS.bank]]) });
    for (const event of log.events.filter(({ type }) => type !== 'acd.configured')) bare.apply(event);
    expect(onlyRow(bare.queueRows(NINE + 30 * MINUTE))).toMatchObject({ serviceLevelMs: 20_000, answered: 1, answeredWithin: 0 });
  });

  it('has the greatest length that lasted, not one within a moment', () => {
    const log = day().at(0).queued('a', 'bank').at(1_000).queued('b', 'bank').left('a', 'answered').at(2_000).left('b', 'answered');
    expect(onlyRow(queues(log, 30 * MINUTE)).maxLength).toBe(1);
  });

  it('tells of an interval that goes on as of now', () => {
    const log = day().at(0).queued('a', 'bank').at(5 * SECOND).left('a', 'answered').at(10 * SECOND).queued('b', 'bank');
    expect(onlyRow(queues(log, 20 * SECOND))).toMatchObject({ complete: false, waitingAtEnd: 1, longestWaitingMs: 10 * SECOND, averageLength: 0.75, presented: 1 });
    expect(onlyRow(queues(log, 40 * SECOND))).toMatchObject({ waitingAtEnd: 1, longestWaitingMs: 30 * SECOND, presented: 2 });
  });
});

describe('an agent', () => {
  const shift = (): LogBuilder =>
    day()
      .at(0).agent('li', 'ready')
      .at(5 * MINUTE).queued('a', 'bank').offer('li', 'a').agent('li', 'reserved', { contact: 'a' })
      .at(5 * MINUTE + 2 * SECOND).agent('li', 'ringing', { contact: 'a' })
      .at(5 * MINUTE + 10 * SECOND).offerEnded('li', 'a', 'accepted').left('a', 'answered').agent('li', 'talking', { contact: 'a' })
      .at(10 * MINUTE).agent('li', 'held', { contact: 'a' })
      .at(11 * MINUTE).agent('li', 'talking', { contact: 'a' })
      .at(29 * MINUTE).agent('li', 'wrapUp', { contact: 'a' })
      .at(31 * MINUTE).agent('li', 'notReady', { reason: 'lunch' })
      .at(41 * MINUTE).agent('li', 'notReady', { reason: 'training' })
      .at(45 * MINUTE).agent('li', 'loggedOut');

  it('has time in each state, cut at the ends of the intervals', () => {
    const [first, second, ...rest] = agents(shift());
    const talking = (4 * 60 + 50) * SECOND + 18 * MINUTE;
    expect(first).toMatchObject({
      agentId: 'li', loggedInMs: 30 * MINUTE,
      stateMs: { ready: 5 * MINUTE, reserved: 2 * SECOND, ringing: 8 * SECOND, talking, held: MINUTE, wrapUp: MINUTE, notReady: 0, notResponding: 0 },
      contactMs: talking + 2 * MINUTE, occupancy: (talking + 2 * MINUTE) / (talking + 7 * MINUTE), utilisation: (talking + 2 * MINUTE) / (30 * MINUTE),
      handled: 0, averageHandleMs: null, offers: { made: 1, accepted: 1 },
    });
    expect(second).toMatchObject({
      loggedInMs: 15 * MINUTE, stateMs: { ready: 0, wrapUp: MINUTE, notReady: 14 * MINUTE }, notReadyByReasonMs: { lunch: 10 * MINUTE, training: 4 * MINUTE },
      occupancy: 1, utilisation: 1 / 15,
    });
    expect(rest).toEqual([]);
  });

  it('has handled a contact, with all of the work, when the work is over', () => {
    const work = { handled: 1, talkMs: (22 * 60 + 50) * SECOND, heldMs: MINUTE, wrapUpMs: 2 * MINUTE, averageHandleMs: (25 * 60 + 50) * SECOND };
    expect(agents(shift())[1]).toMatchObject(work);
    expect(queues(shift())[1]).toMatchObject(work);
    expect(queues(shift())[0]).toMatchObject({ answered: 1, handled: 0, averageHandleMs: null });
  });

  it('does not handle a contact whose work the log does not tell from its beginning', () => {
    const late = new LogBuilder(NINE).at(0).agent('li', 'wrapUp').at(MINUTE).agent('li', 'ready');
    expect(onlyRow(agents(late, 30 * MINUTE))).toMatchObject({ handled: 0, stateMs: { wrapUp: MINUTE, ready: 29 * MINUTE }, loggedInMs: 30 * MINUTE });
  });

  it('is known from the first event on, and until the configuration knows the agent no more', () => {
    const log = day().at(10 * MINUTE).agent('li', 'ready').at(20 * MINUTE).configured(TARGETS, ['han']);
    expect(onlyRow(agents(log))).toMatchObject({ loggedInMs: 10 * MINUTE });
  });

  it('has offers by how they ended, and those not answered with and without the caller’s hang-up', () => {
    const log = day().at(0).agent('li', 'ready');
    for (const [index, outcome] of (['noAnswer', 'noAnswer', 'rescinded', 'rejected', 'busy', 'accepted'] as const).entries()) {
      log.at((index + 1) * MINUTE).queued(`c${index}`, 'bank').offer('li', `c${index}`).at((index + 1) * MINUTE + 5 * SECOND).offerEnded('li', `c${index}`, outcome);
    }
    log.at(29 * MINUTE + 59 * SECOND).queued('late', 'bank').offer('li', 'late').at(30 * MINUTE + SECOND).offerEnded('li', 'late', 'noAnswer');
    const offers = { made: 7, noAnswer: 2, rescinded: 1, rejected: 1, busy: 1, accepted: 1 };
    expect(agents(log)[0]).toMatchObject({ offers, nonResponses: 3, nonResponsesWithoutAbandon: 2 });
    expect(queues(log)[0]).toMatchObject({ offers });
    expect(agents(log)[1]).toMatchObject({ offers: { made: 0, noAnswer: 1 }, nonResponses: 1 });
    expect(queues(log)[1]).toMatchObject({ offers: { made: 0, noAnswer: 1 } });
  });

  it('of a log without contacts in its states works for the one of the conversation', () => {
    const log = day().at(0).agent('li', 'ready').queued('a', 'bank').left('a', 'answered').agent('li', 'talking');
    const id = { contactId: contactId('a'), agentId: 'li' } as const;
    log.add({ type: 'conversation.started', ...id } as never).at(MINUTE).agent('li', 'wrapUp').at(2 * MINUTE).agent('li', 'ready');
    expect(onlyRow(queues(log, 30 * MINUTE))).toMatchObject({ handled: 1, talkMs: MINUTE, wrapUpMs: MINUTE });
  });

  it('works for queues that differ, each with its own part', () => {
    const log = day().at(0).queued('a', 'bank').queued('b', 'vip').agent('li', 'talking', { contact: 'a' });
    log.at(MINUTE).agent('li', 'talking', { contact: 'b' }).at(3 * MINUTE).agent('li', 'ready');
    expect(queues(log, 30 * MINUTE).map(({ queueId, handled, talkMs }) => [queueId, handled, talkMs])).toEqual([['bank', 1, MINUTE], ['vip', 1, 2 * MINUTE]]);
    expect(onlyRow(agents(log, 30 * MINUTE))).toMatchObject({ handled: 2, talkMs: 3 * MINUTE });
  });
});

describe('a clock that is put back', () => {
  it('stands still until it has caught up', () => {
    const log = day().at(60 * SECOND).agent('li', 'ready').at(50 * SECOND).agent('li', 'notReady').at(90 * SECOND).agent('li', 'loggedOut');
    expect(onlyRow(agents(log, 30 * MINUTE))).toMatchObject({ stateMs: { ready: 0, notReady: 30 * SECOND }, loggedInMs: 30 * SECOND });
  });

  it('is believed when it was far ahead for a moment', () => {
    const log = day().at(60 * SECOND).agent('li', 'ready').at(100 * MINUTE).queued('a', 'bank').at(90 * SECOND).agent('li', 'loggedOut').at(100 * SECOND).left('a', 'answered');
    expect(agents(log)[0]).toMatchObject({ loggedInMs: 30 * SECOND });
    expect(JSON.stringify(reporter(log).totalRows(NINE + 120 * MINUTE))).not.toMatch(/:-/);
  });
});

describe('the whole centre', () => {
  it('has its own greatest length, and a target only when all have the same', () => {
    const log = day().configured({ ...TARGETS, vip: { serviceLevelMs: 10_000, shortAbandonMs: 0 } }, ['li']);
    log.at(0).queued('a', 'bank').at(10 * SECOND).left('a', 'answered').queued('b', 'vip').at(15 * SECOND).queued('c', 'bank').at(40 * SECOND).left('b', 'answered').left('c', 'answered');
    const { queues: total } = onlyRow(reporter(log).totalRows(NINE + 30 * MINUTE));
    expect(total).toMatchObject({ offered: 3, answered: 3, maxLength: 2, serviceLevelMs: null, answeredWithin: 1, presented: 3, averageLength: (10 + 30 + 25) / 1800 });
  });

  it('forgets when it is told to', () => {
    const live = reporter(day().at(0).queued('a', 'bank').at(MINUTE).left('a', 'answered'));
    live.forgetBefore(NINE + 30 * MINUTE);
    expect(live.queueRows(NINE + 60 * MINUTE).map(({ offered }) => offered)).toEqual([0, 0]);
  });
});
