import { describe, expect, it, onTestFinished } from 'vitest';
import { ListeningRig } from '../../test/rigs/listening-rig.ts';
import { saidByMachines } from '../../test/rigs/said-by-machines.ts';
import { atLevel, joined, mixed, overTelephone, pinkNoise, silence } from '../../test/rigs/telephone-sounds.ts';
import { ensurePrivateRoot } from '../pbx/private-packages.ts';
import { SileroDetector } from '../voice-activity/silero-detector.ts';

// Live for the voices: they are programs of the private packages.
const detector = new SileroDetector();
const said = await saidByMachines(await ensurePrivateRoot());

describe.each(['zh-CN', 'en'] as const)('requests that a machine speaks: %s', (language) => {
  it.each([
    ['clearly', undefined],
    ['in a street', 10],
  ])('are heard one by one: %s', async (_, snrDb) => {
    const rig = await new ListeningRig({ detector }).opened();
    onTestFinished(() => rig.listening.stop());
    const requests = joined(...said[language].map((sound) => joined(silence(600), atLevel(sound, -20), silence(1_500))));
    rig.hear(overTelephone(snrDb === undefined ? requests : mixed(requests, pinkNoise(20_000, -20 - snrDb))));
    // A pause inside a long one may part it in two.
    expect(rig.recognizer.heard.length).toBeGreaterThanOrEqual(said[language].length);
    expect(rig.recognizer.heard.length).toBeLessThanOrEqual(said[language].length + 1);
    expect(rig.recognizer.heard.every(({ ended }) => ended)).toBe(true);
  });
});
