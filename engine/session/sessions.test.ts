import { setup } from 'xstate';
import { describe, expect, it } from 'vitest';
import { StrowgerError } from '../domain/errors.ts';
import { agentId, channelId } from '../domain/ids.ts';
import type { SwitchEventBody } from '../ports/call-events.ts';
import { verbActors } from '../flow/verb-logic.ts';
import { HeldEvents } from './held-events.ts';
import { ROUTE, SessionRig } from '../../test/fakes/session-rig.ts';

const leg = (rig: SessionRig) => rig.pbx.last('originate').request!;

/** A caller whom an agent serves: in conversation. */
async function talking(rig: SessionRig): Promise<string> {
  rig.distributor.signIn(agentId('1001'));
  await rig.call();
  await rig.press('2');
  await rig.advance(2000);
  const { channelId: id, args } = leg(rig);
  rig.pbx.tell({ type: 'channel.entered', channel: rig.pbx.info(id), args });
  await rig.settle();
  return id;
}

describe('a call', () => {
  it('begins with the menu of its flow and ends with its goodbye', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    expect(rig.prompt).toBe('main');
    await rig.press('9'); // back: the flow handles it and asks again
    expect(rig.prompt).toBe('main');
    await rig.press('12');
    expect(rig.prompt).toBe('bye');
    await rig.promptEnds();
    expect(rig.pbx.last('hangup').channelId).toBe('caller-1');
    expect(rig.log.last('call.ended')?.termination).toEqual({ result: 'success', reason: 'flowEnded' });
    expect(rig.journal.records('session')).toEqual([]);
    expect(rig.sessions.calls()).toEqual([]);
  });

  it('is answered when the dialplan has not', async () => {
    const rig = await SessionRig.started();
    rig.pbx.tell({ type: 'channel.entered', channel: rig.pbx.info('caller-1', { state: 'ringing' }), args: [] });
    await rig.settle();
    expect(rig.pbx.requests[0]?.what).toBe('answer');
  });

  it('that is gone before we answer ends as such', async () => {
    const rig = await SessionRig.started();
    rig.pbx.failing = 'switch.gone';
    rig.pbx.tell({ type: 'channel.entered', channel: rig.pbx.info('caller-1', { state: 'ringing' }), args: [] });
    await rig.hangUp();
    expect(rig.log.last('call.ended')?.termination.reason).toBe('goneBeforeAnswer');
  });

  it('whose channel is gone without an event ends all the same', async () => {
    const rig = await SessionRig.started();
    rig.pbx.failing = 'switch.gone';
    rig.pbx.tell({ type: 'channel.entered', channel: rig.pbx.info('caller-1'), args: [] });
    await rig.advance(2000);
    expect(rig.log.last('call.ended')?.termination.result).toBe('indeterminate');
    expect(rig.sessions.calls()).toEqual([]);
  });

  it('to a number without a flow is hung up as unallocated, and said so', async () => {
    const rig = await SessionRig.started();
    rig.pbx.tell({ type: 'channel.entered', channel: rig.pbx.info('x', { dialled: '999' }), args: [] });
    await rig.settle();
    expect(rig.log.last('call.rejected')).toMatchObject({ reason: 'unknownNumber', dialled: '999' });
    expect(rig.pbx.last('hangup').channelId).toBe('x');
  });

  it('hung up in any state leaves no timer, no record and no channel of ours', async () => {
    for (const path of ['', '1', '11', '2', '3', '312', '4']) {
      const rig = await SessionRig.started();
      rig.answerService = () => new Promise(() => undefined);
      await rig.call();
      await rig.press(path);
      await rig.hangUp();
      expect(rig.log.of('call.ended'), path).toHaveLength(1);
      expect(rig.journal.records('session'), path).toEqual([]);
      await rig.advance(20_000);
      expect(rig.clock.pending, path).toBe(0);
    }
  });

  it('takes from a caller id what is harmless, before anybody sees it', async () => {
    const rig = await SessionRig.started();
    rig.pbx.tell({
      type: 'channel.entered',
      channel: rig.pbx.info('caller-1', { callerNumber: `"<sip:\r\nX: y>${'9'.repeat(300)}`, callerName: '\u0000小明' }),
      args: [],
    });
    await rig.settle();
    const { callerNumber, callerName } = rig.log.last('call.started')!.pii;
    expect(callerNumber).toBe(`sipXy${'9'.repeat(300)}`.slice(0, 40));
    expect(callerName).toBe('小明');
  });
});

describe('a prompt whose end the switch did not tell', () => {
  it('is asked after while it takes long, and the call goes on', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    const { id } = rig.pbx.last('play');
    const asked = (): number => rig.pbx.requests.filter(({ what, id: about }) => what === 'isPlaying' && about === id).length;
    await rig.advance(29_000);
    expect(asked()).toBe(0);
    await rig.advance(2_000);
    expect(asked()).toBe(1);
    expect(rig.log.of('prompt.finished')).toEqual([]);
    // A switch that does not answer has not said that it is over.
    rig.pbx.failing = 'switch.refused';
    await rig.advance(30_000);
    rig.pbx.failing = undefined;
    expect([asked(), rig.log.of('prompt.finished')]).toEqual([2, []]);
    rig.pbx.plays = false;
    await rig.advance(30_000);
    expect(rig.log.last('prompt.finished')).toMatchObject({ prompts: ['main'], interrupted: false });
    await rig.advance(5_000);
    expect(rig.prompt).toBe('sorry.silence');
  });
});

describe('menu', () => {
  it('counts silence and wrong keys apart, and gives up after the tries', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    await rig.promptEnds();
    await rig.advance(5000);
    expect(rig.prompt).toBe('sorry.silence');
    await rig.promptEnds();
    expect(rig.prompt).toBe('main');
    await rig.press('7');
    expect(rig.prompt).toBe('sorry.wrong');
    await rig.promptEnds();
    await rig.press('8'); // the second wrong key
    expect(rig.prompt).toBe('bye');
    expect(rig.log.of('menu.missed').map(({ why, attempt }) => `${why}${attempt}`)).toEqual(['noInput1', 'noMatch1', 'noMatch2']);
  });

  it('waits for a longer key only as long as one can follow', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    await rig.press('1');
    expect(rig.state).toBe('small.main');
    await rig.advance(2000);
    expect(rig.state).toBe('small.pin');
  });

  it('stops the prompt at the first digit', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    const { id } = rig.pbx.last('play');
    await rig.press('3');
    expect(rig.pbx.last('stopPlayback').id).toBe(id);
    expect(rig.log.last('prompt.finished')).toMatchObject({ prompts: ['main'], interrupted: true });
  });

  it('takes what was typed ahead across states without playing the prompts in between', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    await rig.press('31234#');
    expect(rig.state).toBe('small.bye');
    expect(rig.pbx.requests.filter(({ what }) => what === 'play').map(({ media }) => media?.[0])).not.toContain('sound:pin.en');
  });

  it('repeats at *, and asks no differently for it', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    await rig.press('*');
    expect(rig.prompt).toBe('main');
    expect(rig.log.of('menu.missed')).toEqual([]);
  });

  it('leads to the operator at 0', async () => {
    const rig = await SessionRig.started();
    rig.distributor.signIn(agentId('1001'));
    await rig.call();
    await rig.press('0');
    expect(rig.state).toBe('small.agent');
  });

  it('goes on when a prompt cannot be played', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    await rig.promptEnds(false);
    expect(rig.log.last('prompt.failed')).toMatchObject({ prompts: ['main'] });
    await rig.press('3');
    expect(rig.state).toBe('small.account');
  });
});

describe('collect', () => {
  it('ends at the terminator, at the longest length, and swallows a terminator after that', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    await rig.press('312345678');
    expect(rig.log.last('digits.collected')).toMatchObject({ prompt: 'account', count: 8 });
    await rig.press('#');
    expect(rig.state).toBe('small.bye');
  });

  it('takes enough digits after a pause, and refuses too few', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    await rig.press('312');
    await rig.advance(3000);
    expect(rig.log.last('menu.missed')).toMatchObject({ prompt: 'account', why: 'noMatch' });
    await rig.press('1234');
    await rig.advance(3000);
    expect(rig.state).toBe('small.bye');
  });

  it('plays silence from the prompt on while keys are awaited, so that the switch tells each once', async () => {
    const rig = await SessionRig.started();
    const last = (count: number) => rig.pbx.requests.slice(-count).map(({ what, id }) => `${what} ${id}`);
    await rig.call();
    await rig.press('3');
    await rig.promptEnds();
    const { id: silence } = rig.pbx.last('playSilence');
    await rig.press('12');
    expect(last(1)).toEqual([`playSilence ${silence}`]);
    await rig.advance(3000);
    // Too short: what comes next is not kept waiting behind a minute of silence.
    expect(last(2)).toEqual([`stopPlayback ${silence}`, `play ${rig.pbx.last('play').id}`]);
    const { id: prompt } = rig.pbx.last('play');
    await rig.press('1');
    const { id: again } = rig.pbx.last('playSilence');
    expect(last(2)).toEqual([`stopPlayback ${prompt}`, `playSilence ${again}`]);
    await rig.press('*');
    expect(last(2)).toEqual([`stopPlayback ${again}`, `play ${rig.pbx.last('play').id}`]);
  });

  it('goes on when the switch has no silence, or when that is over', async () => {
    for (const ok of [true, false]) {
      const rig = await SessionRig.started();
      await rig.call();
      await rig.press('312');
      const { id } = rig.pbx.last('playSilence');
      rig.pbx.tell({ type: 'playback.finished', channelId: channelId('caller-1'), playbackId: id as never, ok });
      await rig.press('345678');
      expect(rig.log.last('digits.collected')).toMatchObject({ prompt: 'account', count: 8 });
      expect(rig.pbx.requests.filter(({ what, id: stopped }) => what === 'stopPlayback' && stopped === id)).toEqual([]);
    }
  });

  it('is cancelled by its key', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    await rig.press('312*');
    expect(rig.state).toBe('small.main');
  });

  it('keeps a secret out of journal and events, and gives it to the service only', async () => {
    const rig = await SessionRig.started();
    rig.answerService = () => new Promise(() => undefined);
    await rig.call();
    await rig.press('1');
    await rig.advance(2000);
    await rig.press('48151');
    expect(JSON.stringify(rig.journal.records('session'))).not.toContain('4815');
    await rig.press('6');
    expect(rig.requests[0]?.input).toEqual({ pin: '481516' });
    expect(JSON.stringify(rig.journal.records('session'))).not.toContain('481516');
    expect(JSON.stringify(rig.log.events)).not.toContain('4815');
  });
});

describe('call', () => {
  it('takes the error exit when the service fails, and when the patience is over', async () => {
    for (const answer of [() => Promise.reject(new StrowgerError('switch.timeout', 'x')), () => new Promise<never>(() => undefined)]) {
      const rig = await SessionRig.started();
      rig.distributor.signIn(agentId('1001'));
      rig.answerService = answer;
      await rig.call();
      await rig.press('4');
      await rig.advance(4000);
      expect(rig.state).toBe('small.agent');
      expect(rig.log.last('service.called')?.outcome).toBe('failed');
    }
  });

  it('uses the same idempotency key after a restart', async () => {
    const rig = await SessionRig.started();
    rig.answerService = () => new Promise(() => undefined);
    await rig.call();
    await rig.press('4');
    await rig.restart();
    expect(rig.requests).toHaveLength(2);
    expect(rig.requests[0]?.idempotencyKey).toBe(rig.requests[1]?.idempotencyKey);
  });

  it('asks again for a secret that a restart has lost', async () => {
    const rig = await SessionRig.started();
    rig.answerService = () => new Promise(() => undefined);
    await rig.call();
    await rig.press('1');
    await rig.advance(2000);
    await rig.press('481516');
    await rig.restart();
    expect(rig.prompt).toBe('pin');
  });
});

describe('route', () => {
  it('rings the agent, bridges both and ends from the side of the agent', async () => {
    const rig = await SessionRig.started();
    const id = await talking(rig);
    expect(rig.pbx.requests.filter(({ what }) => what === 'addToBridge').map(({ channelId: c }) => c)).toEqual(['caller-1', id]);
    await rig.advance(30_000);
    rig.pbx.tell({ type: 'channel.gone', channelId: channelId(id), cause: 16 });
    await rig.settle();
    expect(rig.log.last('conversation.ended')).toMatchObject({ endedBy: 'agent', talkMs: 30_000 });
    expect(rig.prompt).toBe('bye');
    await rig.promptEnds();
    expect(rig.log.last('call.ended')?.termination.reason).toBe('served');
    expect(rig.pbx.last('destroyBridge').id).toMatch(/^talk-/);
  });

  it('ends from the side of the caller: the agent is hung up and wraps up', async () => {
    const rig = await SessionRig.started();
    const id = await talking(rig);
    await rig.hangUp();
    expect(rig.pbx.last('hangup').channelId).toBe(id);
    // The agent's phone has not ended its call yet: a next one would find it busy.
    expect(rig.distributor.agents()[0]?.status.state).toBe('talking');
    rig.pbx.tell({ type: 'channel.gone', channelId: channelId(id), cause: 16 });
    await rig.settle();
    expect(rig.log.last('conversation.ended')).toMatchObject({ endedBy: 'caller' });
    expect(rig.log.last('call.ended')?.termination).toEqual({ result: 'success', reason: 'served', cause: 16 });
    expect(rig.distributor.agents()[0]?.status.state).toBe('wrapUp');
  });

  it('tells that the phone rings, once, and that the agent holds the caller', async () => {
    const rig = await SessionRig.started();
    const state = () => rig.distributor.agents()[0]?.status.state;
    rig.distributor.signIn(agentId('1001'));
    await rig.call();
    await rig.press('2');
    await rig.advance(2000);
    const { channelId: id, args } = leg(rig);
    expect(state()).toBe('reserved');
    for (let times = 0; times < 2; times += 1) rig.pbx.tell({ type: 'channel.state', channelId: id, state: 'ringing' });
    expect(state()).toBe('ringing');
    rig.pbx.tell({ type: 'channel.entered', channel: rig.pbx.info(id), args });
    await rig.settle();
    for (const held of [true, true, false, true]) {
      rig.pbx.tell({ type: 'channel.hold', channelId: id, held });
      expect(state()).toBe(held ? 'held' : 'talking');
    }
    // The caller's own hold says nothing about the agent.
    rig.pbx.tell({ type: 'channel.hold', channelId: channelId('caller-1'), held: false });
    expect(state()).toBe('held');
    expect(rig.log.of('agent.state').map((told) => told.state).filter((told) => told === 'ringing')).toHaveLength(1);
    rig.pbx.tell({ type: 'channel.gone', channelId: id, cause: 16 });
    await rig.settle();
    expect(state()).toBe('wrapUp');
  });

  it('stops the ringing phone when the caller gives up', async () => {
    const rig = await SessionRig.started();
    rig.distributor.signIn(agentId('1001'));
    await rig.call();
    await rig.press('2');
    await rig.hangUp();
    expect(rig.pbx.last('hangup').channelId).toBe(leg(rig).channelId);
    expect(rig.log.last('call.ended')?.termination.reason).toBe('abandoned');
    expect(rig.log.of('offer.ended')).toEqual([]);
    // Nobody tells that the phone has stopped ringing: the agent is not kept for ever.
    await rig.advance(1_000);
    expect(rig.log.last('offer.ended')?.outcome).toBe('rescinded');
    expect(rig.distributor.agents()[0]?.status.state).toBe('ready');
  });

  it('keeps the caller when the phone is not answered, is busy, or cannot be dialled', async () => {
    const rig = await SessionRig.started();
    rig.distributor.signIn(agentId('1001'));
    await rig.call();
    await rig.press('2');
    await rig.advance(20_000);
    expect(rig.log.last('offer.ended')?.outcome).toBe('noAnswer');
    expect(rig.pbx.last('hangup').channelId).toBe(leg(rig).channelId);
    rig.distributor.setReady(agentId('1001'));
    await rig.settle();
    rig.pbx.tell({ type: 'channel.gone', channelId: leg(rig).channelId, cause: 17 });
    await rig.settle();
    expect(rig.log.last('offer.ended')?.outcome).toBe('busy');
    expect(rig.sessions.calls()[0]?.stand).toBe('queue');
  });

  it('gives the place back when an agent answers and hangs up at once', async () => {
    const rig = await SessionRig.started();
    const id = await talking(rig);
    rig.pbx.tell({ type: 'channel.gone', channelId: channelId(id), cause: 16 });
    await rig.settle();
    expect(rig.sessions.calls()[0]?.stand).toBe('queue');
    await rig.advance(5000); // wrap-up
    expect(leg(rig).channelId).not.toBe(id);
  });

  it('drops a leg that is answered after the offer was taken back', async () => {
    const rig = await SessionRig.started();
    rig.distributor.signIn(agentId('1001'));
    await rig.call();
    await rig.press('2');
    const { channelId: id, args } = leg(rig);
    await rig.advance(20_000);
    rig.pbx.requests.length = 0;
    rig.pbx.tell({ type: 'channel.entered', channel: rig.pbx.info(id), args });
    await rig.settle();
    expect(rig.pbx.last('hangup').channelId).toBe(id);
  });
});

describe('restart', () => {
  const stopped = (rig: SessionRig) => rig.pbx.requests.flatMap(({ what, id }) => (what === 'stopPlayback' ? [id] : []));

  it('a moment after a prompt began, which no journal knows of: it is ended, so that the one that begins again is heard', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    const writes: (() => void)[] = [];
    rig.journal.writeLater = (write) => writes.push(write);
    await rig.press('3');
    expect(rig.prompt).toBe('account');
    const { id } = rig.pbx.last('play');
    expect(writes).toHaveLength(1);
    rig.journal.writeLater = (write) => write();
    await rig.restart();
    expect(rig.prompt).toBe('main');
    expect(stopped(rig)).toContain(id);
    expect(stopped(rig)).not.toContain(rig.pbx.last('play').id);
  });

  it('in a prompt: silences what runs and starts the prompt again', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    const { id } = rig.pbx.last('play');
    await rig.restart();
    expect(stopped(rig)).toContain(id);
    expect(rig.prompt).toBe('main');
    expect(rig.log.last('call.resumed')).toMatchObject({ state: 'small.main' });
    await rig.press('3');
    expect(rig.state).toBe('small.account');
  });

  it('while digits are typed: goes on after them', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    await rig.press('31234');
    const { id: silence } = rig.pbx.last('playSilence');
    await rig.restart();
    expect(rig.pbx.requests.some(({ what }) => what === 'play')).toBe(false);
    expect(rig.pbx.requests.map(({ what, id }) => `${what} ${id}`)).toContain(`stopPlayback ${silence}`);
    expect(rig.pbx.last('playSilence').id).not.toBe(silence);
    await rig.press('5678');
    expect(rig.log.last('digits.collected')).toMatchObject({ count: 8 });
  });

  it('in the queue: keeps the place', async () => {
    const rig = await SessionRig.started();
    rig.distributor.signIn(agentId('1001'));
    rig.distributor.setNotReady(agentId('1001'), 'break');
    await rig.call();
    await rig.press('2');
    const before = rig.distributor.queues()[0]?.contacts[0]?.enqueuedAt;
    await rig.advance(4000);
    await rig.restart();
    expect(rig.distributor.queues()[0]?.contacts[0]?.enqueuedAt).toBe(before);
    rig.distributor.setReady(agentId('1001'));
    await rig.settle();
    expect(leg(rig).endpoint).toBe('PJSIP/1001');
  });

  it('while a phone rings: takes the ringing phone up, and bridges when it is answered', async () => {
    const rig = await SessionRig.started();
    rig.distributor.signIn(agentId('1001'));
    await rig.call();
    await rig.press('2');
    const { channelId: id, args } = leg(rig);
    const ringing = { ...rig.pbx.info(id, { state: 'ringing' }), inApplication: false };
    rig.pbx.held = { ...rig.pbx.held, channels: [...rig.pbx.held.channels, ringing] };
    await rig.advance(3000);
    await rig.restart();
    expect(rig.pbx.requests.some(({ what }) => what === 'originate' || what === 'hangup')).toBe(false);
    // Its ringing had not been told before.
    expect(rig.distributor.agents()[0]?.status.state).toBe('ringing');
    rig.pbx.tell({ type: 'channel.entered', channel: rig.pbx.info(id), args });
    await rig.settle();
    expect(rig.log.last('conversation.started')).toMatchObject({ agentId: '1001' });
    expect(rig.pbx.requests.filter(({ what }) => what === 'addToBridge').map(({ channelId: c }) => c)).toEqual(['caller-1', id]);
  });

  it('in conversation: leaves it alone, and books its end', async () => {
    const rig = await SessionRig.started();
    const id = await talking(rig);
    const bridge = rig.pbx.last('createBridge').id;
    rig.pbx.held = {
      channels: [...rig.pbx.held.channels, { ...rig.pbx.info(id), inApplication: true }],
      bridges: [{ id: bridge as never, channelIds: [channelId('caller-1'), channelId(id)] }],
    };
    await rig.advance(10_000);
    await rig.restart();
    expect(rig.pbx.requests.map(({ what }) => what)).not.toContain('createBridge');
    expect(rig.pbx.requests.map(({ what }) => what)).not.toContain('hangup');
    expect(rig.distributor.agents()[0]?.status.state).toBe('talking');
    await rig.hangUp();
    rig.pbx.tell({ type: 'channel.gone', channelId: channelId(id), cause: 16 });
    await rig.settle();
    expect(rig.log.last('conversation.ended')).toMatchObject({ endedBy: 'caller', talkMs: 10_000 });
    expect(rig.pbx.last('hangup').channelId).toBe(id);
  });

  it.each([
    { told: true, before: false, after: 'held' },
    { told: false, before: true, after: 'talking' },
    // The switch cannot tell: as it was, until the next change.
    { told: undefined, before: true, after: 'held' },
  ])('in conversation, on hold by the switch: $told, before: $before; the agent is $after', async ({ told, before, after }) => {
    const rig = await SessionRig.started();
    const id = channelId(await talking(rig));
    rig.pbx.tell({ type: 'channel.hold', channelId: id, held: before });
    const channel = { ...rig.pbx.info(id), inApplication: true, ...(told === undefined ? {} : { held: told }) };
    rig.pbx.held = { ...rig.pbx.held, channels: [...rig.pbx.held.channels, channel] };
    await rig.restart();
    expect(rig.distributor.agents()[0]?.status.state).toBe(after);
    rig.pbx.tell({ type: 'channel.hold', channelId: id, held: false });
    expect(rig.distributor.agents()[0]?.status.state).toBe('talking');
  });

  it('closes in the books what hung up meanwhile', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    rig.pbx.held = { channels: [], bridges: [] };
    await rig.restart();
    expect(rig.log.last('call.ended')?.termination.result).toBe('indeterminate');
    expect(rig.journal.records('session')).toEqual([]);
  });

  it('books a caller who left the queue meanwhile as abandoned', async () => {
    const rig = await SessionRig.started();
    rig.distributor.signIn(agentId('1001'));
    rig.distributor.setNotReady(agentId('1001'), 'break');
    await rig.call();
    await rig.press('2');
    rig.pbx.held = { channels: [], bridges: [] };
    await rig.advance(4000);
    await rig.restart();
    expect(rig.log.last('contact.left')).toMatchObject({ contactId: 'contact-1', queueId: 'service', how: 'abandoned', waitedMs: 4000 });
  });

  it('takes up a call that came while nobody listened, and ends orphan legs and bridges', async () => {
    const rig = await SessionRig.started();
    rig.pbx.held = {
      channels: [
        { ...rig.pbx.info('caller-9'), inApplication: true },
        { ...rig.pbx.info('leg-77'), inApplication: true },
      ],
      bridges: [{ id: 'talk-5' as never, channelIds: [channelId('leg-77')] }],
    };
    await rig.restart();
    expect(rig.sessions.calls().map(({ state }) => state)).toEqual(['small.main']);
    expect(rig.pbx.last('hangup').channelId).toBe('leg-77');
    expect(rig.pbx.last('destroyBridge').id).toBe('talk-5');
  });
});

describe('a lost connection', () => {
  it('while calls are taken up: they are compared anew when it is back, and none of them is taken for a new one', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    let loaded: () => void = () => undefined;
    rig.load = async () => {
      await new Promise<void>((resolve) => (loaded = resolve));
      return rig.flow;
    };
    await rig.restart();
    rig.pbx.tell({ type: 'node.down', reason: 'cut' });
    rig.pbx.tell({ type: 'node.up' });
    await rig.settle();
    expect(rig.sessions.phaseOf(rig.pbx.nodeId)).toBe('reconciling');
    loaded();
    await rig.settle();
    expect(rig.sessions.phaseOf(rig.pbx.nodeId)).toBe('up');
    expect([rig.sessions.calls().length, rig.log.of('call.started').length]).toEqual([1, 1]);
  });

  it('while calls are taken up: the node is not up before it is connected', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    let loaded: () => void = () => undefined;
    rig.load = async () => {
      await new Promise<void>((resolve) => (loaded = resolve));
      return rig.flow;
    };
    await rig.restart();
    rig.pbx.tell({ type: 'node.down', reason: 'cut' });
    loaded();
    await rig.settle();
    expect(rig.sessions.phaseOf(rig.pbx.nodeId)).toBe('down');
  });

  it('takes calls up again when it returns, without a new process', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    rig.pbx.tell({ type: 'node.down', reason: 'socket closed' });
    rig.pbx.failing = 'switch.unreachable';
    await rig.advance(5000);
    rig.pbx.failing = undefined;
    rig.pbx.tell({ type: 'node.up' });
    await rig.settle();
    expect(rig.log.last('call.resumed')).toMatchObject({ state: 'small.main', outageMs: 5000 });
    await rig.press('3');
    expect(rig.state).toBe('small.account');
  });

  it('does not disturb a conversation', async () => {
    const rig = await SessionRig.started();
    const id = await talking(rig);
    rig.pbx.held = {
      channels: [...rig.pbx.held.channels, { ...rig.pbx.info(id), inApplication: true }],
      bridges: [{ id: rig.pbx.last('createBridge').id as never, channelIds: [channelId('caller-1'), channelId(id)] }],
    };
    rig.pbx.tell({ type: 'node.down', reason: 'socket closed' });
    rig.pbx.tell({ type: 'node.up' });
    await rig.settle();
    expect(rig.distributor.agents()[0]?.status.state).toBe('talking');
    expect(rig.pbx.requests.map(({ what }) => what)).not.toContain('hangup');
    await rig.hangUp();
    rig.pbx.tell({ type: 'channel.gone', channelId: channelId(id), cause: 16 });
    await rig.settle();
    expect(rig.log.of('conversation.ended')).toHaveLength(1);
  });

  it('handles events that came during reconciliation, after it', async () => {
    const rig = await SessionRig.started();
    await rig.call();
    rig.pbx.tell({ type: 'node.down', reason: 'x' });
    rig.pbx.tell({ type: 'node.up' });
    rig.pbx.tell({ type: 'digit', channelId: channelId('caller-1'), digit: '3', durationMs: 100 });
    await rig.settle();
    expect(rig.state).toBe('small.account');
  });
});

describe('a flow that throws', () => {
  /** Leads to an agent at once, and throws after half a minute. */
  const faulty = setup({ actors: verbActors }).createMachine({
    id: 'small',
    context: { language: 'en' },
    initial: 'agent',
    states: {
      agent: {
        invoke: { src: 'route', input: ROUTE },
        after: {
          30_000: {
            actions: () => {
              throw new Error('a mistake of the designer');
            },
          },
        },
      },
    },
  });
  const told = (rig: SessionRig, ...what: readonly string[]) => rig.pbx.requests.filter((request) => what.includes(request.what)).map(({ what: asked, channelId: id }) => `${asked} ${id}`);

  /** The only agent has a break. */
  const inQueue = async (): Promise<SessionRig> => {
    const rig = await SessionRig.started(faulty);
    rig.distributor.signIn(agentId('1001'));
    rig.distributor.setNotReady(agentId('1001'), 'break');
    await rig.call();
    return rig;
  };

  it('leads the caller out of the queue to the fallback of the switch', async () => {
    const rig = await inQueue();
    await rig.advance(30_000);
    expect(told(rig, 'stopMusic', 'hangup', 'sendToFallback')).toEqual(['stopMusic caller-1', 'sendToFallback caller-1']);
    expect(rig.log.last('call.ended')?.termination).toEqual({ result: 'serverError', reason: 'flowFailed' });
    expect(rig.log.last('contact.left')?.how).toBe('abandoned');
    expect(rig.distributor.queues().flatMap(({ contacts }) => contacts)).toEqual([]);
    expect(rig.journal.records('session')).toEqual([]);
    expect(rig.sessions.calls()).toEqual([]);
    // It has left our application, which is as it should be.
    rig.pbx.tell({ type: 'channel.left', channelId: channelId('caller-1') });
    rig.pbx.held = { channels: [{ ...rig.pbx.info('caller-1'), inApplication: false }], bridges: [] };
    for (let i = 0; i < 2; i += 1) expect(await rig.sessions.audit(rig.pbx.nodeId)).toEqual({ orphans: [], ghosts: [], emptyBridges: [] });
    expect(rig.pbx.last('sendToFallback').channelId).toBe('caller-1');
  });

  it('stops the phone that rings for the caller', async () => {
    const rig = await inQueue();
    await rig.advance(25_000);
    rig.distributor.setReady(agentId('1001'));
    await rig.advance(2000);
    const { channelId: id } = leg(rig);
    await rig.advance(3000);
    expect(told(rig, 'hangup', 'sendToFallback').sort()).toEqual([`hangup ${id}`, 'sendToFallback caller-1']);
  });

  it('ends the call of a caller who has been served', async () => {
    const rig = await SessionRig.started(faulty);
    rig.distributor.signIn(agentId('1001'));
    await rig.call();
    await rig.advance(2000);
    const { channelId: id, args } = leg(rig);
    rig.pbx.tell({ type: 'channel.entered', channel: rig.pbx.info(id), args });
    await rig.advance(30_000);
    expect(told(rig, 'hangup', 'sendToFallback').sort()).toEqual(['hangup caller-1', `hangup ${id}`]);
    expect(rig.log.last('call.ended')?.termination.reason).toBe('flowFailed');
  });

  it('ends the call when the switch does not take it to its fallback, and not when that is unknown', async () => {
    for (const [failing, hungUp] of [['switch.refused', ['hangup caller-1']], ['switch.unreachable', []], ['switch.gone', []]] as const) {
      const rig = await inQueue();
      rig.pbx.failing = failing;
      await rig.advance(30_000);
      expect(told(rig, 'hangup'), failing).toEqual(hungUp);
      expect(told(rig, 'sendToFallback')).toEqual(['sendToFallback caller-1']);
    }
  });

  it('while it is loaded leads callers to the fallback', async () => {
    const rig = await SessionRig.started();
    rig.find = () => {
      throw new Error('a mistake of the designer');
    };
    await rig.call();
    expect(rig.log.last('call.rejected')).toMatchObject({ reason: 'flowBroken', dialled: '95500' });
    expect(told(rig, 'hangup', 'sendToFallback')).toEqual(['sendToFallback caller-1']);
  });
});

describe('a second process', () => {
  /** The first is told `last` by its switch and lets go of its calls; the second connects. Whether it asks for the prompt once more. */
  const plays = async (...last: readonly SwitchEventBody[]): Promise<boolean> => {
    const rig = await SessionRig.started();
    await rig.call();
    for (const event of last) rig.pbx.tell(event);
    rig.sessions.close();
    rig.distributor.close();
    rig.journal.flush();
    rig.pbx.requests.length = 0;
    await rig.boot(new HeldEvents(rig.pbx));
    return rig.pbx.requests.some(({ what }) => what === 'play');
  };

  it('lets a prompt go on when it has taken the switch from the first', async () => {
    expect(await plays({ type: 'node.replaced' })).toBe(false);
  });

  it('leaves no timer behind when it ends soon', async () => {
    const rig = await SessionRig.started();
    rig.sessions.close();
    rig.distributor.close();
    expect(rig.clock.pending).toBe(0);
  });

  it('plays it anew when the first had no connection, had not looked yet at what it missed, or ended by itself', async () => {
    expect(await plays({ type: 'node.down', reason: 'cut' })).toBe(true);
    expect(await plays({ type: 'node.down', reason: 'cut' }, { type: 'node.replaced' })).toBe(true);
    expect(await plays({ type: 'node.down', reason: 'cut' }, { type: 'node.up' }, { type: 'node.replaced' })).toBe(true);
    expect(await plays()).toBe(true);
  });
});
