import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { channelId, nodeId } from '../../engine/domain/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { CountedIds } from '../../test/fakes/counted-ids.ts';
import { MediaPeer } from '../../test/fakes/media-peer.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import type { MediaLine, MediaLines } from './media-lines.ts';
import { TappedCallAudio } from './tapped-call-audio.ts';

const NODE = nodeId('pbx-1');
const CALLER = channelId('1700000000.1');

let peer: MediaPeer;
let clock: VirtualClock;
let done: string[];
let told: string[];
let lose: (reason: string) => void;
let join: () => Promise<void>;
let clear: () => Promise<void>;
let audio: TappedCallAudio;

beforeEach(async () => {
  peer = await MediaPeer.start();
  clock = new VirtualClock();
  done = [];
  told = [];
  join = () => Promise.resolve();
  clear = () => Promise.resolve();
  const lines: MediaLines = {
    nodeId: NODE,
    lay: (id, caller, lost) => {
      done.push(`lay ${id} ${caller}`);
      lose = lost;
      const line: MediaLine = {
        address: { url: peer.url, headers: {} },
        connect: (open) => (done.push('connect'), open()),
        join: () => (done.push('join'), join()),
        carry: () => done.push('carry'),
        clear: () => (done.push('clear'), clear()),
      };
      return Promise.resolve(line);
    },
  };
  audio = new TappedCallAudio({ lines: () => lines, ids: new CountedIds(), clock, log: silentLogger });
});
afterEach(() => peer.stop());

const open = () => audio.open(NODE, CALLER, { audio: (samples) => told.push(`audio ${samples.length}`), ended: (reason) => told.push(`ended ${reason}`) });
const opened = async () => {
  const opening = open();
  const { socket } = await peer.guest;
  socket.send('MEDIA_START');
  return { tap: await opening, far: socket };
};

describe('taps', () => {
  it('are laid, connected, joined, and cleared', async () => {
    const { tap, far } = await opened();
    expect(audio.size).toBe(1);
    tap.send(new Int16Array(160));
    await tap.close();
    await once(far, 'close');
    expect(done).toEqual(['lay tap-1 1700000000.1', 'connect', 'join', 'carry', 'clear']);
    expect([audio.size, clock.pending, told]).toEqual([0, 0, []]);
  });

  it('tell their end once, when the line or the wire ends, and clear up', async () => {
    const { tap, far } = await opened();
    lose('its call has ended');
    far.terminate();
    await once(far, 'close');
    lose('again');
    await tap.close();
    tap.send(new Int16Array(160));
    tap.flush();
    expect(told).toEqual(['ended its call has ended']);
    expect(done.filter((step) => step === 'clear')).not.toEqual([]);
    expect([audio.size, clock.pending]).toEqual([0, 0]);
  });

  it('close their WebSocket when the line has gone, not before: the switch would end the channel at a moment of its own', async () => {
    let cleared: () => void = () => undefined;
    clear = () => new Promise((resolve) => (cleared = resolve));
    const { tap, far } = await opened();
    const heard: string[] = [];
    far.on('message', (data) => heard.push((data as Buffer).toString()));
    far.on('close', () => heard.push('close'));
    const closing = tap.close();
    await once(far, 'message');
    expect(heard, 'nothing is played any more').toEqual(['FLUSH_MEDIA']);
    cleared();
    await closing;
    await once(far, 'close');
    expect(heard).toEqual(['FLUSH_MEDIA', 'close']);
  });

  it('tell what was refused, though the switch then closes the WebSocket', async () => {
    join = () => Promise.reject(new StrowgerError('switch.refused', 'no'));
    const opening = open();
    const { socket } = await peer.guest;
    clear = async () => {
      socket.close(1000);
      await once(socket, 'close');
    };
    socket.send('MEDIA_START');
    await expect(opening).rejects.toMatchObject({ code: 'switch.refused' });
    expect(told).toEqual([]);
  });

  it('tell nothing any more once they are closed', async () => {
    const { tap, far } = await opened();
    const closing = tap.close();
    lose('its call has ended');
    await closing;
    await once(far, 'close');
    await clock.advanceBy(10_000);
    expect(told).toEqual([]);
  });

  it('reject with switch.gone when the call ends meanwhile', async () => {
    join = () => (lose('its call has ended'), Promise.resolve());
    const opening = open();
    (await peer.guest).socket.send('MEDIA_START');
    await expect(opening).rejects.toMatchObject({ code: 'switch.gone' });
    expect([done.at(-1), audio.size, clock.pending, told]).toEqual(['clear', 0, 0, []]);
  });

  it.each(['join', 'WebSocket'])('leave nothing behind when the %s is refused', async (what) => {
    join = () => Promise.reject(new StrowgerError('switch.refused', 'no'));
    if (what === 'WebSocket') peer.refuse();
    const opening = open();
    const far = what === 'join' ? (await peer.guest).socket : undefined;
    const gone = far && once(far, 'close');
    far?.send('MEDIA_START');
    await expect(opening).rejects.toMatchObject({ code: 'switch.refused' });
    await gone;
    expect([done.at(-1), audio.size, clock.pending, told]).toEqual(['clear', 0, 0, []]);
  });
});
