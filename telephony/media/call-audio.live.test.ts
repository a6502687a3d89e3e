import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { StrowgerError } from '../../engine/domain/errors.ts';
import { bridgeId, channelId, nodeId, playbackId } from '../../engine/domain/ids.ts';
import type { ChannelId } from '../../engine/domain/ids.ts';
import type { AudioTap } from '../../engine/ports/call-audio.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { randomIds } from '../../integrations/runtime/random-ids.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { AsteriskRig } from '../../test/contract/asterisk-rig.ts';
import type { SipFarEnd } from '../../test/contract/asterisk-rig.ts';
import { EventRecorder } from '../../test/contract/event-recorder.ts';
import { CallEar } from '../../test/rigs/call-ear.ts';
import { AriSwitchboard } from '../ari/ari-switchboard.ts';
import { TcpProxy } from '../ari/testing/tcp-proxy.ts';
import { until } from '../ari/testing/until.ts';
import { levelDb, sine, tonePower } from '../phones/tone.ts';
import { TappedCallAudio } from './tapped-call-audio.ts';


const CALLER_HZ = 700; // of the rig's callers
const PROMPT_HZ = 440; // of the rig's prompts
const SENT_HZ = 1_900;
const LONG = { timeout: 120_000 };

describe.each(['ws', 'ari-client'] as const)('the sound of calls over %s', (transport) => {
  let rig: AsteriskRig;
  let wire: TcpProxy;
  let events: EventRecorder;
  let audio: TappedCallAudio;
  let calls = 0;

  beforeAll(async () => {
    rig = await AsteriskRig.start(transport, async (url) => {
      wire = await TcpProxy.start(url);
      return wire.url;
    });
    events = new EventRecorder(rig.events, (probe, what) => until(probe, what, 30_000));
    await rig.connect();
    audio = new TappedCallAudio({ lines: () => rig.node.taps, ids: randomIds(), clock: systemClock, log: silentLogger });
  }, 240_000);
  afterEach(async () => {
    const { channels, bridges } = await rig.node.snapshot();
    // Of a test that has failed.
    for (const { id, channelIds } of bridges) await rig.node.destroyBridge(id, channelIds[0] ?? channelId('nobody'));
    await Promise.all(channels.map(({ id }) => rig.node.hangup(id)));
    for (const id of events.farewells().keys()) await events.next('channel.gone', id);
    await leaves(0, 0);
    expect(rig.node.taps.size).toBe(0);
    expect(audio.size).toBe(0);
    expect(JSON.stringify(events.all), 'nothing of a tap reaches the engine').not.toMatch(/tap-/);
    expect([...events.farewells()].filter(([, times]) => times !== 1)).toEqual([]);
  });
  afterAll(async () => {
    await rig.close();
    await wire.stop();
  });

  const call = async () => {
    const callerNumber = `1390000${String((calls += 1)).padStart(4, '0')}`;
    const far = (await rig.inboundCall({ callerNumber, callerName: 'Li Na', dialled: '95588' })) as SipFarEnd;
    const { channel } = await events.entered(callerNumber);
    await rig.node.answer(channel.id);
    await until(() => far.wasAnswered || undefined, 'the answer', 30_000);
    return { far, media: far.media, id: channel.id };
  };
  const open = async (id: ChannelId, ear = new CallEar()): Promise<{ tap: AudioTap; ear: CallEar }> => ({ tap: await audio.open(rig.node.nodeId, id, ear), ear });
  const play = async (id: ChannelId) => {
    const playback = playbackId(`prompt-${(calls += 1)}-${process.pid}`);
    await rig.node.play(id, playback, [rig.media.long]);
    await events.started(playback);
    return playback;
  };
  const leaves = async (channels: number, bridges: number) => {
    let found = '';
    for (const deadline = Date.now() + 20_000; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 50))) {
      found = `${await rig.pbx.channelCount()} channels and ${await rig.pbx.bridgeCount()} bridges`;
      if (found === `${channels} channels and ${bridges} bridges`) return;
    }
    expect(found).toBe(`${channels} channels and ${bridges} bridges`);
  };

  it('lets hear what the caller says, as loud as it is, and not the prompt that is played meanwhile', LONG, async () => {
    const { media, id } = await call();
    const { tap, ear } = await open(id);
    await play(id);
    await media.hearsTone(PROMPT_HZ, { timeoutMs: 30_000 });
    ear.forget();
    const heard = (await ear.hears(2_000)).subarray(0, 16_000);
    expect(tonePower(heard, CALLER_HZ)).toBeGreaterThan(0.95);
    expect(tonePower(heard, PROMPT_HZ)).toBeLessThan(0.01);
    // -12 dB is sent; a sine has 3 dB less than its peak.
    expect(levelDb(heard)).toBeGreaterThan(-15.5);
    expect(levelDb(heard)).toBeLessThan(-14.5);
    expect(new Set(ear.frames.map(({ length }) => length))).toEqual(new Set([160]));
    await tap.close();
  });

  it('lets hear as long as it is said, with the silence around it', LONG, async () => {
    const { media, id } = await call();
    media.send({ kind: 'silence' });
    const { tap, ear } = await open(id);
    ear.forget();
    await media.sendPcm(sine(1_000, 1_200));
    const loud = await ear.utterance();
    expect(loud.length / 8).toBeGreaterThanOrEqual(1_180);
    expect(loud.length / 8).toBeLessThanOrEqual(1_260);
    await tap.close();
  });

  it('goes on with silence when the phone sends nothing', LONG, async () => {
    const { media, id } = await call();
    const { tap, ear } = await open(id);
    media.send({ kind: 'none' });
    await ear.hears(ear.heardMs + 500);
    ear.forget();
    const silence = await ear.hears(1_000);
    expect(levelDb(silence)).toBe(-Infinity);
    await tap.close();
    expect(await rig.pbx.channelCount(), 'no frame of the caller was needed').toBe(1);
  });

  it('plays to the caller what is sent, over a prompt, and stops at once when it is flushed', LONG, async () => {
    const { media, id } = await call();
    const { tap } = await open(id);
    await play(id);
    tap.send(sine(SENT_HZ, 10_000));
    const { pcm: both } = await media.until(({ pcm }) => pcm.length >= 4_000 && tonePower(pcm, SENT_HZ) > 0.3, { lastMs: 500, timeoutMs: 30_000, what: 'what was sent' });
    expect(tonePower(both, PROMPT_HZ)).toBeGreaterThan(0.2);
    tap.flush();
    await media.until(({ pcm }) => pcm.length >= 4_000 && tonePower(pcm, SENT_HZ) < 0.01 && tonePower(pcm, PROMPT_HZ) > 0.9, { lastMs: 500, timeoutMs: 3_000, what: 'the prompt alone' });
    await tap.close();
  });

  it('plays to the caller what is sent while nothing else is played, and a prompt after that', LONG, async () => {
    const { media, id } = await call();
    const { tap } = await open(id);
    tap.send(sine(SENT_HZ, 6_000));
    await media.hearsTone(SENT_HZ, { timeoutMs: 30_000 });
    tap.flush();
    const playback = await play(id);
    await media.hearsTone(PROMPT_HZ, { timeoutMs: 30_000 });
    await rig.node.stopPlayback(id, playback);
    expect(await events.finished(playback)).toMatchObject({ ok: true });
    tap.send(sine(SENT_HZ, 3_000));
    await media.hearsTone(SENT_HZ, { timeoutMs: 30_000 });
    await tap.close();
    await play(id);
    await media.hearsTone(PROMPT_HZ, { timeoutMs: 30_000 });
  });

  it('lets music be heard after something was sent, and something be sent after music', LONG, async () => {
    const { far, media, id } = await call();
    const { tap } = await open(id);
    tap.send(sine(SENT_HZ, 1_000));
    await media.hearsTone(SENT_HZ, { timeoutMs: 30_000 });
    await rig.node.startMusic(id);
    await far.hearsMusic();
    await rig.node.stopMusic(id);
    tap.send(sine(SENT_HZ, 4_000));
    await media.hearsTone(SENT_HZ, { timeoutMs: 30_000 });
    await tap.close();
  });

  it('goes on in a conversation: the caller alone is heard, and alone hears what is sent', LONG, async () => {
    const { far, media, id } = await call();
    const { tap, ear } = await open(id);
    tap.send(sine(SENT_HZ, 500));
    const [leg, bridge] = [channelId(`leg-${(calls += 1)}-${process.pid}`), bridgeId(`talk-${calls}-${process.pid}`)];
    const phone = await rig.phone({ does: 'answer' });
    await rig.node.originate({ channelId: leg, endpoint: phone.endpoint, timeoutMs: 30_000, args: ['leg'] });
    await events.next('channel.entered', leg);
    const agent = phone.party() as SipFarEnd;
    await rig.node.createBridge(bridge, id);
    await rig.node.addToBridge(bridge, id);
    await rig.node.addToBridge(bridge, leg);
    await far.hears(agent);
    await agent.hears(far);
    ear.forget();
    const heard = await ear.hears(1_000);
    expect(tonePower(heard, CALLER_HZ)).toBeGreaterThan(0.95);
    tap.send(sine(SENT_HZ, 4_000));
    await media.until(({ pcm }) => pcm.length >= 4_000 && tonePower(pcm, SENT_HZ) > 0.3 && tonePower(pcm, agent.hz) > 0.2, { lastMs: 500, timeoutMs: 30_000, what: 'both' });
    expect(tonePower(agent.media.recording(500).pcm, SENT_HZ)).toBeLessThan(0.01);
    tap.flush();
    await rig.node.destroyBridge(bridge, id);
    await rig.node.hangup(leg);
    await events.next('channel.gone', leg);
    tap.send(sine(SENT_HZ, 4_000));
    await media.hearsTone(SENT_HZ, { timeoutMs: 30_000 });
    await tap.close();
  });

  it('leaves digits and prompts as they were', LONG, async () => {
    const { far, id } = await call();
    const { tap } = await open(id);
    const playback = playbackId(`short-${process.pid}-${transport}`);
    await rig.node.play(id, playback, [rig.media.short]);
    await far.sendDigits('159#');
    await until(() => (events.digits(id).length >= 4 ? true : undefined), 'four digits', 30_000);
    expect(events.digits(id)).toBe('159#');
    expect(await events.finished(playback)).toMatchObject({ ok: true });
    await tap.close();
    expect(events.typesOf(id).filter((type) => type === 'playback.started' || type === 'playback.finished')).toEqual(['playback.started', 'playback.finished']);
  });

  it('is in no snapshot, and leaves nothing behind when it is closed, once and again', LONG, async () => {
    const { id } = await call();
    const { tap, ear } = await open(id);
    await ear.hears(100);
    await leaves(3, 1);
    expect(await rig.node.snapshot()).toMatchObject({ channels: [{ id }], bridges: [] });
    // By this the next process knows a media channel that is in no application yet.
    const mediaChannel = (await rig.pbx.cli('core show channels concise')).match(/tap-[^!\n]+-media/)?.[0];
    expect(await rig.pbx.cli(`core show channel ${(await rig.pbx.cli('core show channels concise')).match(/^WebSocket[^!]+/m)?.[0]}`), mediaChannel).toContain('STROWGER_APP=strowger');
    await tap.close();
    expect(await rig.pbx.channelCount()).toBe(1);
    await leaves(1, 0);
    const soFar = ear.heardMs;
    await tap.close();
    tap.send(sine(SENT_HZ, 100));
    tap.flush();
    await rig.node.hangup(id);
    await events.next('channel.gone', id);
    expect(ear.heardMs).toBe(soFar);
    expect(ear.ends).toEqual([]);
  });

  it('ends when the caller hangs up, and leaves nothing behind', LONG, async () => {
    const { far, id } = await call();
    const { ear } = await open(id);
    await ear.hears(100);
    await far.hangUp();
    await until(() => ear.ends[0], 'the end of the sound', 30_000);
    await leaves(0, 0);
    expect(ear.ends).toHaveLength(1);
  });

  it('is refused for a call that has gone or never was, and leaves nothing behind', LONG, async () => {
    await expect(open(channelId('never-was'))).rejects.toMatchObject({ code: 'switch.gone' });
    const { far, id } = await call();
    const opening = open(id);
    const hanging = far.hangUp();
    const outcome = await opening.then(
      ({ ear }) => until(() => ear.ends[0], 'the end of the sound', 30_000).then(() => 'ended'),
      (error: { readonly code: string }) => error.code,
    );
    expect(['ended', 'switch.gone']).toContain(outcome);
    await hanging;
    await leaves(0, 0);
  });

  it('leaves nothing behind, whenever the call ends while its sound is opened and closed', LONG, async () => {
    const rounds = Array.from({ length: 20 }, async (_, n) => {
      const { far, id } = await call();
      const hungUp = new Promise((resolve) => setTimeout(resolve, (n * 37) % 250)).then(() => (n % 2 === 0 ? far.hangUp() : rig.node.hangup(id)));
      for (let again = 0; again < 3; again += 1) {
        const outcome = await open(id).then(
          async ({ tap }) => {
            tap.send(sine(SENT_HZ, 100));
            await tap.close();
            return 'closed';
          },
          (error: StrowgerError) => `${error.code}: ${error.message}`,
        );
        expect(outcome).toMatch(/^(closed$|switch\.gone)/);
      }
      await hungUp;
    });
    await Promise.all(rounds);
    await leaves(0, 0);
  });

  it('ends when the wire to the switch breaks; what is left of it goes with the next connection', LONG, async () => {
    const { id } = await call();
    const { ear } = await open(id);
    await ear.hears(100);
    wire.cut();
    await until(() => ear.ends[0], 'the end of the sound', 30_000);
    await expect(open(id)).rejects.toMatchObject({ code: 'switch.unreachable' });
    wire.mend();
    await rig.ready();
    await leaves(1, 0);
    // The call went on, and can be heard again.
    const { tap, ear: again } = await open(id);
    expect(tonePower(await again.hears(500), CALLER_HZ)).toBeGreaterThan(0.9);
    await tap.close();
    expect(ear.ends).toHaveLength(1);
  });

  it('is left alone by another application, and taken away by the next process of its own', LONG, async () => {
    const { id } = await call();
    const { ear } = await open(id);
    const engine = (app: string) => new AriSwitchboard({ nodes: [{ id: 'pbx-1', ...rig.pbx.ari, transport }], app, clock: systemClock, random: Math.random, log: silentLogger });
    const other = engine('another');
    other.start();
    await until(() => other.ready || undefined, 'the other application', 30_000);
    ear.forget();
    await ear.hears(500);
    other.stop();
    await leaves(3, 1);
    // As after SIGKILL: its sockets break, and nothing of what it knew reaches anybody.
    wire.cut();
    const next = engine('strowger');
    next.start();
    await until(() => next.ready || undefined, 'the next process', 30_000);
    await leaves(1, 0);
    expect(await next.node(nodeId('pbx-1')).snapshot()).toMatchObject({ channels: [{ id }], bridges: [] });
    next.stop();
    wire.mend();
    await rig.ready();
  });
});
