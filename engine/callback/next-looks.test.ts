import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Callback } from '../domain/callback.ts';
import { callbackId, queueId } from '../domain/ids.ts';
import { NextLooks, type Looked } from './next-looks.ts';
import type { Placing } from './callback-record.ts';

interface Item extends Looked {
  callback: Callback;
  placing?: Placing;
}

const PLACING = { stage: 'queued' } as Placing;

function anItem(order: number, notBefore: number, to: number): Item {
  const callback: Callback = {
    callbackId: callbackId(`callback-${order}`),
    queueId: queueId('bank'),
    number: `+86138${order}`,
    language: 'en',
    kind: 'at',
    period: { from: 0, to },
    requestedAt: 0,
    requestedBy: { by: 'program' },
    virtualSince: 0,
    priority: 5,
    steps: [],
    afterSteps: 'strict',
    attempts: [],
    notBefore,
  };
  return { callback, order, slot: -1 };
}

/** The earliest moment at which it may matter. */
const timeOf = ({ callback, placing }: Item): number => (placing === undefined ? Math.min(callback.notBefore, callback.period.to) : callback.period.to);

describe('NextLooks', () => {
  it('hands out what is due at each look until it is set or deleted, in the order of asking', () => {
    const looks = new NextLooks<Item>();
    const [first, second, later] = [anItem(1, 30, 100), anItem(2, 10, 100), anItem(3, 50, 100)];
    for (const item of [first, second, later]) looks.set(item);
    expect(looks.nextAt).toBe(10);
    expect(looks.at(30)).toEqual([first, second]);
    expect(looks.at(30)).toEqual([first, second]);
    expect(looks.nextAt).toBe(50);
    second.placing = PLACING;
    looks.set(second);
    looks.delete(first);
    expect(looks.at(60)).toEqual([later]);
    expect(looks.nextAt).toBe(100);
    expect(looks.at(100)).toEqual([second, later]);
  });

  it('finds what a pass over all finds', () => {
    const step = fc.record({ what: fc.constantFrom('add', 'move', 'place', 'delete', 'look'), a: fc.nat(50), b: fc.nat(200), c: fc.nat(200) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
        const looks = new NextLooks<Item>();
        const all: Item[] = [];
        let now = 0;
        for (const [order, { what, a, b, c }] of steps.entries()) {
          const item = all[a % Math.max(1, all.length)];
          if (what === 'look') {
            now += a;
            expect(looks.at(now)).toEqual(all.filter((each) => timeOf(each) <= now));
            const waiting = all.map(timeOf).filter((at) => at > now);
            expect(looks.nextAt).toBe(Math.min(Infinity, ...waiting));
          } else if (what === 'add') {
            const added = anItem(order, b, c);
            all.push(added);
            looks.set(added);
          } else if (item !== undefined && what === 'delete') {
            all.splice(all.indexOf(item), 1);
            looks.delete(item);
          } else if (item !== undefined) {
            if (what === 'move') item.callback = { ...item.callback, notBefore: b, period: { from: 0, to: c } };
            else if (item.placing === undefined) item.placing = PLACING;
            else delete item.placing;
            looks.set(item);
          }
        }
      }),
    );
  });
});
