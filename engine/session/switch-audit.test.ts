import { describe, expect, it } from 'vitest';
import { channelId, nodeId } from '../domain/ids.ts';
import { SessionRig } from '../../test/fakes/session-rig.ts';

const NODE = nodeId('pbx-1');

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
    for (let i = 0; i < 3; i += 1) expect(await rig.sessions.audit(NODE)).toEqual({ orphans: [], ghosts: [] });
    expect(rig.sessions.calls()).toHaveLength(1);
  });

  it('takes up a call that came unseen once it is seen twice', async () => {
    const { rig, hold } = await rigWithCall();
    hold('caller-1', 'caller-2');
    expect(await rig.sessions.audit(NODE)).toEqual({ orphans: [], ghosts: [] });
    expect(rig.sessions.calls()).toHaveLength(1);
    expect(await rig.sessions.audit(NODE)).toEqual({ orphans: ['caller-2'], ghosts: [] });
    expect(rig.sessions.disagreement(NODE).orphans).toEqual(['caller-2']);
    expect(rig.sessions.calls()).toHaveLength(2);
    expect(await rig.sessions.audit(NODE)).toEqual({ orphans: [], ghosts: [] });
  });

  it('hangs up a leg that nobody looks after', async () => {
    const { rig, hold } = await rigWithCall();
    hold('caller-1', 'leg-9');
    await rig.sessions.audit(NODE);
    await rig.sessions.audit(NODE);
    expect(rig.pbx.last('hangup').channelId).toBe(channelId('leg-9'));
    expect(rig.sessions.calls()).toHaveLength(1);
  });

  it('closes a call whose channel does not exist', async () => {
    const { rig, hold } = await rigWithCall();
    hold();
    const [call] = rig.sessions.calls();
    await rig.sessions.audit(NODE);
    expect(rig.sessions.calls()).toHaveLength(1);
    expect(await rig.sessions.audit(NODE)).toEqual({ orphans: [], ghosts: [call?.callId] });
    expect(rig.sessions.calls()).toEqual([]);
    expect(rig.log.last('call.ended')?.termination.reason).toBe('unknown');
  });

  it('counts nothing across a lost connection: what follows is reconciled', async () => {
    const { rig, hold } = await rigWithCall();
    hold('caller-1', 'caller-2');
    await rig.sessions.audit(NODE);
    rig.pbx.tell({ type: 'node.down', reason: 'lost' });
    expect(await rig.sessions.audit(NODE)).toEqual({ orphans: [], ghosts: [] });
    expect(rig.sessions.phaseOf(NODE)).toBe('down');
    hold('caller-1');
    rig.pbx.tell({ type: 'node.up' });
    await rig.settle();
    expect(rig.sessions.phaseOf(NODE)).toBe('up');
    hold('caller-1', 'caller-2');
    expect(await rig.sessions.audit(NODE)).toEqual({ orphans: [], ghosts: [] });
  });
});
