import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { LogFields, Logger } from '../../../engine/ports/logger.ts';
import type { Recognition } from '../../../engine/ports/recognizer.ts';
import { systemClock } from '../../../integrations/runtime/system-clock.ts';
import { VirtualClock } from '../../../test/fakes/virtual-clock.ts';
import { speak, understood } from '../testing/recognizer-contract.ts';
import { RecordingSink } from '../testing/recording-sink.ts';
import { SherpaModelRecognizer, sherpaConfig, type SherpaModelOptions } from './sherpa-model-recognizer.ts';
import { onnxFile } from './testing/onnx-file.ts';

const addon = fileURLToPath(new URL('./testing/fake-addon.mjs', import.meta.url));
const REQUEST = { languages: ['zh-CN'], phrases: [] } as const;
/** Sound of one level, as the fake addon reads it. */
const level = (tenths: number, seconds = 0.4): Int16Array => new Int16Array(seconds * 8_000).fill(Math.round((tenths / 10) * 32_767));
const SAID = Int16Array.from([...level(3), ...level(0), ...level(4)]);
/** Decoding it never comes to an end; the program goes on reading messages. */
const ENDLESS = level(7);
const BREAKING = level(8);
const HANGING = level(9);

/** Keeps what is logged, and can be waited for. */
class LineLogger implements Logger {
  readonly lines: string[] = [];
  #waiters: (() => void)[] = [];
  readonly debug = (_fields: LogFields, message: string): void => this.#add('debug', message);
  readonly info = (_fields: LogFields, message: string): void => this.#add('info', message);
  readonly warn = (_fields: LogFields, message: string): void => this.#add('warn', message);
  readonly error = (_fields: LogFields, message: string): void => this.#add('error', message);

  child(): Logger {
    return this;
  }

  /** Resolves when there is a line with these words. */
  async has(words: string): Promise<void> {
    while (!this.lines.some((line) => line.includes(words))) await new Promise<void>((resolve) => this.#waiters.push(resolve));
  }

  #add(level: string, message: string): void {
    this.lines.push(`${level}: ${message}`);
    for (const look of this.#waiters.splice(0)) look();
  }
}

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'strowger-fake-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function open(model = 'model', options: Partial<SherpaModelOptions> & { readonly logger?: Logger } = {}): Promise<SherpaModelRecognizer> {
  await writeFile(join(folder, 'tokens.txt'), '<blk> 0\n');
  await writeFile(join(folder, `${model}.onnx`), onnxFile({ inputs: [], outputs: [], nodes: [], constants: [], metadata: { encoder_dims: '1', decode_chunk_len: '1' } }));
  const recognizer = await SherpaModelRecognizer.open({ model: folder, languages: ['zh-CN'], clock: systemClock, addon, answerLimitMs: 30_000, ...options });
  onTestFinished(() => recognizer.close());
  return recognizer;
}

function begin(recognizer: SherpaModelRecognizer, samples: Int16Array): { readonly recognition: Recognition; readonly sink: RecordingSink } {
  const sink = new RecordingSink();
  const recognition = recognizer.recognize(REQUEST, sink);
  speak(recognition, samples);
  return { recognition, sink };
}

async function heard(recognizer: SherpaModelRecognizer, samples: Int16Array): Promise<string> {
  const { recognition, sink } = begin(recognizer, samples);
  recognition.end();
  return understood(await sink.end);
}

describe('a program that works', () => {
  it('understands as it hears, and writes it as others do', async () => {
    const recognizer = await open();
    const { recognition, sink } = begin(recognizer, SAID);
    expect(await sink.firstPartial).toBe('我要');
    recognition.end();
    expect(understood(await sink.end)).toBe('我要挂失');
    expect(recognizer.busy).toBe(0);
  });

  it('hears no more than an utterance may have', async () => {
    const recognizer = await open('model', { maxUtteranceMs: 600 });
    expect(await heard(recognizer, SAID)).toBe('我要');
  });

  it('serves many at once, each its own', async () => {
    const recognizer = await open();
    const talks = Array.from({ length: 12 }, (_, at) => begin(recognizer, at % 2 === 0 ? SAID : level(4)));
    expect(recognizer.busy).toBe(12);
    for (const { recognition } of talks) recognition.end();
    for (const [at, { sink }] of talks.entries()) expect(understood(await sink.end)).toBe(at % 2 === 0 ? '我要挂失' : '挂失');
    expect(recognizer.busy).toBe(0);
  });

  it('hears what is shorter than a step of decoding: silence follows it', async () => {
    expect(await heard(await open(), level(3, 0.1))).toBe('我要');
  });

  it('decodes nothing any more of what was cancelled', async () => {
    const recognizer = await open();
    const { recognition } = begin(recognizer, ENDLESS);
    expect(await heard(recognizer, level(2))).toBe('2');
    recognition.cancel();
    expect(await heard(recognizer, level(2))).toBe('1');
  });

  it('is not ended for being slow, as long as it answers', async () => {
    const clock = new VirtualClock();
    const logger = new LineLogger();
    const recognizer = await open('model', { clock, logger, answerLimitMs: 200, restMs: 100 });
    const { pid } = recognizer;
    const { recognition, sink } = begin(recognizer, ENDLESS);
    recognition.end();
    await clock.advanceBy(200);
    expect(await sink.end).toMatchObject({ error: { code: 'speech.timeout' } });
    // Answers come in the order of what was asked: by now it has said that it runs.
    expect(await heard(recognizer, SAID)).toBe('我要挂失');
    await clock.advanceBy(100);
    expect(await heard(recognizer, SAID)).toBe('我要挂失');
    expect([recognizer.pid, logger.lines, clock.pending]).toEqual([pid, [], 0]);
  });

  it('ends with the recogniser, and what it was doing fails', async () => {
    const recognizer = await open();
    const { sink } = begin(recognizer, SAID);
    const { pid } = recognizer;
    await recognizer.close();
    expect(await sink.end).toMatchObject({ error: { code: 'speech.failed' } });
    expect(existsSync(`/proc/${pid}`)).toBe(false);
    await recognizer.close();
    const { sink: late } = begin(recognizer, SAID);
    expect(await late.end).toMatchObject({ error: { code: 'speech.unreachable' } });
  });

  it('stands behind others for the processor', async () => {
    const recognizer = await open();
    const stat = (await readFile(`/proc/${recognizer.pid}/stat`, 'utf8')).split(') ')[1]?.split(' ') ?? [];
    expect(Number(stat[16])).toBeGreaterThanOrEqual(5); // nice, proc_pid_stat(5)
  });
});

describe('a model that cannot be used', () => {
  it.each([
    ['refused', 'Please check your config!'],
    ['breaking', "'T' does not exist in the metadata"],
  ])('is told with what sherpa-onnx says: %s', async (model, reason) => {
    await expect(open(model)).rejects.toMatchObject({ code: 'speech.model', message: expect.stringContaining(reason) as string });
  });

  it('does not keep the engine waiting for ever', async () => {
    await expect(open('loading', { loadLimitMs: 1_000 })).rejects.toMatchObject({ code: 'speech.model', message: expect.stringContaining('SIGKILL') as string });
  });

  it('is told when there is no addon', async () => {
    await expect(open('model', { addon: 'no-such-package' })).rejects.toMatchObject({ code: 'speech.model', hint: expect.stringContaining('sherpa-onnx-node') as string });
  });
});

describe('a program that breaks', () => {
  it('fails what it was decoding, and is started again', async () => {
    const logger = new LineLogger();
    const recognizer = await open('model', { logger });
    const other = begin(recognizer, level(3));
    await other.sink.firstPartial;
    const { pid } = recognizer;
    const broken = begin(recognizer, BREAKING);
    for (const { sink } of [broken, other]) expect(await sink.end).toMatchObject({ error: { code: 'speech.failed' } });
    // Nobody is there to ask now; others are asked meanwhile.
    expect(await begin(recognizer, SAID).sink.end).toMatchObject({ error: { code: 'speech.unreachable' } });
    await logger.has('runs again');
    expect(recognizer.pid).not.toBe(pid);
    expect(await heard(recognizer, SAID)).toBe('我要挂失');
    expect(logger.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
    // Late words to the one that is gone.
    broken.recognition.write(SAID);
    broken.recognition.end();
    other.recognition.cancel();
    expect([broken.sink.ends.length, other.sink.ends.length]).toEqual([1, 1]);
  });

  it('that cannot be started again is tried again later', async () => {
    const logger = new LineLogger();
    const fakes = await mkdtemp(join(tmpdir(), 'strowger-addon-'));
    onTestFinished(() => rm(fakes, { recursive: true }));
    const passing = join(fakes, 'addon.mjs');
    // A copy that goes away, and comes back.
    const text = await readFile(addon, 'utf8');
    await writeFile(passing, text);
    const again = await open('model', { logger, restMs: 50, addon: passing });
    await rm(passing);
    expect(await begin(again, BREAKING).sink.end).toMatchObject({ error: { code: 'speech.failed' } });
    await logger.has('cannot be started again');
    await writeFile(passing, text);
    await logger.has('runs again');
    expect(await heard(again, SAID)).toBe('我要挂失');
  }, 30_000);

  it('that the machine cannot start is tried again later, too', async () => {
    const logger = new LineLogger();
    const recognizer = await open('model', { logger, restMs: 50 });
    const { execPath } = process;
    onTestFinished(() => void (process.execPath = execPath));
    process.execPath = join(folder, 'no-node');
    await expect(open()).rejects.toMatchObject({ code: 'speech.model', message: expect.stringContaining('ENOENT') as string });
    expect(await begin(recognizer, BREAKING).sink.end).toMatchObject({ error: { code: 'speech.failed' } });
    await logger.has('cannot be started again');
    process.execPath = execPath;
    await logger.has('runs again');
    expect(await heard(recognizer, SAID)).toBe('我要挂失');
  }, 30_000);

  it('that does not answer is ended, and started again', async () => {
    const logger = new LineLogger();
    const recognizer = await open('model', { logger, answerLimitMs: 200, restMs: 100 });
    const { recognition, sink } = begin(recognizer, HANGING);
    recognition.end();
    expect(await sink.end).toMatchObject({ error: { code: 'speech.timeout' } });
    await logger.has('does not answer');
    await logger.has('runs again');
    expect(recognizer.busy).toBe(0);
  }, 30_000);
});

describe('what sherpa-onnx is told', () => {
  const files = { kind: 'transducer', files: { encoder: 'e', decoder: 'd', joiner: 'j' }, tokens: 't', isUpperCase: false } as const;
  const hotwords = ['挂失！', '我要挂失我的信用卡谢谢你', 'lost card?', 'I have lost my card', '挂失'];

  it('has no hot words unless a score is given, and decodes the fast way', () => {
    expect(sherpaConfig({ ...files, modelingUnit: 'cjkchar' }, { hotwords })).toEqual({
      featConfig: { sampleRate: 16_000, featureDim: 80 },
      modelConfig: { transducer: files.files, tokens: 't', numThreads: 1, provider: 'cpu', debug: 0 },
      enableEndpoint: 0,
      decodingMethod: 'greedy_search',
    });
  });

  it.each([
    ['cjkchar', false, '挂失'],
    ['bpe', true, 'LOST CARD'],
    ['cjkchar+bpe', false, '挂失\nlost card'],
  ] as const)('has the short hot words that the model can spell: %s', (modelingUnit, isUpperCase, lines) => {
    expect(sherpaConfig({ ...files, modelingUnit, isUpperCase, bpeVocab: 'v' }, { hotwords, hotwordScore: 1.5, threads: 2 })).toMatchObject({
      modelConfig: { modelingUnit, bpeVocab: 'v', numThreads: 2 },
      decodingMethod: 'modified_beam_search',
      hotwordsBuf: lines,
      hotwordsBufSize: Buffer.byteLength(lines),
      hotwordsScore: 1.5,
    });
  });

  it('has none for models that cannot have any', () => {
    for (const other of [{ ...files, kind: 'paraformer', modelingUnit: 'cjkchar' } as const, files]) {
      expect(sherpaConfig(other, { hotwords, hotwordScore: 1.5 })).toMatchObject({ decodingMethod: 'greedy_search' });
    }
  });
});
