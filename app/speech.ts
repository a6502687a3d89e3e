import { isAbsolute, join } from 'node:path';
import { StrowgerError } from '../engine/domain/errors.ts';
import { LANGUAGES } from '../engine/domain/language.ts';
import type { CallAudio } from '../engine/ports/call-audio.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { IdSource } from '../engine/ports/id-source.ts';
import type { Logger } from '../engine/ports/logger.ts';
import type { Recognizer } from '../engine/ports/recognizer.ts';
import type { SpeechInput } from '../engine/ports/speech-input.ts';
import { pinyinPhonetics } from '../integrations/language/pinyin.ts';
import { SpeechListener } from '../telephony/listening/speech-listener.ts';
import type { PrivateRoot } from '../telephony/pbx/private-root.ts';
import { PCMA, PCMU } from '../telephony/phones/g711.ts';
import { SLIN, SLIN16, type AeapCodec } from '../telephony/recognition/aeap-protocol.ts';
import { AeapRecognizer } from '../telephony/recognition/aeap-recognizer.ts';
import { FallbackRecognizer } from '../telephony/recognition/fallback-recognizer.ts';
import { FunasrRecognizer } from '../telephony/recognition/funasr-recognizer.ts';
import { debianEnglishModel } from '../telephony/recognition/pocketsphinx/acoustic-model.ts';
import { PocketsphinxRecognizer } from '../telephony/recognition/pocketsphinx/pocketsphinx-recognizer.ts';
import type { CircuitFigures } from '../telephony/recognition/recognizer-circuit.ts';
import { SherpaModelRecognizer } from '../telephony/recognition/sherpa-model/sherpa-model-recognizer.ts';
import { SherpaRecognizer } from '../telephony/recognition/sherpa-recognizer.ts';
import { VoskRecognizer } from '../telephony/recognition/vosk-recognizer.ts';
import { SileroDetector } from '../telephony/voice-activity/silero-detector.ts';
import type { Config } from './config/schema.ts';

export interface SpeechOptions {
  readonly config: Config;
  readonly audio: CallAudio;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  /** What callers are expected to say, of all flows. */
  readonly phrases: readonly string[];
  /** The private packages, where `pocketsphinx` is looked for when they are there. */
  readonly root?: PrivateRoot | undefined;
}

/** What listens to callers. */
export interface Speech {
  readonly input: SpeechInput;
  /** How each recogniser has done. */
  recognizers(): readonly CircuitFigures[];
  /** Ends the recognisers' programs. */
  close(): Promise<void>;
}

/** Puts the recognisers of the configuration together. Undefined when there are none: flows ask for keys then. Rejects with `speech.model`. */
export async function openSpeech({ config, audio, clock, ids, log, phrases, root }: SpeechOptions): Promise<Speech | undefined> {
  const { recognizers: wanted, slowSeconds } = config.speech;
  if (wanted.length === 0) return undefined;
  const recognizers: Recognizer[] = [];
  const closers: (() => Promise<void>)[] = [];
  for (const one of wanted) {
    if (one.kind === 'commands' || one.kind === 'sherpaModel') {
      const local = one.kind === 'commands' ? await openCommands(one, { clock, log, root }) : await openSherpaModel(one, { clock, log, phrases });
      recognizers.push(local);
      closers.push(() => local.close());
    } else {
      recognizers.push(serverRecognizer(one, clock, ids));
    }
  }
  const recognizer = new FallbackRecognizer({ clock, logger: log, recognizers, slowMs: slowSeconds * 1_000 });
  const input = new SpeechListener({ audio, detector: new SileroDetector(), recognizer, clock, log });
  return {
    input,
    recognizers: () => recognizer.figures,
    close: async () => {
      for (const close of closers) await close();
    },
  };
}

type RecognizerConfig = Config['speech']['recognizers'][number];
export type CommandsConfig = Extract<RecognizerConfig, { kind: 'commands' }>;
export type SherpaModelConfig = Extract<RecognizerConfig, { kind: 'sherpaModel' }>;
export type ServerConfig = Exclude<RecognizerConfig, CommandsConfig | SherpaModelConfig>;

// Asterisk calls both rates of linear sound `slin`.
const AEAP_CODECS: Readonly<Record<Extract<RecognizerConfig, { kind: 'aeap' }>['codec'], AeapCodec>> = {
  ulaw: { name: 'ulaw', sampleRateHz: 8_000, encode: (samples) => PCMU.encode(samples) },
  alaw: { name: 'alaw', sampleRateHz: 8_000, encode: (samples) => PCMA.encode(samples) },
  slin: SLIN,
  slin16: SLIN16,
};

/** A recogniser behind a server. */
export function serverRecognizer(one: ServerConfig, clock: Clock, ids: IdSource): Recognizer {
  const { url, languages = LANGUAGES } = one;
  const server = { clock, url, languages };
  const rate = 'sampleRateHz' in one && one.sampleRateHz !== undefined ? { sampleRateHz: one.sampleRateHz } : {};
  switch (one.kind) {
    case 'funasr':
      return new FunasrRecognizer(server);
    case 'sherpa':
      return new SherpaRecognizer({ ...server, ...rate });
    case 'vosk':
      return new VoskRecognizer({ ...server, ...rate });
    case 'aeap':
      return new AeapRecognizer({ ...server, ids, codec: AEAP_CODECS[one.codec], fullScore: one.fullScore, ...(one.params === undefined ? {} : { params: one.params }) });
  }
}

/** The recogniser without a server. Rejects with `speech.model` when its program or a model is missing. */
export function openCommands({ mandarinModel, languages = [...LANGUAGES] }: CommandsConfig, { clock, log, root }: Pick<SpeechOptions, 'clock' | 'log' | 'root'>): Promise<PocketsphinxRecognizer> {
  const models = [
    ...(languages.includes('en') ? [debianEnglishModel(root?.path ?? '/')] : []),
    ...(mandarinModel !== undefined && languages.includes('zh-CN') ? [{ language: 'zh-CN' as const, dir: fromHere(mandarinModel) }] : []),
  ];
  if (models.length === 0) throw new StrowgerError('speech.model', 'The recogniser `commands` has no model: Mandarin needs `mandarinModel`.');
  return PocketsphinxRecognizer.open({ command: root?.command('pocketsphinx', []) ?? { file: 'pocketsphinx', args: [], env: process.env }, models, phonetics: pinyinPhonetics, clock, logger: log });
}

/** The recogniser with a model of sherpa-onnx. Rejects with `speech.model` when the model cannot be used, or its package is not installed. */
export function openSherpaModel({ model, languages = [...LANGUAGES], threads, hotwordScore }: SherpaModelConfig, { clock, log, phrases }: Pick<SpeechOptions, 'clock' | 'log' | 'phrases'>): Promise<SherpaModelRecognizer> {
  return SherpaModelRecognizer.open({ model: fromHere(model), languages, threads, hotwordScore, hotwords: phrases, clock, logger: log });
}

function fromHere(path: string): string {
  return isAbsolute(path) ? path : join(process.cwd(), path);
}
