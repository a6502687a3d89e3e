import { PCMU } from '../../telephony/phones/g711.ts';
import { speechLevel } from '../../telephony/speech/sound.ts';
import { joined, mixed, silence, telephoneBand, whiteNoise } from './telephone-sounds.ts';

const SAMPLE_RATE_HZ = 8_000;
const FULL_SCALE = 32_768;
/** Of what is said, pauses left out: root mean square, 1 full scale. */
const LEVEL = 0.08;
const NOISE_DB = -58;
// What a detector of voice lets through before and after: its look-back and its hangover.
const BEFORE_MS = 200;
const AFTER_MS = 600;

/**
 * Speech (8 kHz, -1 to 1) as a recogniser of commands gets it from a telephone line: 300 to 3400 Hz, one level, faint noise around, through
 * G.711 µ-law.
 */
export function telephoneSpeech(speech: Float32Array, seed = 1): Int16Array {
  const gain = (FULL_SCALE * LEVEL) / speechLevel({ samples: speech, sampleRateHz: SAMPLE_RATE_HZ });
  // Through the band twice: 24 dB an octave, as steep as lines are.
  const sound = joined(silence(BEFORE_MS), telephoneBand(telephoneBand(speech.map((sample) => sample * gain))), silence(AFTER_MS));
  const noisy = mixed(sound, whiteNoise((1_000 * sound.length) / SAMPLE_RATE_HZ, NOISE_DB, seed));
  return PCMU.decode(PCMU.encode(noisy));
}
