import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isStrowgerError } from '../../engine/domain/errors.ts';
import { sizeOf } from '../../engine/simulation/model.ts';
import { loadScenario, parseScenario } from './load-scenario.ts';
import { modelOf } from './scenario-model.ts';

const SCENARIOS = join(import.meta.dirname, '../../scenarios');

const GOOD = `
name: small
day: { from: "08:00", to: "10:00" }
queues: [{ id: cards, selection: longestIdle }]
callTypes:
  - id: zh
    queue: cards
    steps: [{ require: { skill: zh, atLeast: 3 }, forSeconds: 20, keepIdle: 1 }, { require: { any: [{ skill: zh }, { skill: en }] }, forSeconds: untilServed }]
    arrivals: { perHour: [{ from: "08:00", to: "10:00", calls: 60 }] }
    talkSeconds: { lognormal: { mean: 200, sd: 100 } }
    patienceSeconds: { observed: [{ waited: 10, abandoned: true }, { waited: 30, abandoned: false }] }
groups:
  - { id: a, skills: { zh: 5, en: 2 }, queues: [cards], shifts: [{ agents: 3, from: "08:00", to: "10:00", breaks: [{ minutes: 10, between: "08:30-09:30" }] }] }
`;

/** What is complained of, as `path: found …`. */
function complaints(text: string): readonly string[] {
  try {
    parseScenario(text, 'test.yaml');
  } catch (error) {
    if (!isStrowgerError(error, 'config.invalid')) throw error;
    return error.message.split('\n').slice(1).map((line) => line.trim());
  }
  return [];
}

describe('loadScenario', () => {
  it.each(readdirSync(SCENARIOS))('reads the sample %s', (file) => {
    expect(loadScenario(join(SCENARIOS, file)).groups.length).toBeGreaterThan(0);
  });

  it('tells what cannot be read, and where', () => {
    expect(() => loadScenario('/nowhere.yaml')).toThrow(expect.objectContaining({ code: 'config.unreadable' }));
    expect(() => parseScenario('a: [', 'x.yaml')).toThrow(/x\.yaml:1:/);
  });

  it('is content with a good one', () => expect(complaints(GOOD)).toEqual([]));

  it.each<readonly [what: string, from: string | RegExp, to: string, complaint: string]>([
    ['a setting that does not exist', 'name: small', 'name: small\nspeed: 3', 'speed: found a setting that does not exist'],
    ['two distributions in one', 'talkSeconds: { lognormal: { mean: 200, sd: 100 } }', 'talkSeconds: { constant: 3, exponential: 2 }', 'callTypes[0].talkSeconds: found {"constant":3,"exponential":2}; allowed: one of constant'],
    ['a time that is none', 'to: "10:00" }\nqueues', 'to: "25:99" }\nqueues', 'day.to: found "25:99"; allowed: a time of day'],
    ['a day that ends before it begins', 'day: { from: "08:00", to: "10:00" }', 'day: { from: "10:00", to: "08:00" }', 'day.to: found "08:00"'],
    ['a skill that nobody has', 'skill: zh, atLeast: 3', 'skill: yue', 'callTypes[0].steps[0].require: found "yue"; allowed: a skill that an agent has: en, zh'],
    ['a requirement that nobody meets', 'skill: zh, atLeast: 3', 'skill: en, atLeast: 3', 'callTypes[0].steps[0].require: found {"skill":"en","atLeast":3}; allowed: what an agent of queue cards can meet'],
    ['a queue without agents', 'queues: [{ id: cards, selection: longestIdle }]', 'queues: [{ id: cards }, { id: loans }]', 'queues[1]: found "loans"; allowed: a queue that a group of agents serves'],
    ['agents without a queue', 'queues: [cards], shifts', 'queues: [], shifts', 'groups[0].queues: found []'],
    ['a queue that nobody knows', 'queue: cards', 'queue: cads', 'callTypes[0].queue: found "cads"; allowed: cards'],
    ['a queue that overflows into itself', 'selection: longestIdle', 'overflowTo: cards', 'queues[0].overflowTo: found "cards"; allowed: a queue from which no contact comes back here'],
    ['a break outside the shift', '08:30-09:30', '07:30-09:30', 'groups[0].shifts[0].breaks[0]'],
    ['a break longer than its span', 'minutes: 10', 'minutes: 90', 'groups[0].shifts[0].breaks[0].minutes: found 90'],
    ['calls outside the day', 'from: "08:00", to: "10:00", calls', 'from: "07:00", to: "10:00", calls', 'callTypes[0].arrivals.perHour[0].from: found "07:00"'],
    ['calls that nobody describes', /talkSeconds.*\n/, '\n', 'callTypes[0].talkSeconds: found nothing'],
    ['an unknown shape of a requirement', '{ skill: zh, atLeast: 3 }', '{ skil: zh }', 'callTypes[0].steps[0].require: found {"skil":"zh"}; allowed: one of { skill, atLeast, atMost }'],
  ])('complains of %s', (_, from, to, complaint) => {
    const text = GOOD.replace(from, to);
    expect(text).not.toBe(GOOD);
    expect(complaints(text)).toContainEqual(expect.stringContaining(complaint));
  });

  it('tells everything that is wrong at once', () => {
    expect(complaints(GOOD.replace('skill: zh, atLeast: 3', 'skill: yue').replace('queues: [cards], shifts', 'queues: [cards, loans], shifts').replace('calls: 60', 'calls: -1')).length).toBe(1);
    expect(complaints(GOOD.replace('skill: zh, atLeast: 3', 'skill: yue').replace('queues: [cards], shifts', 'queues: [cards, loans], shifts')).length).toBe(2);
  });
});

describe('modelOf', () => {
  it('counts milliseconds from the beginning of the day, and lets breaks be taken in turn', () => {
    const model = modelOf(parseScenario(GOOD, 'test.yaml'));
    expect(model.lengthMs).toBe(7_200_000);
    expect(model.contactTypes[0]).toMatchObject({
      steps: [{ forMs: 20_000, keepIdle: 1 }, { forMs: 'untilServed' }],
      talk: { kind: 'lognormal', mean: 200_000, sd: 100_000 },
      arrivals: { kind: 'rates', pieces: [{ fromMs: 0, toMs: 7_200_000, perHour: 60 }] },
    });
    const [group] = model.groups;
    expect(group && sizeOf(group)).toBe(3);
    expect(group?.presence).toMatchObject({
      shifts: [1_800_000, 3_300_000, 4_800_000].map((fromMs) => ({ agents: 1, breaks: [{ fromMs, toMs: fromMs + 600_000 }] })),
    });
  });
});
