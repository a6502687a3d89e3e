import type { PromptTexts } from '../../engine/domain/prompt.ts';

export const prompts = {
  'callback.number': {
    'zh-CN': '我们可以回电给您，并为您保留排队位置。回拨号码{number:digits}请按1，使用其他号码请按2，继续等候请按星号键。',
    en: 'We can call you back and keep your place in the line. To be called at {number:digits}, press 1. For another number, press 2. To go on waiting, press star.',
  },
  'callback.enter': {
    'zh-CN': '请输入回拨号码，固定电话请加区号，以井号键结束。继续等候请按星号键。',
    en: 'Please enter the number that we should call, with its area code, followed by the hash key. To go on waiting, press star.',
  },
  'callback.confirm': {
    'zh-CN': '您输入的号码是{number:digits}。正确请按1，重新输入请按2，继续等候请按星号键。',
    en: 'You entered {number:digits}. If this is correct, press 1. To enter it again, press 2. To go on waiting, press star.',
  },
  'callback.when': {
    'zh-CN': '轮到您时立即回电请按1，预约时间请按2，继续等候请按星号键。',
    en: 'To be called as soon as it is your turn, press 1. To choose a time, press 2. To go on waiting, press star.',
  },
  'callback.window': {
    'zh-CN': '{from:date}{from:time}到{to:time}，可以请按1，其他时间请按2，继续等候请按星号键。',
    en: 'On {from:date}, between {from:time} and {to:time}: if this suits you, press 1. For another time, press 2. To go on waiting, press star.',
  },
  'callback.noWindow': {
    'zh-CN': '暂时没有其他可预约的时间。',
    en: 'There are no other times at the moment.',
  },
  'callback.badNumber': {
    'zh-CN': '您输入的号码有误。',
    en: 'That is not a number that we can dial.',
  },
  'callback.notAllowed': {
    'zh-CN': '非常抱歉，我们无法回拨这个号码。',
    en: 'We are sorry, we cannot call this number.',
  },
  'callback.tooMany': {
    'zh-CN': '非常抱歉，这个号码今天的回电次数已达上限。',
    en: 'We are sorry, there have been too many callbacks for this number today.',
  },
  'callback.windowGone': {
    'zh-CN': '非常抱歉，这个时间刚刚约满。',
    en: 'We are sorry, that time has just been taken.',
  },
  'callback.unavailable': {
    'zh-CN': '非常抱歉，暂时无法预约回电。',
    en: 'We are sorry, we cannot arrange a callback at the moment.',
  },
  'callback.taken': {
    'zh-CN': '好的，轮到您时我们会立即回电。',
    en: 'Thank you. We will call you as soon as it is your turn.',
  },
  'callback.takenAt': {
    'zh-CN': '好的，我们会在{from:date}{from:time}到{to:time}之间回电。',
    en: 'Thank you. We will call you on {from:date} between {from:time} and {to:time}.',
  },
  'callback.pendingSoon': {
    'zh-CN': '您已预约回电，轮到您时我们会立即回电。保留预约请按1，取消预约请按2，取消预约并现在等候请按3。',
    en: 'You have asked to be called back as soon as it is your turn. To keep that, press 1. To cancel it, press 2. To cancel it and wait now, press 3.',
  },
  'callback.pendingAt': {
    'zh-CN': '您已预约{from:date}{from:time}到{to:time}回电。保留预约请按1，取消预约请按2，取消预约并现在等候请按3，更改时间请按4。',
    en: 'You have a callback on {from:date} between {from:time} and {to:time}. To keep it, press 1. To cancel it, press 2. To cancel it and wait now, press 3. To change the time, press 4.',
  },
  'callback.canceled': {
    'zh-CN': '您的回电预约已取消。',
    en: 'Your callback has been cancelled.',
  },
  'callback.pendingAlready': {
    'zh-CN': '这个号码已经预约了回电，我们会按预约回电。',
    en: 'There is a callback for this number already. We will call as arranged.',
  },
  'callback.tooLate': {
    'zh-CN': '我们正在回电给您，请您挂机等候。',
    en: 'We are calling you back at this moment. Please hang up.',
  },
  'callback.noInput': {
    'zh-CN': '没有收到您的选择。',
    en: 'We did not receive your choice.',
  },
  'callback.noMatch': {
    'zh-CN': '您的选择有误，请重新选择。',
    en: 'That is not one of the choices. Please try again.',
  },
} as const satisfies PromptTexts;
