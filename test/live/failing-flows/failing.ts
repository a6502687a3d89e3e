import type { PromptTexts } from '../../../engine/domain/prompt.ts';
import { defineIvr } from '../../../engine/flow/kit.ts';

const prompts = {
  'failing.menu': { 'zh-CN': '人工服务请按一。', en: 'For an agent press one.' },
  'failing.sorry': { 'zh-CN': '抱歉，系统繁忙。', en: 'Sorry, something went wrong.' },
  'failing.bye': { 'zh-CN': '再见。', en: 'Goodbye.' },
} as const satisfies PromptTexts;

const { flow, menu, route, end } = defineIvr({ prompts, queues: ['personal'], vars: () => ({ branch: '' }) });

const QUEUES: Readonly<Record<string, { readonly queue: 'personal' }>> = { '021': { queue: 'personal' } };

/** For failing.live.test.ts: a designer forgot that a caller may have no branch, so the table of queues has no row. */
export default flow({
  id: 'failing',
  numbers: ['95500'],
  initial: 'main',
  fault: { prompt: 'failing.sorry', to: 'bye' },
  states: {
    main: menu({ prompt: 'failing.menu', firstDigitTimeoutMs: 20_000, choices: { agent: { dtmf: '1', to: 'agent' } }, otherwise: 'bye' }),
    agent: route({ queue: ({ branch }) => QUEUES[branch]!.queue, steps: [{ require: { all: [] } }], overflow: 'bye' }),
    bye: end({ prompt: 'failing.bye' }),
  },
});
