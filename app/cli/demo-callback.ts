import type { DomainEvent } from '../../engine/domain/events.ts';
import type { Language } from '../../engine/domain/language.ts';
import type { OutgoingCall, ScriptedCaller } from '../../telephony/phones/scripted-caller.ts';
import type { ScriptedAgentPhone } from '../../telephony/phones/scripted-agent-phone.ts';
import type { DemoCheck } from './demo-call.ts';
import { EventWaits } from './event-waits.ts';

export interface DemoCallbackOptions {
  readonly number: string;
  readonly language: Language;
  /** As it is displayed: the number of the customer's own phone. */
  readonly callerNumber: string;
  readonly caller: ScriptedCaller;
  readonly agentPhone: ScriptedAgentPhone;
  readonly customerPhone: ScriptedAgentPhone;
  readonly callerHz: number;
  readonly agentHz: number;
  readonly onEvent: (listener: (event: DomainEvent) => void) => () => void;
  /** The agent takes a break, and comes back. */
  readonly setReady: (ready: boolean) => void;
  readonly talkMs: number;
}

const STEP_LIMIT_MS = 60_000;

/**
 * The second act: nobody has time for a caller. It is offered a callback, confirms its number and hangs up; when the agent is back, the
 * agent's phone rings, and then the customer's. Resolves with what was checked, after the conversation.
 */
export async function demoCallback(options: DemoCallbackOptions): Promise<readonly DemoCheck[]> {
  const { caller, agentPhone, customerPhone, callerHz, agentHz, language, setReady } = options;
  const events: DomainEvent[] = [];
  const story = new EventWaits(options.onEvent, events, STEP_LIMIT_MS);
  let call: OutgoingCall | undefined;
  setReady(false);
  try {
    call = await caller.dial({ number: options.number, callerNumber: options.callerNumber, callerName: 'Demo caller' });
    const { media, ended } = call;
    await call.answered;
    const press = async (prompt: string, digits: string): Promise<void> => {
      await story.promptBegins(prompt);
      await pause(1_000);
      await media.sendDigits(digits);
    };
    await press('language.menu', language === 'zh-CN' ? '1' : '2');
    await press(language === 'en' ? 'main.ask' : 'main.menu', '0');
    await press('queue.callback', '2');
    await press('callback.number', '1');
    await press('callback.when', '1');
    await story.promptBegins('callback.taken');
    await ended;
    setReady(true);
    const agent = await agentPhone.nextCall(STEP_LIMIT_MS);
    const customer = await customerPhone.nextCall(STEP_LIMIT_MS);
    await story.next((event) => event.type === 'callback.ended', 'the customer is reached');
    customer.media.sendTone(callerHz);
    const heard = await Promise.allSettled([customer.media.hearsTone(agentHz), agent.media.hearsTone(callerHz)]);
    await pause(options.talkMs);
    await customer.hangUp();
    await story.next((event) => event.type === 'conversation.ended', 'the conversation ends');
    await agent.ended;
    return [
      { what: 'a caller who would have had to wait was offered a callback, and took it', ok: events.some(({ type }) => type === 'callback.requested') },
      { what: 'the customer was called back and heard the agent', ok: heard[0].status === 'fulfilled' },
      { what: 'the agent heard the customer', ok: heard[1].status === 'fulfilled' },
      { what: 'it took one attempt', ok: events.some((event) => event.type === 'callback.ended' && event.how === 'reached' && event.attempts === 1) },
    ];
  } finally {
    story.stop();
    setReady(true);
    await call?.hangUp();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
