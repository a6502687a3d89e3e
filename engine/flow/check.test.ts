import { createMachine } from 'xstate';
import { describe, expect, it } from 'vitest';
import bank from '../../flows/bank.ts';
import branchHours from '../../flows/branch-hours.ts';
import callbackMessage from '../../flows/callback-message.ts';
import calledBack from '../../flows/called-back.ts';
import type { PromptTexts } from '../domain/prompt.ts';
import { checkFlow } from './check.ts';
import { FLOW_RULES, type Finding, type FlowRule } from './finding.ts';
import type { Kit } from './kit-api.ts';
import { defineIvr, type AnySubflow } from './kit.ts';
import { noSecret, type Secret } from './secret.ts';
import { service } from './service.ts';

const prompts = {
  menu: { 'zh-CN': '新闻请按1，重听请按星号键。', en: 'For news, press 1. To hear this again, press star.' },
  news: { 'zh-CN': '今天没有新闻。', en: 'There is no news today.' },
  value: { 'zh-CN': '您有{n:number}元', en: 'You have {n:number} yuan' },
  sorry: { 'zh-CN': '抱歉。', en: 'Sorry.' },
} as const satisfies PromptTexts;

interface Vars {
  count: number;
  flag: boolean;
  pin: Secret;
  text: string;
}
const vars = (): Vars => ({ count: 0, flag: false, pin: noSecret, text: '' });
const parts = { prompts, services: { ask: service<{ text: string }, { count: number }>() }, vars };
const kit = defineIvr(parts);
const { menu, say, end, collect, call, branch, route, wait } = kit;

const main = menu({ prompt: 'menu', choices: { news: { dtmf: '1', to: 'news' } }, otherwise: 'bye' });
const news = say({ prompt: ['news', { key: 'value', values: { n: 'count' } }], to: 'main' });
const bye = end({ prompt: 'sorry' });

/** A flow that passes, with `states` beside or instead of its own. The compiler looks away: it is what the checks are for. */
function withStates(states: object, from: Pick<Kit<never, never, never, never, never, never, never>, 'flow'> = kit, texts: object = prompts): Finding[] {
  const flow = (from as unknown as typeof kit).flow;
  const hotline = flow({
    id: 'sample',
    numbers: [],
    initial: 'main',
    globals: { operator: { to: 'bye' }, back: { to: 'main' } },
    fault: { prompt: 'sorry', to: 'bye' },
    states: { main, news, bye, ...states },
  });
  return checkFlow(hotline.machine, texts as PromptTexts);
}
const codes = (findings: readonly Finding[]) => findings.map(({ code, path }) => `${code} ${path}`);
const without = (key: keyof typeof prompts) => Object.fromEntries(Object.entries(prompts).filter(([name]) => name !== key));
/** A menu that leads to `target` beside what it does already. */
const mainTo = (target: string, more: object = {}) => ({
  main: menu({ prompt: 'menu', choices: { news: { dtmf: '1', to: 'news', set: { flag: true } } }, noInput: 'bye', noMatch: target, ...more }),
});
const inner = (states: object, initial = 'start') =>
  kit.subflow({ id: 'inner', initial: initial, states: states as never }) as unknown as AnySubflow;
const around = (sub: AnySubflow, exits: object, texts: object = prompts) => {
  const outer = defineIvr({ ...parts, subflows: { sub } });
  const calling = (outer.call.sub as unknown as (config: object) => object)({ exits });
  return withStates({ ...mainTo('calling'), calling }, outer, texts);
};

describe('checkFlow', () => {
  it('finds nothing wrong with a flow that is right', () => expect(withStates({})).toEqual([]));

  it.each([bank, branchHours, calledBack, callbackMessage])('finds nothing wrong with $id', ({ machine, prompts: texts }) => expect(checkFlow(machine, texts)).toEqual([]));

  /** A mistake for each rule; the rules that are not here fail the last test. */
  const seeded: { readonly [R in FlowRule]: readonly (readonly [mistake: string, findings: () => Finding[], path: string])[] } = {
    'prompt.missing': [
      ['a state says what has no text', () => withStates({}, undefined, without('news')), 'sample.news'],
      ['an apology of a menu has no text', () => withStates(mainTo('bye', { noMatchPrompt: 'nope' })), 'sample.main'],
      ['a sub-flow says what has no text', () => around(inner({ start: say({ prompt: 'nope' as 'news', to: 'done' }), done: kit.exit() }), { done: 'bye' }), 'sample.calling/start'],
    ],
    'prompt.language': [['a text is empty in one language', () => withStates({}, undefined, { ...prompts, news: { 'zh-CN': '今天没有新闻。', en: ' ' } }), 'sample']],
    'prompt.slots': [['one language has no value', () => withStates({}, undefined, { ...prompts, value: { ...prompts.value, en: 'You have much' } }), 'sample']],
    'prompt.kind': [['a kind that does not exist', () => withStates({}, undefined, { ...prompts, news: { 'zh-CN': '{a:colour}', en: '{a:colour}' } }), 'sample']],
    'prompt.values': [
      ['a value is not given', () => withStates({ news: say({ prompt: 'value' as 'news', to: 'main' }) }), 'sample.news'],
      ['a value is not taken', () => withStates({ news: say({ prompt: { key: 'value', values: { n: 'count', m: 'count' } } as never, to: 'main' }) }), 'sample.news'],
    ],
    'prompt.unused': [['a text is left over', () => withStates({}, undefined, { ...prompts, old: prompts.news }), 'sample']],
    'outcome.unhandled': [
      ['a menu by hand handles silence only', () => withStates({ ...mainTo('hand'), hand: byHand('menu', [on('choice', 'a'), on('outcome', 'noInput')]) }), 'sample.hand'],
      ['a menu of the kit lost a choice', () => withStates({ ...mainTo('hand'), hand: lostChoice() }), 'sample.hand'],
      ['a call by hand handles success only', () => withStates({ ...mainTo('hand'), hand: byHand('call', [on('outcome', 'ok')]) }), 'sample.hand'],
      ['hours by hand forget holidays', () => withStates({ ...mainTo('hand'), hand: byHand('hours', [on('outcome', 'open'), on('outcome', 'closed')]) }), 'sample.hand'],
      ['a route by hand forgets that nobody answers', () => withStates({ ...mainTo('hand'), hand: byHand('route', [on('outcome', 'served')]) }), 'sample.hand'],
      ['no exit at all', () => withStates({ ...mainTo('hand'), hand: byHand('say', []) }), 'sample.hand'],
      ['an exit of a sub-flow is not handled', () => around(inner({ start: branch({ cases: [{ variable: 'flag', is: true, to: 'a' }], otherwise: 'b' }), a: kit.exit(), b: kit.exit() }), { a: 'bye' }), 'sample.calling'],
    ],
    'failure.unhandled': [['a machine by hand without onError', () => handMade(), 'hand.one']],
    'state.initial': [
      ['of a flow', () => checkFlow(kit.flow({ id: 'a', numbers: [], initial: 'x' as 'bye', fault: { prompt: 'sorry', to: 'bye' }, states: { bye } }).machine, prompts), 'a'],
      ['of a compound state', () => withStates({ ...mainTo('nest'), nest: { initial: 'tow', states: { two: say({ prompt: 'news', to: '#sample.bye' as 'bye' }) } } }), 'sample.nest'],
    ],
    'state.unreadable': [['a prompt is a hole', () => withStates({ ...mainTo('hole'), hole: say({ prompt: new Array<'news'>(1), to: 'bye' }) }), 'sample.hole']],
    'state.unreachable': [
      ['nobody leads there', () => withStates({ lonely: say({ prompt: 'news', to: 'bye' }) }), 'sample.lonely'],
      ['in a sub-flow', () => around(inner({ start: say({ prompt: 'news', to: 'done' }), done: kit.exit(), lost: say({ prompt: 'news', to: 'done' }) }), { done: 'bye' }), 'sample.calling/lost'],
      ['a cycle that nobody leads to', () => withStates({ a: say({ prompt: 'news', to: 'b' }), b: collect({ prompt: 'news', digits: 1, sensitivity: 'plain', into: 'text', to: 'a', otherwise: 'bye' }) }), 'sample.a'],
    ],
    'state.dead-end': [
      ['an empty state', () => withStates({ ...mainTo('empty'), empty: {} }), 'sample.empty'],
      ['a state that waits for an event that nobody sends', () => withStates({ ...mainTo('empty'), empty: { on: { 'key.back': 'main' } } }), 'sample.empty'],
      ['a compound state that ends and nothing follows', () => withStates({ ...mainTo('nest'), nest: { initial: 'one', states: { one: say({ prompt: 'news', to: 'two' }), two: { type: 'final' } } } }), 'sample.nest.two'],
    ],
    'state.no-case': [['every case has a condition', () => withStates({ ...mainTo('cases'), cases: { always: [{ guard: { type: 'when', params: { variable: 'flag', is: true } }, target: 'bye' }] } }), 'sample.cases']],
    'state.not-again': [
      ['a way to itself by hand', () => withStates({ ...mainTo('hand'), hand: byHand('menu', [{ ...on('choice', 'a'), target: 'hand' }, { target: 'bye' }]) }), 'sample.hand'],
      ['an outcome without a target', () => withStates({ ...mainTo('hand'), hand: byHand('menu', [{ guard: on('choice', 'a').guard }, { target: 'bye' }]) }), 'sample.hand'],
    ],
    'timer.raw': [['a raw timer', () => withStates({ ...mainTo('timer'), timer: { after: { 1000: 'bye' }, ...say({ prompt: 'news', to: 'bye' }) } }), 'sample.timer']],
    'guard.inline': [['a function as guard', () => withStates({ ...mainTo('cases'), cases: { always: [{ guard: () => true, target: 'bye' }, { target: 'main' }] } }), 'sample.cases']],
    'guard.unknown': [['a guard with a typing mistake', () => withStates({ ...mainTo('cases'), cases: { always: [{ guard: { type: 'wen', params: {} }, target: 'bye' }, { target: 'bye' }] } }), 'sample.cases']],
    'action.unknown': [
      ['an entry action with a typing mistake', () => withStates({ ...mainTo('cases'), cases: { entry: 'sett', always: { target: 'bye' } } }), 'sample.cases'],
      ['an action of a transition', () => withStates({ ...mainTo('cases'), cases: { always: { target: 'bye', actions: { type: 'sett' } } } }), 'sample.cases'],
    ],
    'actor.unknown': [['a verb that does not exist', () => withStates({ ...mainTo('hand'), hand: byHand('sing', [{ target: 'bye' }]) }), 'sample.hand']],
    'secret.spoken': [['a PIN is said', () => withStates({ ...mainTo('pin'), pin: askPin('tell'), tell: say({ prompt: { key: 'value', values: { n: 'pin' } } as never, to: 'bye' }) }), 'sample.tell']],
    'secret.exposed': [['a PIN leaves a sub-flow', () => around(inner({ start: askPin('done', 'done'), done: kit.exit({ pin: 'pin' } as never) }), { done: 'bye' }), 'sample.calling/done']],
    'menu.duplicate-key': [['one key twice', () => withStates(menuWith({ a: { dtmf: '1', to: 'news' }, b: { dtmf: '1', to: 'bye' } })), 'sample.main']],
    'menu.prefix': [['a short key before a long one', () => withStates(menuWith({ a: { dtmf: '1', to: 'news' }, b: { dtmf: '12', to: 'bye' } })), 'sample.main']],
    'menu.global-key': [
      ['a choice on the key of the operator', () => withStates(menuWith({ a: { dtmf: '1', to: 'news' }, b: { dtmf: '0', to: 'bye' } })), 'sample.main'],
      ['a choice on the key for repeating', () => withStates(menuWith({ a: { dtmf: '1', to: 'news' }, b: { dtmf: '*', to: 'bye' } })), 'sample.main'],
      ['a sub-flow takes a key of the flow around it', () => around(inner({ start: menu({ prompt: 'menu', choices: { a: { dtmf: '1', to: 'done' }, b: { dtmf: '9', to: 'done' } }, otherwise: 'done' }), done: kit.exit() }), { done: 'bye' }), 'sample.calling/start'],
    ],
    'menu.unsaid-key': [
      ['a key that the text does not tell', () => withStates(menuWith({ a: { dtmf: '1', to: 'news' }, b: { dtmf: '2', to: 'bye' } })), 'sample.main'],
      ['a key that one language does not tell', () => withStates({}, undefined, { ...prompts, menu: { ...prompts.menu, en: 'For news, press 10.' } }), 'sample.main'],
    ],
    'loop.unattended': [
      ['silence leads back', () => withStates({ main: menu({ prompt: 'menu', choices: { news: { dtmf: '1', to: 'news' } }, noInput: 'main', noMatch: 'bye' }) }), 'sample.main'],
      ['a failing service is asked for ever', () => withStates({ ...mainTo('ask'), ask: call.ask({ input: { text: 'text' }, to: 'bye', failed: 'pause' }), pause: wait({ forMs: 1, to: 'ask' }) }), 'sample.ask'],
      ['nobody asks what is counted', () => withStates({ ...mainTo('again'), again: say({ prompt: 'news', to: { to: 'back', count: 'count' } }), back: branch({ cases: [{ variable: 'flag', is: true, to: 'bye' }], otherwise: 'again' }) }), 'sample.again'],
      ['what is counted is asked for one number only', () => withStates({ ...mainTo('again'), again: say({ prompt: 'news', to: { to: 'back', count: 'count' } }), back: branch({ cases: [{ variable: 'count', is: 3, to: 'bye' }], otherwise: 'again' }) }), 'sample.again'],
      ['a queue that is left for itself', () => withStates({ ...mainTo('queue'), queue: route({ queue: 'q' as never, steps: [], overflow: 'queue' }) }), 'sample.queue'],
      ['a sub-flow that a silent caller falls through', () => around(inner({ start: askPin('done'), bye: kit.exit(), done: kit.exit() }), { done: 'bye', bye: 'calling' }), 'sample.calling'],
    ],
  };

  describe.each(Object.entries(seeded))('%s', (rule, mistakes) => {
    it.each(mistakes)('%s', (_mistake, findings, path) => {
      const found = findings();
      expect(codes(found)).toContain(`${rule} ${path}`);
      const hit = found.find(({ code }) => code === rule);
      expect(hit).toMatchObject({ severity: FLOW_RULES[rule as FlowRule].severity });
      expect(hit?.hint).toMatch(/\.$/);
    });
  });

  it('says nothing more than the one mistake', () => {
    const alone = Object.entries(seeded).filter(([rule]) => ['state.dead-end', 'timer.raw', 'guard.inline', 'menu.duplicate-key', 'loop.unattended'].includes(rule));
    for (const [rule, mistakes] of alone) for (const [, findings] of mistakes) expect(new Set(findings().map(({ code }) => code))).toEqual(new Set([rule]));
  });

  it('leaves bounded loops, and those that a caller drives, in peace', () => {
    const bounded = { ...mainTo('again'), again: say({ prompt: 'news', to: { to: 'back', count: 'count' } }), back: branch({ cases: [{ variable: 'count', atLeast: 3, to: 'bye' }], otherwise: 'again' }) };
    expect(withStates(bounded)).toEqual([]);
    const driven = { ...mainTo('pin'), pin: askPin('pin') };
    expect(withStates(driven)).toEqual([]);
    const throughSubflow = around(inner({ start: askPin('done'), bye: kit.exit(), done: kit.exit() }), { done: 'calling', bye: 'bye' });
    expect(throughSubflow).toEqual([]);
  });

  it('accepts a choice on a key of the flow when the menu says that it is meant', () => {
    const choices = { a: { dtmf: '1', to: 'news' }, b: { dtmf: '0', to: 'bye' } } as const;
    const texts = { ...prompts, menu: { 'zh-CN': '新闻请按1，结束请按0。', en: 'For news, press 1. To end, press 0.' } };
    expect(withStates({ main: menu({ prompt: 'menu', choices, globals: { operator: false }, otherwise: 'bye' }) }, undefined, texts)).toEqual([]);
  });

  it('accepts a menu in two languages whose texts tell a key each', () => {
    const both = { 'zh-CN': '中文请按一。', en: 'For English, press two.' };
    const language = menu({ prompt: 'menu', languages: ['zh-CN', 'en'], choices: { a: { dtmf: '1', to: 'news' }, b: { dtmf: '2', to: 'news' } }, otherwise: 'bye' });
    expect(withStates({ main: language }, undefined, { ...prompts, menu: both })).toEqual([]);
  });

  it('leaves to XState what XState refuses when a machine is made', () => {
    expect(() => withStates({ main: say({ prompt: 'menu', to: 'nowhere' }) })).toThrow(/nowhere/);
    expect(() => withStates({ over: say({ prompt: 'news', to: 'bye' }) })).toThrow(/'over' already/);
  });
});

function on(type: string, is: string) {
  return { guard: { type, params: { is } }, target: 'bye' };
}
function byHand(src: string, onDone: readonly object[]) {
  return { invoke: { src, input: {}, onDone } };
}
function askPin(to: string, otherwise = 'bye') {
  return collect({ prompt: 'news', digits: 6, sensitivity: 'secret', into: 'pin', to, otherwise });
}
function menuWith(choices: object) {
  return { main: menu({ prompt: 'menu', choices: choices as { a: { dtmf: '1'; to: 'news' } }, otherwise: 'bye' }) };
}
function lostChoice() {
  const state = menu({ prompt: 'menu', choices: { a: { dtmf: '1', to: 'news' } }, noInput: 'bye', noMatch: 'bye' }) as unknown as { invoke: { onDone: object[] } };
  return { ...state, invoke: { ...state.invoke, onDone: state.invoke.onDone.slice(1) } };
}
function handMade(): Finding[] {
  const machine = createMachine({
    id: 'hand',
    initial: 'one',
    states: { one: { invoke: { src: 'say', onDone: 'two' } }, two: { type: 'final' } },
  });
  return checkFlow(machine, {});
}
