// A program of its own (see decoder-process.ts): sherpa-onnx ends the process, or breaks it, when a model is not what it should be, and
// blocks its event loop while it decodes. Plain JavaScript, so that it needs no loader. Utterances are decoded together, a step at a time, and
// messages are read in between.
import { getPriority, setPriority } from 'node:os';

/** Milliseconds of sound for a first utterance, so that no caller waits for what is done once. */
const WARM_UP_MS = 1_000;
/** What an utterance held on to is given back when JavaScript's collector runs, which knows nothing of its size. */
const ENDED_UNTIL_COLLECTED = 20;

/** By the number that the engine gave it. */
const utterances = new Map();
let recognizer;
let settings;
let isScheduled = false;
let ended = 0;

const HANDLERS = {
  async open(message) {
    settings = message;
    // Calls and the engine go first. Nobody may put himself further in front than he is.
    setPriority(Math.max(getPriority(), settings.niceness));
    const { default: sherpa } = await import(settings.addon);
    recognizer = new sherpa.OnlineRecognizer(settings.config);
    const stream = recognizer.createStream();
    accept(stream, new Int16Array((WARM_UP_MS * settings.sampleRateHz) / 1000));
    while (recognizer.isReady(stream)) recognizer.decodeStreams([stream]);
    process.send({ type: 'ready' });
  },
  begin({ utterance }) {
    utterances.set(utterance, { stream: recognizer.createStream(), text: '', isEnded: false });
  },
  sound({ utterance, samples }) {
    const { stream } = utterances.get(utterance) ?? {};
    if (stream === undefined) return;
    accept(stream, samples);
    schedule();
  },
  end({ utterance }) {
    const told = utterances.get(utterance);
    if (told === undefined) return;
    // A model looks ahead of what it decodes; sherpa-onnx's server adds as much (csrc/online-websocket-server-impl.h).
    accept(told.stream, new Int16Array((settings.tailMs * settings.sampleRateHz) / 1000));
    told.isEnded = true;
    schedule();
  },
  cancel({ utterance }) {
    forget(utterance);
  },
  close() {
    process.exit(0);
  },
  ping() {
    process.send({ type: 'pong' });
  },
};

function accept(stream, samples) {
  // sherpa-onnx brings it to the rate of the model.
  stream.acceptWaveform({ samples: Float32Array.from(samples, (sample) => sample / 32_768), sampleRate: settings.sampleRateHz });
}

function schedule() {
  if (isScheduled) return;
  isScheduled = true;
  setImmediate(step);
}

function step() {
  isScheduled = false;
  const ready = [...utterances.values()].filter(({ stream }) => recognizer.isReady(stream));
  if (ready.length > 0) recognizer.decodeStreams(ready.map(({ stream }) => stream));
  for (const [utterance, told] of utterances) {
    const isDone = told.isEnded && !recognizer.isReady(told.stream);
    if (!isDone && !ready.includes(told)) continue;
    const { text } = recognizer.getResult(told.stream);
    if (isDone) {
      process.send({ type: 'final', utterance, text });
      forget(utterance);
    } else if (text !== told.text) {
      told.text = text;
      process.send({ type: 'partial', utterance, text });
    }
  }
  if (ready.length > 0) schedule();
}

function forget(utterance) {
  if (!utterances.delete(utterance)) return;
  ended += 1;
  if (ended % ENDED_UNTIL_COLLECTED === 0) globalThis.gc();
}

process.on('message', async (message) => {
  try {
    await HANDLERS[message.type](message);
  } catch (error) {
    // The engine reads the last of it while the model is loaded.
    process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  }
});
// The engine is gone.
process.on('disconnect', () => process.exit(0));
