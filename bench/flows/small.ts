import type { PromptTexts } from '../../engine/domain/prompt.ts';
import { defineIvr } from '../../engine/flow/kit.ts';

/** Never spoken: the bench plays a tone for each. */
const prompts = {
  first: { 'zh-CN': '请按1。', en: 'Press 1.' },
  second: { 'zh-CN': '谢谢。', en: 'Thank you.' },
} as const satisfies PromptTexts;

const { flow, menu, end } = defineIvr({ prompts });

/** The smallest hotline that still is one: a prompt, a digit, a second prompt, the end. */
export default flow({
  id: 'small',
  numbers: ['7004'],
  initial: 'ask',
  fault: { prompt: 'second', to: 'bye' },
  states: {
    ask: menu({ prompt: 'first', choices: { go: { dtmf: '1', to: 'bye' } }, otherwise: 'bye' }),
    bye: end({ prompt: 'second' }),
  },
});
