import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../../integrations/runtime/system-clock.ts';
import { recognizerContract } from '../testing/recognizer-contract.ts';
import { REQUEST, TEXTS } from '../testing/socket-rig.ts';
import { tone } from '../testing/tone-hearing.ts';
import { SherpaModelRecognizer } from './sherpa-model-recognizer.ts';
import { isAddonInstalled } from './testing/addon.ts';
import { writeToneModel } from './testing/tone-model.ts';

// sherpa-onnx itself, with a model of our own that hears tones: loaded, fed and emptied as any other.
if (!isAddonInstalled()) console.log('sherpa-onnx is not tested: the optional package sherpa-onnx-node is not installed.');
else {
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
}
