import type { DomainEvent } from '../../engine/domain/events.ts';
import type { Language } from '../../engine/domain/language.ts';
import type { OutgoingCall, ScriptedCaller } from '../../telephony/phones/scripted-caller.ts';
import type { ScriptedAgentPhone } from '../../telephony/phones/scripted-agent-phone.ts';
import { EventWaits } from './event-waits.ts';

/** What the demonstration's call needs to have seen, each with whether it was. */
export interface DemoCheck {
  readonly what: string;
  readonly ok: boolean;
}

export interface DemoCallOptions {
  readonly number: string;
  readonly language: Language;
  readonly account: string;
  readonly pin: string;
  readonly caller: ScriptedCaller;
  readonly agentPhone: ScriptedAgentPhone;
  /** Tones that stand for the two voices. */
  readonly callerHz: number;
  readonly agentHz: number;
  readonly onEvent: (listener: (event: DomainEvent) => void) => () => void;
  readonly talkMs: number;
}

const STEP_LIMIT_MS = 60_000;

/**
 * The scripted call: language, balance by account and PIN, then an agent; both talk, the agent hangs up. Resolves with
 * what was checked, after the call has ended in the books.
 */
export async function demoCall(options: DemoCallOptions): Promise<readonly DemoCheck[]> {
  const events: DomainEvent[] = [];
  const story = new EventWaits(options.onEvent, events, STEP_LIMIT_MS);
  let call: OutgoingCall | undefined;
  try {
    call = await options.caller.dial({
      number: options.number,
      callerNumber: '13800138000',
      callerName: 'Demo caller',
    });
    const line = call;
    await line.answered;
    await story.promptBegins('language.menu');
    await pause(1200);
    await line.media.sendDigits(options.language === 'zh-CN' ? '1' : '2');
    // In English the question is an open one; keys answer it all the same.
    await story.promptBegins(options.language === 'en' ? 'main.ask' : 'main.menu');
    await pause(2500);
    await line.media.sendDigits('2');
    await story.promptBegins('identify.account');
    await pause(1500);
    await line.media.sendDigits(`${options.account}#`);
    await story.promptBegins('identify.pin');
    await pause(1000);
    await line.media.sendDigits(options.pin);
    await story.promptBegins('balance.next');
    await pause(500);
    await line.media.sendDigits('0');
    const agent = await options.agentPhone.nextCall(STEP_LIMIT_MS);
    await story.next((event) => event.type === 'conversation.started', 'an agent answers');
    line.media.sendTone(options.callerHz);
    const heard = await Promise.allSettled([line.media.hearsTone(options.agentHz), agent.media.hearsTone(options.callerHz)]);
    await pause(options.talkMs);
    await agent.hangUp();
    const ended = await story.next((event) => event.type === 'call.ended', 'the call ends');
    await line.ended;
    const saw = (type: DomainEvent['type'], test: (event: DomainEvent) => boolean = () => true): boolean =>
      events.some((event) => event.type === type && test(event));
    return [
      { what: 'the PIN was taken and stands in no event', ok: saw('digits.collected') && !JSON.stringify(events).includes(options.pin) },
      { what: 'the balance was told', ok: saw('prompt.finished', (event) => event.type === 'prompt.finished' && event.prompts.includes('balance.is') && !event.interrupted) },
      { what: 'an agent was offered the call and took it', ok: saw('offer.ended', (event) => event.type === 'offer.ended' && event.outcome === 'accepted') },
      { what: 'the caller heard the agent', ok: heard[0].status === 'fulfilled' },
      { what: 'the agent heard the caller', ok: heard[1].status === 'fulfilled' },
      { what: 'the call ended as served', ok: ended.type === 'call.ended' && ended.termination.reason === 'served' },
    ];
  } finally {
    story.stop();
    await call?.hangUp();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
