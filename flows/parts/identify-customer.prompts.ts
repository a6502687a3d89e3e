import type { PromptTexts } from '../../engine/domain/prompt.ts';

export const prompts = {
  'identify.account': {
    'zh-CN': '请输入您的银行卡号或账号，以井号键结束。取消请按星号键。',
    en: 'Please enter your card or account number, followed by the hash key. To cancel, press star.',
  },
  'identify.pin': {
    'zh-CN': '请输入六位电话银行密码。取消请按星号键。',
    en: 'Please enter your six-digit telephone banking PIN. To cancel, press star.',
  },
  'identify.refused': {
    'zh-CN': '账号或密码不正确。',
    en: 'The account number or PIN is not correct.',
  },
  'identify.locked': {
    'zh-CN': '为了您的账户安全，密码验证暂时停用。',
    en: 'To protect your account, the PIN check is suspended for the moment.',
  },
  'identify.again': {
    'zh-CN': '为了您的账户安全，请您再次输入密码。',
    en: 'For your security, please enter your PIN again.',
  },
  'identify.noInput': {
    'zh-CN': '没有收到您的输入。',
    en: 'We did not receive anything.',
  },
  'identify.noMatch': {
    'zh-CN': '您输入的位数有误，请重新输入。',
    en: 'The number of digits is not right. Please try again.',
  },
} as const satisfies PromptTexts;
