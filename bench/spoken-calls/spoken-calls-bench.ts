import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../engine/domain/errors.ts';
import type { Language } from '../../engine/domain/language.ts';
import { shuffler } from '../../engine/navigation/shuffle.ts';
import { ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { humanWords } from '../../test/rigs/human-words.ts';
import { load1 } from '../call/cpu.ts';
import { percentilesOf } from '../call/figures.ts';
import { CALLER_VOICES, CallerVoices, type CallerVoice } from './caller-voices.ts';
import { LINE_CONDITIONS, overLine, type LineCondition, type LineSound } from './line-condition.ts';
import { listeningCost, type ChannelCost } from './listening-cost.ts';
import { otherSounds } from './other-sounds.ts';
import { NUMBERS, SpokenRig } from './spoken-rig.ts';
import { keyTurn, spokenTurn, untilQuestion, type TurnResult } from './spoken-turn.ts';
import { tallyOf, type Tally } from './tally.ts';
import { inGrammar, OUT_OF_GRAMMAR, OUT_OF_SCOPE } from './utterances.ts';

export interface SpokenCallsOptions {
  readonly quick: boolean;
  /** The folder that has the model zh-tdt_sc_8k and the words hsk_words_8k. Without it: English alone. */
  readonly speechData?: string | undefined;
  readonly onProgress: (text: string) => void;
}

export interface Delay {
  readonly p50: number;
  readonly p95: number;
  readonly count: number;
}

/** What became of callers under one condition, or in one voice. */
export interface Row extends Tally {
  readonly what: string;
}

/** One recogniser in one language. */
export interface RecognizerFigures {
  readonly recognizer: string;
  readonly language: Language;
  readonly model: string;
  readonly conditions: readonly Row[];
  readonly voices: readonly Row[];
  readonly outOfGrammar: Row;
  /** Speech that means nothing here, and sounds that are no speech: nothing of it is right but to ask again. */
  readonly outOfScope: readonly Row[];
  /** The hotline gave up listening and read out its keys: its recogniser was too slow, or failed. */
  readonly keysOnly: number;
  /** From the begin of speech to the end of the prompt that it cuts short. */
  readonly bargeInMs: Delay;
  /** From the end of speech to the begin of the next prompt, clean. */
  readonly promptMs: Delay;
}

export interface SpokenCallsResult {
  readonly at: string;
  readonly machine: { readonly cores: number; readonly node: string; readonly load1Before: number; readonly load1After: number };
  readonly callers: number;
  readonly endSilenceMs: number;
  readonly recognizers: readonly RecognizerFigures[];
  readonly keyBargeInMs: Delay;
  readonly costs: readonly ChannelCost[];
  readonly leftOut: readonly string[];
  /** On the switch after the last call: should be 0. */
  readonly left: { readonly channels: number; readonly bridges: number };
}

/** The default of flows (engine/flow/dialog-states.ts), which the flow of the bench leaves as it is. */
const END_SILENCE_MS = 700;
/** Each speaks nearly all the time, where callers listen for the most part: this is the load of some thirty of them. */
const CALLERS = 4;
const CHANNELS = 20;
const MODEL = 'zh-tdt_sc_8k';

interface Turn {
  readonly kind: 'inGrammar' | 'outOfGrammar' | 'outOfScope';
  readonly row: string;
  readonly voice: string;
  readonly truth: string | undefined;
  readonly sound: LineSound;
  readonly yes: LineSound;
  readonly no: LineSound;
}

type DoneTurn = Turn & TurnResult;

/** Callers who speak to the whole hotline, on a private Asterisk. */
export async function spokenCallsBench({ quick, speechData, onProgress }: SpokenCallsOptions): Promise<SpokenCallsResult> {
  const load1Before = load1();
  onProgress('starting Asterisk and the engine');
  const root = await ensurePrivateRoot({ onProgress: ({ name, detail }) => onProgress(`private Asterisk: ${name} ${detail ?? ''}`) });
  const model = speechData === undefined ? undefined : join(speechData, MODEL);
  const mandarin = model !== undefined && existsSync(model);
  const leftOut = mandarin ? [] : [`Mandarin: --speech-data (or STROWGER_SPEECH_DATA) names a folder that has the model ${MODEL}.`];
  const voices = new CallerVoices(root);
  let rig: SpokenRig | undefined;
  // The engine is a process of its own, which would go on.
  const giveUp = (): void => void Promise.resolve(rig?.stop()).finally(() => process.exit(1));
  process.once('SIGTERM', giveUp).once('SIGINT', giveUp);
  try {
    rig = await SpokenRig.start(root, { kind: 'commands', ...(mandarin ? { mandarinModel: model } : {}) });
    const bench = new SpokenCalls(rig, voices, { quick, speechData, onProgress });
    // One more caller presses keys meanwhile.
    const [english, keyBargeInMs] = await Promise.all([bench.recognizer('en', 'en-us of Debian'), bench.keys()]);
    const recognizers = [english];
    if (mandarin) recognizers.push(await bench.recognizer('zh-CN', MODEL));
    const costs = await listeningCost(rig, { channels: CHANNELS, seconds: quick ? 4 : 6, sound: overLine(await voices.say('my balance', 'en', PLAIN.en), CLEAN, 1), onProgress });
    leftOut.push(...bench.leftOut, ...troublesOf(rig));
    const left = await leftOn(rig);
    return {
      at: new Date().toISOString(),
      machine: { cores: availableParallelism(), node: process.version, load1Before, load1After: load1() },
      callers: CALLERS,
      endSilenceMs: END_SILENCE_MS,
      recognizers,
      keyBargeInMs,
      costs,
      leftOut,
      left,
    };
  } finally {
    process.off('SIGTERM', giveUp).off('SIGINT', giveUp);
    await rig?.stop();
    await voices.close();
  }
}

const CLEAN: LineCondition = { name: 'clean' };
const PLAIN: Readonly<Record<Language, CallerVoice>> = { en: { voice: 'rms', speed: 1 }, 'zh-CN': { voice: 'cmn', speed: 1 } };
const YES_NO: Readonly<Record<Language, { readonly yes: string; readonly no: string }>> = { en: { yes: 'yes', no: 'no' }, 'zh-CN': { yes: '是的', no: '不是' } };

class SpokenCalls {
  readonly leftOut: string[];
  readonly #rig: SpokenRig;
  readonly #voices: CallerVoices;
  readonly #options: SpokenCallsOptions;
  readonly #words: readonly Int16Array[];

  constructor(rig: SpokenRig, voices: CallerVoices, options: SpokenCallsOptions) {
    this.#rig = rig;
    this.#voices = voices;
    this.#options = options;
    const { words, missing } = humanWords(options.quick ? 4 : 12, options.speechData);
    this.#words = words.map(({ sound }) => sound);
    this.leftOut = missing === undefined ? [] : [missing];
  }

  async recognizer(language: Language, model: string): Promise<RecognizerFigures> {
    const { onProgress } = this.#options;
    onProgress(`commands, ${language}: the voices of the callers`);
    const turns = await this.#turns(language);
    const done: DoneTurn[] = [];
    // Condition after condition, callers would all be in the same noise at once.
    const waiting = shuffled(turns);
    const caller = async (): Promise<void> => {
      while (waiting.length > 0) {
        const spoken = await this.#rig.call(NUMBERS[language]);
        try {
          await untilQuestion(spoken);
          for (let keysOnly = false; !keysOnly; ) {
            const turn = waiting.shift();
            if (turn === undefined) break;
            // Not all at the same word of the question.
            const result = await spokenTurn(spoken, { ...turn, afterMs: 300 + ((done.length * 370) % 1_500) });
            done.push({ ...turn, ...result });
            keysOnly = result.keysOnly;
            onProgress(`commands, ${language}: ${done.length} of ${turns.length} things said`);
          }
        } catch (error) {
          // One call that goes wrong is told of, and costs one turn, not the run.
          this.leftOut.push(`A call of ${language} broke off: ${messageOf(error)}`);
        }
        await spoken.call.hangUp();
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, caller));
    return figuresOf(done, { recognizer: 'commands', language, model });
  }

  /** Keys pressed into a prompt, one caller. */
  async keys(): Promise<Delay> {
    const spoken = await this.#rig.call(NUMBERS.twoKeys);
    await spoken.story.next(['prompt.started'], 30_000);
    const delays: number[] = [];
    for (let index = 0; index < (this.#options.quick ? 5 : 12); index += 1) {
      const delay = await keyTurn(spoken, 500 + ((index * 230) % 1_000));
      if (delay !== undefined) delays.push(delay);
    }
    await spoken.call.hangUp();
    return delayOf(delays);
  }

  async #turns(language: Language): Promise<readonly Turn[]> {
    const { quick } = this.#options;
    const perCondition = quick ? 8 : 16;
    const voices = CALLER_VOICES[language];
    const turns: Turn[] = [];
    const add = async (turn: Omit<Turn, 'sound' | 'yes' | 'no' | 'voice'>, text: string, condition: LineCondition): Promise<void> => {
      const caller = voices[turns.length % voices.length] ?? PLAIN[language];
      const say = async (what: string): Promise<LineSound> => overLine(await this.#voices.say(what, language, caller), condition, turns.length + 1);
      turns.push({ ...turn, sound: await say(text), yes: await say(YES_NO[language].yes), no: await say(YES_NO[language].no), voice: `${caller.voice} × ${caller.speed}` });
    };
    for (const condition of quick ? LINE_CONDITIONS.filter(({ noise }) => noise === undefined || (noise.kind === 'pink' && noise.snrDb === 10)) : LINE_CONDITIONS) {
      for (const { text, choice } of inGrammar(language, perCondition)) await add({ kind: 'inGrammar', row: condition.name, truth: choice }, text, condition);
    }
    for (const { text, choice } of OUT_OF_GRAMMAR[language].slice(0, perCondition)) await add({ kind: 'outOfGrammar', row: 'in other words', truth: choice }, text, CLEAN);
    for (const text of OUT_OF_SCOPE[language].slice(0, quick ? 4 : 8)) await add({ kind: 'outOfScope', row: 'other sentences', truth: undefined }, text, CLEAN);
    const no = overLine(await this.#voices.say(YES_NO[language].no, language, PLAIN[language]), CLEAN, 1);
    const others = [
      ...this.#words.map((word, index) => ({ row: 'words, a person, zh', sound: overLine(word, CLEAN, index + 1) })),
      ...otherSounds().slice(0, quick ? 4 : 8).map(({ sound }) => ({ row: 'noise, music, tones', sound })),
    ];
    turns.push(...others.map(({ row, sound }) => ({ kind: 'outOfScope' as const, row, voice: '', truth: undefined, sound, yes: no, no })));
    return turns;
  }
}

function figuresOf(turns: readonly DoneTurn[], which: Pick<RecognizerFigures, 'recognizer' | 'language' | 'model'>): RecognizerFigures {
  const rowOf = (what: string, some: readonly DoneTurn[]): Row => ({ what, ...tallyOf(some) });
  const rowsBy = (some: readonly DoneTurn[], key: (turn: DoneTurn) => string): readonly Row[] => [...new Set(some.map(key))].map((what) => rowOf(what, some.filter((turn) => key(turn) === what)));
  const inside = turns.filter(({ kind }) => kind === 'inGrammar');
  const clean = turns.filter(({ kind, row }) => kind !== 'outOfScope' && (row === CLEAN.name || kind === 'outOfGrammar'));
  const order = LINE_CONDITIONS.map(({ name }) => name);
  return {
    ...which,
    conditions: rowsBy(inside.toSorted((a, b) => order.indexOf(a.row) - order.indexOf(b.row)), ({ row }) => row),
    voices: rowsBy(inside.toSorted((a, b) => a.voice.localeCompare(b.voice)), ({ voice }) => voice),
    outOfGrammar: rowOf('in other words', turns.filter(({ kind }) => kind === 'outOfGrammar')),
    outOfScope: rowsBy(turns.filter(({ kind }) => kind === 'outOfScope'), ({ row }) => row),
    keysOnly: turns.filter(({ keysOnly }) => keysOnly).length,
    bargeInMs: delayOf(inside.flatMap(({ bargeInMs }) => bargeInMs ?? [])),
    promptMs: delayOf(clean.flatMap(({ promptMs }) => promptMs ?? [])),
  };
}

function shuffled(turns: readonly Turn[]): Turn[] {
  const order = Int32Array.from(turns, (_, at) => at);
  shuffler(1)(order);
  return [...order].flatMap((at) => turns[at] ?? []);
}

function delayOf(ms: readonly number[]): Delay {
  const { p50, p95 } = percentilesOf(ms);
  return { p50, p95, count: ms.length };
}

/** What the engine could not understand, and why; a caller who hangs up while listened to is none of it. */
function troublesOf({ engine }: SpokenRig): readonly string[] {
  const counts = new Map<string, number>();
  for (const { event, code } of engine.lines) {
    if (event === 'speech.failed' && typeof code === 'string' && code !== 'switch.gone') counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return [...counts].map(([code, count]) => `${code}: ${count} times, in the log of the engine`);
}

/** What the switch still has a moment after the last call. */
async function leftOn({ pbx }: SpokenRig): Promise<SpokenCallsResult['left']> {
  for (let look = 0; ; look += 1) {
    const left = { channels: await pbx.channelCount(), bridges: await pbx.bridgeCount() };
    if (left.channels + left.bridges === 0 || look === 20) return left;
    await new Promise((fulfil) => setTimeout(fulfil, 200));
  }
}
