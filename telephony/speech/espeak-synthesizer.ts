import type { Pcm, Synthesizer } from '../../engine/ports/synthesizer.ts';
import type { Language } from '../../engine/domain/language.ts';
import { fingerprint, runSpeechProgram, type SpeechCommand } from './speech-program.ts';
import { decodeWav } from './wav.ts';

export interface EspeakOptions {
  /** Default `cmn+f3`, a woman's voice, and `en-us+f3`. 1.52 speaks Mandarin much clearer than 1.51. */
  readonly voices?: Readonly<Partial<Record<Language, string>>>;
  /** Words a minute in espeak-ng's count. Default 165: about four syllables of Mandarin a second. */
  readonly speed?: number;
  readonly timeoutMs?: number;
}

const VOICES: Readonly<Record<Language, string>> = { 'zh-CN': 'cmn+f3', en: 'en-us+f3' };

// Characters with several readings that espeak-ng 1.52 takes the wrong one of, written with others of the right sound.
const HOMOPHONES: readonly (readonly [RegExp, string])[] = [
  [/重听/g, '虫听'],
  [/还款/g, '环款'],
  [/我行/g, '我航'],
  [/个人/g, '各人'],
  // wéi "is", not wèi "for": before a value, or between what is told and what it is.
  [/为$|(?<=[额间])为/g, '围'],
];

// The end of a clause is stretched, and a fragment of a number is nothing but an end.
const LONGEST_FRAGMENT = 4;
const FRAGMENT_SPEED_FACTOR = 1.2;

/** espeak-ng as a child process, never linked: it is GPL. A development voice; see README.md. */
export class EspeakSynthesizer implements Synthesizer {
  readonly id: string;
  readonly #command: SpeechCommand;
  readonly #voices: Readonly<Record<Language, string>>;
  readonly #speed: number;
  readonly #timeoutMs: number;

  constructor(command: SpeechCommand, options: EspeakOptions = {}) {
    this.#command = command;
    this.#voices = { ...VOICES, ...options.voices };
    this.#speed = options.speed ?? 165;
    this.#timeoutMs = options.timeoutMs ?? 15_000;
    const readings = HOMOPHONES.map(([pattern, text]) => `${pattern.source}=${text}`).join();
    this.id = ['espeak-ng', fingerprint(command), ...Object.values(this.#voices), `s${this.#speed}`, `x${FRAGMENT_SPEED_FACTOR}`, readings].join(' ');
  }

  async render(text: string, language: Language): Promise<Pcm> {
    const input = language === 'zh-CN' ? HOMOPHONES.reduce((said, [pattern, other]) => said.replace(pattern, other), text) : text;
    const speed = Math.round(this.#speed * (language === 'zh-CN' && text.length <= LONGEST_FRAGMENT ? FRAGMENT_SPEED_FACTOR : 1));
    // -b 1: UTF-8. -z: no pause at the end. -D: the noise of consonants is the same each time.
    const args = ['-v', this.#voices[language], '-s', String(speed), '-b', '1', '-z', '-D', '--stdin', '--stdout'];
    return decodeWav(await runSpeechProgram(this.#command, { args, input, timeoutMs: this.#timeoutMs }));
  }
}
