import type { PromptTexts } from '../engine/domain/prompt.ts';

export const prompts = {
  'branch.welcome': {
    'zh-CN': '欢迎致电云桥银行网点服务热线。',
    en: 'Welcome to the branch service of Yunqiao Bank.',
  },
  'branch.menu': {
    'zh-CN': '网点营业时间请按1，查询您的预约请按2，重听请按星号键。',
    en: 'For the opening hours of our branches, press 1. To hear your next appointment, press 2. To hear this again, press star.',
  },
  'branch.open': {
    'zh-CN': '网点现在正在营业。',
    en: 'Our branches are open now.',
  },
  'branch.closed': {
    'zh-CN': '网点现在已经停止营业。',
    en: 'Our branches are closed now.',
  },
  'branch.hours': {
    'zh-CN': '我行网点工作日的营业时间为上午九点至下午五点，节假日及周末休息。',
    en: 'Our branches are open on working days from nine a.m. to five p.m., and closed on weekends and public holidays.',
  },
  'branch.appointment': {
    'zh-CN': '您的预约时间为{day:date}{hour:time}。',
    en: 'Your appointment is on {day:date} at {hour:time}.',
  },
  'branch.noAppointment': {
    'zh-CN': '您目前没有预约。',
    en: 'You have no appointment.',
  },
  'branch.unavailable': {
    'zh-CN': '非常抱歉，暂时无法为您查询，请您稍后再拨。再见。',
    en: 'We are sorry, this information is not available right now. Please call again later. Goodbye.',
  },
  'branch.refused': {
    'zh-CN': '非常抱歉，无法核实您的身份，请您持有效证件到网点办理。再见。',
    en: 'We are sorry, we could not verify your identity. Please visit a branch with your identity document. Goodbye.',
  },
  'branch.sorry': {
    'zh-CN': '非常抱歉，系统暂时出现故障，请您稍后再拨。',
    en: 'We are sorry, we have a technical problem. Please call again later.',
  },
  'branch.goodbye': {
    'zh-CN': '感谢您的来电，再见。',
    en: 'Thank you for calling. Goodbye.',
  },
} as const satisfies PromptTexts;
