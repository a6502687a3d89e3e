import wavefile from 'wavefile';
import { messageOf } from '../../engine/domain/errors.ts';
import type { Pcm } from '../../engine/ports/synthesizer.ts';

const LOWEST_RATE_HZ = 8_000;
const HIGHEST_RATE_HZ = 192_000;

/** Reads a WAV file: PCM, float or G.711, mono or stereo (mixed to mono). Throws an Error that says what is wrong with it. */
export function decodeWav(bytes: Uint8Array): Pcm {
  let wav: wavefile.WaveFile;
  try {
    wav = new wavefile.WaveFile(bytes);
  } catch (error) {
    throw new Error(`it is no WAV file (${messageOf(error)})`, { cause: error });
  }
  const { numChannels, sampleRate } = wav.fmt as { readonly numChannels: number; readonly sampleRate: number };
  if (numChannels !== 1 && numChannels !== 2) throw new Error(`it has ${numChannels} channels; one or two are supported`);
  if (sampleRate < LOWEST_RATE_HZ || sampleRate > HIGHEST_RATE_HZ) throw new Error(`it has ${sampleRate} samples a second; 8000 (telephone) to 192000 are supported`);
  if (wav.bitDepth === '4') throw new Error('it is ADPCM; save it as 16-bit PCM');
  if (wav.bitDepth === '8a') wav.fromALaw();
  if (wav.bitDepth === '8m') wav.fromMuLaw();
  if (wav.bitDepth !== '16') wav.toBitDepth('16');
  const interleaved = wav.getSamples(true, Int16Array) as unknown as Int16Array;
  return { samples: numChannels === 1 ? interleaved : mixed(interleaved), sampleRateHz: sampleRate };
}

/**
 * The bytes of a mono WAV file of 16 bits: its header is 44 bytes (RIFF, `fmt `, `data`). Written here because wavefile packs
 * sample by sample, a tenth of the whole time of rendering.
 */
export function encodeWav({ samples, sampleRateHz }: Pcm): Uint8Array {
  const dataBytes = samples.length * 2;
  const bytes = Buffer.alloc(44 + dataBytes);
  bytes.write('RIFF', 0);
  bytes.writeUInt32LE(36 + dataBytes, 4);
  bytes.write('WAVEfmt ', 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20); // PCM
  bytes.writeUInt16LE(1, 22); // one channel
  bytes.writeUInt32LE(sampleRateHz, 24);
  bytes.writeUInt32LE(sampleRateHz * 2, 28);
  bytes.writeUInt16LE(2, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write('data', 36);
  bytes.writeUInt32LE(dataBytes, 40);
  for (let index = 0; index < samples.length; index += 1) bytes.writeInt16LE(samples[index] ?? 0, 44 + 2 * index);
  return bytes;
}

function mixed(stereo: Int16Array): Int16Array {
  return Int16Array.from({ length: stereo.length >> 1 }, (_, index) => ((stereo[2 * index] ?? 0) + (stereo[2 * index + 1] ?? 0)) / 2);
}
