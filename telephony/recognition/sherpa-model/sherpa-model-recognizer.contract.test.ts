import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../../integrations/runtime/system-clock.ts';
import { recognizerContract, speak, understood } from '../testing/recognizer-contract.ts';
import { RecordingSink } from '../testing/recording-sink.ts';
import { REQUEST, TEXTS } from '../testing/socket-rig.ts';
import { tone } from '../testing/tone-hearing.ts';
import { SherpaModelRecognizer } from './sherpa-model-recognizer.ts';
import { isAddonInstalled } from './testing/addon.ts';
import { writeToneModel } from './testing/tone-model.ts';

// The real sherpa-onnx; its model is written by the test (testing/tone-model.ts), because trained ones are too large to stand here.
if (!isAddonInstalled()) {
  console.log('sherpa-onnx is not tested: the optional package sherpa-onnx-node is not installed.');
  it('is told that the package is missing', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'strowger-tones-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await writeToneModel(folder, TEXTS);
    await expect(SherpaModelRecognizer.open({ model: folder, languages: ['zh-CN'], clock: systemClock })).rejects.toMatchObject({ code: 'speech.model', hint: expect.stringContaining('sherpa-onnx-node') as string });
  });
} else {
  let folder: string;
  let recognizer: SherpaModelRecognizer;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'strowger-tones-'));
    await writeToneModel(folder, new Map([...TEXTS].map(([hz, text]) => [hz, text.replace('|', '')])));
    // A busy machine.
    recognizer = await SherpaModelRecognizer.open({ model: folder, languages: ['zh-CN'], clock: systemClock, answerLimitMs: 30_000 });
  }, 60_000);
  afterAll(async () => {
    await recognizer.close();
    await rm(folder, { recursive: true });
  });

  recognizerContract(
    'A model of sherpa-onnx',
    async () => ({
      recognizer,
      request: REQUEST,
      unknownRequest: { languages: ['en'], phrases: REQUEST.phrases },
      spoken: [
        { samples: tone(440, 1.5), text: '我要挂失信用卡' },
        { samples: tone(1_000, 1.5), text: '你好查询余额' },
      ],
      tellsPartials: true,
      away: async () => {
        const closed = await SherpaModelRecognizer.open({ model: folder, languages: ['zh-CN'], clock: systemClock });
        await closed.close();
        return closed;
      },
      leftovers: async () => {
        await setImmediate();
        return recognizer.busy === 0 ? [] : [`${recognizer.busy} utterances`];
      },
      close: () => Promise.resolve(),
    }),
    { sends: false },
  );

  const heard = async (listener: SherpaModelRecognizer, samples: Int16Array): Promise<string> => {
    const sink = new RecordingSink();
    const recognition = listener.recognize(REQUEST, sink);
    speak(recognition, samples);
    recognition.end();
    return understood(await sink.end);
  };

  it('decodes with hot words, spelled in the characters of the model', async () => {
    const characters = await mkdtemp(join(tmpdir(), 'strowger-characters-'));
    onTestFinished(() => rm(characters, { recursive: true }));
    await writeToneModel(characters, new Map([[440, '挂'], [1_000, '失']]));
    const hot = await SherpaModelRecognizer.open({ model: characters, languages: ['zh-CN'], clock: systemClock, answerLimitMs: 30_000, hotwords: ['挂失', '余额'], hotwordScore: 1.5 });
    onTestFinished(() => hot.close());
    expect(hot.files.modelingUnit).toBe('cjkchar');
    expect(await heard(hot, Int16Array.from([...tone(440, 0.7), ...tone(1_000, 0.7)]))).toBe('挂失');
  });

  it('tells what is wrong with a model, and breaks nothing of another', async () => {
    const broken = await mkdtemp(join(tmpdir(), 'strowger-broken-'));
    onTestFinished(() => rm(broken, { recursive: true }));
    await writeToneModel(broken, new Map([[440, '挂']]));
    await copyFile(join(broken, 'joiner-epoch-1-avg-1.onnx'), join(broken, 'encoder-epoch-1-avg-1.onnx'));
    await expect(SherpaModelRecognizer.open({ model: broken, languages: ['zh-CN'], clock: systemClock })).rejects.toMatchObject({
      code: 'speech.model',
      message: expect.stringContaining('No model_type in the metadata') as string,
    });
    expect(await heard(recognizer, tone(440, 1))).toBe('我要挂失信用卡');
  });

  it('leaves no process behind when the engine is killed', async () => {
    const script = `
      const { SherpaModelRecognizer } = await import('${new URL('./sherpa-model-recognizer.ts', import.meta.url).href}');
      const { systemClock } = await import('${new URL('../../../integrations/runtime/system-clock.ts', import.meta.url).href}');
      const recognizer = await SherpaModelRecognizer.open({ model: '${folder}', languages: ['zh-CN'], clock: systemClock });
      process.stdout.write(String(recognizer.pid));
    `;
    const engine = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [pid] = (await once(engine.stdout.setEncoding('utf8'), 'data')) as [string];
    expect(existsSync(`/proc/${pid}`)).toBe(true);
    engine.kill('SIGKILL');
    // Its end is announced to nobody.
    while (existsSync(`/proc/${pid}`)) await setTimeout(10);
  }, 30_000);
}
