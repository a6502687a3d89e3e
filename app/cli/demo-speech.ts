import type { DomainEvent } from '../../engine/domain/events.ts';
import type { OutgoingCall, ScriptedCaller } from '../../telephony/phones/scripted-caller.ts';
import type { ScriptedAgentPhone } from '../../telephony/phones/scripted-agent-phone.ts';
import type { DemoCheck } from './demo-call.ts';
import { EventWaits } from './event-waits.ts';

export interface DemoSpeechOptions {
  /** Of the hotline in English. */
  readonly number: string;
  readonly caller: ScriptedCaller;
  readonly agentPhone: ScriptedAgentPhone;
  readonly agentHz: number;
  readonly onEvent: (listener: (event: DomainEvent) => void) => () => void;
  /** What the caller says: a lost card, at 8 kHz. */
  readonly sound: Int16Array;
  readonly talkMs: number;
}

const STEP_LIMIT_MS = 60_000;

/** The third act: a caller speaks into the question, and gets to the agent whom that takes. Resolves with what was checked. */
export async function demoSpeech({ number, caller, agentPhone, agentHz, onEvent, sound, talkMs }: DemoSpeechOptions): Promise<readonly DemoCheck[]> {
  const events: DomainEvent[] = [];
  const story = new EventWaits(onEvent, events, STEP_LIMIT_MS);
  let call: OutgoingCall | undefined;
  try {
    call = await caller.dial({ number, callerNumber: '13900139000', callerName: 'Demo caller' });
    const { media, answered, ended } = call;
    await answered;
    await story.promptBegins('main.ask');
    await pause(1_500);
    await media.sendPcm(sound);
    const agent = await agentPhone.nextCall(STEP_LIMIT_MS);
    await story.next((event) => event.type === 'conversation.started', 'an agent answers');
    const heard = await media.hearsTone(agentHz).then(
      () => true,
      () => false,
    );
    await pause(talkMs);
    await agent.hangUp();
    await story.next((event) => event.type === 'call.ended', 'the call ends');
    await ended;
    const chosen = events.find((event) => event.type === 'menu.chosen');
    const asked = events.find((event) => event.type === 'prompt.finished' && event.prompts.includes('main.ask'));
    return [
      { what: 'a caller who spoke was understood: a lost card', ok: chosen?.type === 'menu.chosen' && chosen.by === 'speech' && chosen.choice === 'cardLoss' },
      { what: 'the question stopped when the caller began to speak', ok: asked?.type === 'prompt.finished' && asked.interrupted },
      { what: 'it went to the queue for lost cards, and the caller heard the agent', ok: heard && events.some((event) => event.type === 'contact.queued' && event.queueId === 'cardLoss') },
    ];
  } finally {
    story.stop();
    await call?.hangUp();
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
