import type { Questions } from '../engine/flow/questions.ts';
import type { Skill } from './bank-skills.ts';

/**
 * What callers of the bank ask often, and what they are answered: the first five can be asked by key. This file is all there is to write;
 * the questions are learnt and the answers recorded from it. `topic` is what an agent must know when the answer does not help.
 */
export const answers = {
  fees: {
    asked: {
      'zh-CN': ['转账要手续费吗', '跨行转账手续费多少', '账户管理费怎么收', '你们怎么收费', '收费标准', '取钱要收费吗', '小额账户管理费', '短信通知收多少钱', '手续费是多少', '汇款手续费', '转账收费吗', '异地取款收费吗'],
      en: ['what are your fees', 'what does a transfer cost', 'is there a fee for transfers', 'account fees', 'how much do you charge', 'transfer fee', 'monthly account fee', 'do you charge for withdrawals', 'what does the account cost', 'charges for sending money', 'cost of a transfer', 'is a transfer free'],
    },
    name: { 'zh-CN': '收费标准', en: 'our fees' },
    answer: {
      'zh-CN': '云桥银行的账户没有管理费。手机银行和网上银行转账免费；在网点跨行转账，每笔收费五元。每月前三次跨行取款免费，之后每笔收费两元。',
      en: 'An account at Yunqiao Bank has no monthly fee. Transfers in our app and online are free; at a branch, a transfer to another bank costs five yuan. Your first three withdrawals a month at other banks are free, then each costs two yuan.',
    },
    topic: 'accounts',
  },
  hours: {
    asked: {
      'zh-CN': ['网点几点开门', '你们几点下班', '周末上班吗', '营业时间', '银行几点关门', '星期六开门吗', '网点营业到几点', '节假日营业吗', '中午休息吗', '上班时间是几点', '今天网点开门吗'],
      en: ['when are you open', 'opening hours', 'what time does the branch open', 'are you open on Saturday', 'when do you close', 'branch hours', 'are you open at the weekend', 'business hours of the branch', 'is the branch open today', 'until when are you open'],
    },
    name: { 'zh-CN': '网点营业时间', en: 'our opening hours' },
    answer: {
      'zh-CN': '云桥银行的网点周一到周五上午九点到下午五点营业，周六上午九点到中午十二点营业，周日和法定节假日休息。',
      en: 'Our branches are open from nine to five, Monday to Friday, and from nine to twelve on Saturdays. They are closed on Sundays and public holidays.',
    },
  },
  transferLimit: {
    asked: {
      'zh-CN': ['转账限额是多少', '每天最多能转多少钱', '手机银行转账限额', '一天可以转多少', '怎么提高转账限额', '转账有上限吗', '转账超限了', '单笔最多转多少', '网银转账限额', '转不了大额'],
      en: ['what is the transfer limit', 'how much can I transfer in a day', 'daily limit for transfers', 'maximum transfer', 'raise my transfer limit', 'my transfer was too large', 'how much money can I send at once', 'limit for online transfers', 'is there a limit on transfers'],
    },
    name: { 'zh-CN': '转账限额', en: 'transfer limits' },
    answer: {
      'zh-CN': '手机银行转账每笔最多五万元，每天最多二十万元。您可以在手机银行的安全设置里调整限额；超过二十万元，请带身份证到网点办理。',
      en: 'In our app you may transfer up to fifty thousand yuan at a time, and two hundred thousand a day. You can change this under security settings in the app. For more than that, please come to a branch with your identity card.',
    },
    topic: 'accounts',
  },
  onlinePassword: {
    asked: {
      'zh-CN': ['网银密码忘了', '怎么重置网银密码', '手机银行登录密码忘了', '手机银行登不上去', '登录密码错误', '网上银行密码怎么改', '重置登录密码', '网银被锁了', '修改手机银行密码', '手机银行密码忘记了'],
      en: ['reset my online banking password', 'I forgot my online password', 'I cannot log in to online banking', 'how do I change my password', 'my login does not work', 'forgot my app password', 'reset my login', 'online banking is locked', 'I need a new password for the app'],
    },
    name: { 'zh-CN': '重置网银登录密码', en: 'resetting your online-banking password' },
    answer: {
      'zh-CN': '请打开手机银行，在登录页面选择忘记密码，输入您的卡号和预留手机号收到的验证码，再刷脸验证，就可以设置新密码。',
      en: 'Open our app, choose forgot password on the login page, and enter your card number and the code that we send to your phone. After a look into the camera, you can set a new password.',
    },
    topic: 'accounts',
  },
  foreignCurrency: {
    asked: {
      'zh-CN': ['怎么换外币', '我想购汇', '换美元', '外币兑换', '换外汇要什么手续', '可以换欧元吗', '结汇怎么办', '今天的汇率', '出国换外汇', '每年可以换多少外币'],
      en: ['exchange foreign currency', 'how do I buy dollars', 'change money', 'foreign exchange', 'can I get euros', 'exchange rate', 'how much foreign currency can I buy', 'currency for my trip', 'sell foreign currency', 'I need dollars'],
    },
    name: { 'zh-CN': '外币兑换', en: 'foreign currency' },
    answer: {
      'zh-CN': '您可以在手机银行的外汇频道购汇和结汇，每人每年的便利化额度是等值五万美元。需要外币现钞，请提前一个工作日向网点预约。',
      en: 'You can buy and sell foreign currency in our app, up to the equivalent of fifty thousand US dollars a person and year. For cash, please tell a branch one working day ahead.',
    },
    topic: 'wealth',
  },
  lostPin: {
    asked: {
      'zh-CN': ['银行卡密码忘了', '取款密码忘记了', '忘记卡密码', '密码输错被锁了', '卡的密码不记得了', '重置取款密码', '银行卡密码锁住了', '交易密码忘了', '我忘了六位密码'],
      en: ['I forgot my PIN', 'forgot the PIN of my card', 'my PIN is locked', 'reset my PIN', 'I entered the wrong PIN', 'I do not remember my PIN', 'new PIN for my card', 'I lost my PIN'],
    },
    name: { 'zh-CN': '忘记银行卡密码', en: 'a forgotten PIN' },
    answer: {
      'zh-CN': '为了您的资金安全，银行卡密码需要由人工核实身份后重置。',
      en: 'For your security, a PIN is reset by one of our agents, who will check who you are.',
    },
    topic: 'accounts',
    handOver: true,
  },
  openAccount: {
    asked: {
      'zh-CN': ['怎么开户', '我想开个账户', '开户需要什么材料', '办一张储蓄卡', '办银行卡要带什么', '个人开户', '可以网上开户吗', '新开一张借记卡', '给孩子开户'],
      en: ['how do I open an account', 'open an account', 'open a personal account', 'what do I need for an account', 'I want a debit card', 'become a customer', 'can I open an account online', 'an account for my child'],
    },
    name: { 'zh-CN': '个人开户', en: 'opening an account' },
    answer: {
      'zh-CN': '请本人带身份证和手机到任意网点，大约二十分钟就可以办好。也可以在手机银行开立二类账户。',
      en: 'Please come to any branch with your identity card and your phone; it takes about twenty minutes. You may also open a class two account in our app.',
    },
    topic: 'accounts',
  },
  statement: {
    asked: {
      'zh-CN': ['怎么打印流水', '银行流水', '我要打流水', '交易明细怎么查', '账户明细', '开资产证明', '导出流水', '电子回单在哪里', '签证要银行流水'],
      en: ['how do I get a statement of my account', 'bank statement', 'print my transactions', 'list of my transactions', 'proof of funds', 'download my account history', 'statement for a visa', 'receipt for a transfer'],
    },
    name: { 'zh-CN': '账户流水和证明', en: 'account statements' },
    answer: {
      'zh-CN': '在手机银行选择账户明细，再选择导出流水，带电子印章的流水会发送到您的邮箱。网点的自助机也可以打印。',
      en: 'In our app, choose account details, then export: a sealed statement is sent to your mailbox. The machines at our branches print it, too.',
    },
    topic: 'accounts',
  },
  phoneNumber: {
    asked: {
      'zh-CN': ['换手机号了', '修改预留手机号', '怎么改手机号码', '手机号变了', '预留的手机号不用了', '更换绑定手机', '收不到验证码', '改联系电话'],
      en: ['change my phone number', 'I have a new phone number', 'update my mobile number', 'my number has changed', 'I do not get the code by text message', 'register a new mobile', 'new contact number'],
    },
    name: { 'zh-CN': '修改手机号', en: 'changing your phone number' },
    answer: {
      'zh-CN': '如果原来的手机号还能收短信，请在手机银行的个人信息里修改。如果已经停用，请本人带身份证和银行卡到网点办理。',
      en: 'If your old number still gets messages, change it in our app under personal details. If not, please come to a branch with your identity card and your bank card.',
    },
    topic: 'accounts',
  },
  abroad: {
    asked: {
      'zh-CN': ['国外能用你们的卡吗', '出国刷卡怎么收费', '境外取现', '银联卡国外能用吗', '在国外怎么取钱', '境外刷卡要开通吗', '出国用卡要注意什么', '在日本能刷卡吗'],
      en: ['can I use my card abroad', 'paying abroad', 'withdraw cash in another country', 'does my card work overseas', 'card fees abroad', 'I am travelling abroad with my card', 'use my card in Japan'],
    },
    name: { 'zh-CN': '境外用卡', en: 'using your card abroad' },
    answer: {
      'zh-CN': '借记卡和信用卡在有银联标识的商户和取款机都可以使用，不用另外开通。境外取现每笔收费十五元，每天最多等值一万元人民币。',
      en: 'Our cards work wherever you see the UnionPay sign; nothing needs to be switched on. A withdrawal abroad costs fifteen yuan, and the limit is the equivalent of ten thousand yuan a day.',
    },
    topic: 'cards',
  },
} as const satisfies Questions<Skill>;
