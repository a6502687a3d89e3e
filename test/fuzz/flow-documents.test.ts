import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { PromptTexts } from '../../engine/domain/prompt.ts';
import { checkFlow } from '../../engine/flow/check.ts';
import { FLOW_RULES } from '../../engine/flow/finding.ts';
import { defineIvr } from '../../engine/flow/kit.ts';
import { noSecret, type Secret } from '../../engine/flow/secret.ts';
import { service } from '../../engine/flow/service.ts';
import { damaged, fuzz, FUZZ_TIMEOUT_MS } from './inputs.ts';

const PROMPTS = {
  menu: { 'zh-CN': '新闻请按1，卡片请按22，重听请按星号键。', en: 'For news, press 1. For cards, press 22. To hear this again, press star.' },
  news: { 'zh-CN': '今天没有新闻。', en: 'There is no news today.' },
  value: { 'zh-CN': '您有{n:number}元', en: 'You have {n:number} yuan' },
  enter: { 'zh-CN': '请输入卡号。', en: 'Please enter the number of your card.' },
  sorry: { 'zh-CN': '抱歉。', en: 'Sorry.' },
} as const satisfies PromptTexts;

interface Vars {
  count: number;
  pin: Secret;
  text: string;
}
const kit = defineIvr({ prompts: PROMPTS, services: { ask: service<{ text: string }, { count: number }>() }, vars: (): Vars => ({ count: 0, pin: noSecret, text: '' }) });

/** A flow as a designer writes it, without what only code can say. */
const DOCUMENT = {
  id: 'sample',
  numbers: ['95500'],
  initial: 'main',
  globals: { operator: { to: 'agent' }, back: { to: 'main' }, repeat: '*' },
  fault: { prompt: 'sorry', to: 'agent' },
  states: {
    main: ['menu', { prompt: 'menu', choices: { news: { dtmf: '1', to: 'news', set: { count: 1 } }, card: { dtmf: '22', to: 'card' } }, noInput: 'bye', noMatch: 'bye', tries: 2 }],
    news: ['say', { prompt: ['news', { key: 'value', values: { n: 'count' } }], to: 'rest' }],
    card: ['collect', { prompt: 'enter', digits: { min: 4, max: 19 }, sensitivity: 'personal', into: 'text', to: 'pin', cancelled: 'main', noInput: 'bye', noMatch: 'bye' }],
    pin: ['collect', { prompt: 'enter', digits: 6, sensitivity: 'secret', into: 'pin', to: 'ask', cancelled: 'main', otherwise: 'bye' }],
    ask: ['ask', { input: { text: 'text' }, timeoutMs: 3_000, to: { to: 'news', keep: { count: 'count' } }, failed: 'bye' }],
    agent: ['route', { queue: 'personal', priority: 1, steps: [{ require: { skill: 'loans', atLeast: 3 }, forMs: 30_000 }, { require: { all: [] } }], overflow: 'bye' }],
    rest: ['wait', { ms: 1_000, to: 'main' }],
    bye: ['end', { prompt: 'sorry' }],
  },
};

type Verb = 'say' | 'menu' | 'collect' | 'route' | 'wait' | 'end';
const VERBS: readonly string[] = ['say', 'menu', 'collect', 'route', 'wait', 'end'] satisfies readonly Verb[];

/** What the compiler would have refused is given to the kit all the same. */
function flowOf(document: unknown): ReturnType<typeof kit.flow> {
  const { states, ...rest } = document as typeof DOCUMENT;
  const built = Object.fromEntries(
    Object.entries(states).map(([name, state]) => {
      const [verb, config] = state as unknown as readonly [string, unknown];
      if (verb === 'ask') return [name, (kit.call.ask as (given: unknown) => unknown)(config)];
      return [name, VERBS.includes(verb) ? (kit[verb as Verb] as (given: unknown) => unknown)(config) : state];
    }),
  );
  return kit.flow({ ...rest, states: built } as never);
}

it('the flow that is broken is sound', () => expect(checkFlow(flowOf(DOCUMENT).machine, PROMPTS)).toEqual([]));

it(
  'flows, whole and broken, are refused while they load, or checked to the end',
  async () => {
    let checked = 0;
    let faulty = 0;
    await fuzz(fc.oneof({ weight: 20, arbitrary: damaged([DOCUMENT]) }, damaged([[DOCUMENT]])), (document) => {
      let flow: ReturnType<typeof flowOf>;
      try {
        flow = flowOf(document);
      } catch (error) {
        // Whoever loads a flow tells it as `flow.broken`, with this text.
        expect(error).toBeInstanceOf(Error);
        return;
      }
      checked += 1;
      const findings = checkFlow(flow.machine, PROMPTS);
      for (const { code, path, message, hint } of findings) expect([Object.hasOwn(FLOW_RULES, code), path, message, hint].every(Boolean)).toBe(true);
      if (findings.length > 0) faulty += 1;
    });
    expect(Math.min(checked - faulty, faulty)).toBeGreaterThan(0);
  },
  FUZZ_TIMEOUT_MS,
);
