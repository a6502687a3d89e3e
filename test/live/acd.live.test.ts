import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findPrompts } from '../../telephony/phones/audio-match.ts';
import { hearsHoldMusic } from '../rigs/hold-music-ear.ts';
import { AcdRig, type Visitor } from './acd-rig.ts';
import type { LogLine } from './engine-process.ts';
import { AGENT_HZ, CALLER_HZ } from './hotline-rig.ts';

// Who asks for whom: flows/acd-cases.ts.
const NUMBERS = ['7101', '7102', '7103', '7104', '7105', '7106', '7107'];
const ANYBODY = '7101';
const EXPERT_THEN_ANY = '7102';
const STRANGER_THEN_LOANS = '7103';
const EXPERT = '7104';
const EXPERT_FOR_LONG = '7105';
const CARDS = '7106';
const URGENT = '7107';

const RING_MS = 3_000;
const WRAP_UP_MS = 2_000;
/** What the engine does at once, on a machine that does a lot besides. */
const AT_ONCE_MS = 500;

const agent = (id: string, skills: Record<string, number>) => ({ id, name: `Agent ${id}`, endpoint: `PJSIP/${id}`, queues: ['bank'], skills });

let rig: AcdRig;
beforeAll(async () => {
  rig = await AcdRig.start({
    flow: 'acd-cases',
    numbers: NUMBERS,
    queues: [
      {
        id: 'bank',
        name: 'Bank',
        ringSeconds: RING_MS / 1000,
        wrapUpSeconds: WRAP_UP_MS / 1000,
        announcements: { firstAfterSeconds: 4, everySeconds: 15 },
        wrapUpCodes: ['sold', 'complaint'],
      },
    ],
    agents: [agent('2001', { loans: 5, cards: 5, wealth: 5 }), agent('2002', { loans: 2 }), agent('2003', { cards: 2 }), agent('2004', {})],
    spareAgents: ['2005'],
    phone: { source: { kind: 'tone', hz: AGENT_HZ } },
  });
}, 300_000);
afterAll(() => rig.stop());
beforeEach(() => rig.begin());
afterEach(() => rig.cleanUp());

const msBetween = (from: LogLine, to: LogLine): number => Number(to['at']) - Number(from['at']);
const offerTo = ({ contactId }: Visitor): Promise<LogLine> => rig.sees('offer.made', { contactId });
const agentsOffered = ({ contactId }: Visitor): unknown[] => rig.seen('offer.made', { contactId }).map((line) => line['agentId']);
const served = (): unknown[] => rig.seen('conversation.started').map((line) => line['contactId']);
const ids = (...visitors: readonly Visitor[]): string[] => visitors.map(({ contactId }) => contactId);
const rungAt = (id: string): number => rig.phone(id).calls.length;

/** A caller whom this agent talks with. */
async function talkWith(id: string, number = ANYBODY): Promise<Visitor> {
  const visitor = await rig.visit(number);
  await rig.talks(visitor, id);
  return visitor;
}

async function hangUp(...visitors: readonly Visitor[]): Promise<void> {
  await Promise.all(visitors.map(({ call }) => call.hangUp()));
}

/** The caller hangs up, and the agent does not need the time for the wrap-up. */
async function finish(visitor: Visitor, id: string): Promise<void> {
  await hangUp(visitor);
  await rig.sees('conversation.ended', { contactId: visitor.contactId });
  await rig.agent(id, 'finish-wrap-up');
}

/** Both sides hear each other. */
async function hearEachOther(visitor: Visitor, id: string): Promise<void> {
  const phoneCall = await rig.rings(id);
  visitor.call.media.forget();
  phoneCall.media.forget();
  visitor.call.media.sendTone(CALLER_HZ);
  await Promise.all([visitor.call.media.hearsTone(AGENT_HZ), phoneCall.media.hearsTone(CALLER_HZ)]);
}

describe('skills', () => {
  it('are asked for less when the time of a step is up, and the caller gets who knows less', async () => {
    await rig.signIn('2001', '2002');
    await talkWith('2001', EXPERT);
    const visitor = await rig.visit(EXPERT_THEN_ANY);
    const offer = await offerTo(visitor);
    expect(offer['agentId']).toBe('2002');
    const waitedMs = Number(offer['at']) - Number(visitor.queued['enqueuedAt']);
    expect(waitedMs).toBeGreaterThanOrEqual(2_000);
    expect(waitedMs).toBeLessThan(2_000 + AT_ONCE_MS);
    await rig.talks(visitor, '2002');
    expect(rig.seen('contact.step', { contactId: visitor.contactId })).toMatchObject([{ step: 2 }]);
    await hearEachOther(visitor, '2002');
  });

  it('that nobody has who is signed in hold up no caller', async () => {
    await rig.signIn('2002');
    for (const number of [STRANGER_THEN_LOANS, EXPERT_FOR_LONG]) {
      const visitor = await rig.visit(number);
      const offer = await offerTo(visitor);
      expect(offer['agentId']).toBe('2002');
      expect(msBetween(visitor.queued, offer)).toBeLessThan(AT_ONCE_MS);
      expect(rig.seen('contact.step', { contactId: visitor.contactId })).toMatchObject([{ step: 2 }]);
      await rig.talks(visitor, '2002');
      await finish(visitor, '2002');
    }
  });

  it('beyond what is asked for are kept free: who knows least rings first, though idle for the shortest time', async () => {
    await rig.signIn('2001', '2003');
    const first = await talkWith('2003', CARDS);
    const second = await talkWith('2001', CARDS);
    expect([agentsOffered(first), agentsOffered(second)]).toEqual([['2003'], ['2001']]);
  });
});

describe('a phone', () => {
  it('that nobody answers makes its agent not responding; the caller keeps the place and goes to the next', async () => {
    const phone = rig.phone('2001');
    phone.behaviour = { do: 'ring' };
    await rig.signIn('2001');
    const first = await rig.visit(ANYBODY);
    const rung = await rig.rings('2001');
    const second = await rig.visit(ANYBODY);
    await rig.becomes('2001', 'notResponding');
    expect((await rung.ended).how).toBe('cancelled');
    const ended = await rig.sees('offer.ended', { contactId: first.contactId });
    expect(ended['outcome']).toBe('noAnswer');
    expect(ended['rangMs']).toBeGreaterThanOrEqual(RING_MS);
    expect(ended['rangMs']).toBeLessThan(RING_MS + AT_ONCE_MS);
    expect(await rig.waiting()).toMatchObject([
      { contactId: first.contactId, position: 1, enqueuedAt: first.queued['enqueuedAt'] },
      { contactId: second.contactId, position: 2 },
    ]);
    await rig.signIn('2002');
    await rig.talks(first, '2002');
    expect(rig.seen('contact.queued')).toHaveLength(2);
    // Until the agent comes back, which only the agent can do.
    expect((await rig.statusOf('2001'))?.state).toBe('notResponding');
    phone.behaviour = { do: 'answer', afterMs: 100 };
    await rig.agent('2001', 'ready');
    await rig.talks(second, '2001');
  });

  it('that declines, is busy or is not registered gives its agent a rest; the caller goes to another at once', async () => {
    rig.phone('2004').behaviour = { do: 'reject', status: 603, afterMs: 100 };
    rig.phone('2002').behaviour = { do: 'busy' };
    await rig.phone('2003').unregister();
    await rig.signIn('2004', '2002', '2003', '2001');
    const visitor = await rig.visit(ANYBODY);
    await rig.talks(visitor, '2001');
    const made = rig.seen('offer.made');
    const ended = rig.seen('offer.ended');
    expect(made.map((line) => line['agentId'])).toEqual(['2004', '2002', '2003', '2001']);
    expect(ended.map((line) => line['outcome'])).toEqual(['rejected', 'busy', 'unreachable', 'accepted']);
    // One after another, and without a pause between them.
    for (const [index, next] of made.slice(1).entries()) {
      const before = ended[index];
      if (before === undefined) throw new Error('an offer had no end');
      expect(msBetween(before, next)).toBeGreaterThanOrEqual(0);
      expect(msBetween(before, next)).toBeLessThan(AT_ONCE_MS);
    }
    expect(rig.seen('contact.queued')).toHaveLength(1);
    const resting: { id: string; rest: LogLine; readyAgainAt: number }[] = [];
    for (const [id, reason, restMs] of [['2004', 'rejected', 5_000], ['2002', 'busy', 10_000], ['2003', 'unreachable', 10_000]] as const) {
      const rest = await rig.becomes(id, 'notReady');
      expect(rest['reason']).toBe(reason);
      const { readyAgainAt = NaN } = (await rig.statusOf(id)) ?? {};
      expect(readyAgainAt).toBeGreaterThan(Number(rest['at']) + restMs - AT_ONCE_MS);
      expect(readyAgainAt).toBeLessThanOrEqual(Number(rest['at']) + restMs);
      resting.push({ id, rest, readyAgainAt });
    }
    for (const { id, rest, readyAgainAt } of resting) {
      const back = await rig.becomes(id, 'ready', rest);
      expect(back['at']).toBeGreaterThanOrEqual(readyAgainAt);
      expect(back['at']).toBeLessThan(readyAgainAt + AT_ONCE_MS);
    }
    await rig.phone('2003').register();
  });

  it('whose plug was pulled loses no caller', async () => {
    await rig.signIn('2004', '2001');
    await rig.phone('2004').unplug();
    const visitor = await rig.visit(ANYBODY);
    await rig.talks(visitor, '2001');
    expect(agentsOffered(visitor)).toEqual(['2004', '2001']);
    // It still counts as registered and says nothing, not even that it rings: as if nobody was there.
    expect(rig.seen('offer.ended')).toMatchObject([{ outcome: 'noAnswer' }, { outcome: 'accepted' }]);
    expect(rig.seen('agent.state', { agentId: '2004' }).map((line) => line['state'])).toEqual(['ready', 'reserved', 'notResponding']);
    await rig.plugIn('2004');
  });

  it('stops ringing when the caller hangs up, and its agent is free for the next at once', async () => {
    const phone = rig.phone('2004');
    let times = 0;
    phone.behaviour = () => ((times += 1) === 1 ? { do: 'ring' } : { do: 'answer', afterMs: 100 });
    await rig.signIn('2004');
    const first = await rig.visit(ANYBODY);
    const rung = await rig.rings('2004');
    await rig.becomes('2004', 'ringing');
    const second = await rig.visit(ANYBODY);
    await hangUp(first);
    expect((await rung.ended).how).toBe('cancelled');
    const ended = await rig.sees('offer.ended', { contactId: first.contactId });
    expect(ended['outcome']).toBe('rescinded');
    const offer = await offerTo(second);
    expect(offer['agentId']).toBe('2004');
    expect(msBetween(ended, offer)).toBeLessThan(AT_ONCE_MS);
    await rig.talks(second, '2004');
    expect(await rig.sees('call.ended', { callId: first.callId })).toMatchObject({ termination: { reason: 'abandoned' } });
  });

  it('is the only one that rings, however many agents are free', async () => {
    for (const id of ['2003', '2004']) rig.phone(id).behaviour = { do: 'answer', afterMs: 1_000 };
    await rig.signIn('2003', '2004', '2001');
    const visitor = await talkWith('2004');
    await hearEachOther(visitor, '2004');
    expect([rungAt('2003'), rungAt('2004'), rungAt('2001')]).toEqual([0, 1, 0]);
    expect(agentsOffered(visitor)).toEqual(['2004']);
  });
});

describe('callers who wait for one agent', () => {
  it('hear music and their place, and are served in order, the urgent one first', async () => {
    await rig.signIn('2001');
    const talking = await talkWith('2001');
    const first = await rig.visit(ANYBODY);
    const second = await rig.visit(ANYBODY);
    await hearsHoldMusic(second.call.media);
    const told = await rig.sees('prompt.started', { callId: second.callId });
    expect(told['prompts']).toEqual(['queue.position']);
    await rig.sees('prompt.finished', { callId: second.callId });
    const parts = (await rig.sounds({ key: 'queue.position', values: { ahead: 1 } }, 'zh-CN')).map((pcm, index) => ({ key: String(index), pcm }));
    const heard = findPrompts(second.call.media.recording(), parts);
    expect(heard.filter(({ complete }) => complete).map(({ key }) => key)).toEqual(parts.map(({ key }) => key));
    await hearsHoldMusic(second.call.media);
    // The head of the line is told nothing: its agent may answer into the words.
    expect(rig.seen('prompt.started', { callId: first.callId })).toEqual([]);

    const urgent = await rig.visit(URGENT);
    expect((await rig.waiting()).map(({ contactId }) => contactId)).toEqual(ids(urgent, first, second));
    for (const [leaves, comes] of [[talking, urgent], [urgent, first], [first, second]] as const) {
      await finish(leaves, '2001');
      await rig.talks(comes, '2001');
    }
    expect(served()).toEqual(ids(talking, urgent, first, second));
  });
});

describe('after the conversation', () => {
  it('comes the wrap-up, until its limit or until the agent is done, with a code of the queue', async () => {
    await rig.signIn('2001');
    const first = await talkWith('2001');
    await rig.agent('2001', 'wrap-up-code', { code: 'complaint' });
    await hangUp(first);
    const wrapUp = await rig.becomes('2001', 'wrapUp');
    await rig.agent('2001', 'wrap-up-code', { code: 'sold' });
    await expect(rig.agent('2001', 'wrap-up-code', { code: 'nonsense' })).rejects.toThrow('agent.code-unknown');
    const ready = await rig.becomes('2001', 'ready', wrapUp);
    const ended = await rig.sees('conversation.ended', { contactId: first.contactId });
    expect(msBetween(ended, ready)).toBeGreaterThanOrEqual(WRAP_UP_MS);
    expect(msBetween(ended, ready)).toBeLessThan(WRAP_UP_MS + AT_ONCE_MS);
    expect(rig.seen('contact.coded')).toMatchObject([
      { contactId: first.contactId, agentId: '2001', queueId: 'bank', code: 'complaint' },
      { contactId: first.contactId, agentId: '2001', queueId: 'bank', code: 'sold' },
    ]);
    await expect(rig.agent('2001', 'wrap-up-code', { code: 'sold' })).rejects.toThrow('agent.conflict');

    const second = await talkWith('2001');
    await hangUp(second);
    const again = await rig.becomes('2001', 'wrapUp', ready);
    await rig.agent('2001', 'finish-wrap-up');
    expect(msBetween(again, await rig.becomes('2001', 'ready', again))).toBeLessThan(WRAP_UP_MS);
  });

  it('an agent who signed out while talking is gone, and nobody was cut off', async () => {
    await rig.signIn('2001', '2002');
    await rig.agent('2002', 'not-ready', { reason: 'lunch' });
    const visitor = await talkWith('2001');
    await rig.agent('2001', 'sign-out');
    expect((await rig.statusOf('2001'))?.state).toBe('talking');
    const next = await rig.visit(ANYBODY);
    await hearEachOther(visitor, '2001');
    await hangUp(visitor);
    await rig.becomes('2001', 'wrapUp');
    await rig.becomes('2001', 'loggedOut');
    await rig.agent('2002', 'ready');
    await rig.talks(next, '2002');
    expect(rungAt('2001')).toBe(1);
  });
});

describe('the configuration', () => {
  it('is changed while callers wait and talk: nobody is cut off, places are kept, a new agent is given a caller', async () => {
    await rig.signIn('2001', '2002');
    const atRemoved = await talkWith('2001', EXPERT);
    const atTrained = await talkWith('2002');
    const [first, expert, last] = [await rig.visit(ANYBODY), await rig.visit(EXPERT), await rig.visit(ANYBODY)];
    const before = await rig.waiting();
    expect(before.map(({ contactId }) => contactId)).toEqual(ids(first, expert, last));
    const config = await rig.api('GET', '/acd/config');

    await rig.rewrite((raw) => ({
      ...raw,
      queues: [...raw.queues, { id: 'bank', name: 'Twice' }],
      agents: [...(raw.agents ?? []), { ...agent('2005', { loans: 9 }), queues: ['nowhere'] }],
    }));
    const refusal = await rig.api('POST', '/acd/reload').catch(String);
    for (const mistake of ['acd.refused', 'queues[1]', 'agents[4].queues', 'nowhere', 'agents[4].skills.loans', '1 to 5']) expect(refusal).toContain(mistake);
    expect(await rig.api('GET', '/acd/config')).toEqual(config);
    expect(await rig.waiting()).toEqual(before);

    await rig.rewrite((raw) => ({
      ...raw,
      agents: [...(raw.agents ?? []).filter(({ id }) => id !== '2001' && id !== '2002'), agent('2002', { loans: 5 }), agent('2005', { cards: 1 })],
    }));
    expect(await rig.api('POST', '/acd/reload')).toMatchObject({ agents: { added: ['2005'], changed: ['2002'], removed: ['2001'] }, queues: { changed: [] } });
    expect(await rig.waiting()).toEqual(before);
    await Promise.all([hearEachOther(atRemoved, '2001'), hearEachOther(atTrained, '2002')]);

    await rig.signIn('2005');
    await rig.talks(first, '2005');
    await hangUp(atRemoved);
    await rig.becomes('2001', 'loggedOut');
    await expect.poll(() => rig.statusOf('2001')).toBeUndefined();
    // 2002 has learnt what the second in line asks for.
    await finish(atTrained, '2002');
    await rig.talks(expert, '2002');
    expect((await rig.waiting()).map(({ contactId, position }) => [contactId, position])).toEqual([[last.contactId, 1]]);

    // By signal as well.
    await rig.rewrite((raw) => ({ ...raw, agents: [...(raw.agents ?? []), agent('2005', { cards: 1 })] }));
    process.kill(rig.engine.pid ?? NaN, 'SIGHUP');
    await rig.sees('acd.reloaded', ({ agents }) => (agents as { added: string[] }).added.join() === '2001');
    await rig.signIn('2001');
    await rig.talks(last, '2001');
    expect(rungAt('2001')).toBe(2);
    expect(rig.seen('contact.left').map((line) => line['how'])).toEqual(Array(5).fill('answered'));
    for (const { call } of [first, expert, last]) expect(call.isOver).toBe(false);
  });
});

describe('an agent with a capacity of two', () => {
  it('puts its caller on hold, talks with the next one, and comes back', async () => {
    await rig.rewrite((raw) => ({ ...raw, agents: (raw.agents ?? []).map((each) => (each.id === '2004' ? { ...each, capacity: 2 } : each)) }));
    await rig.api('POST', '/acd/reload');
    await rig.signIn('2004');
    const first = await talkWith('2004');
    const held = await rig.rings('2004', 0);
    // Whoever comes while nobody is on hold is offered as well: the phone decides whether it takes a second call.
    await hearEachOther(first, '2004');
    await held.hold();
    await rig.becomes('2004', 'held');
    const second = await talkWith('2004');
    const phone = await rig.rings('2004', 1);
    second.call.media.sendTone(CALLER_HZ);
    await Promise.all([second.call.media.hearsTone(AGENT_HZ), phone.media.hearsTone(CALLER_HZ), hearsHoldMusic(first.call.media)]);
    const third = await rig.visit(ANYBODY);
    const { waiting } = (await rig.api('GET', `/contacts/${third.contactId}/why`)) as { waiting: Record<string, unknown> };
    expect(waiting['agents']).toContainEqual(expect.objectContaining({ agentId: '2004', mayServe: false, closeness: 'busy' }));
    await hangUp(third);
    await finish(second, '2004');
    first.call.media.sendTone(CALLER_HZ);
    await held.unhold();
    await Promise.all([first.call.media.hearsTone(AGENT_HZ), held.media.hearsTone(CALLER_HZ)]);
    await finish(first, '2004');
    await rig.sees('agent.state', (line) => line['agentId'] === '2004' && line['state'] === 'ready' && rig.seen('conversation.ended').length === 2);
    expect(agentsOffered(third)).toEqual([]);
    expect(rig.seen('conversation.ended').map((line) => line['contactId'])).toEqual(ids(second, first));
  });
});

describe('a waiting contact', () => {
  it('is explained, and goes first at the next decision when it is given another priority', async () => {
    await rig.signIn('2001');
    const talking = await talkWith('2001', EXPERT_FOR_LONG);
    const first = await rig.visit(EXPERT);
    const second = await rig.visit(EXPERT);
    const { waiting } = (await rig.api('GET', `/contacts/${second.contactId}/why`)) as { waiting: Record<string, unknown> };
    expect(waiting).toMatchObject({
      contactId: second.contactId,
      callId: second.callId,
      queueId: 'bank',
      priority: 5,
      steps: [{ step: 1, state: 'open', require: { skill: 'loans', atLeast: 4 }, agents: { configured: 1, signedIn: 1, idle: 0 } }],
      ahead: { contacts: 1, competing: 1, first: [first.contactId] },
    });
    expect(waiting['agents']).toContainEqual({
      agentId: '2001',
      mayServe: false,
      closeness: 'busy',
      obstacles: [expect.objectContaining({ kind: 'state', state: 'talking', contactId: talking.contactId })],
    });
    expect(waiting['agents']).toContainEqual({
      agentId: '2002',
      mayServe: false,
      closeness: expect.any(String) as unknown,
      obstacles: expect.arrayContaining([{ kind: 'lacks', missing: [{ kind: 'tooLow', skill: 'loans', has: 2, atLeast: 4 }] }]) as unknown,
    });
    expect(waiting['changes']).toContainEqual({ kind: 'conversationEnds', agents: 1 });
    expect(waiting['changes']).toContainEqual({ kind: 'goBefore', contacts: 1 });
    // By its call, too.
    expect(await rig.api('GET', `/contacts/${second.callId}/why`)).toMatchObject({ waiting: { contactId: second.contactId } });

    await rig.api('POST', `/contacts/${second.contactId}/priority`, { priority: 1 });
    expect((await rig.waiting()).map(({ contactId, priority }) => [contactId, priority])).toEqual([[second.contactId, 1], [first.contactId, 5]]);
    await finish(talking, '2001');
    await rig.talks(second, '2001');
    expect(agentsOffered(first)).toEqual([]);
    const { history } = (await rig.api('GET', `/contacts/${second.contactId}/why`)) as { history: { entries: { kind: string }[] } };
    expect(history.entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['queued', 'changed', 'offered', 'talking']));
    await finish(second, '2001');
    await rig.talks(first, '2001');
    await expect(rig.api('POST', `/contacts/${first.contactId}/priority`, { priority: 1 })).rejects.toThrow('contact.unknown');
  });
});
