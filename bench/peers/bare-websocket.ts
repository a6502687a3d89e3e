// The floor: the small IVR over REST on the event WebSocket, with nothing but `ws`. No types, no time limits, no
// reconnection, no log, no state but in the ids: what a program on this transport needs at the very least.
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { programTask, ready } from './program.ts';

const task = programTask();
const url = new URL('/ari/events', task.url.replace('http', 'ws'));
url.searchParams.set('app', task.app);
const socket = new WebSocket(url, { auth: `${task.user}:${task.password}`, perMessageDeflate: false });
await once(socket, 'open');

let lastRequest = 0;

function request(method: 'DELETE' | 'POST' | 'PUT', uri: string, body?: object): void {
  lastRequest += 1;
  const content = body === undefined ? {} : { content_type: 'application/json', message_body: JSON.stringify(body) };
  socket.send(JSON.stringify({ type: 'RESTRequest', request_id: String(lastRequest), method, uri, ...content }));
}

interface Message {
  readonly type: string;
  readonly channel?: { readonly id: string; readonly state: string };
  readonly playback?: { readonly id: string };
  readonly status_code?: number;
  readonly request_id?: string;
}

socket.on('message', (data: Buffer) => {
  const message = JSON.parse(data.toString()) as Message;
  const channel = message.channel?.id ?? '';
  switch (message.type) {
    case 'StasisStart':
      if (message.channel?.state !== 'Up') request('POST', `channels/${channel}/answer`);
      request('POST', `channels/${channel}/play/first-${channel}`, { media: task.first });
      break;
    case 'ChannelDtmfReceived':
      request('DELETE', `playbacks/first-${channel}`);
      request('POST', `channels/${channel}/play/second-${channel}`, { media: task.second });
      break;
    case 'PlaybackFinished': {
      const id = message.playback?.id ?? '';
      if (id.startsWith('second-')) request('DELETE', `channels/${id.slice('second-'.length)}`);
      break;
    }
    case 'RESTResponse':
      if ((message.status_code ?? 500) >= 300) console.error('request failed:', data.toString());
      break;
    default:
      break;
  }
});

// Only the events that are read, as the engine has it; the answers to requests count as events.
const types = ['StasisStart', 'ChannelDtmfReceived', 'PlaybackFinished', 'RESTResponse'];
request('PUT', `applications/${task.app}/eventFilter`, { allowed: types.map((type) => ({ type })) });
ready();
