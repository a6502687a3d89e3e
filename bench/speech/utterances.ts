import type { Language } from '../../engine/domain/language.ts';
import type { PrivateRoot } from '../../telephony/pbx/private-root.ts';
import { EspeakSynthesizer } from '../../telephony/speech/espeak-synthesizer.ts';
import { FliteSynthesizer } from '../../telephony/speech/flite-synthesizer.ts';
import { Resampler } from '../../telephony/speech/resampler.ts';
import { fromPcm } from '../../telephony/speech/sound.ts';
import type { Synthesizer } from '../../engine/ports/synthesizer.ts';
import { joined, silence, tones, whiteNoise } from '../../test/rigs/telephone-sounds.ts';
import { telephoneSpeech } from '../../test/rigs/telephone-speech.ts';

/** Something that is said to a recogniser. */
export interface Utterance {
  /** `phrase` as it is expected, `polite` with words around it, `other` speech, `noise`. */
  readonly kind: 'phrase' | 'polite' | 'other' | 'noise';
  /** The phrase; absent when it is none. */
  readonly said?: string;
  readonly samples: Int16Array;
}

/** What is said in one language. */
export interface Script {
  readonly phrases: readonly string[];
  /** `{}` stands for a phrase. */
  readonly polite: readonly string[];
  readonly others: readonly string[];
}

/** Speaks texts with development voices over a telephone. */
export class TelephoneVoices {
  readonly #voices: Readonly<Record<Language, readonly Synthesizer[]>>;
  readonly #resampler = new Resampler();

  constructor(root: PrivateRoot) {
    const flite = ['slt', 'rms', 'awb', 'kal16'].map((voice) => new FliteSynthesizer(root.command('flite', []), { voice }));
    const espeak = (voices: Partial<Record<Language, string>>, speed?: number) => new EspeakSynthesizer(root.command('espeak-ng', []), { voices, ...(speed === undefined ? {} : { speed }) });
    this.#voices = {
      en: [...flite, espeak({ en: 'en-us+f3' }), espeak({ en: 'en-gb' })],
      'zh-CN': [espeak({ 'zh-CN': 'cmn+f3' }), espeak({ 'zh-CN': 'cmn' }, 150), espeak({ 'zh-CN': 'cmn+f2' }, 185)],
    };
  }

  /** Each text in each voice. */
  async speak(texts: readonly string[], language: Language): Promise<readonly Int16Array[]> {
    const sounds: Int16Array[] = [];
    for (const [at, voice] of this.#voices[language].entries()) for (const text of texts) sounds.push(await this.#spoken(voice, text, language, at));
    return sounds;
  }

  async utterances({ phrases, polite, others }: Script, language: Language): Promise<readonly Utterance[]> {
    const voices = this.#voices[language].length;
    const wrapped = phrases.map((phrase, at) => (polite[at % polite.length] ?? '{}').replace('{}', phrase));
    const all = (kind: Utterance['kind'], sounds: readonly Int16Array[], said?: readonly string[]): readonly Utterance[] =>
      sounds.map((samples, at) => ({ kind, samples, ...(said === undefined ? {} : { said: said[at % (sounds.length / voices)] ?? '' }) }));
    return [
      ...all('phrase', await this.speak(phrases, language), phrases),
      ...all('polite', await this.speak(wrapped, language), phrases),
      ...all('other', await this.speak(others, language)),
      ...noises(),
    ];
  }

  close(): Promise<void> {
    return this.#resampler.close();
  }

  async #spoken(voice: Synthesizer, text: string, language: Language, seed: number): Promise<Int16Array> {
    const { samples, sampleRateHz } = await voice.render(text, language);
    return telephoneSpeech((await this.#resampler.resampled({ samples: fromPcm(samples), sampleRateHz }, 8_000)).samples, seed + 1);
  }
}

/** Silence, noise of several levels, and tones. */
function noises(): readonly Utterance[] {
  const bursts = joined(...Array.from({ length: 4 }, (_, at) => joined(whiteNoise(100, -14, at + 1), whiteNoise(400, -54, at + 1))));
  const sounds = [silence(2_000), ...[-50, -34, -20].map((levelDb, at) => whiteNoise(2_000, levelDb, at + 1)), bursts, ...[440, 1_000, 2_100].map((hz) => tones([hz], 1_500, -14))];
  return sounds.map((samples) => ({ kind: 'noise', samples }));
}
