import fc from 'fast-check';
import { expect, it, onTestFinished } from 'vitest';
import { silentLogger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { MediaSocket } from '../../telephony/media/media-socket.ts';
import { until } from '../../telephony/ari/testing/until.ts';
import { MediaPeer } from '../fakes/media-peer.ts';
import { damagedText, fuzz, FUZZ_TIMEOUT_MS } from './inputs.ts';

const TEXTS = ['MEDIA_START connection_id:a channel:WebSocket/INCOMING/0x1 format:slin ptime:20', '{"event":"MEDIA_START","connection_id":"a","format":"slin"}', 'MEDIA_XOFF', 'MEDIA_XON', '{"event":"MEDIA_XON"}', 'ERROR what?', 'QUEUE_DRAINED', 'DTMF_END digit:5'];
/** Of a length that nothing else has. */
const LAST = 12_321;

it(
  'what comes over the WebSocket of a sound line, sound and control, whole and broken, does not end it',
  async () => {
    const peer = await MediaPeer.start();
    onTestFinished(() => peer.stop());
    let heard = 0;
    const closed: string[] = [];
    const opening = MediaSocket.open(
      { address: { url: peer.url, headers: {} }, timeoutMs: 5_000, clock: systemClock, log: silentLogger },
      { audio: (samples) => void (heard = samples.length === LAST ? heard + 1 : heard), closed: (reason) => closed.push(reason) },
    );
    const { socket: far } = await peer.guest;
    far.send('MEDIA_START');
    const media = await opening;
    onTestFinished(() => media.close());
    let rounds = 0;
    await fuzz(
      fc.oneof(damagedText(TEXTS), fc.json(), fc.uint8Array({ maxLength: 1_000 })),
      (message) => {
        far.send(message);
        media.send(new Int16Array(160));
      },
      async () => {
        rounds += 1;
        far.send(new Uint8Array(2 * LAST));
        await until(() => (heard === rounds ? true : undefined), 'the sound after all messages');
      },
    );
    expect(closed).toEqual([]);
  },
  FUZZ_TIMEOUT_MS,
);
