import { renderHoldMusic } from '../../telephony/pbx/hold-music.ts';
import { bursts, cadence, dtmf, overTelephone, pinkNoise, tones, whiteNoise } from '../../test/rigs/telephone-sounds.ts';
import type { LineSound } from './line-condition.ts';

/** A sound behind a caller who says nothing. */
export interface OtherSound {
  readonly name: string;
  readonly sound: LineSound;
}

const MS = 6_000;

/** Noise, music and what else is on the line, six seconds each. */
export function otherSounds(): readonly OtherSound[] {
  const music = renderHoldMusic(8_000);
  return [
    { name: 'white noise, -30 dBFS', pcm: whiteNoise(MS, -30) },
    { name: 'pink noise, -30 dBFS', pcm: pinkNoise(MS, -30) },
    { name: 'pink noise, -20 dBFS', pcm: pinkNoise(MS, -20) },
    { name: 'coughs', pcm: bursts(350, 1_200, 5) },
    { name: 'hold music', pcm: music.subarray(0, MS * 8) },
    { name: 'hold music, later', pcm: music.subarray(10 * 8_000, 10 * 8_000 + MS * 8) },
    { name: 'ringing', pcm: cadence([440, 480], 1_000, 1_000, 3) },
    { name: 'busy tone', pcm: cadence([480, 620], 500, 500, 6) },
    { name: 'dial tone', pcm: tones([350, 440], MS) },
    { name: 'keys as sound', pcm: dtmf('147*', 60, 400) },
  ].map(({ name, pcm }) => ({ name, sound: { pcm: overTelephone(pcm), beginMs: 0, endMs: pcm.length / 8 } }));
}
