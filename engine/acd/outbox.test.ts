import { describe, expect, it } from 'vitest';
import { contactId } from '../domain/ids.ts';
import { messageOf } from '../domain/errors.ts';
import { Outbox } from './outbox.ts';

const x = contactId('x');
const y = contactId('y');

describe('Outbox', () => {
  it('delivers in order, also what is posted meanwhile', () => {
    const outbox = new Outbox();
    const told: string[] = [];
    outbox.post(x, () => {
      told.push('first');
      outbox.post(y, () => told.push('posted meanwhile'));
    });
    outbox.post(x, () => told.push('second'));
    outbox.drain(() => undefined);
    expect(told).toEqual(['first', 'second', 'posted meanwhile']);
  });

  it('goes on after one that failed', () => {
    const outbox = new Outbox();
    const told: string[] = [];
    outbox.post(x, () => {
      throw new Error('owner is broken');
    });
    outbox.post(y, () => told.push('y'));
    outbox.drain((error) => told.push(messageOf(error)));
    expect(told).toEqual(['owner is broken', 'y']);
  });

  it('forgets what an owner need not hear any more, even while it delivers', () => {
    const outbox = new Outbox();
    const told: string[] = [];
    outbox.post(x, () => {
      told.push('x');
      outbox.forget(y);
    });
    outbox.post(y, () => told.push('y'));
    outbox.drain(() => undefined);
    expect(told).toEqual(['x']);
  });

  it('still tells the former owner of an id that another has taken over', () => {
    const outbox = new Outbox();
    const told: string[] = [];
    outbox.post(x, () => told.push('former'));
    outbox.release(x);
    outbox.post(x, () => told.push('new'));
    outbox.forget(x);
    outbox.drain(() => undefined);
    expect(told).toEqual(['former']);
  });
});
