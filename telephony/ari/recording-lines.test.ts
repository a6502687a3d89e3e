import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { channelId, nodeId, recordingId } from '../../engine/domain/ids.ts';
import type { SwitchEvent } from '../../engine/ports/call-events.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import type { RecordingEnded } from '../../engine/ports/recording-switch.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { AriRecorder } from './ari-recorder.ts';
import { AriSwitchboard } from './ari-switchboard.ts';
import { FakeAriServer, plainAnswer, type FakeAnswer, type FakeRequest } from './testing/fake-ari-server.ts';
import { until } from './testing/until.ts';

const APP = 'hotline';
const NODE = nodeId('n1');
const CALLER = channelId('1700000000.1');
const ID = recordingId('rec-1');
const SNOOP = 'rec-1-snoop';
const NAME = 'hotline-rec-1';
const REQUEST = { recordingId: ID, channelId: CALLER, maxDurationMs: 90_500 };

const channel = (id: string) => ({
  id,
  name: `Snoop/${id}`,
  state: 'Up',
  caller: { number: '', name: '' },
  connected: { number: '', name: '' },
  dialplan: { context: 'default', exten: 's', priority: 1, app_name: 'Stasis', app_data: APP },
  creationtime: '2026-01-01T08:00:00.000+0800',
  language: 'zh',
});
const live = (name: string, state = 'recording') => ({ name, state, format: 'alaw', target_uri: `channel:${SNOOP}` });

describe('the recordings of a switch', () => {
  let server: FakeAriServer;
  let board: AriSwitchboard;
  let recorder: AriRecorder;
  let events: SwitchEvent[];
  let ended: RecordingEnded[];
  /** What the switch answers beside the plain answer; undefined: that. */
  let special: (request: FakeRequest) => FakeAnswer | 'nothing' | undefined;
  let world: { stored: string[]; live: Record<string, string>; channels: string[] };

  const asked = () => server.requests.filter(({ method, uri }) => method !== 'GET' && !uri.startsWith('applications')).map(({ method, uri }) => `${method} ${uri}`);
  const tell = (type: string, fields: object) => server.event(APP, type, fields);

  beforeEach(async () => {
    server = new FakeAriServer();
    await server.start();
    special = () => undefined;
    world = { stored: [], live: {}, channels: [] };
    server.answer = (request) => {
      const answer = special(request);
      if (answer === 'nothing') return undefined;
      if (answer !== undefined) return answer;
      const { method, uri } = request;
      if (method === 'GET' && uri === 'recordings/stored') return { status: 200, body: world.stored.map((name) => ({ name, format: 'alaw' })) };
      if (method === 'GET' && uri === 'channels') return { status: 200, body: world.channels.map(channel) };
      const liveName = method === 'GET' ? /^recordings\/live\/(.+)$/.exec(uri)?.[1] : undefined;
      if (liveName !== undefined) return world.live[liveName] === undefined ? { status: 404, body: { message: 'Recording not found' } } : { status: 200, body: live(liveName, world.live[liveName]) };
      // As Asterisk does it: the snoop enters the application, and a recording begins.
      if (uri === `channels/${CALLER}/snoop/${SNOOP}`) queueMicrotask(() => tell('StasisStart', { channel: channel(SNOOP), args: [] }));
      if (uri === `channels/${SNOOP}/record`) queueMicrotask(() => tell('RecordingStarted', { recording: live(NAME) }));
      return plainAnswer(request);
    };
    board = new AriSwitchboard({
      nodes: [{ id: 'n1', url: server.url, user: server.user, password: server.password, transport: 'ws', requestSockets: 2 }],
      app: APP,
      clock: systemClock,
      random: () => 0.5,
      log: silentLogger,
      requestTimeoutMs: 300,
      backoffBaseMs: 2,
      backoffCapMs: 10,
    });
    recorder = new AriRecorder(board);
    events = [];
    ended = [];
    board.subscribe((event) => events.push(event));
    recorder.onEnded((event) => ended.push(event));
    board.start();
    await until(() => board.node(NODE).status.ready || undefined, 'a connection');
  });
  afterEach(async () => {
    board.stop();
    await server.stop();
  });

  it('are made by a snoop that hears both ways, and nobody else hears of it', async () => {
    await recorder.start(NODE, REQUEST);
    const [snoop, record] = server.requests.filter(({ method, uri }) => method === 'POST' && !uri.startsWith('applications'));
    expect(snoop).toMatchObject({ uri: `channels/${CALLER}/snoop/${SNOOP}`, query: { spy: 'both', app: APP } });
    expect(record).toMatchObject({ uri: `channels/${SNOOP}/record`, query: { name: NAME, format: 'alaw', maxDurationSeconds: '91', ifExists: 'fail', terminateOn: 'none' } });
    tell('ChannelDestroyed', { channel: channel(SNOOP), cause: 16, cause_txt: '' });
    tell('ChannelDtmfReceived', { channel: channel(CALLER), digit: '1', duration_ms: 100 });
    await until(() => events.find(({ type }) => type === 'digit'), 'the digit that comes after');
    expect(events.map(({ type }) => type)).toEqual(['node.up', 'digit']);
  });

  it('are muted and stopped by name and by their snoop', async () => {
    await recorder.start(NODE, REQUEST);
    await recorder.setMuted(NODE, ID, true);
    await recorder.setMuted(NODE, ID, false);
    await recorder.stop(NODE, ID);
    expect(asked().slice(2)).toEqual([`POST recordings/live/${NAME}/mute`, `DELETE recordings/live/${NAME}/mute`, `DELETE channels/${SNOOP}`]);
    expect(ended).toEqual([]);
    tell('RecordingFinished', { recording: live(NAME, 'done') });
    await until(() => ended[0], 'the end');
    expect(ended).toEqual([{ nodeId: NODE, recordingId: ID }]);
  });

  it('are not muted twice, which would be the opposite; one of which nothing is known is unmuted first', async () => {
    await recorder.start(NODE, REQUEST);
    for (const muted of [false, true, true, false, false, true]) await recorder.setMuted(NODE, ID, muted);
    const [mute, unmute] = [`POST recordings/live/${NAME}/mute`, `DELETE recordings/live/${NAME}/mute`];
    expect(asked().slice(2)).toEqual([mute, unmute, mute]);
    server.cut();
    await until(() => events.filter(({ type }) => type === 'node.up').length === 2 || undefined, 'another connection');
    await recorder.setMuted(NODE, ID, true);
    await recorder.setMuted(NODE, ID, true);
    expect(asked().slice(5)).toEqual([unmute, mute]);
  });

  it('tell their end also when it was not asked for, and leave no snoop', async () => {
    await recorder.start(NODE, REQUEST);
    tell('RecordingFailed', { recording: live(NAME, 'failed') });
    await until(() => ended[0], 'the end');
    await until(() => asked().includes(`DELETE channels/${SNOOP}`) || undefined, 'the snoop to be taken away');
  });

  it('of others, are none of ours', async () => {
    tell('RecordingFinished', { recording: live('voicemail-7', 'done') });
    tell('RecordingFinished', { recording: live('otherapp-rec-7', 'done') });
    tell('RecordingFinished', { recording: live('hotline-rec-7', 'done') });
    await until(() => ended[0], 'ours');
    expect(ended).toEqual([{ nodeId: NODE, recordingId: 'rec-7' }]);
  });

  it('of a call that is gone fail so, and leave nothing', async () => {
    special = ({ uri }) => (uri.includes('/snoop/') ? { status: 404, body: { message: 'Channel not found' } } : undefined);
    await expect(recorder.start(NODE, REQUEST)).rejects.toMatchObject({ code: 'switch.gone' });
    expect(asked().at(-1)).toBe(`DELETE channels/${SNOOP}`);
  });

  it('of a call that ends while they are begun fail as gone', async () => {
    special = ({ uri }) => {
      if (!uri.includes('/snoop/')) return undefined;
      queueMicrotask(() => tell('StasisEnd', { channel: channel(SNOOP) }));
      return { status: 200, body: channel(SNOOP) };
    };
    await expect(recorder.start(NODE, REQUEST)).rejects.toMatchObject({ code: 'switch.gone' });
  });

  it('that the switch refuses fail so while the call goes on, and as gone when it does not', async () => {
    special = ({ uri }) => (uri.endsWith('/record') ? { status: 500, body: { message: 'Internal Server Error' } } : undefined);
    await expect(recorder.start(NODE, REQUEST)).rejects.toMatchObject({ code: 'switch.refused' });
    expect(asked().at(-1)).toBe(`DELETE channels/${SNOOP}`);
    special = ({ uri, method }) => (uri.endsWith('/record') ? { status: 409 } : method === 'GET' && uri === `channels/${CALLER}` ? { status: 404 } : undefined);
    await expect(recorder.start(NODE, REQUEST)).rejects.toMatchObject({ code: 'switch.gone' });
  });

  it('that do not begin in time fail, and are taken away', async () => {
    special = ({ uri }) => (uri.endsWith('/record') ? { status: 201, body: live(NAME, 'queued') } : undefined);
    await expect(recorder.start(NODE, REQUEST)).rejects.toMatchObject({ code: 'switch.timeout' });
    expect(asked().at(-1)).toBe(`DELETE channels/${SNOOP}`);
  });

  it('whose connection is lost while they are begun are left to the next one', async () => {
    special = ({ uri }) => (uri.endsWith('/record') ? { status: 201, body: live(NAME, 'queued') } : undefined);
    const starting = recorder.start(NODE, REQUEST);
    await until(() => asked().find((line) => line.endsWith('/record')), 'the request');
    server.cut();
    await expect(starting).rejects.toMatchObject({ code: 'switch.unreachable' });
    expect(asked()).not.toContain(`DELETE channels/${SNOOP}`);
  });

  it('are listed: those that go on, those that wait, none of others; a snoop that records nothing is taken away', async () => {
    world.stored = ['hotline-rec-1', 'hotline-rec-2', 'hotline-rec-3', 'voicemail-1', 'otherapp-rec-9'];
    world.live = { 'hotline-rec-1': 'recording', 'hotline-rec-3': 'done' };
    world.channels = ['1700000000.1', 'rec-1-snoop', 'rec-5-snoop', 'tap-1-snoop'];
    expect(await recorder.list(NODE)).toEqual([
      { recordingId: 'rec-1', isLive: true },
      { recordingId: 'rec-2', isLive: false },
      { recordingId: 'rec-3', isLive: false },
    ]);
    expect(asked().filter((line) => line.startsWith('DELETE channels'))).toEqual(['DELETE channels/rec-5-snoop']);
  });

  it('are no calls for a snapshot', async () => {
    world.channels = ['1700000000.1', 'rec-1-snoop'];
    expect((await board.node(NODE).snapshot()).channels.map(({ id }) => id)).toEqual(['1700000000.1']);
  });

  it('are removed, twice if need be', async () => {
    await recorder.remove(NODE, ID);
    special = ({ method, uri }) => (method === 'DELETE' && uri.startsWith('recordings') ? { status: 404 } : undefined);
    await recorder.remove(NODE, ID);
    expect(asked().slice(-2)).toEqual([`DELETE recordings/stored/${NAME}`, `DELETE recordings/stored/${NAME}`]);
  });
});
