import type { PromptTexts } from '../../../engine/domain/prompt.ts';
import { defineIvr } from '../../../engine/flow/kit.ts';

const prompts = {
  'recovery.menu': { 'zh-CN': '转人工请按一，听下一条请按二。', en: 'For an agent press one, for the next message press two.' },
  'recovery.next': { 'zh-CN': '这是下一条。', en: 'This is the next message.' },
  'recovery.bye': { 'zh-CN': '再见。', en: 'Goodbye.' },
} as const satisfies PromptTexts;

const { flow, menu, route, end } = defineIvr({ prompts, queues: ['nobody'] });
const PATIENCE_MS = 600_000;

/** Where callers stay until they are asked to do something: in a menu whose prompt has been said, or in a queue. */
export default flow({
  id: 'waiting',
  numbers: ['7301'],
  initial: 'main',
  fault: { prompt: 'recovery.bye', to: 'bye' },
  states: {
    main: menu({ prompt: 'recovery.menu', firstDigitTimeoutMs: PATIENCE_MS, choices: { agent: { dtmf: '1', to: 'agent' }, next: { dtmf: '2', to: 'next' } }, otherwise: 'bye' }),
    next: menu({ prompt: 'recovery.next', firstDigitTimeoutMs: PATIENCE_MS, choices: { agent: { dtmf: '1', to: 'agent' } }, otherwise: 'bye' }),
    agent: route({ queue: 'nobody', steps: [{ require: { all: [] } }], overflow: 'bye' }),
    bye: end({ prompt: 'recovery.bye' }),
  },
});
