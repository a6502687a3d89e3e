import { describe, expect, it } from 'vitest';
import { choose, collected, failed, ok, runFlow, type Script } from '../../test/fakes/scripted-verbs.ts';
import type { PromptTexts } from '../domain/prompt.ts';
import { isHotline } from './hotline.ts';
import { defineIvr } from './kit.ts';
import { noSecret, type Secret } from './secret.ts';
import { service } from './service.ts';

const prompts = {
  hello: { 'zh-CN': '您好', en: 'Hello' },
  sorry: { 'zh-CN': '抱歉', en: 'Sorry' },
  wrong: { 'zh-CN': '错误', en: 'Wrong' },
  sum: { 'zh-CN': '{n:number}和{d:digits}', en: '{n:number} and {d:digits}' },
} as const satisfies PromptTexts;

interface Vars {
  n: number;
  text: string;
  open: boolean;
  pin: Secret;
}
const vars = (): Vars => ({ n: 0, text: 'a', open: false, pin: noSecret });
const kit = defineIvr({ prompts, vars, services: { ask: service<{ text: string }, { n: number; text: string }>({ timeoutMs: 4_000 }) }, queues: ['q', 'r'] });
const { say, menu, collect, call, route, music, wait, branch, end, set } = kit;
const bye = end({ prompt: 'hello' });

/** A hotline that begins in `main`. */
function hotline(states: Parameters<typeof kit.flow>[0]['states'], more: object = {}) {
  return kit.flow({ id: 'test', numbers: [], initial: 'main', fault: { prompt: 'sorry', to: 'bye' }, states: { bye, ...states }, ...more } as never);
}
const run = (states: object, script: Script, more: object = {}) => runFlow(hotline(states as never, more).machine, script);

describe('what the helpers hand to the verbs', () => {
  it('say: prompts with their values, and the language of the caller', async () => {
    const { verbs } = await run({ main: say({ prompt: ['hello', { key: 'sum', values: { n: (v) => v.n + 1, d: 'text' } }], bargeIn: false, to: 'bye' }) }, {});
    expect(verbs.inputs('say')).toEqual([{ prompts: [{ key: 'hello' }, { key: 'sum', values: { n: 1, d: 'a' } }], languages: ['zh-CN'], bargeIn: false }]);
  });

  it('menu: defaults, keys and the keys of the flow', async () => {
    const main = menu({ prompt: 'hello', choices: { a: { dtmf: '1', to: 'bye' }, b: { dtmf: '12', to: 'bye' } }, otherwise: 'bye' });
    const { verbs } = await run({ main }, {}, { globals: { operator: { to: 'bye' }, back: { key: '8', to: 'bye' } } });
    expect(verbs.inputs('menu')).toEqual([
      {
        prompt: { key: 'hello' },
        languages: ['zh-CN'],
        choices: { a: '1', b: '12' },
        globals: { operator: '0', back: '8', repeat: '*' },
        bargeIn: true,
        firstDigitTimeoutMs: 7_000,
        interDigitTimeoutMs: 3_000,
        tries: { noInput: 3, noMatch: 3 },
      },
    ]);
  });

  it('menu: its own choice takes a key from the flow, and it may do without the flow’s keys', async () => {
    const globals = { operator: { to: 'bye' }, back: { to: 'bye' }, repeat: '#' };
    const keysOf = async (more: object) => {
      const main = menu({ prompt: 'hello', choices: { a: { dtmf: '0', to: 'bye' } }, otherwise: 'bye', ...more });
      return (await run({ main }, {}, { globals })).verbs.inputs('menu')[0]?.globals;
    };
    expect(await keysOf({})).toEqual({ back: '9', repeat: '#' });
    expect(await keysOf({ globals: { back: false } })).toEqual({ repeat: '#' });
    expect(await keysOf({ globals: false })).toEqual({});
  });

  it('a verb’s own settings go before those of the flow, and those before the kit’s', async () => {
    const tuned = defineIvr({
      prompts,
      vars,
      defaults: { bargeIn: false, menuTimeoutMs: 1, collectTimeoutMs: 2, interDigitTimeoutMs: 3, tries: { noInput: 1, noMatch: 2 }, noInputPrompt: 'sorry', noMatchPrompt: 'wrong' },
    });
    const flow = tuned.flow({
      id: 'tuned',
      numbers: [],
      initial: 'main',
      fault: { prompt: 'sorry', to: 'bye' },
      states: {
        main: tuned.menu({ prompt: 'hello', choices: { a: { dtmf: '1', to: 'ask' } }, otherwise: 'bye' }),
        ask: tuned.collect({ prompt: 'hello', digits: { min: 2, max: 4 }, terminator: false, cancelKey: '9', sensitivity: 'plain', into: 'text', to: 'own', otherwise: 'bye' }),
        own: tuned.menu({ prompt: 'hello', choices: { a: { dtmf: '1', to: 'bye' } }, otherwise: 'bye', bargeIn: true, firstDigitTimeoutMs: 9, interDigitTimeoutMs: 8, tries: 5, noInputPrompt: 'hello' }),
        bye,
      },
    });
    const { verbs } = await runFlow(flow.machine, { main: choose('a'), ask: collected('12') });
    const shared = { bargeIn: false, interDigitTimeoutMs: 3, tries: { noInput: 1, noMatch: 2 }, noInputPrompt: { key: 'sorry' }, noMatchPrompt: { key: 'wrong' } };
    expect(verbs.inputs('menu')[0]).toMatchObject({ ...shared, firstDigitTimeoutMs: 1 });
    expect(verbs.inputs('collect')[0]).toEqual({ ...shared, firstDigitTimeoutMs: 2, prompt: { key: 'hello' }, languages: ['zh-CN'], minDigits: 2, maxDigits: 4, cancelKey: '9', sensitivity: 'plain' });
    expect(verbs.inputs('menu')[1]).toMatchObject({ bargeIn: true, firstDigitTimeoutMs: 9, interDigitTimeoutMs: 8, tries: { noInput: 5, noMatch: 5 }, noInputPrompt: { key: 'hello' }, noMatchPrompt: { key: 'wrong' } });
  });

  it('route: queue, priority and steps from variables; agents must speak the language unless a step says otherwise', async () => {
    const skilled = defineIvr({ prompts, vars, queues: ['q'], defaults: { languageSkills: { 'zh-CN': 'lang.zh', en: 'lang.en' } } });
    const flow = skilled.flow({
      id: 'skilled',
      numbers: [],
      initial: 'main',
      fault: { prompt: 'sorry', to: 'bye' },
      states: {
        main: skilled.route({
          queue: 'q',
          priority: (v) => v.n + 2,
          steps: (v) => [{ require: { skill: v.text }, forMs: 5 }, { require: { all: [] }, anyLanguage: true }],
          afterSteps: 'any',
          music: 'calm',
          welcome: 'hello',
          comfort: { prompt: { key: 'sum', values: { n: 'n', d: 'text' } }, everyMs: 7 },
          overflow: 'bye',
        }),
        bye,
      },
    });
    const { verbs } = await runFlow(flow.machine, {}, { language: 'en' });
    expect(verbs.inputs('route')).toEqual([
      {
        queue: 'q',
        priority: 2,
        steps: [
          { require: { all: [{ skill: 'lang.en' }, { skill: 'a' }] }, forMs: 5 },
          { require: { all: [] }, forMs: 'untilServed' },
        ],
        afterSteps: 'any',
        music: 'calm',
        welcome: { key: 'hello' },
        comfort: { prompt: { key: 'sum', values: { n: 0, d: 'a' } }, everyMs: 7 },
      },
    ]);
  });

  it('route: the usual priority, and no agent but those that the steps name', async () => {
    const { verbs } = await run({ main: route({ queue: 'q', steps: [], overflow: 'bye' }) }, {});
    expect(verbs.inputs('route')).toEqual([{ queue: 'q', priority: 5, steps: [], afterSteps: 'strict' }]);
  });

  it('a fault: sorry, which a key that was pressed before does not cut short', async () => {
    const { verbs } = await run({ main: wait({ forMs: 1, to: 'bye' }) }, { main: { fail: 'x' } });
    expect(verbs.inputs('say')).toEqual([{ prompts: [{ key: 'sorry' }], languages: ['zh-CN'], bargeIn: false }]);
  });

  it('call, music, wait, end', async () => {
    const states = {
      main: call.ask({ input: { text: 'text' }, music: 'calm', to: 'pause', failed: 'bye' }),
      pause: music({ forMs: 5, musicClass: 'calm', bargeIn: false, to: 'rest' }),
      rest: wait({ forMs: 6, to: 'bye' }),
    };
    const { verbs } = await run(states, { main: ok({ n: 1, text: '' }) });
    expect(verbs.runs.map(({ input }) => input)).toEqual([
      { service: 'ask', input: { text: 'a' }, timeoutMs: 4_000, music: 'calm' },
      { forMs: 5, musicClass: 'calm', bargeIn: false },
      { forMs: 6 },
      { prompts: [{ key: 'hello' }], languages: ['zh-CN'] },
    ]);
  });
});

describe('where a flow goes and what it remembers', () => {
  it('keeps what a choice sets: constants, computed values, counts and the language', async () => {
    const main = menu({
      prompt: 'hello',
      choices: { a: { dtmf: '1', to: 'next', language: 'en', count: 'n', set: { text: (v) => `${v.text}${v.dialled}`, open: true } } },
      otherwise: 'bye',
    });
    const { actor, verbs } = await run({ main, next: menu({ prompt: 'hello', choices: {}, otherwise: 'bye' }) }, { main: choose('a') });
    expect(actor.getSnapshot().context).toMatchObject({ n: 1, text: 'a100', open: true, language: 'en' });
    expect(verbs.inputs('menu')[1]?.languages).toEqual(['en']);
  });

  it.each([
    ['noInput', 'silent'],
    ['noMatch', 'rest'],
  ])('leads %s to %s when silence has an exit of its own', async (outcome, to) => {
    const main = menu({ prompt: 'hello', choices: {}, noInput: 'silent', otherwise: 'rest' });
    const { states } = await run({ main, silent: wait({ forMs: 1, to: 'bye' }), rest: wait({ forMs: 1, to: 'bye' }) }, { main: { outcome } });
    expect(states[1]).toBe(to);
  });

  it('leads cancelled to otherwise unless it has an exit of its own', async () => {
    const ask = (more: object) => collect({ prompt: 'hello', digits: 1, sensitivity: 'plain', into: 'text', to: 'bye', otherwise: 'rest', ...more });
    const rest = wait({ forMs: 1, to: 'bye' });
    expect((await run({ main: ask({}), rest }, { main: { outcome: 'cancelled' } })).states[1]).toBe('rest');
    expect((await run({ main: ask({ cancelled: 'bye' }), rest }, { main: { outcome: 'cancelled' } })).states[1]).toBe('bye');
  });

  it('keeps the digits of collect, and the fields of an answer', async () => {
    const states = {
      main: collect({ prompt: 'hello', digits: 3, sensitivity: 'personal', into: 'text', to: 'ask', otherwise: 'bye' }),
      ask: call.ask({ input: (v) => ({ text: v.text }), to: { to: 'stay', keep: { n: 'n', text: 'text' }, set: { open: true } }, failed: 'bye' }),
      stay: menu({ prompt: 'hello', choices: {}, otherwise: 'bye' }),
    };
    const { actor, verbs } = await run(states, { main: collected('123'), ask: ok({ n: 7, text: 'seven' }) });
    expect(verbs.inputs('call')[0]?.input).toEqual({ text: '123' });
    expect(actor.getSnapshot().context).toMatchObject({ n: 7, text: 'seven', open: true });
  });

  it.each([
    ['an answer without a field that is kept', ok({ text: 'x' })],
    ['an answer that is no object', ok('x')],
    ['no answer', failed()],
    ['a lost secret that nobody sent', { outcome: 'secretLost' }],
  ])('counts %s as a failure', async (_what, answer) => {
    const main = call.ask({ input: { text: 'text' }, to: { to: 'main', keep: { n: 'n' } }, failed: 'bye' });
    expect((await run({ main }, { main: answer })).states).toEqual(['main', 'bye', 'over']);
  });

  it('decides by the first case that holds', async () => {
    const decide = (cases: Parameters<typeof branch>[0]['cases'], n: number) =>
      run({ main: { entry: set({ n }), always: { target: 'fork' } }, fork: branch({ cases: cases as never, otherwise: 'none' }), one: wait({ forMs: 1, to: 'bye' }), two: wait({ forMs: 1, to: 'bye' }), none: wait({ forMs: 1, to: 'bye' }) }, {});
    const cases = [{ variable: 'n', atLeast: 5, to: 'one' }, { variable: 'n', below: 2, to: 'two' }, { variable: 'n', is: 3, to: 'one' }] as never;
    for (const [n, to] of [[5, 'one'], [4, 'none'], [2, 'none'], [1, 'two'], [3, 'one']] as const) {
      expect((await decide(cases, n)).states[0]).toBe(to);
    }
  });

  it('after a conversation the call is over, unless the flow says otherwise', async () => {
    const served: Script = { main: { outcome: 'served', agentId: 'a' } };
    expect((await run({ main: route({ queue: 'q', steps: [], overflow: 'bye' }) }, served)).states).toEqual(['main', 'over']);
    expect((await run({ main: route({ queue: 'q', steps: [], overflow: 'bye', served: 'bye' }) }, served)).states).toEqual(['main', 'bye', 'over']);
  });

  it('a menu may lead the back key elsewhere', async () => {
    const main = menu({ prompt: 'hello', choices: {}, otherwise: 'bye', back: { to: 'rest', count: 'n' } });
    const { states, actor } = await run({ main, rest: menu({ prompt: 'hello', choices: {}, otherwise: 'bye' }) }, { main: { tell: { type: 'key.back' } } }, { globals: { back: { to: 'bye' } } });
    expect(states).toEqual(['main', 'rest']);
    expect(actor.getSnapshot().context['n' as never]).toBe(1);
  });

  it.each([
    ['its own choice', { main: [choose('a'), 'pending'] }],
    ['a key of the flow', { main: [{ tell: { type: 'key.back' } }, 'pending'] }],
  ] satisfies [string, Script][])('starts a menu again that %s leads back to', async (_what, script) => {
    const main = menu({ prompt: 'hello', choices: { a: { dtmf: '1', to: 'main' } }, otherwise: 'bye' });
    const { path } = await run({ main }, script, { globals: { back: { to: 'main' } } });
    expect(path).toEqual(['main', 'main']);
  });

  it('goes through states within states', async () => {
    const nest = { initial: 'one', states: { one: say({ prompt: 'hello', to: 'two' }), two: { type: 'final' } }, onDone: 'bye' };
    const { path } = await run({ main: nest }, {});
    expect(path).toEqual(['main.one', 'bye']);
  });
});

describe('sub-flows', () => {
  const part = defineIvr({ prompts, vars: (input: { start: number }) => ({ m: input.start, word: '' }) });
  const states = {
    ask: part.menu({ prompt: 'hello', choices: { a: { dtmf: '1', to: 'found', language: 'en', set: { word: 'w' } } }, otherwise: 'lost' }),
    found: part.exit({ total: 'm', word: 'word' }),
    lost: part.exit(),
  };
  const inner = part.subflow({ id: 'inner', initial: 'ask', states });
  const outer = (subflow: typeof inner, globals = {}) => {
    const around = defineIvr({ prompts, vars, subflows: { inner: subflow } });
    return around.flow({
      id: 'outer',
      numbers: [],
      initial: 'go',
      globals,
      fault: { prompt: 'sorry', to: 'bye' },
      states: {
        go: around.call.inner({ input: { start: (v) => v.n + 40 }, exits: { found: { to: 'after', keep: { n: 'total', text: 'word' } }, lost: 'bye' } }),
        after: around.menu({ prompt: 'hello', choices: {}, otherwise: 'bye' }),
        bye,
      },
    });
  };

  it('hand back their result, and the language that was chosen in them', async () => {
    const { actor, path, verbs } = await runFlow(outer(inner).machine, { 'go/ask': choose('a') });
    expect(path).toEqual(['go/ask', 'after']);
    expect(actor.getSnapshot().context).toMatchObject({ n: 40, text: 'w', language: 'en' });
    expect(verbs.inputs('menu')[1]?.languages).toEqual(['en']);
  });

  it('know the keys of the flow around them, which lead out of them', async () => {
    const { path, verbs } = await runFlow(outer(inner, { operator: { key: '5', to: 'bye' } }).machine, { 'go/ask': { tell: { type: 'key.operator' } } });
    expect(verbs.inputs('menu')[0]?.globals).toEqual({ repeat: '*', operator: '5' });
    expect(path).toEqual(['go/ask', 'bye']);
  });

  it('may have keys of their own, which go first', async () => {
    const own = part.subflow({ id: 'inner', initial: 'ask', globals: { operator: { key: '7', to: 'lost' }, repeat: false }, states });
    const { path, verbs } = await runFlow(outer(own, { operator: { to: 'after' }, back: { to: 'after' } }).machine, { 'go/ask': { tell: { type: 'key.operator' } } });
    expect(verbs.inputs('menu')[0]?.globals).toEqual({ operator: '7', back: '9' });
    expect(path).toEqual(['go/ask', 'bye']);
  });

  it('leave a fault of ours to the flow around them', async () => {
    const { states: passed } = await runFlow(outer(inner).machine, { 'go/ask': { fail: 'no media' } });
    expect(passed).toEqual(['go', 'fault', 'bye', 'over']);
  });

  it('bring their prompts with them, and refuse another text under the same key', () => {
    const other = { hello: { 'zh-CN': '别的', en: 'Other' } } as const;
    expect(Object.keys(outer(inner).prompts)).toEqual(Object.keys(prompts));
    const around = defineIvr({ prompts: { ...prompts, ...other }, vars, subflows: { inner } });
    expect(() => around.flow({ id: 'x', numbers: [], initial: 'bye', fault: { prompt: 'sorry', to: 'bye' }, states: { bye } })).toThrow(/'hello' has one text here and another one in its sub-flow 'inner'/);
  });
});

describe('what tools read', () => {
  const flow = hotline({ main: menu({ prompt: 'hello', choices: { a: { dtmf: '1', to: 'bye', set: { n: 1, text: () => '' } } }, otherwise: 'bye' }) });

  it('guards and actions are names with parameters', () => {
    const { states } = JSON.parse(JSON.stringify(flow.machine.definition)) as { states: { main: { on: Record<string, unknown[]> } } };
    expect(states.main.on['xstate.done.actor.main']).toMatchObject([
      { guard: { type: 'choice', params: { is: 'a' } }, actions: [{ type: 'set', params: { values: { n: 1 } } }] },
      { actions: [] },
    ]);
  });

  it('meta.ivr says what a state does', () => {
    expect(flow.machine.root.states['main']?.meta).toEqual({
      ivr: { verb: 'menu', prompts: [{ key: 'hello', languages: 'caller', values: {} }], choices: { a: { dtmf: '1', to: 'bye' } } },
    });
  });

  it('a hotline says what must be configured', () => {
    const all = hotline({
      main: kit.hours({ calendar: 'c', open: 'one', closed: 'two' }),
      one: route({ queue: 'r', steps: [], overflow: 'two' }),
      two: route({ queue: () => 'q', steps: [], music: 'm', overflow: 'three' }),
      three: call.ask({ input: { text: 'text' }, to: 'bye', failed: 'bye' }),
    });
    expect(all.requires).toEqual({ services: ['ask'], queues: ['q', 'r'], calendars: ['c'], music: ['m'] });
    expect(isHotline(all)).toBe(true);
    expect(isHotline({ id: 'x' })).toBe(false);
    expect(isHotline(undefined)).toBe(false);
  });

  it('refuses a name that every flow has already, and two things of one name to call', () => {
    expect(() => hotline({ main: bye, hungUp: bye })).toThrow(/'hungUp' already/);
    for (const id of ['', 'a b', '../bank', 'x'.repeat(65)]) expect(() => hotline({ main: bye }, { id })).toThrow(/A flow's id is letters/);
    const sub = kit.subflow({ id: 's', initial: 'x', states: { x: kit.exit() } });
    expect(() => defineIvr({ prompts, services: { ask: service<{ a: string }, { b: string }>() }, subflows: { ask: sub } })).toThrow(/'ask' is a service and a sub-flow/);
  });
});

describe('many calls', () => {
  it('share one machine and nothing else', async () => {
    const flow = hotline({ main: menu({ prompt: 'hello', choices: { a: { dtmf: '1', to: 'main', count: 'n' } }, otherwise: 'bye' }) });
    const [one, other] = await Promise.all([runFlow(flow.machine, { main: [choose('a'), choose('a'), 'pending'] }), runFlow(flow.machine, { main: [choose('a'), 'pending'] })]);
    expect([one, other].map(({ actor }) => actor.getSnapshot().context['n' as never])).toEqual([2, 1]);
  });

  it('hold nothing but JSON', async () => {
    const { actor } = await run({ main: menu({ prompt: 'hello', choices: {}, otherwise: 'bye' }) }, {});
    const { context } = actor.getSnapshot();
    expect(JSON.parse(JSON.stringify(context))).toEqual(context);
  });
});
