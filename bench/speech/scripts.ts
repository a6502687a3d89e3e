import type { Script } from './utterances.ts';

/** A bank's menu in English, and what callers say besides. */
export const ENGLISH: Script = {
  phrases: [
    'account balance', 'lost card', 'stolen card', 'report fraud', 'transfer money', 'pay my bill', 'credit card', 'exchange rate', 'open an account',
    'close my account', 'opening hours', 'mortgage', 'personal loan', 'speak to an agent', 'change my address', 'repeat', 'go back', 'cancel',
  ],
  polite: ['I want to {}', '{} please', 'um {}', 'can I have {} please', 'I would like to {}'],
  others: [
    'what is the weather today', 'my name is peter', 'hello', 'how are you doing', 'book a flight to london', 'I would like a pizza', 'the train is late',
    'could you tell me a story', 'good morning', 'where is the nearest station', 'my dog is sick', 'thank you very much', 'no that is wrong', 'wait a moment',
    'turn on the radio', 'I do not know', 'seven thousand and twelve', 'insurance policy', 'what did you say', 'this is terrible', 'yes of course',
    'the password does not work', 'football', 'I have been waiting for an hour', 'tomorrow afternoon',
  ],
};

/** The same in Mandarin. */
export const MANDARIN: Script = {
  phrases: [
    '挂失信用卡', '查询余额', '信用卡账单', '还款', '转账汇款', '贷款业务', '人工服务', '修改密码', '理财产品', '外汇牌价', '开户', '销户', '营业时间', '网点查询', '投诉建议', '激活信用卡',
    '提高额度', '积分兑换', '手机银行', '密码重置', '交易明细', '定期存款', '房贷', '返回', '重听', '取消',
  ],
  polite: ['我要{}', '{}谢谢', '请帮我{}', '嗯{}', '我想{}'],
  others: [
    '今天天气怎么样', '我叫王小明', '你好', '吃饭了吗', '帮我订一张去上海的机票', '火车晚点了', '给我讲个故事', '早上好', '最近的地铁站在哪里', '我家的狗病了', '非常感谢', '不对', '等一下',
    '打开收音机', '我不知道', '三千零二十七', '保险单', '你说什么', '太糟糕了', '当然可以', '足球比赛', '我已经等了一个小时', '明天下午', '孩子上学的事情', '电影几点开始',
  ],
};

/** Strings of digits, spaced so that voices read them one by one. */
export const DIGIT_STRINGS: readonly string[] = ['7', '4 7 1 1', '9 5 5 8', '2 0 3 6 8 1', '1 9 8 4', '0', '6 2 5 3', '3 3 7 9 0 4'];
