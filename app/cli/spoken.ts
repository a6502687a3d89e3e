import type { Language } from '../../engine/domain/language.ts';
import type { PrivateRoot } from '../../telephony/pbx/private-root.ts';
import { EspeakSynthesizer } from '../../telephony/speech/espeak-synthesizer.ts';
import { FliteSynthesizer } from '../../telephony/speech/flite-synthesizer.ts';
import { Resampler } from '../../telephony/speech/resampler.ts';
import { fromPcm, toPcm } from '../../telephony/speech/sound.ts';

/** A caller who is no person: says things with the development voices, at 8 kHz and a caller's level. `close` it when it has spoken. */
export class Spoken {
  readonly #voices: Readonly<Record<Language, FliteSynthesizer | EspeakSynthesizer>>;
  readonly #resampler = new Resampler();

  constructor(root: PrivateRoot) {
    this.#voices = { en: new FliteSynthesizer(root.command('flite', []), { voice: 'rms' }), 'zh-CN': new EspeakSynthesizer(root.command('espeak-ng', [])) };
  }

  async sound(text: string, language: Language): Promise<Int16Array> {
    const { samples, sampleRateHz } = await this.#voices[language].render(text, language);
    return toPcm((await this.#resampler.resampled({ samples: fromPcm(samples), sampleRateHz }, 8_000)).samples, 0.9);
  }

  close(): Promise<void> {
    return this.#resampler.close();
  }
}
