import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AsteriskRig } from '../../test/contract/asterisk-rig.ts';
import { EventRecorder } from '../../test/contract/event-recorder.ts';
import { bridgeId, channelId, nodeId } from '../../engine/domain/ids.ts';
import type { LogFields, Logger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { AriSwitchboard } from './ari-switchboard.ts';
import type { AriSwitchboardOptions } from './ari-switchboard.ts';
import { TcpProxy } from './testing/tcp-proxy.ts';
import { until } from './testing/until.ts';

const HOTLINE = '95588';

describe.each(['ws', 'ari-client'] as const)('a connection over %s', (transport) => {
  let rig: AsteriskRig;
  let proxy: TcpProxy;
  let events: EventRecorder;
  const others: AriSwitchboard[] = [];

  beforeEach(async () => {
    rig = await AsteriskRig.start(transport, async (url) => {
      proxy = await TcpProxy.start(url);
      return proxy.url;
    });
    events = new EventRecorder(rig.events, (probe, what) => rig.until(probe, what));
    await rig.connect();
  });
  afterEach(async () => {
    for (const other of others.splice(0)) other.stop();
    await rig.close();
    await proxy.stop();
  });

  /** A second engine, straight at the switch. */
  const another = (options: Partial<AriSwitchboardOptions> & { readonly password?: string } = {}) => {
    const { password = rig.pbx.ari.password, ...rest } = options;
    const other = new AriSwitchboard({
      nodes: [{ id: 'other', ...rig.pbx.ari, password, transport }],
      app: 'strowger',
      clock: systemClock,
      random: Math.random,
      log: recordingLog([]),
      backoffCapMs: 100,
      ...rest,
    });
    others.push(other);
    return other;
  };
  const nodeEvents = () => events.all.flatMap((event) => (event.type.startsWith('node.') ? [event.type] : []));
  const callIn = async (callerNumber: string) => {
    const far = await rig.inboundCall({ callerNumber, callerName: '', dialled: HOTLINE });
    const { channel } = await events.entered(callerNumber);
    await rig.node.answer(channel.id);
    await rig.until(() => far.wasAnswered || undefined, 'the caller to be answered');
    return { far, id: channel.id };
  };

  it('survives the death of Asterisk: down at once, pending requests rejected, up again by itself, calls gone once', async () => {
    const { id } = await callIn('13800000001');
    const diedAt = Date.now();
    const pending = Promise.allSettled(Array.from({ length: 20 }, () => rig.node.snapshot()));
    await rig.pbx.kill();
    const down = await rig.until(() => events.all.find((event) => event.type === 'node.down'), 'node.down');
    expect(down.at - diedAt).toBeLessThan(2_000);
    expect(rig.node.status).toMatchObject({ ready: false, state: 'down' });
    for (const result of await pending) if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'switch.unreachable' });
    await expect(rig.node.answer(id)).rejects.toMatchObject({ code: 'switch.unreachable' });
    await rig.pbx.restart();
    await rig.ready();
    expect(nodeEvents()).toEqual(['node.up', 'node.down', 'node.up']);
    expect(events.all.findLast(({ type }) => type === 'node.up')).toMatchObject({ restarted: true });
    await events.next('channel.gone', id);
    expect(events.farewells().get(id)).toBe(1);
    expect(rig.node.stats.connects).toBe(2);
    await callIn('13800000002');
  });

  it('that was cut finds its calls again: who left meanwhile, who still rings, who still talks', async () => {
    const [stays, leaves] = [await callIn('13800000003'), await callIn('13800000004')];
    const [ringing, answersLater, declinesLater] = [channelId('leg-rings'), channelId('leg-answers'), channelId('leg-declines')];
    const phone = await rig.phone({ does: 'ring' });
    await rig.node.originate({ channelId: ringing, endpoint: phone.endpoint, timeoutMs: 30_000, args: ['leg'] });
    await events.next('channel.state', ringing);
    proxy.cut();
    await rig.until(() => events.all.find((event) => event.type === 'node.down'), 'node.down');
    await leaves.far.hangUp();
    // Never reached the switch, so its end is told at once.
    await expect(rig.node.originate({ channelId: declinesLater, endpoint: phone.endpoint, timeoutMs: 1_000, args: [] })).rejects.toMatchObject({ code: 'switch.unreachable' });
    await events.next('channel.gone', declinesLater);
    proxy.mend();
    await rig.ready();
    await events.next('channel.gone', leaves.id);
    const { channels } = await rig.node.snapshot();
    expect(new Map(channels.map((each) => [each.id, each.inApplication]))).toEqual(new Map([[stays.id, true], [ringing, false]]));
    // Events of both flow again, each once.
    await stays.far.sendDigits('12');
    await rig.until(() => (events.digits(stays.id) === '12' ? true : undefined), 'the digits');
    await rig.node.hangup(ringing);
    await events.next('channel.gone', ringing);
    const second = await rig.phone({ does: 'answer' });
    await rig.node.originate({ channelId: answersLater, endpoint: second.endpoint, timeoutMs: 10_000, args: ['leg'] });
    await events.next('channel.entered', answersLater);
    const bridge = bridgeId('bridge-after');
    await rig.node.createBridge(bridge, stays.id);
    await rig.node.addToBridge(bridge, stays.id);
    await rig.node.addToBridge(bridge, answersLater);
    const agent = await rig.until(() => second.party(), 'the agent');
    await Promise.all([stays.far.hears(agent), agent.hears(stays.far)]);
    await stays.far.hangUp();
    await rig.node.hangup(answersLater);
    await Promise.all([events.next('channel.gone', stays.id), events.next('channel.gone', answersLater)]);
    await rig.node.destroyBridge(bridge, stays.id);
    expect([...events.farewells().values()].every((times) => times === 1)).toBe(true);
  });

  it('of a fresh process is told of legs that an earlier one dialled', async () => {
    const caller = await callIn('13800000005');
    const phone = await rig.phone({ does: 'ring' });
    const leg = channelId('leg-of-before');
    await rig.node.originate({ channelId: leg, endpoint: phone.endpoint, timeoutMs: 30_000, args: ['leg'] });
    await events.next('channel.state', leg);
    rig.node.stop();
    const fresh = another();
    const heard = new EventRecorder(fresh, until);
    fresh.start();
    const node = fresh.node(nodeId('other'));
    await until(() => node.status.ready || undefined, 'the fresh engine');
    const { channels } = await node.snapshot();
    expect(new Map(channels.map((each) => [each.id, each.inApplication]))).toEqual(new Map([[caller.id, true], [leg, false]]));
    await node.hangup(leg);
    await caller.far.hangUp();
    await Promise.all([heard.next('channel.gone', leg), heard.next('channel.gone', caller.id)]);
  });

  it('that falls silent is given up and made anew', async () => {
    proxy.silence();
    const silentAt = Date.now();
    const down = await rig.until(() => events.all.find((event) => event.type === 'node.down'), 'node.down');
    expect(down.at - silentAt).toBeLessThan(5_000);
    await rig.ready();
    await callIn('13800000006');
  });

  it('that another engine takes over is fenced off for good', async () => {
    const other = another();
    const heard = new EventRecorder(other, until);
    other.start();
    await rig.until(() => events.all.find((event) => event.type === 'node.replaced'), 'node.replaced');
    expect(rig.node.status).toMatchObject({ ready: false, state: 'replaced' });
    await expect(rig.node.snapshot()).rejects.toMatchObject({ code: 'switch.unreachable' });
    // The newcomer keeps the application although the old one has closed its sockets, and no fight breaks out.
    const far = await rig.inboundCall({ callerNumber: '13800000007', callerName: '', dialled: HOTLINE });
    const { channel } = await heard.entered('13800000007');
    await other.node(nodeId('other')).answer(channel.id);
    await far.hangUp();
    await heard.next('channel.gone', channel.id);
    expect(nodeEvents()).toEqual(['node.up', 'node.replaced']);
    expect(rig.node.stats.connects).toBe(1);
    expect(other.node(nodeId('other')).stats).toMatchObject({ connects: 1, lostConnections: 0 });
  });

  it('with a wrong password says so, goes on trying and tells the password nobody', async () => {
    // Another password in the same process would disturb ari-client's other users.
    rig.node.stop();
    const lines: unknown[] = [];
    const password = 'wrong-4711-wrong';
    const other = another({ password, log: recordingLog(lines) });
    other.start();
    const node = other.node(nodeId('other'));
    await until(() => (node.stats.failedConnects >= 5 ? true : undefined), 'five attempts');
    expect(node.status).toMatchObject({ ready: false, state: 'down', lastError: { code: 'switch.unauthorized' } });
    const error: unknown = await node.snapshot().catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'switch.unreachable', cause: { code: 'switch.unauthorized' } });
    expect(lines.length).toBeGreaterThan(0);
    const told = JSON.stringify([lines, error, node.status], (_key, value: unknown) => (value instanceof Error ? { ...value, text: String(value), stack: value.stack, cause: value.cause } : value));
    expect(told).not.toContain(password);
    expect(told).not.toContain(Buffer.from(`strowger:${password}`).toString('base64'));
  });
});

describe('the transport', () => {
  it('is chosen by the version of the switch', async () => {
    const rig = await AsteriskRig.start('auto');
    try {
      await rig.connect();
      expect(rig.node.status.version).toMatch(/^\d+\.\d+/);
      expect(rig.node.status.transport).toBe('ws');
    } finally {
      await rig.close();
    }
  });
});

function recordingLog(lines: unknown[]): Logger {
  const write = (fields: LogFields, message: string) => void lines.push({ ...fields, message });
  return { debug: write, info: write, warn: write, error: write, child: () => recordingLog(lines) };
}
