import { describe, expect, it } from 'vitest';
import { isStrowgerError } from '../../engine/domain/errors.ts';
import { acdConfigOf } from './acd-config.ts';
import { checkConfig, parseConfig } from './load-config.ts';

const HEAD = `
nodes: [{ id: pbx-1, url: "http://127.0.0.1:8088", user: strowger, password: x }]
hotlines: [{ number: "95500", flow: bank }]
`;

function problems(acd: string): readonly string[] {
  try {
    parseConfig(HEAD + acd, 'f.yaml', {});
  } catch (error) {
    if (isStrowgerError(error, 'config.invalid')) return error.message.split('\n').slice(1).map((line) => line.trim());
    throw error;
  }
  return [];
}

describe('the ACD sections', () => {
  it('tell every mistake at once, with path, what was found and what is allowed', () => {
    const found = problems(`
skills: { loans: { title: Loans, highest: 3 }, cards: { title: Cards } }
skillLevels: { lowest: 1, highest: 10 }
queues:
  - { id: a, name: A, calendar: nowhere, wrapUpCodes: [sold, other, sold] }
  - { id: a, name: A again, announcements: { everySeconds: 5 } }
notReadyReasons: [{ code: lunch, title: Lunch }, { code: lunch, title: Dinner }]
agents:
  - { id: "1", name: L, endpoint: PJSIP/1, queues: [a, b], skills: { loans: 4, cards: 10, lion: 3 } }
  - { id: "1", name: M, endpoint: PJSIP/2, queues: [a, a] }
  - { id: "3", name: N, endpoint: PJSIP/3, queues: [] }
  - { id: "4", name: O, endpoint: PJSIP/4 }
`);
    expect(found).toEqual([
      'queues[1].announcements.everySeconds: found 5; allowed: 15 or more',
      'agents[2].queues: found []; allowed: at least 1 of them',
      'agents[3].queues: found nothing; allowed: an array',
      'queues[1]: found "a"; allowed: a value that stands once',
      'agents[1]: found "1"; allowed: a value that stands once',
      'notReadyReasons[1].code: found "lunch"; allowed: a value that stands once',
      'queues[0].calendar: found "nowhere"; allowed: a name of `calendars`, where there is none yet',
      'queues[0].wrapUpCodes[2]: found "sold"; allowed: a value that stands once',
      'agents[0].queues: found "b"; allowed: a',
      'agents[0].skills.loans: found 4; allowed: 1 to 3',
      'agents[0].skills.lion: found "lion"; allowed: loans, cards',
      'agents[1].queues[1]: found "a"; allowed: a value that stands once',
    ]);
  });

  it('say what callbacks need', () => {
    const centre = (callbacks: string, dial = 'callbacks: { dial: "PJSIP/{digits}@carrier" }'): string =>
      `${dial}\nqueues: [{ id: a, name: A, callbacks: ${callbacks} }]\nagents: [{ id: "1", name: L, endpoint: PJSIP/1, queues: [a] }]`;
    expect(problems(centre('{ order: customerFirst, flow: called-back, detectMachines: true, messageFlow: callback-message }'))).toEqual([]);
    expect(problems(centre('{}', ''))).toEqual(['queues[0].callbacks: found {}; allowed: callbacks only with `callbacks.dial`, which says how customers are dialled']);
    expect(problems(centre('{ order: customerFirst, messageFlow: callback-message }'))).toEqual([
      'queues[0].callbacks.flow: found nothing; allowed: the id of the flow that greets a customer whom we called',
      'queues[0].callbacks.messageFlow: found "callback-message"; allowed: a message only with `detectMachines: true`, which tells machines from people',
    ]);
  });

  it('take any skill while none is declared, and levels 1 to 5', () => {
    const agent = (skills: string): string => `queues: [{ id: a, name: A }]\nagents: [{ id: "1", name: L, endpoint: PJSIP/1, queues: [a], skills: ${skills} }]`;
    expect(problems(agent('{ anything: 5 }'))).toEqual([]);
    expect(problems(agent('{ anything: 6, other: 0 }'))).toEqual([
      'agents[0].skills.anything: found 6; allowed: 1 to 5',
      'agents[0].skills.other: found 0; allowed: 1 to 5',
    ]);
    expect(problems(`skillLevels: { lowest: 3, highest: 2 }\n${agent('{ anything: 6 }')}`)).toEqual([
      'skillLevels: found {"lowest":3,"highest":2}; allowed: `lowest` not above `highest`',
    ]);
  });

  it('warn of what works but looks like a mistake', () => {
    const { warnings } = checkConfig(
      `${HEAD}
queues: [{ id: a, name: A }, { id: empty, name: E }]
agents:
  - { id: "1", name: L, endpoint: PJSIP/1, queues: [a] }
  - { id: "2", name: M, endpoint: PJSIP/1, queues: [a] }
`,
      'f.yaml',
      {},
    );
    expect(warnings.map(({ path, found }) => [path, found])).toEqual([
      ['queues[1]', '"empty", which no agent serves'],
      ['agents[1].endpoint', '"PJSIP/1", which agent "1" has, too'],
    ]);
  });

  it('record only under a key, each queue as the centre unless it says otherwise', () => {
    const queues = 'queues: [{ id: a, name: A }, { id: b, name: B, recording: { record: onDemand, retentionDays: 30 } }, { id: c, name: C, recording: { record: never } }]';
    expect(problems(queues)).toEqual(['queues[1].recording: found {"record":"onDemand","retentionDays":30}; allowed: recordings only with `recording.keys`, under which they are encrypted']);
    const recording = 'recording: { keys: [{ id: "2026", key: secret }], record: always, sharePercent: 25 }';
    expect(problems(`${recording}\n${queues}`)).toEqual([]);
    const { queues: policies } = acdConfigOf(parseConfig(`${HEAD}\n${recording}\n${queues}`, 'f.yaml', {}));
    expect(policies.map((queue) => queue.recording)).toEqual([
      { record: 'always', share: 0.25, retentionMs: 180 * 86_400_000 },
      { record: 'onDemand', share: 0.25, retentionMs: 30 * 86_400_000 },
      { record: 'never', share: 0.25, retentionMs: 180 * 86_400_000 },
    ]);
    expect(() => parseConfig(`${HEAD}\nqueues: [{ id: a, name: A }]\nrecording: { keys: [{ id: "2026", key: 1234567 }] }`, 'f.yaml', {})).toThrow(/^(?![^]*1234567)/);
  });

  it('become what the distributor works by', () => {
    const config = parseConfig(`${HEAD}
fairAfterSeconds: 300
queues: [{ id: a, name: A, ringSeconds: 7, maxWaiting: 3 }]
agents: [{ id: "1", name: L, endpoint: PJSIP/1, queues: [a], skills: { loans: 2 } }]
`, 'f.yaml', {});
    expect(config.stickyDays).toBe(7);
    expect(acdConfigOf(config)).toMatchObject({
      fairAfterMs: 300_000,
      queues: [{ id: 'a', ringTimeoutMs: 7000, limits: { maxWaiting: 3, noAgentsGraceMs: 0 } }],
      agents: [{ id: '1', skills: { loans: 2 }, queues: ['a'] }],
    });
  });
});
