import type { QuestionTexts } from '../../engine/flow/questions.ts';

/** What is said around the answers to questions. */
export const texts: QuestionTexts = {
  ask: {
    'zh-CN': '请直接说出您的问题，例如：转账要手续费吗？人工服务请按0。',
    en: 'What would you like to know? For example: what does a transfer cost? For an agent, press 0.',
  },
  key: {
    'zh-CN': (name, key) => `${name}请按${key}，`,
    en: (name, key) => `For ${name}, press ${key}.`,
  },
  otherKeys: {
    'zh-CN': '其他问题请按0转人工服务，重听请按星号键。',
    en: 'For anything else, press 0 to speak to an agent. To hear this again, press star.',
  },
  next: {
    'zh-CN': '这样解答您的问题了吗？解决了请说解决了，也可以直接问下一个问题，或者说人工服务。',
    en: 'Did that help? Say yes, or ask your next question. If it did not help, say agent.',
  },
  nextKeys: {
    'zh-CN': '问题已解决请按1，其他问题请按2，人工服务请按0，重听请按星号键。',
    en: 'If that helped, press 1. For another question, press 2. To speak to an agent, press 0. To hear the answer again, press star.',
  },
};
