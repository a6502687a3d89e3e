import type { PromptTexts } from '../engine/domain/prompt.ts';

/** What a caller hears while there are too many. Short: it takes a line all the same. */
export const overloadPrompts = {
  'overload.sorry': {
    'zh-CN': '您好，云桥银行客服热线目前十分繁忙。需要我们回电请按1，或请稍后再拨。',
    en: 'Hello, this is Yunqiao Bank. All our lines are busy. To be called back, press 1, or please call again later.',
  },
  'overload.taken': {
    'zh-CN': '好的，我们会尽快回电。再见。',
    en: 'Thank you. We will call you back as soon as we can. Goodbye.',
  },
  'overload.later': {
    'zh-CN': '非常抱歉，请您稍后再拨。再见。',
    en: 'We are sorry. Please call again later. Goodbye.',
  },
} as const satisfies PromptTexts;
