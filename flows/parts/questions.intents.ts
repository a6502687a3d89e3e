import type { Intents } from '../../engine/domain/intent.ts';

/** What callers say after an answer to a question. */
export const intents = {
  helped: {
    'zh-CN': ['解决了', '明白了', '知道了谢谢', '好的谢谢', '没有别的问题了', '清楚了', '没有了谢谢', '可以了谢谢', '不用了谢谢', '已经解决了', '是的解决了', '谢谢再见', '是', '是的', '是的谢谢', '对', '没有了', '没有别的了', '谢谢'],
    en: ['yes that helped', 'thank you', 'thanks', 'that is all', 'no more questions', 'that was all thank you', 'yes thanks', 'that answers it', 'got it thanks', 'goodbye', 'nothing else', 'yes', 'perfect thank you'],
  },
  another: {
    'zh-CN': ['还有一个问题', '我还有别的问题', '再问一个', '另一个问题', '还想问一下', '换一个问题', '我还想问点别的', '还有个问题', '还有问题'],
    en: ['another question', 'I have another question', 'one more question', 'something else', 'I want to ask something else', 'next question', 'a different question'],
  },
  noHelp: {
    'zh-CN': ['没有解决', '没有帮助', '没听懂', '不是这个意思', '没用', '还是不明白', '这个没有解决我的问题', '不是我要问的', '没有解答', '答非所问', '没解决我的问题', '不是这个问题'],
    en: ['that did not help', 'no', 'it did not help', 'not helpful', 'that is not what I asked', 'I still do not understand', 'no that does not help me', 'wrong answer', 'this does not answer my question', 'not really', 'that was not my question'],
  },
} as const satisfies Intents;
