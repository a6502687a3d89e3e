import { setTimeout as sleep } from 'node:timers/promises';
import { childrenCpuMs, processCpuMs } from '../call/cpu.ts';
import type { LineSound } from './line-condition.ts';
import type { SpokenCall } from './spoken-call.ts';
import { NUMBERS, type SpokenRig } from './spoken-rig.ts';

/** CPU of one channel as a share of one core, 0 to 1. */
export interface ChannelCost {
  readonly what: string;
  readonly channels: number;
  readonly seconds: number;
  readonly asterisk: number;
  readonly engine: number;
  readonly pocketsphinx: number;
  /** pocketsphinx, in milliseconds of CPU an utterance; 0 where nobody spoke. */
  readonly msAnUtterance: number;
}

export interface ListeningCostOptions {
  readonly channels: number;
  /** Of each measurement in which nobody speaks. */
  readonly seconds: number;
  readonly sound: LineSound;
  readonly onProgress: (text: string) => void;
}

/** Between the beginnings of two who speak in turn. */
const TURN_MS = 1_000;
/** What is said last is understood by then, and the prompt after it has ended. */
const SETTLE_MS = 3_500;
const PROMPT_LIMIT_MS = 30_000;

/** Many calls at once: with keys only, listening to silence, and speaking one after the other. */
export async function listeningCost(rig: SpokenRig, { channels, seconds, sound, onProgress }: ListeningCostOptions): Promise<readonly ChannelCost[]> {
  const costs: ChannelCost[] = [];
  for (const [what, number] of [
    ['keys only', NUMBERS.keysOnly],
    ['listening, all silent', NUMBERS.listening],
  ] as const) {
    onProgress(`${channels} calls: ${what}`);
    const calls = await Promise.all(Array.from({ length: channels }, () => rig.call(number)));
    await Promise.all(calls.map(({ story }) => story.next(['prompt.finished'], PROMPT_LIMIT_MS)));
    await sleep(SETTLE_MS);
    costs.push(await measured(rig, { what, channels, utterances: 0 }, () => sleep(seconds * 1_000)));
    if (number === NUMBERS.listening) {
      onProgress(`${channels} calls: speaking in turn`);
      costs.push(await measured(rig, { what: 'listening, one speaks after the other', channels, utterances: channels }, () => inTurn(calls, sound)));
    }
    await Promise.all(calls.map(({ call }) => call.hangUp()));
  }
  return costs;
}

async function inTurn(calls: readonly SpokenCall[], { pcm }: LineSound): Promise<void> {
  for (const { call } of calls) {
    call.media.send({ kind: 'pcm', pcm });
    await sleep(TURN_MS);
  }
  await sleep(SETTLE_MS);
}

async function measured({ pbx, engine }: SpokenRig, { what, channels, utterances }: { readonly what: string; readonly channels: number; readonly utterances: number }, run: () => Promise<unknown>): Promise<ChannelCost> {
  const { pid } = engine;
  // The engine's ended children are the recogniser's programs: it starts no others while a flow runs on rendered prompts.
  const read = () => ({ at: performance.now(), asterisk: pbx.cpuMs(), engine: pid === undefined ? Number.NaN : processCpuMs(pid), children: pid === undefined ? Number.NaN : childrenCpuMs(pid) });
  const before = read();
  await run();
  const after = read();
  const share = (ms: number): number => ms / (after.at - before.at) / channels;
  const children = after.children - before.children;
  return {
    what,
    channels,
    seconds: (after.at - before.at) / 1_000,
    asterisk: share(after.asterisk - before.asterisk),
    engine: share(after.engine - before.engine),
    pocketsphinx: share(children),
    msAnUtterance: utterances === 0 ? 0 : children / utterances,
  };
}
