import type { PromptTexts } from '../../../engine/domain/prompt.ts';
import { defineIvr } from '../../../engine/flow/kit.ts';
import { noSecret } from '../../../engine/flow/secret.ts';

const prompts = {
  'recorded.menu': { 'zh-CN': '人工服务请按一，身份验证请按二。', en: 'For an agent press one, to identify yourself press two.' },
  'recorded.pin': { 'zh-CN': '请输入六位密码。', en: 'Please enter your six digit PIN.' },
  'recorded.notice': { 'zh-CN': '本次通话将被录音。', en: 'This call is recorded.' },
  'recorded.sorry': { 'zh-CN': '抱歉，系统繁忙。', en: 'Sorry, something went wrong.' },
  'recorded.bye': { 'zh-CN': '再见。', en: 'Goodbye.' },
} as const satisfies PromptTexts;

const { flow, menu, collect, recording, route, end } = defineIvr({ prompts, queues: ['personal'], vars: () => ({ pin: noSecret }) });

/** For recording.live.test.ts: 1 leads to an agent whose queue records, 2 records the whole call and asks for a PIN. */
export default flow({
  id: 'recorded',
  numbers: ['95500'],
  initial: 'main',
  fault: { prompt: 'recorded.sorry', to: 'bye' },
  states: {
    main: menu({
      prompt: 'recorded.menu',
      firstDigitTimeoutMs: 20_000,
      choices: { agent: { dtmf: '1', to: 'agent' }, identify: { dtmf: '2', to: 'start' } },
      otherwise: 'bye',
    }),
    start: recording({ what: 'start', to: 'pin' }),
    pin: collect({ prompt: 'recorded.pin', digits: 6, sensitivity: 'secret', into: 'pin', to: 'main', otherwise: 'bye', firstDigitTimeoutMs: 20_000 }),
    agent: route({ queue: 'personal', steps: [{ require: { all: [] } }], recordingNotice: 'recorded.notice', overflow: 'bye' }),
    bye: end({ prompt: 'recorded.bye' }),
  },
});
