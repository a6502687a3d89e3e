import { setTimeout as sleep } from 'node:timers/promises';
import { preciseNowMs, type RtpEndpoint } from '../../telephony/phones/rtp-endpoint.ts';
import { promptsOf } from './call-story.ts';
import type { LineSound } from './line-condition.ts';
import type { SpokenCall } from './spoken-call.ts';
import type { TurnOutcome } from './tally.ts';
import { turnDelays, type TurnDelays } from './turn-delays.ts';

/** What a caller wants, and the sounds of what is said. */
export interface TurnScript {
  readonly sound: LineSound;
  /** The choice that is meant; undefined: none. */
  readonly truth: string | undefined;
  readonly yes: LineSound;
  readonly no: LineSound;
  /** From the begin of the question to the begin of the sound. */
  readonly afterMs: number;
}

export interface TurnResult extends TurnDelays {
  readonly outcome: TurnOutcome;
  /** The hotline gave up listening and reads out its keys: nothing more is understood in this call. */
  readonly keysOnly: boolean;
}

/** How the choices are called when it is asked back. */
const NAME = 'wish.';
const QUESTION = 'main.ask';
const KEYPAD = 'main.menu';
const TURN_EVENTS = ['prompt.started', 'prompt.finished', 'speech.heard', 'menu.chosen', 'menu.missed'];
const TURN_LIMIT_MS = 40_000;
/** People answer when they know what they are asked. */
const THINK_MS = 1_500;
/** So much of the next prompt must have been heard to tell when it began. */
const TAIL_MS = 400;

/** The question, for the first time in a call. */
export async function untilQuestion({ story }: SpokenCall): Promise<void> {
  while (!promptsOf(await story.next(['prompt.started'], TURN_LIMIT_MS)).includes(QUESTION));
}

/** Speaks into the question and answers what is asked back, truthfully. Returns when the question is put again, or the keys are read out instead. */
export async function spokenTurn({ call: { media }, story }: SpokenCall, script: TurnScript): Promise<TurnResult> {
  await sleep(script.afterMs);
  const sent = send(media, script.sound.pcm);
  let chosen: string | undefined;
  let asked: TurnOutcome['asked'];
  let noticed = false;
  let cutShort = false;
  let delays: TurnDelays | undefined;
  let keysOnly = false;
  for (;;) {
    const line = await story.next(TURN_EVENTS, TURN_LIMIT_MS);
    if (line.event === 'speech.heard') noticed = true;
    else if (line.event === 'menu.chosen') chosen = String(line['choice']);
    else if (line.event === 'menu.missed') noticed ||= line['why'] === 'noMatch';
    else if (line.event === 'prompt.finished') {
      if (delays === undefined && line['interrupted'] === true) noticed = cutShort = true;
    } else {
      const prompts = promptsOf(line);
      delays ??= await delaysOf(media, script.sound, await sent, cutShort);
      keysOnly = prompts.includes(KEYPAD);
      if (keysOnly || prompts.includes(QUESTION)) break;
      const names = prompts.filter((prompt) => prompt.startsWith(NAME));
      if (names.length === 0) continue;
      asked ??= names.length === 1 ? 'confirm' : 'either';
      await sleep(THINK_MS);
      await answer(media, names, script);
    }
  }
  return { outcome: { ...(chosen === undefined ? {} : { chosen }), ...(asked === undefined ? {} : { asked }), noticed }, keysOnly, ...delays };
}

// "Which is it" is answered by the key, and with "no" when neither is meant.
async function answer(media: RtpEndpoint, names: readonly string[], { truth, yes, no }: TurnScript): Promise<void> {
  const at = truth === undefined ? -1 : names.indexOf(`${NAME}${truth}`);
  if (names.length > 1 && at >= 0) await media.sendDigits(String(at + 1));
  else await send(media, (at >= 0 ? yes : no).pcm);
}

async function delaysOf(media: RtpEndpoint, sound: LineSound, sentAtMs: number, cutShort: boolean): Promise<TurnDelays> {
  await sleep(TAIL_MS);
  const heard = media.recording(preciseNowMs() - sentAtMs + 1_000);
  const delays = turnDelays(heard, { beginAtMs: sentAtMs + sound.beginMs, endAtMs: sentAtMs + sound.endMs });
  return cutShort ? delays : { bargeInMs: undefined, promptMs: undefined };
}

/** Resolves when all is sent, with the instant at which the first packet went out. */
async function send(media: RtpEndpoint, pcm: Int16Array): Promise<number> {
  const beforeMs = preciseNowMs();
  await media.sendPcm(pcm);
  // It ends with the last frame, which may be an empty one; the first went out at the next beat of 20 ms.
  const byEndMs = preciseNowMs() - Math.floor(pcm.length / FRAME_SAMPLES) * FRAME_MS;
  return Math.min(Math.max(byEndMs, beforeMs), beforeMs + FRAME_MS);
}

const FRAME_MS = 20;
const FRAME_SAMPLES = 160;

/** Presses a key into the prompt of `twoKeys`; returns when that is said again: from the begin of the key to the end of the prompt. */
export async function keyTurn({ call: { media }, story }: SpokenCall, afterMs: number): Promise<number | undefined> {
  await sleep(afterMs);
  const [key] = await media.sendDigits('1');
  await story.next(['prompt.started'], TURN_LIMIT_MS);
  if (key === undefined) return undefined;
  await sleep(TAIL_MS);
  const heard = media.recording(preciseNowMs() - key.startedAtMs + 1_000);
  return turnDelays(heard, { beginAtMs: key.startedAtMs, endAtMs: key.endedAtMs }).bargeInMs;
}
