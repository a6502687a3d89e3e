/** Of an A-law WAV: RIFF, a `fmt ` chunk of 18 bytes, `fact`, and the head of `data`. */
const HEADER_BYTES = 58;
const WAVE_FORMAT_ALAW = 6;
const SAMPLE_RATE_HZ = 8_000;

/** The length of the file that `asALawWav` makes. */
export function wavBytesOf(soundBytes: number): number {
  // A chunk of an odd length is followed by one byte more.
  return HEADER_BYTES + soundBytes + (soundBytes % 2);
}

/**
 * A WAV file around A-law sound as the switch recorded it: nothing is decoded, so its bytes are those whose SHA-256 the event log has. Players and
 * sox, ffmpeg and Audacity know the format (RIFF "Multimedia Data Standards Update", 1994: WAVE_FORMAT_ALAW; other than PCM it has a `fact` chunk).
 */
export async function* asALawWav(sound: AsyncIterable<Uint8Array>, soundBytes: number): AsyncGenerator<Uint8Array> {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('RIFF', 0);
  header.writeUInt32LE(wavBytesOf(soundBytes) - 8, 4);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(18, 16);
  header.writeUInt16LE(WAVE_FORMAT_ALAW, 20);
  header.writeUInt16LE(1, 22); // one channel
  header.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  header.writeUInt32LE(SAMPLE_RATE_HZ, 28); // bytes a second
  header.writeUInt16LE(1, 32); // bytes a sample
  header.writeUInt16LE(8, 34); // bits a sample
  header.writeUInt16LE(0, 36); // no more of the format
  header.write('fact', 38);
  header.writeUInt32LE(4, 42);
  header.writeUInt32LE(soundBytes, 46); // samples
  header.write('data', 50);
  header.writeUInt32LE(soundBytes, 54);
  yield header;
  yield* sound;
  if (soundBytes % 2 === 1) yield Uint8Array.of(0);
}
