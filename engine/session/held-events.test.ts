import { beforeEach, expect, it } from 'vitest';
import { channelId, nodeId } from '../domain/ids.ts';
import type { SwitchEvent, SwitchEventBody } from '../ports/call-events.ts';
import { HeldEvents } from './held-events.ts';

let tell: (event: SwitchEvent) => void;
let held: HeldEvents;
let listeners: number;
const event = (node: string, body: SwitchEventBody): SwitchEvent => ({ ...body, nodeId: nodeId(node), at: 1 });
const gone = (id: string): SwitchEventBody => ({ type: 'channel.gone', channelId: channelId(id), cause: 16 });
const up: SwitchEventBody = { type: 'node.up' };

beforeEach(() => {
  const all = new Set<(event: SwitchEvent) => void>();
  listeners = 0;
  tell = (one) => [...all].forEach((listener) => listener(one));
  held = new HeldEvents({
    subscribe: (listener) => {
      all.add(listener);
      listeners += 1;
      return () => {
        all.delete(listener);
        listeners -= 1;
      };
    },
  });
});

it('are told in their order to the first who subscribes, and then as they come', () => {
  tell(event('a', up));
  tell(event('a', gone('1')));
  const told: SwitchEvent[] = [];
  const stop = held.subscribe((one) => told.push(one));
  tell(event('a', gone('2')));
  expect(told).toEqual([event('a', up), event('a', gone('1')), event('a', gone('2'))]);
  expect(listeners).toBe(1);
  stop();
  expect(listeners).toBe(0);
});

it('begin with the connection of their node, and are forgotten with it', () => {
  tell(event('a', gone('0')));
  tell(event('a', up));
  tell(event('b', up));
  tell(event('a', gone('1')));
  tell(event('a', { type: 'node.down', reason: 'cut' }));
  tell(event('b', gone('2')));
  expect(held.nodes).toEqual([nodeId('b')]);
  const told: SwitchEvent[] = [];
  held.subscribe((one) => told.push(one));
  expect(told).toEqual([event('b', up), event('b', gone('2'))]);
});
