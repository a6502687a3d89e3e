import { describe, expect, it } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import { defineIvr } from '../../engine/flow/kit.ts';
import type { Step } from '../../engine/flow/kit-types.ts';
import { checkRoutes, computedRoutes } from './check-routes.ts';
import { parseConfig } from './load-config.ts';

const config = parseConfig(
  `
nodes: [{ id: pbx-1, url: "http://127.0.0.1:8088", user: strowger, password: x }]
hotlines: [{ number: "95500", flow: bank }]
queues: [{ id: service, name: S }, { id: other, name: O }]
agents:
  - { id: "1", name: L, endpoint: PJSIP/1, queues: [service], skills: { loans: 4, zh: 5 } }
  - { id: "2", name: M, endpoint: PJSIP/2, queues: [other], skills: { cards: 2 } }
`,
  'f.yaml',
  {},
);

function hotline(steps: readonly Step[] | (() => readonly Step[]), languageSkills?: { 'zh-CN': string; en: string }, queue: 'service' | 'gone' = 'service') {
  const ivr = defineIvr({
    prompts: { bye: { 'zh-CN': '再见', en: 'Bye' } },
    queues: ['service', 'gone'],
    vars: () => ({}),
    ...(languageSkills ? { defaults: { languageSkills } } : {}),
  });
  return ivr.flow({
    id: 'bank',
    title: 'Bank',
    numbers: ['1'],
    initial: 'agent',
    globals: {},
    fault: { prompt: 'bye', to: 'bye' },
    states: { agent: ivr.route({ queue, steps, overflow: 'bye' }), bye: ivr.end({ prompt: 'bye' }) },
  });
}
const found = (...parameters: Parameters<typeof hotline>): readonly string[] => checkRoutes(hotline(...parameters), config).map(({ state, text }) => `${state}: ${text}`);

describe('checkRoutes', () => {
  it('finds nothing in steps that widen', () => {
    expect(found([{ require: { skill: 'loans', atLeast: 3 }, forMs: 1000 }, { require: { skill: 'loans' }, forMs: 1000 }, { require: { all: [] } }])).toEqual([]);
  });

  it('knows the queues', () => {
    expect(found([], undefined, 'gone')).toEqual(['failure: routes to the queue gone, which is not configured']);
  });

  it('knows who could serve a step', () => {
    expect(found([{ require: { skill: 'cards' }, forMs: 1 }, { require: { skill: 'loans', atLeast: 5 } }, { require: { agent: agentId('9') } }])).toEqual([
      'warning: step 1 (cards): no agent of the queue service has cards',
      'warning: step 2 (loans ≥ 5): no agent of the queue service meets it',
      'warning: step 3 (agent 9) names agent 9, who is not configured',
    ]);
  });

  it('finds what can never be met', () => {
    expect(found([{ require: { all: [{ skill: 'loans', atLeast: 4 }, { skill: 'loans', atMost: 2 }] } }])).toEqual([
      'failure: step 1 (loans ≥ 4 and loans ≤ 2) can never be met: its conditions contradict each other or lie outside the levels of the skill',
    ]);
    expect(found([{ require: { skill: 'loans', atLeast: 6 } }])[0]).toContain('can never be met');
  });

  it('finds steps that bring nobody new', () => {
    expect(found([{ require: { skill: 'loans' } }, { require: { skill: 'loans', atLeast: 3 } }])).toEqual([
      'warning: step 2 (loans ≥ 3) is never reached: the step before it has no limit, and whoever could serve this one could serve that one',
    ]);
    expect(found([{ require: { skill: 'loans' }, forMs: 5000 }, { require: { all: [{ skill: 'loans' }] } }])).toEqual([
      'warning: step 2 (loans) brings nobody whom the step before it did not ask already',
    ]);
  });

  it('says which callers it concerns', () => {
    expect(found([{ require: { skill: 'loans' } }, { require: { all: [] }, anyLanguage: true }], { 'zh-CN': 'zh', en: 'en' })).toEqual([
      'warning: step 1 (en and loans): no agent of the queue service has en (callers who speak en)',
    ]);
  });

  it('knows the declared skills', () => {
    const declared = { ...config, skills: { loans: { title: 'Loans' } } };
    expect(checkRoutes(hotline([{ require: { not: { skill: 'lions' } } }]), declared)).toMatchObject([
      { state: 'failure', part: 'bank/agent', text: 'step 1 (not lions) asks for lions, which `skills` does not declare' },
    ]);
  });

  it('passes over steps that are computed', () => {
    expect(found(() => [{ require: { skill: 'nobody' } }])).toEqual([]);
    expect(computedRoutes(hotline(() => []))).toEqual(['bank/agent']);
    expect(computedRoutes(hotline([]))).toEqual([]);
  });
});
