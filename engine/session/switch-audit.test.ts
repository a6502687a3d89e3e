import { describe, expect, it } from 'vitest';
import { bridgeId, channelId, nodeId } from '../domain/ids.ts';
import { SessionRig } from '../../test/fakes/session-rig.ts';

const NODE = nodeId('pbx-1');
const NOTHING = { orphans: [], ghosts: [], emptyBridges: [] };

/** A rig with one call, and a switch whose snapshot holds what is named. */
async function rigWithCall() {
  const rig = await SessionRig.started();
  await rig.call('caller-1');
  const hold = (...ids: readonly string[]): void => {
    rig.pbx.held = { channels: ids.map((id) => ({ ...rig.pbx.info(id), inApplication: true })), bridges: [] };
  };
  return { rig, hold };
}

describe('an audit', () => {
  it('finds nothing while books and switch agree', async () => {
    const { rig, hold } = await rigWithCall();
    hold('caller-1');
    for (let i = 0; i < 3; i += 1) expect(await rig.sessions.audit(NODE)).toEqual(NOTHING);
    expect(rig.sessions.calls()).toHaveLength(1);
  });

  it('takes up a call that came unseen once it is seen twice', async () => {
    const { rig, hold } = await rigWithCall();
    hold('caller-1', 'caller-2');
    expect(await rig.sessions.audit(NODE)).toEqual(NOTHING);
    expect(rig.sessions.calls()).toHaveLength(1);
    expect(await rig.sessions.audit(NODE)).toEqual({ ...NOTHING, orphans: ['caller-2'] });
    expect(rig.sessions.disagreement(NODE).orphans).toEqual(['caller-2']);
    expect(rig.sessions.calls()).toHaveLength(2);
    expect(await rig.sessions.audit(NODE)).toEqual(NOTHING);
  });

  it('hangs up a leg that nobody looks after', async () => {
    const { rig, hold } = await rigWithCall();
    hold('caller-1', 'leg-9');
    await rig.sessions.audit(NODE);
    await rig.sessions.audit(NODE);
    expect(rig.pbx.last('hangup').channelId).toBe(channelId('leg-9'));
    expect(rig.sessions.calls()).toHaveLength(1);
  });

  it('destroys a bridge of ours that holds nobody we know, once it is seen twice', async () => {
    const { rig, hold } = await rigWithCall();
    hold('caller-1');
    const bridges = [
      { id: bridgeId('talk-1'), channelIds: [] },
      { id: bridgeId('talk-2'), channelIds: [channelId('caller-1')] },
      { id: bridgeId('conference-of-somebody'), channelIds: [] },
    ];
    rig.pbx.held = { ...rig.pbx.held, bridges };
    expect(await rig.sessions.audit(NODE)).toEqual(NOTHING);
    expect(await rig.sessions.audit(NODE)).toEqual({ ...NOTHING, emptyBridges: ['talk-1'] });
    expect(rig.pbx.last('destroyBridge')).toMatchObject({ id: 'talk-1' });
    expect(rig.pbx.last('destroyBridge').channelId).toBeUndefined();
  });

  it('closes a call whose channel does not exist', async () => {
    const { rig, hold } = await rigWithCall();
    hold();
    const [call] = rig.sessions.calls();
    await rig.sessions.audit(NODE);
    expect(rig.sessions.calls()).toHaveLength(1);
    expect(await rig.sessions.audit(NODE)).toEqual({ ...NOTHING, ghosts: [call?.callId] });
    expect(rig.sessions.calls()).toEqual([]);
    expect(rig.log.last('call.ended')?.termination.reason).toBe('unknown');
  });

  it('counts nothing across a lost connection: what follows is reconciled', async () => {
    const { rig, hold } = await rigWithCall();
    hold('caller-1', 'caller-2');
    await rig.sessions.audit(NODE);
    rig.pbx.tell({ type: 'node.down', reason: 'lost' });
    expect(await rig.sessions.audit(NODE)).toEqual(NOTHING);
    expect(rig.sessions.phaseOf(NODE)).toBe('down');
    hold('caller-1');
    rig.pbx.tell({ type: 'node.up' });
    await rig.settle();
    expect(rig.sessions.phaseOf(NODE)).toBe('up');
    hold('caller-1', 'caller-2');
    expect(await rig.sessions.audit(NODE)).toEqual(NOTHING);
  });
});
