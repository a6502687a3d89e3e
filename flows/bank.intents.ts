import type { Intents } from '../engine/domain/intent.ts';

/**
 * How callers of the bank say what they want. What is understood is learnt from these sentences: add those that were not understood
 * (`strowger nlu test`), in the words of callers. Short and long ones, questions and demands; twelve an intent are a good begin.
 */
export const intents = {
  'card.lost': {
    'zh-CN': ['我要挂失', '银行卡挂失', '我的卡丢了', '卡不见了', '信用卡被偷了', '我的银行卡找不到了', '钱包丢了卡在里面', '帮我把卡冻结', '卡被人盗刷了', '我的卡掉了怎么办', '存折丢了', '把我的卡停掉', '有人盗用我的卡', '挂失信用卡'],
    en: ['I lost my card', 'my card was stolen', 'lost card', 'block my card', 'report a lost card', 'I cannot find my card', 'somebody used my card', 'somebody used my card in another country', 'freeze my card please', 'my wallet is gone', 'there is a payment that I did not make', 'cancel my stolen credit card', 'stop my card'],
    always: ['挂失', '盗刷', '被盗', 'stolen', 'lost my card', 'fraud'],
  },
  'account.balance': {
    'zh-CN': ['查余额', '查一下余额', '我还有多少钱', '账户余额', '我的账户里有多少钱', '卡里还剩多少', '余额查询', '帮我看看余额', '我想知道我的余额', '工资到账了没有', '存款还有多少', '看一下卡上的钱'],
    en: ['my balance', 'account balance', 'what is my balance', 'how much money do I have', 'check my account', 'how much is in my account', 'balance please', 'I want to know my balance', 'did my salary arrive', 'how much is left on my account'],
  },
  'card.service': {
    'zh-CN': ['信用卡', '信用卡业务', '我想办信用卡', '申请信用卡', '信用卡激活', '信用卡年费', '信用卡积分', '信用卡的问题', '我要激活我的卡', '换一张信用卡', '我的信用卡到期了'],
    en: ['credit card', 'credit cards', 'I want a credit card', 'apply for a credit card', 'activate my credit card', 'annual fee of my card', 'card points', 'a question about my credit card', 'replace my credit card', 'my card has expired'],
  },
  'card.bill': {
    'zh-CN': ['信用卡账单', '查账单', '这个月账单多少钱', '我的账单不对', '账单日是哪天', '账单明细', '没有收到账单', '我要看信用卡账单', '有一笔消费看不懂', '账单寄到哪里了'],
    en: ['my credit card bill', 'card statement', 'how much is my bill', 'my bill is wrong', 'when is my statement due', 'details of my bill', 'I did not get a bill', 'a charge that I do not know on my bill'],
  },
  'card.repayment': {
    'zh-CN': ['信用卡还款', '我要还款', '怎么还信用卡', '还款日是哪天', '最低还款额是多少', '分期还款', '我还款晚了', '自动还款', '账单分期', '提前还信用卡'],
    en: ['repay my credit card', 'pay my card', 'how do I pay off my card', 'minimum payment', 'pay in instalments', 'I paid late', 'automatic repayment', 'when do I have to pay my card'],
  },
  'card.limit': {
    'zh-CN': ['信用卡额度', '提高额度', '我要提额', '额度不够', '临时额度', '我的额度是多少', '申请提高信用卡额度', '降低额度', '额度被降了', '可用额度多少', '我的额度还有多少'],
    en: ['credit limit', 'raise my limit', 'increase my credit limit', 'my limit is too low', 'temporary limit', 'what is my limit', 'lower my limit', 'how much can I spend on my card'],
  },
  loan: {
    'zh-CN': ['贷款', '我想贷款', '个人贷款', '房贷', '申请房贷', '贷款利率是多少', '车贷', '提前还贷款', '消费贷款', '我的贷款什么时候批下来', '按揭', '借一笔钱', '装修贷款'],
    en: ['a loan', 'I want a loan', 'personal loan', 'mortgage', 'apply for a mortgage', 'what are your loan rates', 'car loan', 'pay back my loan early', 'borrow money', 'when is my loan approved', 'home loan'],
  },
  wealth: {
    'zh-CN': ['理财', '投资理财', '我想买理财', '基金', '买基金', '定期存款利率', '理财产品', '黄金', '国债', '理财到期了', '赎回基金', '保险', '股票'],
    en: ['wealth management', 'investments', 'I want to invest', 'buy a fund', 'mutual funds', 'interest rate for deposits', 'gold', 'bonds', 'sell my fund', 'savings products', 'stocks', 'retirement savings'],
  },
  business: {
    'zh-CN': ['对公业务', '公司账户', '企业开户', '我是公司的会计', '对公转账', '企业网银', '公司贷款', '单位结算卡', '对公账户年检', '开公司账户', '企业客户'],
    en: ['business banking', 'company account', 'open a business account', 'an account for my company', 'corporate banking', 'I call for my company', 'business loan', 'our company', 'business customer', 'payroll of our company'],
  },
  complaint: {
    'zh-CN': ['投诉', '我要投诉', '你们的服务太差了', '提个建议', '我要提意见', '对柜员不满意', '投诉一个员工', '我很生气', '这是什么态度', '等了太久了我要投诉'],
    en: ['a complaint', 'I want to complain', 'your service is bad', 'I have a suggestion', 'I am not happy with your service', 'complain about a branch', 'this is unacceptable', 'I am angry', 'feedback'],
  },
  question: {
    'zh-CN': ['我有个问题', '我想咨询一下', '问个问题', '常见问题', '我想问一下', '咨询问题', '有几个问题想问', '我想了解一下'],
    en: ['I have a question', 'a question', 'frequent questions', 'I want to ask something', 'just a quick question', 'can I ask you something', 'questions and answers', 'I need some information'],
  },
  agent: {
    'zh-CN': ['人工', '人工服务', '转人工', '我要人工', '找客服', '我要跟人说话', '接线员', '真人', '客服代表', '转接客服'],
    en: ['agent', 'an agent', 'talk to a person', 'operator', 'a human', 'customer service', 'representative', 'speak to somebody', 'real person', 'let me talk to an agent'],
    always: ['人工', '转客服', 'agent', 'operator', 'real person', 'representative'],
  },
  back: {
    'zh-CN': ['返回', '回主菜单', '返回主菜单', '上一级', '回到开始', '重新选择', '退回去'],
    en: ['main menu', 'go back', 'back', 'start over', 'return to the main menu', 'previous menu'],
  },
  repeat: {
    'zh-CN': ['再说一遍', '重听', '没听清', '请重复', '再听一次', '你说什么'],
    en: ['repeat', 'say that again', 'again please', 'I did not hear that', 'repeat that', 'what did you say', 'pardon'],
  },
} as const satisfies Intents;
