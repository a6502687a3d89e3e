import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { messageOf, StrowgerError } from '../../../engine/domain/errors.ts';
import type { Clock, TimerHandle } from '../../../engine/ports/clock.ts';
import type { Logger } from '../../../engine/ports/logger.ts';

export interface DecoderSettings {
  /** sherpa-onnx's package for Node, or a file that offers the same. */
  readonly addon: string;
  /** Of its OnlineRecognizer. */
  readonly config: object;
  readonly sampleRateHz: number;
  /** Milliseconds of silence behind an utterance, in which the model comes to its end. */
  readonly tailMs: number;
  /** How far behind others its process stands (setpriority(2)): 0 to 19. */
  readonly niceness: number;
}

export interface DecoderOptions {
  readonly settings: DecoderSettings;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Until the model is loaded. */
  readonly loadLimitMs: number;
  /** Until it is tried again when it could not be loaded again, and until a program that does not answer is ended. */
  readonly restMs: number;
}

/** Takes what is understood of one utterance. Nothing follows `final` or `failed`. */
export interface DecoderListener {
  partial(text: string): void;
  final(text: string): void;
  failed(reason: string): void;
}

/** What was understood, or that it runs. */
type FromProgram = { readonly type: 'partial' | 'final'; readonly utterance: number; readonly text: string } | { readonly type: 'pong' };
type FirstFromProgram = { readonly type: 'ready' } | FromProgram;

const PROGRAM = fileURLToPath(new URL('./decoder-program.mjs', import.meta.url));
const END_LIMIT_MS = 5_000;
/** What is wrong with a model is said first; what comes of it, e.g. a trace of the stack, after it. */
const LOG_CHARACTERS = 600;

/**
 * The process that decodes, one for all calls. When it breaks, what it was decoding fails, and it is started again; meanwhile there is
 * nobody to ask. It ends with this process, however that ends, as soon as it reads that: one that hangs does not.
 */
export class DecoderProcess {
  readonly #options: DecoderOptions;
  readonly #listeners = new Map<number, DecoderListener>();
  #child: ChildProcess | undefined;
  /** Resolves when the last program has ended. */
  #gone: Promise<unknown> = Promise.resolve();
  #isReady = false;
  #isClosed = false;
  #lastUtterance = 0;
  #restart: TimerHandle;
  #suspicion: TimerHandle;

  private constructor(options: DecoderOptions) {
    this.#options = options;
  }

  /** Starts it and loads the model. Rejects with `speech.model`. */
  static async open(options: DecoderOptions): Promise<DecoderProcess> {
    const decoder = new DecoderProcess(options);
    try {
      await decoder.#start();
    } catch (error) {
      await decoder.close();
      throw new StrowgerError('speech.model', `sherpa-onnx cannot use the model: ${messageOf(error)}`, {
        cause: error,
        hint: 'It must be a streaming model, whole, and the package sherpa-onnx-node must be installed (npm ci installs it unless optional packages are left out).',
      });
    }
    return decoder;
  }

  /** Whether utterances can be given to it. */
  get isReady(): boolean {
    return this.#isReady;
  }

  /** Utterances that it is decoding. */
  get busy(): number {
    return this.#listeners.size;
  }

  /** Its process id; undefined when it does not run. */
  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** The number of a new utterance. */
  begin(listener: DecoderListener): number {
    this.#lastUtterance += 1;
    this.#listeners.set(this.#lastUtterance, listener);
    this.#send({ type: 'begin', utterance: this.#lastUtterance });
    return this.#lastUtterance;
  }

  sound(utterance: number, samples: Int16Array): void {
    this.#send({ type: 'sound', utterance, samples });
  }

  /** `final` or `failed` follows. */
  end(utterance: number): void {
    this.#send({ type: 'end', utterance });
  }

  /** Nothing follows. */
  cancel(utterance: number): void {
    if (this.#listeners.delete(utterance)) this.#send({ type: 'cancel', utterance });
  }

  /** Somebody has waited too long: it is ended, and started again, if it does not answer at all. */
  suspect(): void {
    if (!this.#isReady || this.#suspicion !== undefined) return;
    const { clock, logger, restMs } = this.#options;
    this.#send({ type: 'ping' });
    this.#suspicion = clock.setTimeout(() => {
      logger.warn({ afterMs: restMs }, 'The program of sherpa-onnx does not answer and is ended');
      this.#child?.kill('SIGKILL');
    }, restMs);
  }

  /** Ends it. What it was decoding fails. Resolves when it has ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#options.clock.clearTimeout(this.#restart);
    const child = this.#child;
    // Not `disconnect`: Node 20 tells no `close` after it.
    this.#send({ type: 'close' });
    const limit = this.#options.clock.setTimeout(() => child?.kill('SIGKILL'), END_LIMIT_MS);
    await this.#gone;
    this.#options.clock.clearTimeout(limit);
  }

  async #start(): Promise<void> {
    const { settings, clock, loadLimitMs } = this.#options;
    // onnxruntime tells its maker about itself unless it is told not to (docs/adr/0020); a PBX talks to nobody.
    const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1' };
    const child = fork(PROGRAM, { env, execArgv: ['--expose-gc'], serialization: 'advanced', stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.#child = child;
    // Not by `once` of node:events, which rejects at `error`: nobody takes that before `close` is called.
    this.#gone = new Promise((resolve) => child.once('close', resolve));
    let log = '';
    // Read to its end, or the program would stand still once the pipe is full; what it says later is about single sounds.
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      if (!this.#isReady) log = (log + text).slice(0, LOG_CHARACTERS);
    });
    const limit = clock.setTimeout(() => child.kill('SIGKILL'), loadLimitMs);
    try {
      await new Promise<void>((resolve, reject) => {
        child.on('error', reject);
        child.on('message', (message) => {
          const told = message as FirstFromProgram;
          if (told.type === 'ready') resolve();
          else this.#receive(told);
        });
        // After `close` of its pipes: what it said last has been read.
        child.on('close', (code, signal) => {
          const how = signal ?? code ?? 'unknown';
          this.#ended(child, how);
          reject(new Error(`the program ended (${how})${log.trim() === '' ? '' : `: ${log.trim()}`}`));
        });
        this.#send({ type: 'open', ...settings });
      });
      this.#isReady = true;
    } finally {
      clock.clearTimeout(limit);
    }
  }

  #send(message: object): void {
    // A program that has just ended is told to the listeners by its end.
    if (this.#child?.connected === true) this.#child.send(message, () => undefined);
  }

  #receive(told: FromProgram): void {
    if (told.type === 'pong') {
      this.#options.clock.clearTimeout(this.#suspicion);
      this.#suspicion = undefined;
      return;
    }
    const listener = this.#listeners.get(told.utterance);
    if (told.type === 'partial') {
      listener?.partial(told.text);
    } else {
      this.#listeners.delete(told.utterance);
      listener?.final(told.text);
    }
  }

  #ended(child: ChildProcess, how: string | number): void {
    if (this.#child !== child) return;
    const { clock, logger, restMs } = this.#options;
    const wasReady = this.#isReady;
    this.#isReady = false;
    this.#child = undefined;
    clock.clearTimeout(this.#suspicion);
    this.#suspicion = undefined;
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners) listener.failed(this.#isClosed ? 'was closed' : 'broke off');
    if (this.#isClosed || !wasReady) return;
    logger.error({ how, utterances: listeners.length }, 'The program of sherpa-onnx ended by itself and is started again');
    const again = (): void => {
      this.#start().then(
        () => logger.info({ pid: this.pid }, 'The program of sherpa-onnx runs again'),
        (error: unknown) => {
          if (this.#isClosed) return;
          logger.error({ reason: messageOf(error), restMs }, 'The program of sherpa-onnx cannot be started again');
          this.#restart = clock.setTimeout(again, restMs);
        },
      );
    };
    again();
  }
}
