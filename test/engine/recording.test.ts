import { describe, expect, it } from 'vitest';
import { agentId, recordingId } from '../../engine/domain/ids.ts';
import type { DomainEvent } from '../../engine/domain/events.ts';
import type { RecordingPolicy } from '../../engine/domain/recording.ts';
import { defineIvr } from '../../engine/flow/kit.ts';
import { noSecret } from '../../engine/flow/secret.ts';
import type { Recordings } from '../../engine/recording/recordings.ts';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import type { SimulatedCaller } from '../../telephony/sim/simulated-caller.ts';
import { SIMULATED_SILENCE, SIMULATED_SOUND } from '../../telephony/sim/simulated-recorder.ts';
import { VirtualEngine } from './virtual-engine.ts';

const say = (key: string) => ({ 'zh-CN': key, en: key });
const prompts = { menu: say('menu'), pin: say('pin'), account: say('account'), amount: say('amount'), notice: say('notice'), welcome: say('welcome'), sorry: say('sorry'), bye: say('bye') } as const;
const { flow, menu, collect, recording, route, end } = defineIvr({
  prompts,
  queues: ['personal'],
  vars: () => ({ pin: noSecret, account: '', amount: '' }),
});

/** 1 leads to an agent, 2 records the whole call and asks for an account, a PIN and an amount, 3 forbids recording, 4 pauses it. */
const hotline = flow({
  id: 'recorded',
  numbers: ['95500'],
  initial: 'main',
  fault: { prompt: 'sorry', to: 'bye' },
  states: {
    main: menu({
      prompt: 'menu',
      choices: {
        agent: { dtmf: '1', to: 'agent' },
        whole: { dtmf: '2', to: 'start' },
        never: { dtmf: '3', to: 'never' },
        quiet: { dtmf: '4', to: 'quiet' },
      },
      otherwise: 'bye',
    }),
    start: recording({ what: 'start', to: 'amount' }),
    amount: collect({ prompt: 'amount', digits: 3, sensitivity: 'plain', into: 'amount', to: 'account', otherwise: 'bye' }),
    account: collect({ prompt: 'account', digits: 4, sensitivity: 'personal', into: 'account', to: 'pin', otherwise: 'bye' }),
    pin: collect({ prompt: 'pin', digits: 6, sensitivity: 'secret', into: 'pin', to: 'main', otherwise: 'bye' }),
    never: recording({ what: 'forbid', to: 'agent' }),
    quiet: recording({ what: 'pause', to: 'loud' }),
    loud: menu({ prompt: 'menu', choices: { resume: { dtmf: '1', to: 'again' }, agent: { dtmf: '2', to: 'agent' } }, otherwise: 'bye' }),
    again: recording({ what: 'resume', to: 'main' }),
    agent: route({ queue: 'personal', steps: [{ require: { all: [] } }], recordingNotice: 'notice', welcome: 'welcome', overflow: 'bye' }),
    bye: end({ prompt: 'bye' }),
  },
});

const ALWAYS: RecordingPolicy = { record: 'always', share: 1, retentionMs: 7 * 86_400_000 };

class Rig {
  readonly engine: VirtualEngine;

  private constructor(engine: VirtualEngine) {
    this.engine = engine;
  }

  static async start(policy: RecordingPolicy = ALWAYS): Promise<Rig> {
    const engine = await VirtualEngine.start(hotline, undefined, policy);
    engine.sim.phone('PJSIP/1001', answers(1_000));
    engine.distributor.signIn(agentId('1001'));
    await engine.clock.advanceBy(10);
    return new Rig(engine);
  }

  get agent() {
    return this.engine.sim.phone('PJSIP/1001');
  }

  get recordings(): Recordings {
    return this.engine.recordings ?? expect.fail('nothing is recorded');
  }

  calls(callerNumber = '13800138000'): SimulatedCaller {
    return this.engine.sim.call({ number: '95500', callerNumber, answeredByDialplan: true });
  }

  async talks(): Promise<SimulatedCaller> {
    const caller = this.calls();
    await caller.pressInto('sound:zh-CN/menu', '1');
    await caller.connects(this.agent);
    await this.pass(100);
    return caller;
  }

  pass(ms: number): Promise<void> {
    return this.engine.clock.advanceBy(ms);
  }

  /** What was announced of recordings, in short. */
  get story(): readonly string[] {
    return this.engine.log.events.flatMap((event) => (event.type.startsWith('recording.') ? [inShort(event)] : []));
  }

  command(command: 'start' | 'stop' | 'pause' | 'resume'): string {
    const [contact] = this.engine.log.of('contact.queued').slice(-1);
    return this.recordings.command(contact?.contactId ?? '', command, { by: 'agent', name: '1001' }).state;
  }

  /** Seconds of sound and of silence in turn, of the only recording. */
  get spans(): readonly string[] {
    const [sound, ...others] = [...this.engine.archive.sounds.values()];
    expect(others).toEqual([]);
    const spans: { byte: number; length: number }[] = [];
    for (const byte of sound ?? []) {
      const last = spans.at(-1);
      if (last?.byte === byte) last.length += 1;
      else spans.push({ byte, length: 1 });
    }
    expect(spans.every(({ byte }) => byte === SIMULATED_SOUND || byte === SIMULATED_SILENCE)).toBe(true);
    return spans.map(({ byte, length }) => `${byte === SIMULATED_SOUND ? 'sound' : 'silence'} ${(length / 8_000).toFixed(1)}`);
  }
}

function inShort(event: DomainEvent): string {
  const name = event.type.replace('recording.', '');
  switch (event.type) {
    case 'recording.paused':
      return `${name} ${event.reason}`;
    case 'recording.resumed':
      return `${name} ${event.reason}${event.stillPaused ? ' (still paused)' : ''}`;
    case 'recording.stopped':
      return `${name} ${event.reason}`;
    case 'recording.failed':
      return `${name} ${event.step} ${event.code}`;
    case 'recording.started':
    case 'recording.fetched':
    case 'recording.deleted':
      return `${name} ${event.by.by}`;
    default:
      return name;
  }
}

describe('a conversation of a queue that records', () => {
  it('is recorded from its beginning to its end, put away, and gone from the switch', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    expect(rig.story).toEqual(['started queue']);
    await rig.pass(10_000);
    rig.agent.hangUp();
    await caller.ends();
    await rig.pass(2_000);
    expect(rig.story).toEqual(['started queue', 'stopped conversationEnded', 'stored']);
    expect(rig.spans).toEqual(['sound 10.1']);
    const [recording] = [...rig.engine.archive.rows.values()];
    const [queued] = rig.engine.log.of('contact.queued');
    expect(recording).toMatchObject({ callId: queued?.callId, talks: [{ contactId: queued?.contactId, queueId: 'personal', agentId: '1001' }], pauses: [], durationMs: 10_100 });
    expect(recording?.deleteAt).toBe((recording?.endedAt ?? 0) + ALWAYS.retentionMs);
    expect(rig.engine.log.last('recording.stored')).toMatchObject({ recordingId: recording?.recordingId, callId: queued?.callId, sha256: recording?.sha256, bytes: 80_800 });
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('tells the caller so before anything else, and only where it records', async () => {
    const rig = await Rig.start();
    (await rig.talks()).hangUp();
    expect(rig.engine.log.of('prompt.started').map(({ prompts: said }) => said)).toContainEqual(['notice', 'welcome']);
    const other = await Rig.start({ ...ALWAYS, record: 'never' });
    (await other.talks()).hangUp();
    await other.pass(2_000);
    expect(other.engine.log.of('prompt.started').flatMap(({ prompts: said }) => said)).not.toContain('notice');
    expect(other.story).toEqual([]);
  });

  it('ends with the caller', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    await rig.pass(3_000);
    caller.hangUp();
    await rig.pass(2_000);
    expect(rig.story).toEqual(['started queue', 'stopped conversationEnded', 'stored']);
    expect(rig.spans).toEqual(['sound 3.1']);
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('is silent while one side holds the other, and while somebody asks for it', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    await rig.pass(900);
    rig.agent.hold();
    await rig.pass(2_000);
    expect(rig.command('pause')).toBe('paused');
    await rig.pass(1_000);
    rig.agent.unhold();
    await rig.pass(3_000);
    expect(rig.command('resume')).toBe('recording');
    await rig.pass(4_000);
    caller.hangUp();
    await rig.pass(2_000);
    expect(rig.story).toEqual([
      'started queue',
      'paused hold',
      'paused request',
      'resumed hold (still paused)',
      'resumed request',
      'stopped conversationEnded',
      'stored',
    ]);
    expect(rig.spans).toEqual(['sound 1.0', 'silence 6.0', 'sound 4.0']);
    const [recording] = [...rig.engine.archive.rows.values()];
    expect(recording?.pauses.map(({ reason, from, to }) => [reason, (to ?? 0) - from])).toEqual([['hold', 3_000], ['request', 4_000]]);
  });

  it('goes on by itself when a pause is forgotten', async () => {
    const rig = await Rig.start();
    await rig.talks();
    rig.command('pause');
    await rig.pass(119_000);
    expect(rig.story.at(-1)).toBe('paused request');
    await rig.pass(2_000);
    expect(rig.story.at(-1)).toBe('resumed request');
    expect(rig.engine.log.last('recording.resumed')).toMatchObject({ by: { by: 'limit' } });
  });

  it('can be paused, not ended, by who serves it', async () => {
    const rig = await Rig.start();
    await rig.talks();
    expect(() => rig.command('stop')).toThrow(expect.objectContaining({ code: 'recording.conflict' }));
    expect(() => rig.command('start')).toThrow(expect.objectContaining({ code: 'recording.conflict' }));
    expect(() => rig.command('resume')).toThrow(expect.objectContaining({ code: 'recording.conflict' }));
    expect(() => rig.recordings.command('contact-unknown', 'pause', { by: 'agent' })).toThrow(expect.objectContaining({ code: 'recording.unknown' }));
  });

  it('is recorded on demand only where the queue says so, and may be ended then', async () => {
    const rig = await Rig.start({ ...ALWAYS, record: 'onDemand' });
    const caller = await rig.talks();
    await rig.pass(5_000);
    expect(rig.story).toEqual([]);
    rig.command('start');
    await rig.pass(4_000);
    expect(rig.command('stop')).toBe('off');
    await rig.pass(2_000);
    rig.command('start');
    await rig.pass(1_000);
    caller.hangUp();
    await rig.pass(2_000);
    expect(rig.story).toEqual(['started agent', 'stopped request', 'stored', 'started agent', 'stopped conversationEnded', 'stored']);
    expect([...rig.engine.archive.sounds.values()].map((sound) => sound.length / 8_000)).toEqual([4, 1]);
  });

  it('is chosen by its share, the same after a restart', async () => {
    const rig = await Rig.start({ ...ALWAYS, share: 0.5 });
    for (let call = 0; call < 40; call += 1) {
      const caller = await rig.talks();
      const before = rig.story.length;
      if (call % 5 === 0) await rig.engine.killAndRestart();
      await rig.pass(100);
      expect(rig.story.length).toBe(before);
      caller.hangUp();
      await rig.pass(10_000);
    }
    const recorded = rig.engine.log.of('recording.started').length;
    expect(recorded).toBeGreaterThan(8);
    expect(recorded).toBeLessThan(32);
  });
});

describe('a call that its flow records', () => {
  it('has no digits in it that must not be kept, typed or spoken', async () => {
    const rig = await Rig.start();
    const caller = rig.calls();
    await caller.pressInto('sound:zh-CN/menu', '2');
    await caller.pressInto('sound:zh-CN/amount', '100');
    await caller.pressInto('sound:zh-CN/account', '1234');
    await rig.pass(1_000);
    await caller.pressInto('sound:zh-CN/pin', '135790');
    await caller.hears('sound:zh-CN/menu');
    await rig.pass(5_000);
    caller.hangUp();
    await rig.pass(2_000);
    // The amount is plain; account and PIN are silent from before the question to half a second after the last digit, and there is no gap between the two.
    expect(rig.story).toEqual(['started flow', 'paused secret', 'resumed secret', 'stopped callEnded', 'stored']);
    const events = rig.engine.log.events;
    const index = (probe: (event: DomainEvent) => boolean): number => events.findIndex(probe);
    const asked = index((event) => event.type === 'prompt.started' && event.prompts.includes('account'));
    expect(index((event) => event.type === 'recording.paused')).toBeLessThan(asked);
    const lastDigit = events.find((event) => event.type === 'digits.collected' && event.prompt === 'pin');
    expect((rig.engine.log.last('recording.resumed')?.at ?? 0) - (lastDigit?.at ?? 0)).toBe(500);
    expect(JSON.stringify([...rig.engine.archive.rows.values()])).not.toContain('135790');
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('goes on through the conversation, as one', async () => {
    const rig = await Rig.start();
    const caller = rig.calls();
    await caller.pressInto('sound:zh-CN/menu', '2');
    await caller.pressInto('sound:zh-CN/amount', '100');
    await caller.pressInto('sound:zh-CN/account', '1234');
    await caller.pressInto('sound:zh-CN/pin', '135790');
    await caller.pressInto('sound:zh-CN/menu', '1');
    await caller.connects(rig.agent);
    await rig.pass(5_000);
    rig.agent.hangUp();
    await caller.ends();
    await rig.pass(2_000);
    expect(rig.story.filter((line) => /started|stopped|stored/.test(line))).toEqual(['started flow', 'stopped callEnded', 'stored']);
    const [recording] = [...rig.engine.archive.rows.values()];
    expect(recording?.talks).toHaveLength(1);
    // The longer of the two times: the flow's is the centre's.
    expect(recording?.deleteAt).toBe((recording?.endedAt ?? 0) + 30 * 86_400_000);
  });

  it('that leaves a question for digits with a hang-up is over', async () => {
    const rig = await Rig.start();
    const caller = rig.calls();
    await caller.pressInto('sound:zh-CN/menu', '2');
    await caller.pressInto('sound:zh-CN/amount', '100');
    await caller.hears('sound:zh-CN/account');
    caller.hangUp();
    await rig.pass(2_000);
    expect(rig.story.at(-1)).toBe('stored');
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('is recorded by nobody when the caller does not want it, also after a restart', async () => {
    const rig = await Rig.start();
    const caller = rig.calls();
    await caller.pressInto('sound:zh-CN/menu', '3');
    await caller.hears('sound:zh-CN/notice');
    await rig.engine.killAndRestart();
    await caller.connects(rig.agent);
    await rig.pass(1_000);
    expect(rig.story).toEqual([]);
    expect(() => rig.command('start')).toThrow(expect.objectContaining({ code: 'recording.conflict' }));
  });

  it('that was paused before its conversation is silent until the flow wants otherwise', async () => {
    const rig = await Rig.start();
    const caller = rig.calls();
    await caller.pressInto('sound:zh-CN/menu', '4');
    await caller.pressInto('sound:zh-CN/menu', '2');
    await caller.connects(rig.agent);
    await rig.pass(3_000);
    // Nothing is asked of the switch before something may be kept.
    expect(rig.engine.sim.recorder.ids).toEqual([]);
    caller.hangUp();
    await rig.pass(3_000);
    expect(rig.story).toEqual([]);
    expect(rig.engine.leftovers()).toEqual([]);
  });
});

describe('when something fails', () => {
  it('a recording that cannot be silenced is ended, and begun anew when sound may be kept', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    rig.engine.sim.knobs.failOnce('muteRecording', 'switch.timeout');
    rig.agent.hold();
    await rig.pass(3_000);
    expect(rig.story).toEqual(['started queue', 'failed pause switch.timeout', 'stopped notMuted', 'stored']);
    rig.agent.unhold();
    await rig.pass(1_000);
    caller.hangUp();
    await rig.pass(3_000);
    expect(rig.story.slice(4)).toEqual(['started queue', 'stopped conversationEnded', 'stored']);
  });

  it('a recording that the switch refuses is tried again', async () => {
    const rig = await Rig.start();
    rig.engine.sim.knobs.failOnce('startRecording', 'switch.refused');
    await rig.talks();
    await rig.pass(3_000);
    expect(rig.story).toEqual(['failed start switch.refused', 'started queue']);
  });

  it('a recording that the switch breaks off is begun anew', async () => {
    const rig = await Rig.start();
    await rig.talks();
    const [first] = rig.engine.sim.recorder.ids;
    if (first !== undefined) rig.engine.sim.recorder.breakOff(first);
    await rig.pass(4_000);
    expect(rig.story).toEqual(['started queue', 'stopped switch', 'stored', 'started queue']);
  });

  it('a full disk of ours loses nothing: the sound waits on the switch until there is room', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    rig.engine.archive.isBroken = true;
    await rig.pass(1_000);
    caller.hangUp();
    await rig.pass(60_000);
    expect(rig.story).toEqual(['started queue', 'stopped conversationEnded', 'failed takeOver recording.vault-failed']);
    expect(rig.recordings.waiting).toBe(1);
    await rig.engine.killAndRestart();
    rig.engine.archive.isBroken = false;
    await rig.pass(60_000);
    expect(rig.story.at(-1)).toBe('stored');
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('what was put away by a process that died before it could strike it off is not lost, nor there twice', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    rig.engine.sim.knobs.failOnce('removeRecording', 'switch.unreachable', { acted: true });
    caller.hangUp();
    await rig.pass(5_000);
    expect(rig.story).toEqual(['started queue', 'stopped conversationEnded', 'stored']);
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it.each([
    ['while they talk', 5_000, 1_000],
    ['for long', 5_000, 60_000],
  ])('an engine that is killed %s loses no sound: the switch goes on', async (_, before, outage) => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    await rig.pass(before);
    await rig.engine.killAndRestart(outage);
    await rig.pass(2_000);
    rig.command('pause');
    await rig.pass(1_000);
    rig.command('resume');
    await rig.pass(1_000);
    caller.hangUp();
    await rig.pass(3_000);
    expect(rig.story).toEqual(['started queue', 'paused request', 'resumed request', 'stopped conversationEnded', 'stored']);
    expect(rig.spans).toEqual([`sound ${((100 + before + outage + 2_000) / 1_000).toFixed(1)}`, 'silence 1.0', 'sound 1.0']);
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('an engine that hands its calls over to another one hands over their recordings', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    await rig.pass(5_000);
    await rig.engine.handOver(200);
    await rig.pass(2_000);
    rig.command('pause');
    await rig.pass(1_000);
    rig.command('resume');
    await rig.pass(1_000);
    caller.hangUp();
    await rig.pass(3_000);
    expect(rig.story).toEqual(['started queue', 'paused request', 'resumed request', 'stopped conversationEnded', 'stored']);
    expect(rig.spans.map((span) => span.split(' ')[0])).toEqual(['sound', 'silence', 'sound']);
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('an engine that is killed while it is silent comes back to silence, and ends it', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    rig.agent.hold();
    await rig.pass(1_000);
    await rig.engine.killAndRestart(2_000);
    await rig.pass(1_000);
    rig.agent.unhold();
    await rig.pass(1_000);
    caller.hangUp();
    await rig.pass(3_000);
    expect(rig.spans).toEqual(['sound 0.1', 'silence 4.0', 'sound 1.0']);
  });

  it('an engine that is killed while a PIN is typed keeps none of it', async () => {
    const rig = await Rig.start();
    const caller = rig.calls();
    await caller.pressInto('sound:zh-CN/menu', '2');
    await caller.pressInto('sound:zh-CN/amount', '100');
    await caller.pressInto('sound:zh-CN/account', '1234');
    await caller.pressInto('sound:zh-CN/pin', '135');
    await rig.engine.killAndRestart(2_000);
    const [id] = rig.engine.sim.recorder.ids;
    expect(id && rig.engine.sim.recorder.isMuted(id)).toBe(true);
    await caller.pressInto('sound:zh-CN/pin', '135790');
    await caller.hears('sound:zh-CN/menu');
    await rig.pass(600);
    expect(id && rig.engine.sim.recorder.isMuted(id)).toBe(false);
    caller.hangUp();
    await rig.pass(3_000);
    expect(rig.story.at(-1)).toBe('stored');
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('a call that ends while no engine runs is taken over by the next one', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    await rig.pass(5_000);
    const dead = rig.engine.killAndRestart(10_000);
    caller.hangUp();
    await dead;
    await rig.pass(3_000);
    expect(rig.story).toEqual(['started queue', 'stopped callEnded', 'stored']);
    expect(rig.spans).toEqual(['sound 5.1']);
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('a conversation whose agent hangs up while no engine runs is over for the recording, too', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    await rig.pass(5_000);
    const dead = rig.engine.killAndRestart(10_000);
    rig.agent.hangUp();
    await dead;
    await caller.ends();
    await rig.pass(3_000);
    expect(rig.story).toEqual(['started queue', 'stopped conversationEnded', 'stored']);
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('a lost connection is the same', async () => {
    const rig = await Rig.start();
    const caller = await rig.talks();
    await rig.pass(1_000);
    rig.engine.sim.disconnect();
    rig.agent.hold();
    await rig.pass(1_000);
    rig.engine.sim.connect();
    await rig.pass(1_000);
    const [id] = rig.engine.sim.recorder.ids;
    expect(id && rig.engine.sim.recorder.isMuted(id)).toBe(true);
    caller.hangUp();
    await rig.pass(3_000);
    expect(rig.story.at(-1)).toBe('stored');
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('a recording that nobody knows is taken over, and nothing stays on the switch', async () => {
    const rig = await Rig.start();
    rig.engine.sim.recorder.leave(recordingId('rec-stray'), 3_000);
    await rig.engine.killAndRestart();
    await rig.pass(1_000);
    expect(rig.engine.log.last('recording.stored')).toMatchObject({ recordingId: 'rec-stray', found: true, durationMs: 3_000 });
    expect(rig.engine.archive.rows.get(recordingId('rec-stray'))).not.toHaveProperty('callId');
    expect(rig.engine.leftovers()).toEqual([]);
  });

  it('a switch that crashes ends its recordings; what was on its disk is taken over', async () => {
    const rig = await Rig.start();
    await rig.talks();
    await rig.pass(4_000);
    rig.engine.sim.crash();
    await rig.pass(1_000);
    rig.engine.sim.connect();
    await rig.pass(3_000);
    expect(rig.story).toEqual(['started queue', expect.stringMatching(/^stopped/), 'stored']);
    expect(rig.spans).toEqual(['sound 4.1']);
  });
});

describe('recordings that were put away', () => {
  it('are deleted when their time is over, with evidence; what cannot be deleted is tried again', async () => {
    const rig = await Rig.start({ ...ALWAYS, retentionMs: 3 * 3_600_000 });
    (await rig.talks()).hangUp();
    await rig.pass(2 * 3_600_000);
    expect(rig.engine.archive.rows.size).toBe(1);
    rig.engine.archive.isBroken = true;
    await rig.pass(2 * 3_600_000);
    expect(rig.story.at(-1)).toBe('failed delete recording.vault-failed');
    rig.engine.archive.isBroken = false;
    await rig.pass(2 * 3_600_000);
    expect(rig.story.at(-1)).toBe('deleted retention');
    expect(rig.engine.archive.sounds.size + rig.engine.archive.rows.size).toBe(0);
  });

  it('are handed out and deleted on request, and both are events', async () => {
    const rig = await Rig.start();
    (await rig.talks()).hangUp();
    await rig.pass(3_000);
    const [recording] = await rig.recordings.list({ limit: 10 });
    const id = recording?.recordingId ?? recordingId('');
    const { sound } = await rig.recordings.fetch(id, { by: 'supervisor', name: 'Chen' });
    let bytes = 0;
    for await (const part of sound) bytes += part.length;
    expect(bytes).toBe(recording?.bytes);
    await rig.recordings.delete(id, { by: 'supervisor', name: 'Chen' });
    expect(rig.story.slice(-2)).toEqual(['fetched supervisor', 'deleted supervisor']);
    expect(rig.engine.log.last('recording.fetched')).toMatchObject({ callId: recording?.callId, by: { by: 'supervisor', name: 'Chen' } });
    await expect(rig.recordings.fetch(id, { by: 'program' })).rejects.toMatchObject({ code: 'recording.unknown' });
    await expect(rig.recordings.delete(id, { by: 'program' })).rejects.toMatchObject({ code: 'recording.unknown' });
  });
});
