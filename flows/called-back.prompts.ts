import type { PromptTexts } from '../engine/domain/prompt.ts';

const shared = {
  'calledBack.connecting': {
    'zh-CN': '正在为您接通，请稍候。',
    en: 'We are connecting you. One moment, please.',
  },
  'calledBack.sorry': {
    'zh-CN': '非常抱歉，暂时无法为您接通，我们会再次与您联系。',
    en: 'We are sorry, we cannot connect you at the moment. We will call you again.',
  },
  'calledBack.goodbye': {
    'zh-CN': '感谢您，再见。',
    en: 'Thank you. Goodbye.',
  },
} as const satisfies PromptTexts;

/** What a customer hears whom we call. No word of what it is about: somebody else may have picked up. */
export const calledBackPrompts = {
  'calledBack.greeting': {
    'zh-CN': '您好，这里是云桥银行，您预约了我们的回电。现在接听请按1。',
    en: 'Hello, this is Yunqiao Bank. You asked us to call you back. To talk to us now, press 1.',
  },
  ...shared,
} as const satisfies PromptTexts;

/** What a machine records. Whoever listens to it later may be somebody else, too. */
export const callbackMessagePrompts = {
  'calledBack.message': {
    'zh-CN': '您好，这里是云桥银行。您预约了回电，我们未能联系到您，请致电我行客服热线。正在接听请按1。',
    en: 'Hello, this is Yunqiao Bank. You asked us to call you back, and we could not reach you. Please call our hotline. If you are listening now, press 1.',
  },
  ...shared,
} as const satisfies PromptTexts;
