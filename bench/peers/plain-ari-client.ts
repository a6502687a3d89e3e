// The small IVR as one writes it with ari-client: after the examples of its README, handlers a channel and a playback.
// Nothing is tuned; ari-client has no types, so this file types what it uses.
import type { EventEmitter } from 'node:events';
import ariClient from 'ari-client';
import { programTask, ready } from './program.ts';

interface Playback extends EventEmitter {
  stop(): Promise<unknown>;
}
interface Channel extends EventEmitter {
  readonly state: string;
  answer(): Promise<unknown>;
  play(options: { readonly media: string }, playback: Playback): Promise<unknown>;
  hangup(): Promise<unknown>;
}
interface Client extends EventEmitter {
  Playback(): Playback;
  start(app: string): unknown;
}

const task = programTask();
const client = (await ariClient.connect(task.url, task.user, task.password)) as unknown as Client;

client.on('StasisStart', (_event: unknown, channel: Channel) => {
  serve(channel).catch((error: unknown) => console.error('call failed:', error));
});
await client.start(task.app);
ready();

async function serve(channel: Channel): Promise<void> {
  const first = client.Playback();
  channel.once('ChannelDtmfReceived', () => {
    go(channel, first).catch((error: unknown) => console.error('digit failed:', error));
  });
  if (channel.state !== 'Up') await channel.answer();
  await channel.play({ media: task.first }, first);
}

async function go(channel: Channel, first: Playback): Promise<void> {
  const second = client.Playback();
  second.once('PlaybackFinished', () => {
    channel.hangup().catch((error: unknown) => console.error('hang-up failed:', error));
  });
  await first.stop();
  await channel.play({ media: task.second }, second);
}
