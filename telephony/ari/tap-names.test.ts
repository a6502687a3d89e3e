import { describe, expect, it } from 'vitest';
import { isTapBridge, tapNames, tapOfChannel } from './tap-names.ts';

describe('names of taps', () => {
  it('tell whose they are', () => {
    const { snoop, media, bridge } = tapNames('tap-1m8axdfp8bh5cskzv');
    expect([tapOfChannel(snoop), tapOfChannel(media), bridge]).toEqual(Array<string>(3).fill('tap-1m8axdfp8bh5cskzv'));
    expect(isTapBridge(bridge)).toBe(true);
  });

  it.each(['1700000000.1', 'leg-1m8axdfp8bh5cskzv', 'tap-1700000000.1', 'pbx-tap-1-snoop', 'tap--snoop-1', 'tap-1-snoop-1700000000.1'])('%s is a channel of a call', (id) => {
    expect(tapOfChannel(id)).toBeUndefined();
  });
});
