// Offers what decoder-program.mjs uses of sherpa-onnx's package, without a model, and does what a native addon may do. It "understands" how
// loud a sound is, in tenths of full scale: 2 is how many utterances it decodes together, 3 and 4 are words; of 7 it never comes to an end; from
// 8 on it breaks. Plain JavaScript, as the program that loads it.
import { basename } from 'node:path';

const WORDS = { 3: '我要', 4: ' 挂失' };
const STEP_SAMPLES = 1_600;

class OnlineRecognizer {
  constructor({ modelConfig }) {
    const { model } = modelConfig.zipformer2Ctc;
    const name = basename(model);
    if (name.startsWith('refused')) throw new Error('Please check your config!');
    if (name.startsWith('breaking')) {
      process.stderr.write("'T' does not exist in the metadata\n");
      process.abort();
    }
    if (name.startsWith('loading')) while (true);
  }

  createStream() {
    return {
      samples: [],
      text: '',
      acceptWaveform({ samples, sampleRate }) {
        if (sampleRate !== 8_000 || !(samples instanceof Float32Array)) throw new Error('not 8 kHz, or no floats');
        this.samples.push(...samples);
      },
    };
  }

  isReady({ samples }) {
    return samples.length >= STEP_SAMPLES;
  }

  decodeStreams(streams) {
    for (const stream of streams) {
      const step = stream.samples.splice(0, STEP_SAMPLES);
      const level = Math.round(10 * Math.max(...step));
      if (level === 7) stream.samples.unshift(...step);
      if (level === 8) process.abort();
      if (level === 9) while (true);
      const word = level === 2 ? String(streams.length) : (WORDS[level] ?? '');
      if (!stream.text.endsWith(word)) stream.text += word;
    }
  }

  getResult({ text }) {
    return { text };
  }
}

export default { OnlineRecognizer };
