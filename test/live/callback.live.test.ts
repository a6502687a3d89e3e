import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AnswerBehaviour, IncomingCall } from '../../telephony/phones/scripted-agent-phone.ts';
import { levelDb, sine } from '../../telephony/phones/tone.ts';
import { AcdRig } from './acd-rig.ts';
import type { LogLine } from './engine-process.ts';
import { AGENT_HZ, CALLER_HZ } from './hotline-rig.ts';

const CUSTOMER = '13800138000';
const CUSTOMER_PHONE = '8613800138000';
const HOTLINE = '7301';

let rig: AcdRig;
type RawCallbacks = NonNullable<Parameters<Parameters<AcdRig['rewrite']>[0] & object>[0]['queues'][number]['callbacks']>;

/** Callbacks of the queue are placed so from now on. */
async function placed(callbacks: RawCallbacks): Promise<void> {
  await rig.rewrite((raw) => ({ ...raw, queues: raw.queues.map((queue) => ({ ...queue, callbacks: { ...queue.callbacks, ...callbacks } })) }));
  await rig.api('POST', '/acd/reload');
}

beforeAll(async () => {
  rig = await AcdRig.start({
    flow: 'callback-cases',
    numbers: [HOTLINE],
    // `expires`: with the business day, shortly before midnight the first attempt would be the last.
    queues: [{ id: 'bank', name: 'Bank', ringSeconds: 25, wrapUpSeconds: 1, noAgentsGraceSeconds: 60, callbacks: { previewSeconds: 1, ringSeconds: 12, attempts: 3, expires: 7200, retrySeconds: { machine: 60, busy: 60, refused: 60, noAnswer: 60, interrupted: 60 } } }],
    agents: [{ id: '3101', name: 'Agent 3101', endpoint: 'PJSIP/3101', queues: ['bank'], skills: { loans: 5 } }],
    spareAgents: [CUSTOMER_PHONE],
    phone: { source: { kind: 'tone', hz: AGENT_HZ } },
    config: {
      callbacks: { dial: 'PJSIP/{digits}', displayedNumber: '95500', callingHours: 'any', caps: { perNumber: 100, perCaller: 100, dialsPerNumber: 100 } },
    },
  });
}, 300_000);
afterAll(() => rig.stop());
beforeEach(() => rig.begin());
afterEach(async () => {
  // First of all the phones: a callback whose customer is being called cannot be cancelled, and would be in the way of every test to come.
  for (const { calls } of rig.phones.values()) await Promise.all(calls.filter((call) => !call.isOver).map((call) => call.hangUp()));
  await until(cancelAll, 'all callbacks to be cancelled');
  await rig.cleanUp();
});

/** True when none is open any more. */
async function cancelAll(): Promise<boolean> {
  const { callbacks } = (await rig.api('GET', '/callbacks')) as { callbacks: { callbackId: string }[] };
  const taken = await Promise.allSettled(callbacks.map(({ callbackId }) => rig.api('POST', `/callbacks/${callbackId}/cancel`, {})));
  return taken.every(({ status }) => status === 'fulfilled');
}

/** Asked again for a while: that a leg is gone takes the engine a moment. */
async function until(isDone: () => Promise<boolean>, what: string): Promise<void> {
  for (const limit = Date.now() + 10_000; !(await isDone()); await new Promise((fulfil) => setTimeout(fulfil, 50))) {
    if (Date.now() > limit) throw new Error(`waited in vain for ${what}`);
  }
}

interface View {
  readonly callbackId: string;
  readonly stage: string;
  readonly attempts: readonly { readonly outcome: string }[];
  readonly ended?: { readonly how: string };
  readonly virtualSince: number;
}

const request = async (fields: object = {}): Promise<string> => ((await rig.api('POST', '/callbacks', { queueId: 'bank', number: CUSTOMER, ...fields })) as View).callbackId;
const view = async (callbackId: string): Promise<View> => (await rig.api('GET', `/callbacks/${callbackId}`)) as View;
const outcomes = async (callbackId: string): Promise<readonly string[]> => (await view(callbackId)).attempts.map(({ outcome }) => outcome);
const ended = (callbackId: string): Promise<LogLine> => rig.sees('callback.ended', { callbackId });

/** They hear each other. */
async function hear(customer: IncomingCall, agent: IncomingCall): Promise<void> {
  customer.media.sendTone(CALLER_HZ);
  await Promise.all([customer.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
}

describe('a callback, agent first', () => {
  it('rings the agent, then the customer, and connects the two', async () => {
    const callbackId = await request({ topic: 'loans' });
    await rig.signIn('3101');
    const agent = await rig.rings('3101');
    expect(agent.from).toContain(CUSTOMER_PHONE);
    const customer = await rig.rings(CUSTOMER_PHONE);
    expect(customer.from).toContain('95500');
    await hear(customer, agent);
    expect(await view(callbackId)).toMatchObject({ stage: 'ended', ended: { how: 'reached' } });
    await customer.hangUp();
    expect(await rig.sees('conversation.ended')).toMatchObject({ endedBy: 'caller', agentId: '3101' });
    expect((await agent.ended).by).toBe('them');
  });

  it.each([
    ['busy', { do: 'busy' }],
    ['refused', { do: 'decline' }],
    ['noAnswer', { do: 'ring' }],
  ] as const)('is told as %s, frees the agent and is not given up', async (outcome, behaviour) => {
    rig.phone(CUSTOMER_PHONE).behaviour = behaviour;
    const callbackId = await request();
    await rig.signIn('3101');
    expect(await rig.sees('callback.attempted', { callbackId })).toMatchObject({ outcome, attempt: 1 });
    const agent = await rig.rings('3101');
    expect((await agent.ended).by).toBe('them');
    expect((await view(callbackId)).stage).toBe('scheduled');
    await rig.becomes('3101', 'ready', await rig.sees('conversation.ended'));
  });

  it('ends in nothing on the switch when the agent hangs up while the customer’s phone rings', async () => {
    rig.phone(CUSTOMER_PHONE).behaviour = { do: 'ring' };
    const callbackId = await request();
    await rig.signIn('3101');
    const customer = await rig.rings(CUSTOMER_PHONE);
    await (await rig.rings('3101')).hangUp();
    expect((await customer.ended).how).toBe('cancelled');
    expect(await rig.sees('callback.attempted', { callbackId })).toMatchObject({ outcome: 'interrupted' });
    await rig.expectEmptySwitch();
  });
});

describe('a caller who would rather not wait', () => {
  it('presses a key, hears its number, confirms, hangs up, and is called back in its old place', async () => {
    const visitor = await rig.visit(HOTLINE);
    const enqueuedAt = Number(visitor.queued['enqueuedAt']);
    await rig.sees('callback.offered');
    await visitor.call.media.sendDigits('2');
    // Another number: the caller id of this phone is not the customer's.
    await rig.sees('prompt.started', ({ prompts }) => (prompts as string[]).includes('callback.number'));
    await visitor.call.media.sendDigits('2');
    await rig.sees('prompt.started', ({ prompts }) => (prompts as string[]).includes('callback.enter'));
    await visitor.call.media.sendDigits(`${CUSTOMER}#`);
    await rig.sees('prompt.started', ({ prompts }) => (prompts as string[]).includes('callback.confirm'));
    await visitor.call.media.sendDigits('1');
    await rig.sees('prompt.started', ({ prompts }) => (prompts as string[]).includes('callback.when'));
    await visitor.call.media.sendDigits('1');
    const requested = await rig.sees('callback.requested', { callId: visitor.callId });
    await rig.sees('prompt.started', ({ prompts }) => (prompts as string[]).includes('callback.taken'));
    await visitor.call.ended;
    const callbackId = String(requested['callbackId']);
    expect((await view(callbackId)).virtualSince).toBe(enqueuedAt);
    await rig.signIn('3101');
    await hear(await rig.rings(CUSTOMER_PHONE), await rig.rings('3101'));
    expect(await ended(callbackId)).toMatchObject({ how: 'reached' });
  });
});

describe('a callback, customer first', () => {
  beforeEach(() => placed({ order: 'customerFirst', flow: 'callback' }));

  it('rings the customer when an agent is free, asks for the key, and connects', async () => {
    const callbackId = await request();
    await rig.signIn('3101');
    const customer = await rig.rings(CUSTOMER_PHONE);
    await rig.sees('prompt.started', ({ prompts }) => (prompts as string[]).includes('callback.greeting'));
    await customer.media.sendDigits('1');
    await hear(customer, await rig.rings('3101'));
    expect(await ended(callbackId)).toMatchObject({ how: 'reached', attempts: 1 });
  });

  it('takes who answers and presses nothing for a machine', async () => {
    const callbackId = await request();
    await rig.signIn('3101');
    await rig.rings(CUSTOMER_PHONE);
    await rig.sees('menu.missed', { why: 'noInput', attempt: 2 }, 60_000);
    expect(await rig.sees('callback.attempted', { callbackId }, 60_000)).toMatchObject({ outcome: 'machine' });
    expect(rig.phone('3101').calls).toEqual([]);
    await rig.expectEmptySwitch();
  }, 90_000);
});

describe.each(['agentFirst', 'customerFirst'] as const)('a callback that a machine answers, %s', (order) => {
  const detected = { order, flow: 'callback', detectMachines: true, messageFlow: 'callback-message' } as const;
  const speaks = (durationMs: number): AnswerBehaviour => ({ do: 'answer', afterMs: 100, says: { kind: 'pcm', pcm: sine(CALLER_HZ, durationMs) } });

  it('is hung up on, and tried again later', async () => {
    await placed({ ...detected, attempts: 2 });
    rig.phone(CUSTOMER_PHONE).behaviour = speaks(6_000);
    const callbackId = await request();
    await rig.signIn('3101');
    const machine = await rig.rings(CUSTOMER_PHONE);
    expect(await rig.sees('callback.attempted', { callbackId })).toMatchObject({ outcome: 'machine', attempt: 1 });
    expect((await machine.ended).by).toBe('them');
    expect((await view(callbackId)).stage).toBe('scheduled');
    await rig.expectEmptySwitch();
  });

  it('is left a message after its greeting, once no further attempt is left, while the agent is free again', async () => {
    await placed({ ...detected, attempts: 1 });
    rig.phone(CUSTOMER_PHONE).behaviour = speaks(4_000);
    const callbackId = await request();
    await rig.signIn('3101');
    const machine = await rig.rings(CUSTOMER_PHONE);
    await rig.sees('prompt.started', ({ prompts }) => (prompts as string[]).includes('calledBack.message'), 20_000);
    // Nothing of it before the greeting's end.
    expect(levelDb(machine.media.recording().pcm.subarray(0, 4_000 * 8))).toBeLessThan(-50);
    await machine.media.until(({ pcm }) => levelDb(pcm) > -40, { lastMs: 300, what: 'the message' });
    // A message of ten seconds and more, and a pause for a key.
    expect(await rig.sees('callback.attempted', { callbackId }, 60_000)).toMatchObject({ outcome: 'machine', messageLeft: true });
    expect(await ended(callbackId)).toMatchObject({ how: 'attemptsUsed' });
    await rig.expectEmptySwitch();
  }, 120_000);

  it('that is a person after all goes on as always', async () => {
    await placed({ ...detected, attempts: 1 });
    rig.phone(CUSTOMER_PHONE).behaviour = speaks(500);
    const callbackId = await request();
    await rig.signIn('3101');
    const customer = await rig.rings(CUSTOMER_PHONE);
    if (order === 'customerFirst') {
      await rig.sees('prompt.started', ({ prompts }) => (prompts as string[]).includes('callback.greeting'));
      await customer.media.sendDigits('1');
    }
    // Only then: a tone of its own would be a long greeting.
    expect(await ended(callbackId)).toMatchObject({ how: 'reached', attempts: 1 });
    await hear(customer, await rig.rings('3101'));
  });
});

describe('the engine is killed', () => {
  /** As it comes back, so it is: what the books say is what the switch holds. */
  async function killAndRestart(): Promise<void> {
    await rig.engine.kill();
    await rig.engine.start();
  }

  it('while the callback waits: it is placed afterwards', async () => {
    const callbackId = await request();
    await killAndRestart();
    expect((await view(callbackId)).stage).toBe('queued');
    await rig.signIn('3101');
    await hear(await rig.rings(CUSTOMER_PHONE), await rig.rings('3101'));
    expect(rig.phone(CUSTOMER_PHONE).calls).toHaveLength(1);
  });

  it('while the agent’s phone rings: it goes on ringing, and all goes on from there', async () => {
    rig.phone('3101').behaviour = { do: 'ring' };
    await request();
    await rig.signIn('3101');
    const agent = await rig.rings('3101');
    await rig.sees('agent.state', { agentId: '3101', state: 'ringing' });
    // What is confirmed is on the disk, and so is all that was before it: else the phone would be rung anew.
    await rig.api('POST', `/callbacks/${await request({ number: '13900139000' })}/cancel`, {});
    await killAndRestart();
    await agent.answer();
    await hear(await rig.rings(CUSTOMER_PHONE), agent);
    expect(rig.phone('3101').calls).toHaveLength(1);
  });

  it('while the agent reads the story: the customer is dialled afterwards, once', async () => {
    await request();
    await rig.signIn('3101');
    await rig.becomes('3101', 'talking');
    await killAndRestart();
    await hear(await rig.rings(CUSTOMER_PHONE), await rig.rings('3101'));
    expect(rig.phone(CUSTOMER_PHONE).calls).toHaveLength(1);
  });

  it('while the customer’s phone rings: its answer connects the two, and the agent hears no more ringing', async () => {
    // Longer than a busy machine takes to start the engine again.
    await placed({ ringSeconds: 60 });
    rig.phone(CUSTOMER_PHONE).behaviour = { do: 'ring' };
    const callbackId = await request();
    await rig.signIn('3101');
    const customer = await rig.rings(CUSTOMER_PHONE);
    await killAndRestart();
    await customer.answer();
    await hear(customer, await rig.rings('3101'));
    expect(rig.phone(CUSTOMER_PHONE).calls).toHaveLength(1);
    expect(await outcomes(callbackId)).toEqual(['answered']);
  });

  it('while a machine’s greeting is listened to: the message is left all the same', async () => {
    await placed({ detectMachines: true, messageFlow: 'callback-message', attempts: 1 });
    rig.phone(CUSTOMER_PHONE).behaviour = { do: 'answer', afterMs: 100, says: { kind: 'pcm', pcm: sine(CALLER_HZ, 15_000) } };
    const callbackId = await request();
    await rig.signIn('3101');
    const machine = await rig.rings(CUSTOMER_PHONE);
    await machine.answered;
    await killAndRestart();
    expect(await rig.sees('callback.attempted', { callbackId }, 90_000)).toMatchObject({ outcome: 'machine', messageLeft: true, attempt: 1 });
    expect(rig.phone(CUSTOMER_PHONE).calls).toHaveLength(1);
    await rig.expectEmptySwitch();
  }, 150_000);

  it('while the two talk: they go on, and its end is booked', async () => {
    await request();
    await rig.signIn('3101');
    const [customer, agent] = [await rig.rings(CUSTOMER_PHONE), await rig.rings('3101')];
    await hear(customer, agent);
    await killAndRestart();
    customer.media.forget();
    await customer.media.hearsTone(AGENT_HZ);
    await agent.hangUp();
    expect((await customer.ended).by).toBe('them');
    await rig.expectEmptySwitch();
  });

  it('and the customer’s phone stops ringing meanwhile: that was an attempt, and nobody is rung twice for it', async () => {
    rig.phone(CUSTOMER_PHONE).behaviour = { do: 'ring' };
    const callbackId = await request();
    await rig.signIn('3101');
    const customer = await rig.rings(CUSTOMER_PHONE);
    await rig.engine.kill();
    await customer.reject(486);
    await rig.engine.start();
    expect(await rig.sees('callback.attempted', { callbackId })).toMatchObject({ outcome: 'interrupted', attempt: 1 });
    expect((await view(callbackId)).stage).toBe('scheduled');
    expect(rig.phone(CUSTOMER_PHONE).calls).toHaveLength(1);
    await rig.expectEmptySwitch();
  });
});
