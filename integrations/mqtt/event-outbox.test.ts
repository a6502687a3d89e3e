import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '../../engine/ports/event-log.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { EventOutbox, type EventOutboxOptions } from './event-outbox.ts';
import { anEvent, eventually, MemoryEventLog } from './mqtt.fixture.ts';

/** A receiver that acknowledges when told to. */
class Receiver {
  readonly got: string[] = [];
  /** Unacknowledged: call to acknowledge. */
  readonly open: { id: string; acknowledge: () => void; refuse: () => void }[] = [];
  automatic = true;

  readonly send = ({ event }: RecordedEvent): Promise<void> => {
    this.got.push(event.id);
    if (this.automatic) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.open.push({ id: event.id, acknowledge: resolve, refuse: () => reject(new Error('closed')) });
    });
  };
}

function setUp(options: Partial<EventOutboxOptions> = {}, cursor: { seq?: number } = {}) {
  const log = new MemoryEventLog();
  const create = (): EventOutbox =>
    new EventOutbox({
      source: log,
      cursor: { get: () => cursor.seq, set: (seq) => (cursor.seq = seq) },
      types: ['call.state', 'call.ended'],
      logger: silentLogger,
      keepCursorEveryMs: 0,
      retryMs: 1,
      ...options,
    });
  return { log, cursor, create, outbox: create(), receiver: new Receiver() };
}

const settled = (outbox: EventOutbox): Promise<boolean> => outbox.drained(3000);

describe('EventOutbox', () => {
  it('hands on from memory, in order, what is appended; only the wanted types', async () => {
    const { log, outbox, receiver } = setUp();
    await outbox.start();
    outbox.connect(receiver.send);
    await settled(outbox);
    const reads = log.reads;
    const [a, b, c] = [anEvent(), anEvent({ type: 'digit.pressed', digit: '1' }), anEvent()];
    log.append(a, b);
    log.append(c);
    await settled(outbox);
    expect(receiver.got).toEqual([a.id, c.id]);
    expect(log.reads).toBe(reads);
    outbox.close();
  });

  it('begins with the present when there is no cursor, and never with the past', async () => {
    const { log, outbox, receiver, cursor } = setUp();
    log.append(anEvent(), anEvent());
    await outbox.start();
    expect(cursor.seq).toBe(4);
    const now = anEvent();
    log.append(now);
    outbox.connect(receiver.send);
    await settled(outbox);
    expect(receiver.got).toEqual([now.id]);
    outbox.close();
  });

  it('goes on from the cursor after a restart', async () => {
    const { log, create, outbox, receiver, cursor } = setUp({}, { seq: 0 });
    const events = [anEvent(), anEvent(), anEvent()];
    log.append(...events);
    await outbox.start();
    receiver.automatic = false;
    outbox.connect(receiver.send);
    await eventually(() => expect(receiver.open).toHaveLength(3));
    receiver.open[0]?.acknowledge();
    receiver.open[2]?.acknowledge(); // out of order: the one between keeps the cursor back
    await eventually(() => expect(outbox.backlog().inMemory).toBe(2));
    outbox.close();
    expect(cursor.seq).toBe(3);

    const next = create();
    const second = new Receiver();
    await next.start();
    next.connect(second.send);
    await settled(next);
    expect(second.got).toEqual([events[1]?.id, events[2]?.id]);
    next.close();
    expect(cursor.seq).toBe(6);
  });

  it('sends again what was not acknowledged when the receiver comes back, and nothing else', async () => {
    const { log, outbox, receiver } = setUp({}, { seq: 0 });
    await outbox.start();
    receiver.automatic = false;
    outbox.connect(receiver.send);
    const [a, b, c] = [anEvent(), anEvent(), anEvent()];
    log.append(a, b);
    await eventually(() => expect(receiver.open).toHaveLength(2));
    receiver.open[0]?.acknowledge();
    await eventually(() => expect(outbox.backlog().inMemory).toBe(1));
    outbox.disconnect();
    receiver.open[1]?.refuse();
    log.append(c);
    const back = new Receiver();
    outbox.connect(back.send);
    await settled(outbox);
    expect(back.got).toEqual([b.id, c.id]);
    outbox.close();
  });

  it('keeps no more than its window under way and its limit in memory', async () => {
    const { log, outbox, receiver } = setUp({ window: 3, maxInMemory: 10 }, { seq: 0 });
    await outbox.start();
    receiver.automatic = false;
    outbox.connect(receiver.send);
    const events = Array.from({ length: 50 }, () => anEvent());
    for (const event of events) {
      log.append(event);
      expect(outbox.backlog().inMemory).toBeLessThanOrEqual(10);
    }
    await eventually(() => expect(receiver.open).toHaveLength(3));
    expect(outbox.backlog().moreInStore).toBe(true);
    while (receiver.open.length > 0) {
      expect(receiver.open.length).toBeLessThanOrEqual(3);
      receiver.open.shift()?.acknowledge();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await settled(outbox)).toBe(true);
    expect(receiver.got).toEqual(events.map((e) => e.id));
    outbox.close();
  });

  it('does not lose what is appended while it reads the store', async () => {
    const { log, outbox, receiver } = setUp({}, { seq: 0 });
    const [a, b] = [anEvent(), anEvent()];
    log.append(a);
    log.duringRead = () => {
      log.duringRead = undefined;
      log.append(b);
    };
    await outbox.start();
    outbox.connect(receiver.send);
    await settled(outbox);
    expect(receiver.got).toEqual([a.id, b.id]);
    outbox.close();
  });

  it('does not send twice what comes both from the store and live', async () => {
    const { log, outbox, receiver } = setUp({}, { seq: 0 });
    const event = anEvent();
    log.beforeRead = () => {
      log.beforeRead = undefined;
      log.append(event);
    };
    await outbox.start();
    outbox.connect(receiver.send);
    await settled(outbox);
    expect(receiver.got).toEqual([event.id]);
    outbox.close();
  });

  it('tries again when the store cannot be read', async () => {
    const { log, outbox, receiver } = setUp({}, { seq: 0 });
    const event = anEvent();
    log.append(event);
    log.failReads = 3;
    await outbox.start();
    outbox.connect(receiver.send);
    expect(await settled(outbox)).toBe(true);
    expect(receiver.got).toEqual([event.id]);
    outbox.close();
  });

  it('says when it is not done in time', async () => {
    const { log, outbox } = setUp({}, { seq: 0 });
    log.append(anEvent());
    await outbox.start();
    expect(await outbox.drained(5)).toBe(false);
    outbox.close();
  });

  it('delivers every wanted event, in order, whatever comes and goes (property)', async () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('append' as const), count: fc.integer({ min: 1, max: 30 }), wanted: fc.boolean() }),
      fc.record({ do: fc.constantFrom('connect' as const, 'disconnect' as const, 'acknowledge' as const, 'turn' as const, 'restart' as const, 'fail' as const, 'sneak' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { log, create, outbox } = setUp({ window: 4, maxInMemory: 12, retryMs: 0 }, { seq: 0 });
        let current = outbox;
        await current.start();
        let receiver = new Receiver();
        const received: string[] = [];
        const wanted: string[] = [];
        const collect = (): void => void received.push(...receiver.got);
        const append = (count: number, isWanted: boolean): void => {
          const events = Array.from({ length: count }, () => anEvent(isWanted ? undefined : { type: 'digit.pressed', digit: '1' }));
          if (isWanted) wanted.push(...events.map((e) => e.id));
          log.append(...events);
        };
        for (const s of steps) {
          if (s.do === 'append') append(s.count, s.wanted);
          else if (s.do === 'connect' || s.do === 'disconnect') {
            collect();
            current.disconnect();
            receiver = new Receiver();
            receiver.automatic = false;
            if (s.do === 'connect') current.connect(receiver.send);
          } else if (s.do === 'acknowledge') {
            for (const open of receiver.open.splice(0)) open.acknowledge();
          } else if (s.do === 'restart') {
            collect();
            receiver = new Receiver();
            current.close();
            current = create();
            await current.start();
          } else if (s.do === 'fail') log.failReads = 1;
          else if (s.do === 'sneak') {
            log.duringRead = () => {
              log.duringRead = undefined;
              append(15, true);
            };
          }
          if (s.do === 'turn') await new Promise((resolve) => setImmediate(resolve));
          expect(current.backlog().inMemory).toBeLessThanOrEqual(12);
        }
        collect();
        current.disconnect();
        receiver = new Receiver();
        current.connect(receiver.send);
        expect(await settled(current)).toBe(true);
        collect();
        current.close();
        expect([...new Set(received)]).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });
});
