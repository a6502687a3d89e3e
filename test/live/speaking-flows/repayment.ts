import type { PromptTexts } from '../../../engine/domain/prompt.ts';
import { defineIvr } from '../../../engine/flow/kit.ts';

const prompts = {
  'repay.ask': { 'zh-CN': '请说您要办理的业务。', en: 'What are you calling about?' },
  'repay.keys': { 'zh-CN': '还款请按一，余额请按二。', en: 'To repay, press one. For your balance, press two.' },
  'repay.name': { 'zh-CN': '还款', en: 'a repayment' },
  'repay.balance': { 'zh-CN': '余额', en: 'your balance' },
  'repay.didYouMean': { 'zh-CN': '您是要办理', en: 'Are you calling about' },
  'repay.yesOrNo': { 'zh-CN': '吗？是请按一，不是请按二。', en: '? Yes, press one. No, press two.' },
  'repay.code': { 'zh-CN': '请说出或输入四位验证码。', en: 'Please say or enter the four digits of your code.' },
  'repay.done': { 'zh-CN': '还款已经完成。', en: 'It has been repaid.' },
  'repay.sorry': { 'zh-CN': '抱歉，无法办理。', en: 'Sorry, that is not possible.' },
} as const satisfies PromptTexts;

const intents = {
  repay: { 'zh-CN': ['我要还款', '还信用卡', '信用卡还款', '帮我还钱', '还款'], en: ['repay my card', 'pay my credit card'] },
  balance: { 'zh-CN': ['查询余额', '我想查余额', '账户里还有多少钱'], en: ['account balance', 'how much money do I have'] },
};

const { flow, listen, collect, branch, end } = defineIvr({
  prompts,
  intents,
  vars: () => ({ amount: 0, card: 'none', code: 'none' }),
  defaults: { speech: { confirm: { before: 'repay.didYouMean', after: 'repay.yesOrNo' }, zone: 'Asia/Shanghai' } },
});

/** For slots.live.test.ts: an amount and a card are named beside a wish, digits are said into a question. */
export default flow({
  id: 'repayment',
  numbers: ['95500'],
  initial: 'main',
  fault: { prompt: 'repay.sorry', to: 'sorry' },
  states: {
    main: listen({
      prompt: 'repay.ask',
      keypadPrompt: 'repay.keys',
      choices: {
        repay: { dtmf: '1', intent: 'repay', name: 'repay.name', to: 'amount', keep: { amount: 'amountCents', card: 'lastFour' } },
        balance: { dtmf: '2', intent: 'balance', name: 'repay.balance', to: 'sorry' },
      },
      otherwise: 'sorry',
    }),
    amount: branch({ cases: [{ variable: 'amount', is: 50_000, to: 'card' }], otherwise: 'sorry' }),
    card: branch({ cases: [{ variable: 'card', is: '8866', to: 'code' }], otherwise: 'sorry' }),
    code: collect({ prompt: 'repay.code', digits: 4, sensitivity: 'personal', speech: true, into: 'code', to: 'checked', otherwise: 'sorry' }),
    checked: branch({ cases: [{ variable: 'code', is: '1357', to: 'done' }], otherwise: 'sorry' }),
    done: end({ prompt: 'repay.done' }),
    sorry: end({ prompt: 'repay.sorry' }),
  },
});
