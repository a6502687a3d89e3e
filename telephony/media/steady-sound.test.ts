import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { SteadySound } from './steady-sound.ts';

function rig() {
  const clock = new VirtualClock();
  const heard: Int16Array[] = [];
  const sound = new SteadySound({ clock, deliver: (samples) => heard.push(samples) });
  sound.start();
  return { clock, heard, sound, heardMs: () => heard.reduce((sum, { length }) => sum + length / 8, 0) };
}
const speech = () => new Int16Array(160).fill(1_000);

describe('sound that does not stop', () => {
  it('adds nothing while sound comes', async () => {
    const { clock, heard, sound } = rig();
    for (let i = 0; i < 50; i += 1) {
      sound.hear(speech());
      await clock.advanceBy(20);
    }
    expect(heard).toHaveLength(50);
    sound.stop();
    expect(clock.pending).toBe(0);
  });

  it('adds no silence to a pause of the network, which is over when the next frames come', async () => {
    const { clock, heard, sound } = rig();
    sound.hear(speech());
    await clock.advanceBy(180);
    for (let i = 0; i < 9; i += 1) sound.hear(speech());
    await clock.advanceBy(180);
    expect(heard).toHaveLength(10);
  });

  it('puts as much silence as time passes in the place of nothing, 20 ms a frame', async () => {
    const { clock, heard, sound, heardMs } = rig();
    sound.hear(speech());
    heard.length = 0;
    await clock.advanceBy(10_000);
    expect(heardMs()).toBeGreaterThanOrEqual(9_700);
    expect(heardMs()).toBeLessThanOrEqual(10_000);
    expect(heard.every((samples) => samples.length === 160 && samples.every((sample) => sample === 0))).toBe(true);
    sound.hear(speech());
    expect(heard.at(-1)).toEqual(speech());
  });

  it('does not mind a clock that is set', async () => {
    const { clock, heard, sound } = rig();
    sound.hear(speech());
    clock.set(3_600_000);
    await clock.advanceBy(100);
    expect(heard).toHaveLength(1);
  });
});
