import { describe, expect, it } from 'vitest';
import { agentId, callId } from '../domain/ids.ts';
import { answers, isBusy, isUnreachable, neverAnswers, rejects } from '../../telephony/sim/phone-behaviour.ts';
import { bank, CallbackRig, CUSTOMER, MINUTE_MS } from '../../test/callback/callback-rig.ts';

async function quiet(rig: CallbackRig): Promise<void> {
  await rig.clock.advanceBy(30_000);
  expect(rig.leftovers()).toEqual([]);
  expect(rig.complaints.errors).toEqual([]);
}

describe('a callback, agent first', () => {
  it('stands in the queue; the agent answers, the customer is dialled, and they talk', async () => {
    const rig = await CallbackRig.start({ policy: { previewMs: 5_000 } });
    const callback = await rig.request({ topic: 'loans', wish: { choice: 'loans', confidence: 0.9, text: 'a loan' } });
    expect(rig.state(callback)).toBe('queued');
    rig.agent('1001').behaviour = answers(2_000);
    rig.customer().behaviour = answers(4_000, 60_000);
    await rig.signIn('1001');
    await rig.clock.advanceBy(3_000);
    expect(rig.state(callback)).toBe('preview');
    expect(rig.agent('1001').rings[0]?.callerNumber).toBe(CUSTOMER);
    expect(rig.customer().rings).toEqual([]);
    await rig.clock.advanceBy(5_000);
    expect(rig.state(callback)).toBe('dialling');
    expect(rig.customer().rings[0]?.callerNumber).toBe('95500');
    await rig.clock.advanceBy(4_000);
    expect(rig.state(callback)).toBe('reached');
    expect(rig.customer().connectedTo).toEqual(['PJSIP/1001']);
    expect(rig.agent('1001').connectedTo).toEqual([rig.customer().name]);
    await rig.clock.advanceBy(70_000);
    expect(rig.distributor.agents()[0]?.status.state).toBe('ready');
    expect(rig.log.of('callback.ended')).toMatchObject([{ how: 'reached', attempts: 1, kind: 'soon' }]);
    expect(rig.log.of('callback.attempted')).toMatchObject([{ attempt: 1, outcome: 'answered', agentId: '1001' }]);
    expect(rig.log.of('conversation.ended')).toMatchObject([{ endedBy: 'caller' }]);
    expect(rig.log.last('contact.queued')).toMatchObject({ callbackId: callback.callbackId, queueId: bank, wish: { choice: 'loans', confidence: 0.9 }, pii: { text: 'a loan' } });
    await quiet(rig);
  });

  it('is given up after so many attempts that ended alike', async () => {
    const rig = await CallbackRig.start({ policy: { attempts: 5, attemptsByOutcome: { busy: 2 } } });
    const callback = await rig.request();
    rig.agent('1001').behaviour = answers(100);
    rig.customer().behaviour = isBusy();
    await rig.signIn('1001');
    await rig.clock.advanceBy(1_000);
    rig.customer().behaviour = rejects(100);
    await rig.clock.advanceBy(6 * MINUTE_MS);
    expect([rig.state(callback), rig.outcomes(callback)]).toEqual(['scheduled', ['busy', 'refused']]);
    rig.customer().behaviour = isBusy();
    await rig.clock.advanceBy(61 * MINUTE_MS);
    expect([rig.state(callback), rig.outcomes(callback)]).toEqual(['attemptsUsed', ['busy', 'refused', 'busy']]);
    await quiet(rig);
  });

  it('keeps the place that the caller left', async () => {
    const rig = await CallbackRig.start();
    const early = await rig.request({ number: '13800000001', virtualSince: rig.clock.now() - 10 * MINUTE_MS });
    const earliest = await rig.request({ number: '13800000002', virtualSince: rig.clock.now() - 20 * MINUTE_MS });
    const late = await rig.request({ number: '13800000003' });
    expect(rig.distributor.queues()[0]?.contacts).toHaveLength(3);
    rig.agent('1001').behaviour = answers(100);
    for (const number of ['+8613800000001', '+8613800000002', '+8613800000003']) rig.customer(number).behaviour = answers(100, 1_000);
    await rig.signIn('1001');
    await rig.clock.advanceBy(60_000);
    expect(rig.log.of('callback.ended').map(({ callbackId }) => callbackId)).toEqual([earliest.callbackId, early.callbackId, late.callbackId]);
    await quiet(rig);
  });

  it.each([
    ['busy', isBusy(), 5],
    ['noAnswer', neverAnswers(), 30],
    ['refused', rejects(1_000), 60],
    ['noAnswer', isUnreachable(20), 30],
    ['networkFailure', isUnreachable(27), 2],
  ] as const)('that ends as %s frees the agent and is tried again after its time', async (outcome, behaviour, minutes) => {
    const rig = await CallbackRig.start();
    const callback = await rig.request();
    rig.agent('1001').behaviour = answers(100);
    rig.customer().behaviour = behaviour;
    await rig.signIn('1001');
    await rig.clock.advanceBy(45_000);
    expect(rig.outcomes(callback)).toEqual([outcome]);
    expect(rig.state(callback)).toBe('scheduled');
    expect(rig.distributor.agents()[0]?.status.state).toBe('ready');
    expect(rig.leftovers()).toEqual([]);
    rig.customer().behaviour = answers(100, 5_000);
    await rig.clock.advanceBy(minutes * MINUTE_MS - 60_000);
    expect(rig.customer().rings).toHaveLength(1);
    await rig.clock.advanceBy(75_000);
    expect(rig.customer().rings).toHaveLength(2);
    expect(rig.state(callback)).toBe('reached');
    await quiet(rig);
  });

  it('gives up a wrong number at once, and any number after the last attempt', async () => {
    const rig = await CallbackRig.start({ policy: { attempts: 2 } });
    rig.agent('1001').behaviour = answers(100);
    await rig.signIn('1001');
    const wrong = await rig.request({ number: '13800000001' });
    rig.customer('+8613800000001').behaviour = isUnreachable(1);
    rig.customer().behaviour = isBusy();
    await rig.clock.advanceBy(1_000);
    expect([rig.state(wrong), rig.outcomes(wrong)]).toEqual(['attemptsUsed', ['wrongNumber']]);
    const busy = await rig.request();
    await rig.clock.advanceBy(10 * MINUTE_MS);
    expect([rig.state(busy), rig.outcomes(busy)]).toEqual(['attemptsUsed', ['busy', 'busy']]);
    expect(rig.customer().rings).toHaveLength(2);
    await quiet(rig);
  });

  it('is no attempt when the agent rejects it or hangs up before the customer is dialled', async () => {
    const rig = await CallbackRig.start({ agents: ['1001', '1002'], policy: { previewMs: 10_000 } });
    const callback = await rig.request();
    rig.agent('1001').behaviour = rejects(500);
    rig.agent('1002').behaviour = answers(500, 2_000);
    await rig.signIn('1001', '1002');
    await rig.clock.advanceBy(4_000);
    expect(rig.outcomes(callback)).toEqual([]);
    expect(rig.customer().rings).toEqual([]);
    rig.agent('1001').behaviour = answers(500);
    rig.agent('1002').behaviour = answers(500);
    rig.customer().behaviour = answers(1_000, 5_000);
    await rig.clock.advanceBy(30_000);
    expect([rig.state(callback), rig.outcomes(callback)]).toEqual(['reached', ['answered']]);
    await quiet(rig);
  });

  it('expires at the end of its period, also while an agent reads the story, and never after the customer answered', async () => {
    const rig = await CallbackRig.start({ policy: { previewMs: 20_000 } });
    rig.expiresAfterMs = 10_000;
    const callback = await rig.request();
    rig.agent('1001').behaviour = answers(1_000);
    await rig.signIn('1001');
    await rig.clock.advanceBy(5_000);
    expect(rig.state(callback)).toBe('preview');
    await rig.clock.advanceBy(20_000);
    expect(rig.state(callback)).toBe('expired');
    expect(rig.customer().rings).toEqual([]);
    await quiet(rig);
  });

  it('is cancelled or moved until the customer is being called', async () => {
    const rig = await CallbackRig.start({ policy: { previewMs: 5_000 } });
    rig.agent('1001').behaviour = answers(1_000);
    rig.customer().behaviour = neverAnswers();
    await rig.signIn('1001');
    const first = await rig.request();
    await rig.clock.advanceBy(500);
    expect(rig.state(first)).toBe('offered');
    await rig.desk.cancel(first.callbackId, { by: 'supervisor', name: 'wu' });
    await rig.clock.advanceBy(500);
    expect([rig.state(first), rig.agent('1001').isRinging, rig.distributor.agents()[0]?.status.state]).toEqual(['canceled', false, 'ready']);
    const second = await rig.request();
    await rig.clock.advanceBy(2_000);
    expect(rig.state(second)).toBe('preview');
    const at = rig.desk.windows(bank)[1]?.period ?? expect.fail('no window');
    const moved = await rig.desk.move(second.callbackId, at, { by: 'agent', name: '1001' });
    expect(moved).toMatchObject({ kind: 'at', period: at, stage: 'scheduled' });
    await rig.clock.advanceBy(60_000);
    expect(rig.customer().rings).toEqual([]);
    await rig.clock.advanceTo(at.from + 10_000);
    expect(rig.state(second)).toBe('dialling');
    await expect(rig.desk.cancel(second.callbackId, { by: 'program' })).rejects.toThrow('being called now');
    await rig.clock.advanceBy(30_000);
    expect(rig.log.of('callback.moved')).toHaveLength(1);
    await rig.desk.cancel(second.callbackId, { by: 'program' });
    await expect(rig.desk.cancel(second.callbackId, { by: 'program' })).rejects.toThrow('has ended (canceled)');
    await quiet(rig);
  });

  it('ends when its queue is taken away', async () => {
    const rig = await CallbackRig.start();
    const callback = await rig.request();
    rig.removeQueue();
    await rig.clock.advanceBy(1_000);
    expect(rig.state(callback)).toBe('impossible');
    await quiet(rig);
  });

  it('stays when nobody is signed in, and is never dialled before an agent is on the line', async () => {
    const rig = await CallbackRig.start({ queue: { maxWaitMs: 60_000 } });
    const callback = await rig.request();
    await rig.clock.advanceBy(10 * MINUTE_MS);
    expect(['queued', 'scheduled']).toContain(rig.state(callback));
    rig.agent('1001').behaviour = answers(100);
    rig.customer().behaviour = answers(100, 1_000);
    await rig.signIn('1001');
    await rig.clock.advanceBy(90_000);
    expect(rig.state(callback)).toBe('reached');
    rig.distributor.signOut(agentId('1001'));
    await quiet(rig);
  });
});

describe('a request', () => {
  it('is taken once for a number and queue', async () => {
    const rig = await CallbackRig.start();
    const first = await rig.request();
    await expect(rig.request({ number: '13800138000' })).rejects.toMatchObject({ code: 'callback.refused', fields: { refusal: 'alreadyPending' } });
    expect(rig.desk.pending('13800138000', bank)?.callbackId).toBe(first.callbackId);
    await rig.desk.cancel(first.callbackId, { by: 'program' });
    expect(rig.desk.pending(CUSTOMER, bank)).toBeUndefined();
    await rig.request();
    expect(rig.log.of('callback.refused')).toMatchObject([{ refusal: 'alreadyPending' }]);
  });

  it.each([
    ['numberForeign', {}, (rig: CallbackRig): void => void (rig.refuse = () => 'numberForeign')],
    ['notOffered', {}, (rig: CallbackRig): void => void (rig.policy = undefined)],
    ['queueUnknown', { queueId: 'nowhere' as never }, () => undefined],
    ['windowPast', { wanted: 1 }, () => undefined],
    ['notOffered', { wanted: 9e12 }, () => undefined],
  ] as const)('is refused as %s, with an event and nothing kept', async (refusal, fields, prepare) => {
    const rig = await CallbackRig.start();
    prepare(rig);
    await expect(rig.request(fields)).rejects.toMatchObject({ code: 'callback.refused', fields: { refusal } });
    expect(rig.log.of('callback.refused')).toMatchObject([{ refusal }]);
    expect(rig.journal.records('callback')).toEqual([]);
  });

  it('is refused for a window that filled up meanwhile', async () => {
    const rig = await CallbackRig.start();
    const window = rig.desk.windows(bank)[0] ?? expect.fail('no window');
    expect(window.left).toBe(10);
    for (let n = 0; n < 10; n += 1) await rig.request({ number: `1380000000${n}`, wanted: window.period });
    expect(rig.desk.windows(bank)[0]?.period).not.toEqual(window.period);
    await expect(rig.request({ wanted: window.period })).rejects.toMatchObject({ fields: { refusal: 'windowFull' } });
  });

  it('is not confirmed when it cannot be kept, and not placed either', async () => {
    const rig = await CallbackRig.start();
    await rig.signIn('1001');
    rig.journal.failDurable = new Error('disk full');
    await expect(rig.request()).rejects.toThrow('disk full');
    await rig.clock.advanceBy(60_000);
    expect(rig.desk.list()).toEqual([]);
    expect(rig.agent('1001').rings).toEqual([]);
    expect(rig.leftovers()).toEqual([]);
  });

  it('for a window is placed in it and not before', async () => {
    const rig = await CallbackRig.start();
    rig.agent('1001').behaviour = answers(100);
    rig.customer().behaviour = answers(100, 1_000);
    await rig.signIn('1001');
    const window = rig.desk.windows(bank)[2]?.period ?? expect.fail('no window');
    const callback = await rig.request({ wanted: window.from + 1 });
    expect(callback.period).toEqual(window);
    await rig.clock.advanceTo(window.from - 1);
    expect(rig.agent('1001').rings).toEqual([]);
    await rig.clock.advanceTo(window.from + 5_000);
    expect(rig.state(callback)).toBe('reached');
  });

  it('is not placed while its customer is still on the line of the call in which it asked', async () => {
    const rig = await CallbackRig.start();
    rig.agent('1001').behaviour = answers(100);
    rig.customer().behaviour = answers(100, 1_000);
    await rig.signIn('1001');
    rig.onLine.add(callId('call-x'));
    const callback = await rig.request({ by: { by: 'customer', callId: callId('call-x') } });
    await rig.clock.advanceBy(10_000);
    expect(rig.agent('1001').rings).toEqual([]);
    rig.onLine.clear();
    await rig.clock.advanceBy(5_000);
    expect(rig.state(callback)).toBe('reached');
  });

  it('waits until the customer may be called', async () => {
    const rig = await CallbackRig.start();
    rig.agent('1001').behaviour = answers(100);
    rig.customer().behaviour = answers(100, 1_000);
    await rig.signIn('1001');
    const from = rig.clock.now() + 30 * MINUTE_MS;
    rig.mayDial = () => (rig.clock.now() < from ? { notBefore: from } : 'dial');
    const callback = await rig.request();
    await rig.clock.advanceTo(from - 1);
    expect(rig.agent('1001').rings).toEqual([]);
    await rig.clock.advanceBy(5_000);
    expect(rig.state(callback)).toBe('reached');
    rig.mayDial = () => 'impossible';
    const other = await rig.request({ number: '13900000000' });
    await rig.clock.advanceBy(1_000);
    expect(rig.state(other)).toBe('impossible');
  });
});
