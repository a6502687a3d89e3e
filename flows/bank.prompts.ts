import type { PromptTexts } from '../engine/domain/prompt.ts';

/**
 * What the hotline says. A menu names the wish first and the key last, as callers in both languages expect it: who hears
 * the key first has forgotten it when the wish is said.
 */
export const prompts = {
  'language.menu': {
    'zh-CN': '普通话请按1。',
    en: 'For English, press 2.',
  },
  welcome: {
    'zh-CN': '欢迎致电云桥银行。为了提高服务质量，您的通话将被录音。',
    en: 'Welcome to Yunqiao Bank. To improve our service, this call is recorded.',
  },
  'main.ask': {
    'zh-CN': '请用一句话说出您要办理的业务，例如：我要挂失，或者：查一下余额。您也可以随时按键，人工服务请按0。',
    en: 'In a few words, what are you calling about? For example: I lost my card. Or: what is my balance. You may press a key at any time; for an agent, press 0.',
  },
  'speech.didYouMean': { 'zh-CN': '请问您要办理的是', en: 'Are you calling about' },
  'speech.yesOrNo': { 'zh-CN': '吗？请说是，或者不是；也可以按1或者2。', en: '? Say yes or press 1. If not, say no or press 2.' },
  'speech.whichOne': { 'zh-CN': '请问您要办理哪一项：', en: 'Which is it:' },
  'speech.pressOneOr': { 'zh-CN': '，请按1；还是', en: ', press 1, or' },
  'speech.pressTwo': { 'zh-CN': '，请按2。您也可以直接说。', en: ', press 2. You may also say it.' },
  'wish.cardLoss': { 'zh-CN': '银行卡挂失', en: 'a lost or stolen card' },
  'wish.balance': { 'zh-CN': '账户余额查询', en: 'your account balance' },
  'wish.card': { 'zh-CN': '信用卡业务', en: 'your credit card' },
  'wish.loans': { 'zh-CN': '个人贷款', en: 'a personal loan' },
  'wish.wealth': { 'zh-CN': '投资理财', en: 'wealth management' },
  'wish.business': { 'zh-CN': '对公业务', en: 'business banking' },
  'wish.complaints': { 'zh-CN': '投诉与建议', en: 'a complaint or a suggestion' },
  'wish.questions': { 'zh-CN': '常见问题', en: 'a question' },
  'wish.bill': { 'zh-CN': '信用卡账单', en: 'your credit card bill' },
  'wish.repayment': { 'zh-CN': '信用卡还款', en: 'repaying your credit card' },
  'wish.limit': { 'zh-CN': '信用卡额度', en: 'your credit limit' },
  'main.menu': {
    'zh-CN':
      '银行卡挂失请按1，账户余额查询请按2，信用卡业务请按3，个人贷款请按4，投资理财请按5，对公业务请按6，投诉与建议请按7，常见问题请按8，人工服务请按0，重听请按星号键。',
    en: 'If your card is lost or stolen, press 1. For your account balance, press 2. For credit cards, press 3. For personal loans, press 4. For wealth management, press 5. For business banking, press 6. For complaints and suggestions, press 7. For frequent questions, press 8. To speak to an agent, press 0. To hear this again, press star.',
  },
  'closed.menu': {
    'zh-CN': '现在是非人工服务时间。银行卡挂失请按1，账户余额查询请按2，常见问题请按3，重听请按星号键。其他业务，请您在服务时间内来电。',
    en: 'Our agents are not available at this time. If your card is lost or stolen, press 1. For your account balance, press 2. For frequent questions, press 3. To hear this again, press star. For all other matters, please call during business hours.',
  },
  'closed.holiday': {
    'zh-CN': '今天是法定节假日。',
    en: 'Today is a public holiday.',
  },
  'closed.noAgent': {
    'zh-CN': '非常抱歉，现在是非人工服务时间，请您在服务时间内来电。感谢您的来电，再见。',
    en: 'We are sorry, our agents are not available at this time. Please call during business hours. Thank you for calling. Goodbye.',
  },
  'cardLoss.transfer': {
    'zh-CN': '正在为您优先转接挂失专员，请不要挂机。',
    en: 'We are connecting you to our card loss team with priority. Please stay on the line.',
  },
  'cardLoss.comfort': {
    'zh-CN': '挂失专员正忙，您的来电已优先排队，请不要挂机。',
    en: 'Our card loss team is busy. Your call is at the front of the queue. Please stay on the line.',
  },
  'cardLoss.overflow': {
    'zh-CN': '非常抱歉，挂失专员正忙。请您立即通过手机银行或网上银行办理挂失，或者再次来电。再见。',
    en: 'We are sorry, our card loss team is busy. Please block your card in our mobile app or online banking right away, or call again. Goodbye.',
  },
  'balance.is': {
    'zh-CN': '您的账户可用余额为{balance:money}。',
    en: 'Your available balance is {balance:money}.',
  },
  'balance.next': {
    'zh-CN': '重听余额请按1，返回主菜单请按9，人工服务请按0。',
    en: 'To hear your balance again, press 1. To return to the main menu, press 9. To speak to an agent, press 0.',
  },
  'balance.unavailable': {
    'zh-CN': '非常抱歉，暂时无法为您查询。',
    en: 'We are sorry, this information is not available right now.',
  },
  'balance.refused': {
    'zh-CN': '非常抱歉，无法核实您的身份。',
    en: 'We are sorry, we could not verify your identity.',
  },
  'card.menu': {
    'zh-CN': '账单查询请按1，还款业务请按2，额度调整请按3，返回主菜单请按9，人工服务请按0，重听请按星号键。',
    en: 'For your credit card bill, press 1. For repayments, press 2. For your credit limit, press 3. To return to the main menu, press 9. To speak to an agent, press 0. To hear this again, press star.',
  },
  'agent.welcome': {
    'zh-CN': '正在为您转接人工服务，请稍候。',
    en: 'We are connecting you to an agent. Please hold.',
  },
  'agent.comfort': {
    'zh-CN': '客户服务代表正忙，请您继续等候，我们会尽快接听您的来电。',
    en: 'All our agents are busy. Please stay on the line, your call will be answered as soon as possible.',
  },
  'queue.position': {
    'zh-CN': '您前面还有{ahead:people}客户在等候。',
    en: '{ahead:people} ahead of you.',
  },
  'queue.waitLess': {
    'zh-CN': '预计等候时间不超过{to:minutes}。',
    en: 'Your call should be answered in less than {to:minutes}.',
  },
  'queue.waitBetween': {
    'zh-CN': '预计等候时间{from:number}到{to:minutes}。',
    en: 'Your call should be answered in {from:number} to {to:minutes}.',
  },
  'queue.waitMore': {
    'zh-CN': '预计等候时间超过{from:minutes}。',
    en: 'The expected wait is more than {from:minutes}.',
  },
  'queue.callback': {
    'zh-CN': '如果您不想等候，请按2，我们会为您保留排队位置并回电给您。',
    en: 'If you would rather not wait, press 2: we keep your place in the line and call you back.',
  },
  'agent.overflow': {
    'zh-CN': '非常抱歉，客户服务代表全忙，请您稍后再拨。感谢您的来电，再见。',
    en: 'We are sorry, all our agents are still busy. Please call again later. Thank you for calling. Goodbye.',
  },
  'fault.sorry': {
    'zh-CN': '非常抱歉，系统暂时出现故障。',
    en: 'We are sorry, we have a technical problem.',
  },
  'common.noInput': {
    'zh-CN': '没有收到您的选择。',
    en: 'We did not receive your choice.',
  },
  'common.noMatch': {
    'zh-CN': '您的选择有误，请重新选择。',
    en: 'That is not one of the choices. Please try again.',
  },
  goodbye: {
    'zh-CN': '感谢您致电云桥银行，再见。',
    en: 'Thank you for calling Yunqiao Bank. Goodbye.',
  },
} as const satisfies PromptTexts;
