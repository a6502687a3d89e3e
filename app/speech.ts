import { isAbsolute, join } from 'node:path';
import { StrowgerError } from '../engine/domain/errors.ts';
import { LANGUAGES } from '../engine/domain/language.ts';
import type { CallAudio } from '../engine/ports/call-audio.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { Logger } from '../engine/ports/logger.ts';
import type { Recognizer } from '../engine/ports/recognizer.ts';
import type { SpeechInput } from '../engine/ports/speech-input.ts';
import { pinyinPhonetics } from '../integrations/language/pinyin.ts';
import { SpeechListener } from '../telephony/listening/speech-listener.ts';
import type { PrivateRoot } from '../telephony/pbx/private-root.ts';
import { FallbackRecognizer } from '../telephony/recognition/fallback-recognizer.ts';
import { FunasrRecognizer } from '../telephony/recognition/funasr-recognizer.ts';
import { debianEnglishModel } from '../telephony/recognition/pocketsphinx/acoustic-model.ts';
import { PocketsphinxRecognizer } from '../telephony/recognition/pocketsphinx/pocketsphinx-recognizer.ts';
import type { CircuitFigures } from '../telephony/recognition/recognizer-circuit.ts';
import { SherpaRecognizer } from '../telephony/recognition/sherpa-recognizer.ts';
import { VoskRecognizer } from '../telephony/recognition/vosk-recognizer.ts';
import { SileroDetector } from '../telephony/voice-activity/silero-detector.ts';
import type { Config } from './config/schema.ts';

export interface SpeechOptions {
  readonly config: Config;
  readonly audio: CallAudio;
  readonly clock: Clock;
  readonly log: Logger;
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
export async function openSpeech({ config, audio, clock, log, root }: SpeechOptions): Promise<Speech | undefined> {
  const { recognizers: wanted, slowSeconds } = config.speech;
  if (wanted.length === 0) return undefined;
  const recognizers: Recognizer[] = [];
  const closers: (() => Promise<void>)[] = [];
  for (const one of wanted) {
    const { kind, url = '', languages = LANGUAGES, sampleRateHz } = one;
    const socket = { clock, url, languages, ...(sampleRateHz === undefined ? {} : { sampleRateHz }) };
    if (kind === 'funasr') recognizers.push(new FunasrRecognizer({ clock, url, languages }));
    else if (kind === 'sherpa') recognizers.push(new SherpaRecognizer(socket));
    else if (kind === 'vosk') recognizers.push(new VoskRecognizer(socket));
    else {
      const commands = await openCommands(one, { clock, log, root });
      recognizers.push(commands);
      closers.push(() => commands.close());
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

type CommandsConfig = Config['speech']['recognizers'][number];

/** The recogniser without a server. Rejects with `speech.model` when its program or a model is missing. */
export function openCommands({ mandarinModel, languages = [...LANGUAGES] }: CommandsConfig, { clock, log, root }: Pick<SpeechOptions, 'clock' | 'log' | 'root'>): Promise<PocketsphinxRecognizer> {
  const models = [
    ...(languages.includes('en') ? [debianEnglishModel(root?.path ?? '/')] : []),
    ...(mandarinModel !== undefined && languages.includes('zh-CN') ? [{ language: 'zh-CN' as const, dir: isAbsolute(mandarinModel) ? mandarinModel : join(process.cwd(), mandarinModel) }] : []),
  ];
  if (models.length === 0) throw new StrowgerError('speech.model', 'The recogniser `commands` has no model: Mandarin needs `mandarinModel`.');
  return PocketsphinxRecognizer.open({ command: root?.command('pocketsphinx', []) ?? { file: 'pocketsphinx', args: [], env: process.env }, models, phonetics: pinyinPhonetics, clock, logger: log });
}
