import { CountedIds } from '../../test/fakes/counted-ids.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { SLIN, SLIN16 } from './aeap-protocol.ts';
import { AeapRecognizer } from './aeap-recognizer.ts';
import type { Recognizer } from '../../engine/ports/recognizer.ts';
import { FunasrRecognizer } from './funasr-recognizer.ts';
import { SherpaRecognizer } from './sherpa-recognizer.ts';
import { AeapPeer, SLIN16_BYTES, SLIN_BYTES } from './testing/aeap-peer.ts';
import { withTimeAfterUtterances } from './testing/aeap-rig.ts';
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

const TIMES = { closingSilenceMs: 1_500, askAfterMs: 1_500 };
for (const [codec, bytes] of [
  [SLIN, SLIN_BYTES],
  [SLIN16, SLIN16_BYTES],
] as const) {
  for (const [kind, manner] of [
    ['sets results', {}],
    ['says nothing of nothing', { tellsOfNothing: false, namesSubprotocol: false }],
    ['must be asked', { tells: false }],
  ] as const) {
    recognizerContract(`AEAP (${kind}, ${codec.sampleRateHz} Hz)`, async () => {
      const clock = new VirtualClock();
      const { sampleRateHz } = codec;
      const peer = await new AeapPeer(toneHearing(sampleRateHz, TEXTS), { codecs: { slin: bytes }, ...manner }).listen();
      const at = (url: string): Recognizer => new AeapRecognizer({ clock, languages, url, codec, ids: new CountedIds(), ...TIMES });
      const rig = socketRig({ peer, clock, sampleRateHz, at, closingSilenceMs: TIMES.closingSilenceMs, tellsPartials: false });
      return { ...rig, recognizer: withTimeAfterUtterances(rig.recognizer, peer, clock, TIMES.askAfterMs) };
    });
  }
}
