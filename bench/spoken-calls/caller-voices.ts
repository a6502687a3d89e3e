import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Language } from '../../engine/domain/language.ts';
import type { PrivateRoot } from '../../telephony/pbx/private-root.ts';
import { decodeWav } from '../../telephony/phones/wav.ts';
import { EspeakSynthesizer } from '../../telephony/speech/espeak-synthesizer.ts';
import { Resampler } from '../../telephony/speech/resampler.ts';
import { fromPcm, toPcm } from '../../telephony/speech/sound.ts';
import { runSpeechProgram } from '../../telephony/speech/speech-program.ts';

/** A voice that callers have, at a speed: 1 is the voice's own, more is faster. */
export interface CallerVoice {
  readonly voice: string;
  readonly speed: number;
}

/** None of them is the voice of the prompts (slt of flite, cmn+f3 of espeak-ng). kal is made of diphones, awb speaks Scottish English. */
export const CALLER_VOICES: Readonly<Record<Language, readonly CallerVoice[]>> = {
  en: [
    { voice: 'rms', speed: 1 },
    { voice: 'awb', speed: 1 },
    { voice: 'kal', speed: 1 },
    { voice: 'rms', speed: 1.2 },
    { voice: 'awb', speed: 1.2 },
    { voice: 'kal', speed: 0.85 },
    { voice: 'rms', speed: 0.85 },
  ],
  'zh-CN': [
    { voice: 'cmn', speed: 1 },
    { voice: 'cmn+f2', speed: 1 },
    { voice: 'cmn+m3', speed: 1 },
    { voice: 'cmn+f2', speed: 0.85 },
    { voice: 'cmn+m3', speed: 1.2 },
  ],
};

const ESPEAK_WORDS_A_MINUTE = 165;

/** Says things in the voices of callers, 8 kHz. What was said once is kept. `close` it in the end. */
export class CallerVoices {
  readonly #root: PrivateRoot;
  readonly #resampler = new Resampler();
  readonly #said = new Map<string, Promise<Int16Array>>();

  constructor(root: PrivateRoot) {
    this.#root = root;
  }

  say(text: string, language: Language, caller: CallerVoice): Promise<Int16Array> {
    const key = [language, caller.voice, caller.speed, text].join(' ');
    const sound = this.#said.get(key) ?? this.#render(text, language, caller);
    this.#said.set(key, sound);
    return sound;
  }

  close(): Promise<void> {
    return this.#resampler.close();
  }

  async #render(text: string, language: Language, { voice, speed }: CallerVoice): Promise<Int16Array> {
    if (language === 'zh-CN') {
      const synthesizer = new EspeakSynthesizer(this.#root.command('espeak-ng', []), { voices: { 'zh-CN': voice }, speed: Math.round(ESPEAK_WORDS_A_MINUTE * speed) });
      const { samples, sampleRateHz } = await synthesizer.render(text, language);
      return this.#at8kHz(samples, sampleRateHz);
    }
    // Not FliteSynthesizer: its speed is that of the prompts.
    const file = join(tmpdir(), `strowger-caller-${randomUUID()}.wav`);
    try {
      await runSpeechProgram(this.#root.command('flite', []), { args: ['-voice', voice, '--setf', `duration_stretch=${(1 / speed).toFixed(2)}`, '-t', text, '-o', file], timeoutMs: 15_000 });
      const { pcm, sampleRateHz } = decodeWav(await readFile(file));
      return await this.#at8kHz(pcm, sampleRateHz);
    } finally {
      await rm(file, { force: true });
    }
  }

  async #at8kHz(samples: Int16Array, sampleRateHz: number): Promise<Int16Array> {
    if (sampleRateHz === 8_000) return samples;
    return toPcm((await this.#resampler.resampled({ samples: fromPcm(samples), sampleRateHz }, 8_000)).samples, 0.9);
  }
}
