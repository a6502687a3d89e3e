import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../../../engine/ports/clock.ts';
import type { RecognitionRequest, Recognizer } from '../../../engine/ports/recognizer.ts';
import type { RecognizerRig } from './recognizer-contract.ts';
import type { SpeechPeer } from './speech-peer.ts';
import { tone } from './tone-hearing.ts';

export const REQUEST: RecognitionRequest = { languages: ['zh-CN'], phrases: ['挂失信用卡', '查询余额'] };

/** Two tones, and what they mean. The second has a pause in the middle. */
export const TEXTS: ReadonlyMap<number, string> = new Map([
  [440, '我要挂失信用卡'],
  [1_000, '你好|查询余额'],
]);

export interface SocketRigOptions {
  readonly peer: SpeechPeer;
  readonly sampleRateHz: number;
  readonly clock: Clock & { readonly pending: number };
  /** A recogniser at this address. */
  readonly at: (url: string) => Recognizer;
  /** Milliseconds of silence that it sends after an utterance. Default 0. */
  readonly closingSilenceMs?: number;
  /** Whether it tells what it understood where nobody has paused. Default true. */
  readonly tellsPartials?: boolean;
}

/** A recogniser before its peer, for the contract. */
export function socketRig({ peer, sampleRateHz, clock, at, closingSilenceMs = 0, tellsPartials = true }: SocketRigOptions): RecognizerRig {
  return {
    recognizer: at(peer.url),
    request: REQUEST,
    unknownRequest: { languages: ['en'], phrases: REQUEST.phrases },
    spoken: [
      { samples: tone(440, 1.5), text: '我要挂失信用卡' },
      { samples: tone(1_000, 1.5), text: '你好查询余额' },
    ],
    tellsPartials,
    away: async () => at(await nowhere()),
    arrived: () => peer.arrivals.map(({ samples }) => ({ samples: samples.subarray(0, samples.length - (closingSilenceMs * sampleRateHz) / 1000), sampleRateHz })),
    leftovers: async () => {
      await peer.until(() => peer.open === 0);
      return clock.pending === 0 ? [] : [`${clock.pending} timers`];
    },
    close: () => peer.close(),
  };
}

/** An address where nobody listens. */
export async function nowhere(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `ws://127.0.0.1:${port}/`;
}
