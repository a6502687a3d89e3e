import { describe, expect, it } from 'vitest';
import { mermaidDiagram } from './diagram.ts';
import { defineIvr } from './kit.ts';

const prompts = { hello: { 'zh-CN': '您好', en: 'Hello' } } as const;
const { flow, say, menu, hours, end } = defineIvr({ prompts, vars: () => ({ mood: '' }) });
const { machine } = flow({
  id: 'sample',
  numbers: [],
  initial: 'open',
  globals: { operator: { to: 'bye' } },
  fault: { prompt: 'hello', to: 'bye' },
  states: {
    open: hours({ calendar: 'bank', open: 'main', closed: 'bye' }),
    main: menu({
      prompt: 'hello',
      choices: { a: { dtmf: '1', to: 'nest' }, b: { dtmf: '2', to: 'nest' }, 'c;"d"': { dtmf: '3', to: 'bye' } },
      otherwise: 'choice-2',
    }),
    'choice-2': { always: [{ guard: { type: 'when', params: { variable: 'mood', is: 'a:b' } }, target: 'bye' }, { target: 'main' }] },
    nest: { initial: 'one', states: { one: say({ prompt: 'hello', to: 'two' }), two: { type: 'final' } }, onDone: 'bye' },
    bye: end({ prompt: 'hello' }),
  },
});

describe('mermaidDiagram', () => {
  it('draws states, ways with their labels, what is nested, and keys that work everywhere', () => {
    expect(mermaidDiagram(machine)).toBe(`stateDiagram-v2
  state "open (hours bank)" as s_open
  state "main (menu)" as s_main
  state "choice-2" as s_choice_2
  state "nest" as s_nest
  state s_nest {
    state "one (say)" as s_nest__one
    state "two" as s_nest__two
    [*] --> s_nest__one
    s_nest__one --> s_nest__two
    s_nest__two --> [*]
  }
  state "bye (end)" as s_bye
  [*] --> s_open
  s_open --> s_main : open
  s_open --> s_bye : closed
  s_main --> s_nest : 1 a, 2 b
  s_main --> s_bye : 3 c,'d'
  s_main --> s_choice_2 : otherwise
  s_choice_2 --> s_bye : mood = 'a∶b'
  s_choice_2 --> s_main : otherwise
  s_nest --> s_bye
  s_bye --> [*]
  note right of s_open
    from everywhere
    operator → bye
  end note
`);
  });

  it('draws faults and built-in states when asked to', () => {
    const diagram = mermaidDiagram(machine, { failures: true, builtIn: true });
    expect(diagram).toContain('state "fault (say)" as s_fault');
    expect(diagram).toContain('s_bye --> s_over');
    expect(diagram).toContain('s_over --> [*]');
    expect(diagram).toContain('fault → fault');
  });
});
