import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { humanWords } from '../../test/rigs/human-words.ts';
import { ListeningRig } from '../../test/rigs/listening-rig.ts';
import { atLevel, bursts, cadence, dtmf, joined, mixed, overTelephone, pinkNoise, silence, whiteNoise } from '../../test/rigs/telephone-sounds.ts';
import { renderHoldMusic } from '../pbx/hold-music.ts';
import { SileroDetector } from '../voice-activity/silero-detector.ts';

// The listener with the real detector, on sound as a telephone carries it. How good it is in numbers: docs/speech-detection.md.
const detector = new SileroDetector();
// On a busy machine: a second of sound takes some 10 ms of CPU.
vi.setConfig({ testTimeout: 60_000 });
const { words, missing } = humanWords(20);
if (missing !== undefined) console.log(missing);

async function heard(sound: Int16Array): Promise<ListeningRig> {
  const rig = await new ListeningRig({ detector }).opened();
  onTestFinished(() => rig.listening.stop());
  rig.hear(overTelephone(sound));
  return rig;
}

describe('what is no speech', () => {
  it.each([
    ['silence', silence(6_000)],
    ['white noise', whiteNoise(6_000, -30)],
    ['pink noise', pinkNoise(6_000, -25)],
    ['a line that hisses', whiteNoise(6_000, -50)],
    ['hold music', renderHoldMusic(8_000).subarray(0, 96_000)],
    ['ringing', cadence([450], 1_000, 4_000, 3)],
    ['a busy line', cadence([450], 350, 350, 15)],
    ['keys', dtmf('1234567890*#')],
    ['keys that are held', dtmf('1234567890*#', 600, 200)],
    ['clicks', bursts(8, 400, 20)],
    ['coughs', bursts(150, 900, 12)],
  ])('is not heard: %s', async (_, sound) => {
    const rig = await heard(sound);
    expect(rig.story).toEqual([]);
  });
});

if (missing === undefined) {
  describe('words that a person speaks', () => {
    const spoken = (levelDb: number) => words.map(({ sound }) => joined(silence(500), atLevel(sound, levelDb), silence(1_500)));

    it.each([
      ['clearly', -20, undefined],
      ['softly', -35, undefined],
      ['in a street', -20, 10],
      ['in a loud street', -20, 5],
    ])('are heard one by one: %s', async (_, levelDb, snrDb) => {
      const sound = joined(...spoken(levelDb));
      const rig = await heard(snrDb === undefined ? sound : mixed(sound, pinkNoise(20_000, levelDb - snrDb)));
      // Each has an end, and so does the last.
      expect(rig.recognizer.heard.every(({ ended }) => ended)).toBe(true);
      expect(rig.recognizer.heard.length).toBeGreaterThanOrEqual(words.length * 0.95);
      expect(rig.recognizer.heard.length).toBeLessThanOrEqual(words.length);
    });

    it('reach the recogniser from before their begin', async () => {
      const [word = silence(0)] = spoken(-20);
      const rig = await heard(word);
      const sound = rig.recognizer.heard[0]?.sound() ?? silence(0);
      const onset = sound.findIndex((sample) => Math.abs(sample) > 1_000);
      expect(onset / 8).toBeGreaterThan(100);
    });

    it('do not make speech of keys that are pressed after them, nor of the silence', async () => {
      const [word = silence(0)] = spoken(-20);
      const rig = await heard(joined(word, dtmf('1234567890'), silence(500), word));
      expect(rig.recognizer.heard).toHaveLength(2);
    });

    it('are heard over keys that are pressed meanwhile, as one utterance', async () => {
      const word = atLevel(words[1]?.sound ?? silence(0), -20);
      const rig = await heard(joined(silence(500), mixed(word, joined(silence(200), dtmf('5', 100, 2_000))), silence(1_500)));
      expect(rig.recognizer.heard).toHaveLength(1);
    });
  });
}
