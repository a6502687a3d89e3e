import { createServer, connect as connectTcp, type AddressInfo, type Socket } from 'node:net';
import { connectAsync, type MqttClient } from 'mqtt';
import { vi } from 'vitest';
import type { DomainEvent, DomainEventBody } from '../../engine/domain/events.ts';
import { callId } from '../../engine/domain/ids.ts';
import type { EventLog, EventQuery, EventReader, RecordedEvent } from '../../engine/ports/event-log.ts';

let made = 0;

/** An event with a new id. */
export function anEvent(body: DomainEventBody = { type: 'call.state', state: 'main' }, call: string | undefined = 'call-1'): DomainEvent {
  made += 1;
  return { v: 1, id: `event-${made}`, at: 1_700_000_000_000 + made, ...(call === '' ? {} : { callId: callId(call) }), ...body };
}

/** An event log in memory whose reads take a turn, and can be held up or made to fail. */
export class MemoryEventLog implements EventLog, EventReader {
  readonly rows: RecordedEvent[] = [];
  reads = 0;
  failReads = 0;
  /** Called within each read, before its rows are taken. */
  beforeRead: (() => void) | undefined;
  /** Called within each read, after its rows were taken: what happens here is what the read could not see. */
  duringRead: (() => void) | undefined;
  readonly #listeners = new Set<(batch: readonly RecordedEvent[]) => void>();

  append(...events: DomainEvent[]): void {
    // Places have gaps, as after a pruning.
    const batch = events.map((event, i) => ({ seq: (this.rows.at(-1)?.seq ?? 0) + 2 * (i + 1), event }));
    this.rows.push(...batch);
    for (const listener of this.#listeners) listener(batch);
  }

  async read(query: EventQuery): Promise<readonly RecordedEvent[]> {
    this.reads += 1;
    if (this.failReads > 0) {
      this.failReads -= 1;
      throw new Error('disk is gone');
    }
    this.beforeRead?.();
    const rows = this.rows
      .filter((row) => row.seq > query.afterSeq && (query.types === undefined || query.types.includes(row.event.type)))
      .slice(0, query.limit);
    this.duringRead?.();
    await new Promise((resolve) => setImmediate(resolve));
    return rows;
  }

  async lastSeq(): Promise<number> {
    return this.rows.at(-1)?.seq ?? 0;
  }

  onAppended(listener: (batch: readonly RecordedEvent[]) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

export interface Received {
  readonly topic: string;
  readonly payload: Record<string, unknown>;
  readonly retain: boolean;
  readonly qos: number;
}

/** A subscriber that keeps what it receives. */
export class Subscriber {
  readonly received: Received[] = [];
  readonly #client: MqttClient;

  private constructor(client: MqttClient) {
    this.#client = client;
    client.on('message', (topic, payload, packet) => {
      this.received.push({ topic, payload: JSON.parse(payload.toString()) as Record<string, unknown>, retain: packet.retain, qos: packet.qos });
    });
  }

  static async open(url: string, topic: string): Promise<Subscriber> {
    const client = await connectAsync(url, { reconnectPeriod: 5 });
    const subscriber = new Subscriber(client);
    await client.subscribeAsync(topic, { qos: 1 });
    return subscriber;
  }

  /** The ids of received events, each once, in the order in which they first came. */
  eventIds(): unknown[] {
    return [...new Set(this.received.filter((m) => m.topic.includes('/event/')).map((m) => m.payload['id']))];
  }

  last(topic: string): Received | undefined {
    return this.received.findLast((m) => m.topic === topic);
  }

  async close(): Promise<void> {
    await this.#client.endAsync(true);
  }
}

/** A TCP wire to a broker that can be cut, and kept cut. */
export class Wire {
  port = 0;
  /** While true, nobody gets through. */
  cut = false;
  readonly #pairs = new Set<[Socket, Socket]>();
  readonly #server;
  /** Where the wire leads to. */
  target: number;

  constructor(target: number) {
    this.target = target;
    this.#server = createServer((near) => {
      if (this.cut) {
        near.destroy();
        return;
      }
      const far = connectTcp(this.target, '127.0.0.1');
      const pair: [Socket, Socket] = [near, far];
      this.#pairs.add(pair);
      for (const socket of pair) {
        socket.on('error', () => undefined);
        socket.on('close', () => {
          near.destroy();
          far.destroy();
          this.#pairs.delete(pair);
        });
      }
      near.pipe(far).pipe(near);
    });
  }

  async open(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    this.port = (this.#server.address() as AddressInfo).port;
    return `mqtt://127.0.0.1:${this.port}`;
  }

  /** Cuts all connections that are there now. */
  drop(): void {
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  async close(): Promise<void> {
    this.drop();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** Waits until `assertion` holds: on a busy machine that may take a while, so the limit is far away. */
export function eventually<T>(assertion: () => T | Promise<T>): Promise<T> {
  return vi.waitFor(assertion, { timeout: 9000, interval: 5 });
}
