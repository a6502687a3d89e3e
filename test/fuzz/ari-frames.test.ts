import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { channelId, nodeId, playbackId } from '../../engine/domain/ids.ts';
import type { SwitchSnapshot } from '../../engine/ports/call-control.ts';
import type { SwitchEvent } from '../../engine/ports/call-events.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import type { AriNode } from '../../telephony/ari/ari-node.ts';
import { AriSwitchboard } from '../../telephony/ari/ari-switchboard.ts';
import { FakeAriServer, plainAnswer } from '../../telephony/ari/testing/fake-ari-server.ts';
import { toldChannel } from '../../telephony/ari/testing/told-channel.ts';
import { until } from '../../telephony/ari/testing/until.ts';
import { damaged, damagedText, fuzz, FUZZ_TIMEOUT_MS } from './inputs.ts';

const APP = 'hotline';
const CALLER = channelId('1700000000.1');

const of = (type: string, fields: object): object => ({ type, application: APP, timestamp: '2026-01-01T00:00:00.000+0000', ...fields });
const channel = toldChannel(CALLER);
const playback = { id: 'p', media_uri: 'sound:a', target_uri: `channel:${CALLER}`, language: 'zh', state: 'done' };
const recording = { name: `${APP}-r1`, state: 'done', format: 'alaw', target_uri: `channel:${CALLER}` };
const FRAMES = [
  of('StasisStart', { channel, args: ['inbound', '95588', 'bank'] }),
  of('StasisStart', { channel: toldChannel(`${APP}-tap-1`), args: ['tap', 'AMDSTATUS=MACHINE'] }),
  of('StasisEnd', { channel }),
  of('ChannelStateChange', { channel }),
  of('ChannelDtmfReceived', { channel, digit: '5', duration_ms: 80 }),
  of('ChannelHold', { channel, musicclass: 'default' }),
  of('ChannelUnhold', { channel }),
  of('ChannelHangupRequest', { channel, cause: 16, soft: true }),
  of('ChannelDestroyed', { channel, cause: 16, cause_txt: 'Normal Clearing' }),
  of('Dial', { peer: channel, caller: channel, dialstatus: 'BUSY', dialstring: 'x' }),
  of('PlaybackStarted', { playback }),
  of('PlaybackFinished', { playback }),
  of('RecordingStarted', { recording }),
  of('RecordingFinished', { recording }),
  of('RecordingFailed', { recording }),
  of('ChannelVarset', { channel, variable: 'a', value: 'b' }),
  { type: 'RESTResponse', request_id: '1', status_code: 200, reason_phrase: 'OK', message_body: '{"id":"x"}' },
  { type: 'MissingParams', params: ['a'] },
];

let server: FakeAriServer;
let board: AriSwitchboard;
let node: AriNode;
let events: SwitchEvent[];

beforeEach(async () => {
  server = new FakeAriServer();
  await server.start();
  events = [];
  board = new AriSwitchboard({
    nodes: [{ id: 'n1', url: server.url, user: server.user, password: server.password, transport: 'ws', requestSockets: 1 }],
    app: APP,
    clock: systemClock,
    random: () => 0.5,
    log: silentLogger,
    requestTimeoutMs: 2_000,
  });
  node = board.node(nodeId('n1'));
  board.subscribe((event) => events.push(event));
  board.start();
  await until(() => node.status.ready || undefined, 'a connection');
});
afterEach(async () => {
  board.stop();
  await server.stop();
});

/** What the engine's core relies on of an event. */
function isSound(event: SwitchEvent): boolean {
  const texts = Object.entries(event).filter(([key]) => /Id$/.test(key));
  if (texts.some(([, value]) => typeof value !== 'string' || value === '')) return false;
  if (event.type === 'channel.entered') return Object.values(event.channel).every((value) => ['string', 'number'].includes(typeof value)) && event.args.every((arg) => typeof arg === 'string');
  return event.type !== 'digit' || (event.digit.length === 1 && Number.isFinite(event.durationMs));
}

it(
  'frames of the event socket, whole and broken, end neither the connection nor the process',
  async () => {
    const frame = fc.oneof({ weight: 6, arbitrary: damaged(FRAMES).map((one) => JSON.stringify(one)) }, { weight: 2, arbitrary: damagedText(FRAMES.map((one) => JSON.stringify(one))) }, fc.json(), fc.string({ unit: 'binary' }));
    let sent = 0;
    await fuzz(
      frame.filter((text) => !text.includes('ApplicationReplaced')),
      async (text) => {
        server.tell(APP, text);
        sent += 1;
        // Not faster than they are read.
        if (sent % 100 === 0) await node.answer(CALLER);
      },
      async () => {
        server.event(APP, 'ChannelDtmfReceived', { channel: toldChannel('the-last'), digit: '#', duration_ms: 77 });
        await until(() => events.find((event) => event.type === 'digit' && event.durationMs === 77), 'the key after all frames');
        expect(events.filter((event) => !isSound(event))).toEqual([]);
        events.length = 0;
        expect(node.status).toMatchObject({ state: 'up' });
      },
    );
    expect(node.stats).toMatchObject({ lostConnections: 0, connects: 1, listenerErrors: 0 });
  },
  FUZZ_TIMEOUT_MS,
);

function isSoundSnapshot({ channels, bridges }: SwitchSnapshot): void {
  for (const { id, callerNumber, dialled } of channels) expect([typeof id, typeof callerNumber, typeof dialled]).toEqual(['string', 'string', 'string']);
  for (const { id, channelIds } of bridges) expect([id, ...channelIds].every((one) => typeof one === 'string')).toBe(true);
}

it(
  'answers to requests, whole and broken, are results or errors with a code',
  async () => {
    const body = damaged([{ id: 'x', channels: [], bridges: [], timestamp: '2026-01-01T00:00:00.000+0000' }, [], [channel], [{ id: 'b', name: 'n', channels: [CALLER] }], '', null]);
    const known = (error: unknown): void => {
      if (!(error instanceof StrowgerError)) throw error;
    };
    await fuzz(
      fc.record({ status: fc.constantFrom(200, 204, 400, 404, 409, 422, 500, 0, -1), body }),
      async (answer) => {
        server.answer = (request) => (request.app === `${APP}-r1` ? answer : plainAnswer(request));
        await Promise.all([node.snapshot().then(isSoundSnapshot, known), node.play(CALLER, playbackId('p'), ['sound:a']).catch(known), node.hangup(CALLER).catch(known), node.originate({ channelId: channelId('leg'), endpoint: 'PJSIP/1', args: [], timeoutMs: 1_000 }).catch(known)]);
      },
      async () => {
        server.answer = plainAnswer;
        await node.answer(CALLER);
        // What the fake keeps for others to look at.
        server.requests.length = 0;
      },
    );
  },
  FUZZ_TIMEOUT_MS,
);
