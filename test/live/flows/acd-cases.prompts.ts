import type { PromptTexts } from '../../../engine/domain/prompt.ts';

export const prompts = {
  'queue.position': {
    'zh-CN': '您前面还有{ahead:people}客户在等候。',
    en: '{ahead:people} ahead of you.',
  },
  'agent.overflow': {
    'zh-CN': '非常抱歉，客户服务代表全忙，请您稍后再拨。感谢您的来电，再见。',
    en: 'We are sorry, all our agents are still busy. Please call again later. Thank you for calling. Goodbye.',
  },
} as const satisfies PromptTexts;
