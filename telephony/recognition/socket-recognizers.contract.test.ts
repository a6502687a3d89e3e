import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { FunasrRecognizer } from './funasr-recognizer.ts';
import { SherpaRecognizer } from './sherpa-recognizer.ts';
import { FunasrPeer } from './testing/funasr-peer.ts';
import { recognizerContract } from './testing/recognizer-contract.ts';
import { SherpaPeer } from './testing/sherpa-peer.ts';
import { socketRig, TEXTS } from './testing/socket-rig.ts';
import { toneHearing } from './testing/tone-hearing.ts';
import { VoskPeer } from './testing/vosk-peer.ts';
import { VoskRecognizer } from './vosk-recognizer.ts';

const languages = ['zh-CN'] as const;

for (const kind of ['runtime', 'python'] as const) {
  recognizerContract(`FunASR (${kind})`, async () => {
    const clock = new VirtualClock();
    const peer = await new FunasrPeer(toneHearing(16_000, TEXTS), kind).listen();
    return socketRig({ peer, clock, sampleRateHz: 16_000, at: (url) => new FunasrRecognizer({ clock, languages, url }) });
  });
}

for (const sampleRateHz of [8_000, 16_000] as const) {
  for (const kind of ['native', 'python'] as const) {
    recognizerContract(`sherpa-onnx (${kind}, ${sampleRateHz} Hz)`, async () => {
      const clock = new VirtualClock();
      const peer = await new SherpaPeer(toneHearing(sampleRateHz, TEXTS), { kind }).listen();
      return socketRig({ peer, clock, sampleRateHz, at: (url) => new SherpaRecognizer({ clock, languages, url, sampleRateHz }) });
    });
  }
}

for (const sampleRateHz of [8_000, 16_000] as const) {
  recognizerContract(`Vosk (${sampleRateHz} Hz)`, async () => {
    const clock = new VirtualClock();
    const peer = await new VoskPeer(toneHearing(sampleRateHz, TEXTS)).listen();
    return socketRig({ peer, clock, sampleRateHz, at: (url) => new VoskRecognizer({ clock, languages, url, sampleRateHz }) });
  });
}
