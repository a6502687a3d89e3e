import { beforeEach, describe, expect, it } from 'vitest';
import { defineIvr } from '../../engine/flow/kit.ts';
import { SpeakingCaller } from './speaking-caller.ts';

interface Variables {
  amount: number;
  card: string;
  day: string;
  kind: string;
}

const text = (zh: string, en: string) => ({ 'zh-CN': zh, en });
const intents = {
  repay: { 'zh-CN': ['我要还款', '还信用卡', '信用卡还款', '帮我还钱', '还款'], en: ['repay my card', 'pay my credit card'] },
  report: { 'zh-CN': ['我要挂失', '卡丢了', '卡不见了', '挂失银行卡', '卡丢了怎么办'], en: ['I lost my card', 'block my card'] },
  visit: { 'zh-CN': ['预约网点', '我要预约', '去网点办业务', '预约时间'], en: ['book a visit', 'make an appointment'] },
};
const prompts = {
  ask: text('请说您要办理的业务。', 'What are you calling about?'),
  keys: text('还款请按1，挂失请按2，预约请按3。', 'To repay, press 1. For a lost card, press 2. To book a visit, press 3.'),
  repay: text('还款', 'a repayment'),
  report: text('挂失', 'a lost card'),
  visit: text('预约', 'a visit'),
  didYouMean: text('您是要办理', 'Are you calling about'),
  yesOrNo: text('吗？是请按1，不是请按2。', '? Yes, press 1. No, press 2.'),
  repaid: { 'zh-CN': '好的。', en: 'All right.' },
  other: text('请稍候。', 'One moment.'),
};

const { flow, listen, say, branch, end } = defineIvr({
  prompts,
  intents,
  vars: (): Variables => ({ amount: 1, card: 'none', day: 'none', kind: 'none' }),
  defaults: {
    speech: { confirm: { before: 'didYouMean', after: 'yesOrNo' }, zone: 'Asia/Shanghai', cardTypes: { credit: ['信用卡', 'credit card'], debit: ['储蓄卡'] } },
  },
});

const hotline = flow({
  id: 'slots',
  numbers: ['95500'],
  initial: 'main',
  fault: { prompt: 'other', to: 'bye' },
  states: {
    main: listen({
      prompt: 'ask',
      keypadPrompt: 'keys',
      choices: {
        repay: { dtmf: '1', intent: 'repay', name: 'repay', to: 'repaid', keep: { amount: 'amountCents', card: 'lastFour', kind: 'cardType' } },
        report: { dtmf: '2', intent: 'report', name: 'report', to: 'other' },
        visit: { dtmf: '3', intent: 'visit', name: 'visit', to: 'other', keep: { day: 'date' } },
      },
      otherwise: 'bye',
    }),
    repaid: branch({ cases: [{ variable: 'amount', is: 50_000, to: 'exact' }], otherwise: 'other' }),
    exact: say({ prompt: 'repaid', to: 'main' }),
    bye: end(),
    other: say({ prompt: 'other', to: 'main' }),
  },
});

describe('what a caller names beside its wish', () => {
  const rig = new SpeakingCaller(hotline);
  const { says } = rig;
  const journaled = () => JSON.stringify(rig.engine.journal.records('session'));

  beforeEach(async () => {
    rig.dials('95500');
    await rig.caller.hears('sound:zh-CN/ask', { toEnd: true });
  });

  it('is kept in variables, as far as the choice keeps it', async () => {
    says('我要还款五百元，尾号八八六六的信用卡');
    await rig.caller.hears('sound:zh-CN/repaid');
    for (const part of ['"amount":50000', '"card":"8866"', '"kind":"credit"', '"day":"none"']) expect(journaled()).toContain(part);
  });

  it('leaves alone what was not named, and what is too long', async () => {
    says('我要还款，卡号6222020200112233445');
    await rig.caller.hears('sound:zh-CN/other');
    for (const part of ['"amount":1', '"card":"none"']) expect(journaled()).toContain(part);
    expect(journaled()).not.toContain('6222');
  });

  it('is still known once the caller has been asked whether it was meant', async () => {
    says('x', { heardAs: [{ text: '我要还款五百元', confidence: 0.5 }] });
    await rig.caller.hears('sound:zh-CN/yesOrNo');
    says('是的');
    await rig.caller.hears('sound:zh-CN/repaid');
    expect(journaled()).toContain('"amount":50000');
  });

  it('may be named when the wish is confirmed', async () => {
    says('x', { heardAs: [{ text: '我要还款', confidence: 0.5 }] });
    await rig.caller.hears('sound:zh-CN/yesOrNo');
    says('是的，五百元');
    await rig.caller.hears('sound:zh-CN/repaid');
  });

  it('goes with a wish that is denied', async () => {
    says('x', { heardAs: [{ text: '预约网点五百元', confidence: 0.5 }] });
    await rig.caller.hears('sound:zh-CN/yesOrNo');
    says('不对，我要还款，尾号八八六六');
    await rig.caller.hears('sound:zh-CN/other');
    for (const part of ['"amount":1', '"card":"8866"']) expect(journaled()).toContain(part);
  });

  it('is nothing when a key is pressed', async () => {
    await rig.caller.press('1');
    await rig.caller.hears('sound:zh-CN/other');
    expect(journaled()).toContain('"amount":1');
  });
});
