import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Language } from '../../../engine/domain/language.ts';
import { systemClock } from '../../../integrations/runtime/system-clock.ts';
import { humanWords } from '../../../test/rigs/human-words.ts';
import { telephoneSpeech } from '../../../test/rigs/telephone-speech.ts';
import { ensurePrivateRoot } from '../../pbx/private-packages.ts';
import { FliteSynthesizer } from '../../speech/flite-synthesizer.ts';
import { Resampler } from '../../speech/resampler.ts';
import { fromPcm } from '../../speech/sound.ts';
import { spokenText } from '../spoken-text.ts';
import { speak, understood } from '../testing/recognizer-contract.ts';
import { RecordingSink } from '../testing/recording-sink.ts';
import { tone } from '../testing/tone-hearing.ts';
import { SherpaModelRecognizer } from './sherpa-model-recognizer.ts';
import { isAddonInstalled } from './testing/addon.ts';
import { writeToneModel } from './testing/tone-model.ts';

const CALLERS = 20;

it(`decodes for ${CALLERS} callers who speak at once, as they speak`, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'strowger-callers-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeToneModel(folder, new Map([[440, '挂失'], [1_000, '余额']]));
  const opening = SherpaModelRecognizer.open({ model: folder, languages: ['zh-CN'], clock: systemClock, answerLimitMs: 30_000 });
  if (!isAddonInstalled()) return expect(opening).rejects.toMatchObject({ code: 'speech.model', hint: expect.stringContaining('sherpa-onnx-node') as string });
  const recognizer = await opening;
  onTestFinished(() => recognizer.close());
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const waits = await Promise.all(
    Array.from({ length: CALLERS }, async (_, caller) => {
      await setTimeout(caller * 37);
      const sound = tone(caller % 2 === 0 ? 440 : 1_000, 2);
      const sink = new RecordingSink();
      const recognition = recognizer.recognize({ languages: ['zh-CN'], phrases: [] }, sink);
      const beganAt = performance.now();
      for (let at = 0; at < sound.length; at += 160) {
        recognition.write(sound.subarray(at, at + 160));
        await setTimeout(Math.max(0, beganAt + (at / 160 + 1) * 20 - performance.now())); // a call gives 20 ms at a time
      }
      const endedAt = performance.now();
      expect(sink.partials).toHaveLength(1);
      recognition.end();
      expect(understood(await sink.end)).toBe(caller % 2 === 0 ? '挂失' : '余额');
      return performance.now() - endedAt;
    }),
  );
  const [median = 0] = waits.sort((one, other) => one - other).slice(CALLERS / 2);
  console.log(`${CALLERS} callers at once: ${median.toFixed(1)} ms from the end to the text (median), event loop late by ${(delay.percentile(99) / 1e6).toFixed(1)} ms (p99)`);
});

// A model that somebody trained, and speech: what it understands of words that a person said, and of sentences that a machine said. Models are
// no part of the project.
const MODEL = process.env['STROWGER_SHERPA_MODEL'];
const ENGLISH = ['i lost my card', 'my balance please', 'speak to an agent', 'change my password', 'opening hours', 'credit card bill'];
/** Isolated words without context are hard for a model of free speech; one that gets fewer is fed wrongly. */
const LEAST_RIGHT = 0.25;

if (MODEL === undefined) console.log('No real model of sherpa-onnx is tested: STROWGER_SHERPA_MODEL does not name a folder with one.');
else {
  describe(`the model in ${MODEL}`, () => {
    let recognizer: SherpaModelRecognizer;
    let languages: readonly Language[] = [];
    beforeAll(async () => {
      recognizer = await SherpaModelRecognizer.open({ model: MODEL, languages: ['zh-CN', 'en'], clock: systemClock, answerLimitMs: 30_000 });
      const { modelingUnit } = recognizer.files;
      languages = modelingUnit === 'cjkchar' ? ['zh-CN'] : modelingUnit === 'cjkchar+bpe' ? ['zh-CN', 'en'] : ['en'];
    }, 120_000);
    afterAll(() => recognizer.close());

    async function right(said: readonly { readonly text: string; readonly sound: Int16Array }[], language: Language): Promise<number> {
      let hits = 0;
      let waitedMs = 0;
      for (const { text, sound } of said) {
        const sink = new RecordingSink();
        const recognition = recognizer.recognize({ languages: [language], phrases: [] }, sink);
        speak(recognition, sound);
        speak(recognition, new Int16Array(5_600)); // the silence in which an utterance ends
        recognition.end();
        const endedAt = performance.now();
        const heard = understood(await sink.end).toLowerCase();
        waitedMs += performance.now() - endedAt;
        if (heard === spokenText(text).toLowerCase()) hits += 1;
      }
      console.log(`${language}: ${hits} of ${said.length} right, ${Math.round(waitedMs / said.length)} ms an utterance after all of it was there`);
      return hits / said.length;
    }

    it('understands a person’s Mandarin words', async () => {
      const { words, missing } = humanWords(200);
      if (missing !== undefined || !languages.includes('zh-CN')) return console.log(missing ?? 'The model knows no Mandarin.');
      expect(await right(words, 'zh-CN')).toBeGreaterThan(LEAST_RIGHT);
    }, 600_000);

    it('understands a machine’s English sentences', async () => {
      if (!languages.includes('en')) return console.log('The model knows no English.');
      const voice = new FliteSynthesizer((await ensurePrivateRoot()).command('flite', []));
      const resampler = new Resampler();
      const said = [];
      for (const text of ENGLISH) {
        const { samples, sampleRateHz } = await voice.render(text, 'en');
        said.push({ text, sound: telephoneSpeech((await resampler.resampled({ samples: fromPcm(samples), sampleRateHz }, 8_000)).samples) });
      }
      await resampler.close();
      expect(await right(said, 'en')).toBeGreaterThan(LEAST_RIGHT);
    }, 600_000);
  });
}
