import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLE_CUSTOMERS } from '../../flows/services/sample-bank-core.ts';
import { AGENT_HZ, CALLER_HZ, HotlineRig } from './hotline-rig.ts';

let rig: HotlineRig;
beforeAll(async () => {
  rig = await HotlineRig.start();
}, 300_000);
afterAll(() => rig.stop());
beforeEach(() => rig.readyAgent());
afterEach(() => rig.cleanUp());

const account = SAMPLE_CUSTOMERS[0]?.account ?? '';
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH
  }
}
const lasting = (ms: number) => new Promise((fulfil) => setTimeout(fulfil, ms));
const promptsSince = (begin: number) => rig.engine.lines.slice(begin).filter(({ event }) => event === 'prompt.started').flatMap((line) => line['prompts'] as string[]);

describe('a second engine that takes the calls over', () => {
  it('in a prompt: the caller hears it once, from begin to end, and its key counts', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    await lasting(800);
    const begin = rig.engine.lines.length;
    expect(await rig.engine.handOver()).toBe(0);
    await lasting(1_000);
    await call.media.sendDigits('3');
    await rig.engine.prompt('card.menu');
    expect(promptsSince(begin)).toEqual(['card.menu']);
    expect(rig.heard(call, 'zh-CN').filter((key) => key === 'main.menu')).toHaveLength(1);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 90_000);

  it('waits while a PIN is typed, and the caller is not asked for it again', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('2');
    await rig.engine.prompt('identify.account');
    await call.media.sendDigits(`${account}#`);
    await rig.engine.prompt('identify.pin');
    const begin = rig.engine.lines.length;
    // The second engine prepares itself meanwhile, and asks for the calls in the middle of the PIN.
    const over = rig.engine.handOver();
    for (const digit of SAMPLE_CUSTOMERS[0]?.pin ?? '') {
      await call.media.sendDigits(digit);
      await lasting(1_200);
    }
    await call.media.sendDigits('#');
    expect(await over).toBe(0);
    await rig.engine.next((line) => line.event === 'prompt.started' || line.event === 'prompt.finished', 'what follows a right PIN');
    expect(promptsSince(begin)).not.toContain('identify.pin');
    expect(call.isOver).toBe(false);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 90_000);

  it('in the queue and in conversation: the place is kept, and the two go on talking', async () => {
    await rig.api('POST', '/api/v1/agents/1001/not-ready', { reason: 'break' });
    const call = await rig.call();
    await rig.toMainMenu(call);
    await call.media.sendDigits('0');
    const queued = await rig.engine.event('contact.queued');
    expect(await rig.engine.handOver()).toBe(0);
    await rig.api('POST', '/api/v1/agents/1001/ready');
    const agent = await rig.agentCall();
    expect(await rig.engine.event('conversation.started')).toMatchObject({ contactId: queued['contactId'] });
    call.media.sendTone(CALLER_HZ);
    await Promise.all([call.media.hearsTone(AGENT_HZ), agent.media.hearsTone(CALLER_HZ)]);
    expect(await rig.engine.handOver()).toBe(0);
    call.media.forget();
    await call.media.hearsTone(AGENT_HZ);
    await agent.hangUp();
    await rig.engine.event('conversation.ended');
    await rig.engine.event('call.ended');
  }, 120_000);

  it('that cannot start leaves the calls where they are', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    const broken = join(rig.dir, 'broken.yaml');
    await writeFile(broken, 'nodes: []\n');
    await expect(rig.engine.handOver(broken)).rejects.toThrow(/the engine ended/);
    await call.media.sendDigits('3');
    await rig.engine.prompt('card.menu');
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 90_000);
});

describe('a supervised engine', () => {
  beforeAll(async () => {
    await rig.engine.stop();
    await rig.engine.start('--supervised');
  }, 120_000);

  afterAll(async () => {
    await rig.engine.stop();
    await rig.engine.start();
  }, 60_000);

  it('is followed by the one that stands by when it is killed, which takes its calls up', async () => {
    const { pid } = await rig.engine.event('supervisor.standby', undefined, 60_000);
    const call = await rig.call();
    await rig.toMainMenu(call);
    process.kill(rig.engine.enginePid, 'SIGKILL');
    await rig.engine.event('supervisor.died');
    await rig.engine.servesAgain();
    expect(rig.engine.enginePid).toBe(pid);
    expect(call.isOver).toBe(false);
    await call.media.sendDigits('3');
    await rig.engine.prompt('card.menu', 30_000);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 90_000);

  it('is started again when it hangs', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    process.kill(rig.engine.enginePid, 'SIGSTOP');
    await rig.engine.event('supervisor.hangs', undefined, 30_000);
    await rig.engine.servesAgain();
    await call.media.sendDigits('3');
    await rig.engine.prompt('card.menu', 30_000);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 90_000);

  it('is replaced by another on SIGUSR2, and no caller notices', async () => {
    const call = await rig.call();
    await rig.toMainMenu(call);
    const begin = rig.engine.lines.length;
    const before = rig.engine.enginePid;
    process.kill(rig.engine.pid ?? 0, 'SIGUSR2');
    await rig.engine.event('supervisor.replaced', undefined, 60_000);
    expect(rig.engine.enginePid).not.toBe(before);
    await expect.poll(() => isRunning(before), { timeout: 10_000 }).toBe(false);
    await call.media.sendDigits('3');
    await rig.engine.prompt('card.menu');
    expect(promptsSince(begin).filter((key) => key === 'main.menu')).toEqual([]);
    await call.hangUp();
    await rig.engine.event('call.ended');
  }, 90_000);
});
