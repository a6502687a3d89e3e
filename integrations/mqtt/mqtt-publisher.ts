import type { MqttClient } from 'mqtt';
import type { DomainEventType } from '../../engine/domain/events.ts';
import type { EventReader, RecordedEvent } from '../../engine/ports/event-log.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { BrokerConnection } from './broker-connection.ts';
import { EventOutbox, type Cursor } from './event-outbox.ts';
import { eventMessage, stateMessage, stateMessageOf, type Message, type PersonalDataOnMqtt, type StateSnapshot } from './messages.ts';
import { StateBoard } from './state-board.ts';
import { DEFAULT_PUBLISHED_TYPES, topicsUnder, type Topics } from './topics.ts';

export interface MqttPublisherOptions {
  /** `mqtt://`, `mqtts://`, `ws://` or `wss://`; user and password may stand in it. */
  readonly url: string;
  readonly username?: string;
  readonly password?: string;
  /** PEM of whoever signed the broker's certificate; without it the authorities that Node knows. */
  readonly ca?: string;
  /** Names this engine in topics, in the payload and to the broker. Two engines on one broker need two names. */
  readonly engineId: string;
  /** The durable event log, as the outbox. */
  readonly events: EventReader;
  readonly cursor: Cursor;
  readonly logger: Logger;
  /** How agents and queues stand now; asked for whenever a connection opens. */
  readonly snapshot?: () => StateSnapshot;
  readonly types?: readonly DomainEventType[];
  readonly topicPrefix?: string;
  /** Default `dropped`. What the event log does not hold cannot be shown. */
  readonly personalData?: PersonalDataOnMqtt;
  readonly window?: number;
  readonly maxInMemory?: number;
  readonly keepCursorEveryMs?: number;
  readonly stateRestMs?: number;
  readonly retryMs?: number;
  readonly retryMaxMs?: number;
}

export interface MqttHealth {
  readonly connected: boolean;
  /** Events in memory that the broker has not acknowledged. */
  readonly waiting: number;
  /** True while more wait in the store. */
  readonly moreInStore: boolean;
  /** The place in the event log up to which everything was published or is not to be. */
  readonly doneSeq: number;
}

/**
 * Publishes the event log and the state of agents, queues and nodes (topics.ts). The broker may be down, slow or
 * restarted: nobody who announces notices, and what matters follows when it is back.
 */
export class MqttPublisher {
  readonly #options: MqttPublisherOptions;
  readonly #topics: Topics;
  readonly #outbox: EventOutbox;
  readonly #board: StateBoard;
  readonly #connection: BrokerConnection;
  readonly #startedAt = Date.now();
  #stopListening: (() => void) | undefined;
  #client: MqttClient | undefined;
  #closing = false;

  constructor(options: MqttPublisherOptions) {
    this.#options = options;
    this.#topics = topicsUnder(options.topicPrefix);
    this.#board = new StateBoard(options.stateRestMs);
    this.#outbox = new EventOutbox({
      source: options.events,
      cursor: options.cursor,
      types: options.types ?? DEFAULT_PUBLISHED_TYPES,
      logger: options.logger,
      ...(options.window === undefined ? {} : { window: options.window }),
      ...(options.maxInMemory === undefined ? {} : { maxInMemory: options.maxInMemory }),
      ...(options.keepCursorEveryMs === undefined ? {} : { keepCursorEveryMs: options.keepCursorEveryMs }),
    });
    this.#connection = new BrokerConnection(
      {
        url: options.url,
        clientId: `strowger-${options.engineId}`,
        lastWill: this.#status('offline'),
        logger: options.logger,
        ...(options.username === undefined ? {} : { username: options.username }),
        ...(options.password === undefined ? {} : { password: options.password }),
        ...(options.ca === undefined ? {} : { ca: options.ca }),
        ...(options.retryMs === undefined ? {} : { retryMs: options.retryMs }),
        ...(options.retryMaxMs === undefined ? {} : { retryMaxMs: options.retryMaxMs }),
      },
      { connected: (client) => this.#connected(client), disconnected: () => this.#disconnected() },
    );
  }

  /** Starts before anything is announced; does not wait for the broker. */
  async start(): Promise<void> {
    this.#stopListening = this.#options.events.onAppended((batch) => this.#showStates(batch));
    await this.#outbox.start();
    this.#connection.start();
  }

  health(): MqttHealth {
    const { inMemory, ...rest } = this.#outbox.backlog();
    return { connected: this.#connection.up, waiting: inMemory, ...rest };
  }

  /** Sends what waits (for `drainMs` at most), says goodbye and keeps the cursor. Flush the store before, close it after. */
  async close(drainMs = 1000): Promise<void> {
    this.#closing = true;
    this.#stopListening?.();
    const client = this.#client;
    if (client !== undefined) {
      await this.#outbox.drained(drainMs);
      const lastWords = this.#board.flush().then(() => this.#publish(client, this.#status('offline'), true));
      await Promise.race([lastWords.catch(() => undefined), wait(drainMs)]);
    }
    this.#outbox.close();
    this.#board.disconnect();
    await this.#connection.close();
  }

  #connected(client: MqttClient): void {
    this.#client = client;
    const online = this.#status('online');
    const publishState = (message: Message): Promise<void> => this.#publish(client, message, true);
    // The broker may publish the last will of our previous connection after it let us in again.
    client.on('message', (topic, payload) => {
      if (topic === online.topic && client === this.#client && !this.#closing && payload.toString().includes('"offline"')) this.#board.set(online);
    });
    client.subscribe(online.topic, { qos: 1 });
    this.#board.set(online);
    const { agents, queues } = this.#options.snapshot?.() ?? { agents: [], queues: [] };
    for (const agent of agents) this.#board.set(stateMessage(this.#topics, 'agent', agent.agentId, { v: 1, ...agent }));
    for (const queue of queues) this.#board.set(stateMessage(this.#topics, 'queue', queue.queueId, { v: 1, ...queue }));
    this.#board.connect(publishState);
    const { engineId, personalData = 'dropped' } = this.#options;
    this.#outbox.connect((recorded) => this.#publish(client, eventMessage(this.#topics, engineId, recorded, personalData), false));
  }

  #disconnected(): void {
    this.#client = undefined;
    this.#outbox.disconnect();
    this.#board.disconnect();
  }

  #showStates(batch: readonly RecordedEvent[]): void {
    for (const { event } of batch) {
      const message = stateMessageOf(this.#topics, event);
      if (message !== undefined) this.#board.set(message);
    }
  }

  #status(status: 'online' | 'offline'): Message {
    const { engineId } = this.#options;
    return stateMessage(this.#topics, 'engine', engineId, {
      v: 1,
      engine: engineId,
      status,
      ...(status === 'online' ? { since: this.#startedAt } : {}),
    });
  }

  #publish(client: MqttClient, { topic, payload }: Message, retain: boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      client.publish(topic, payload, { qos: 1, retain }, (error) => (error ? reject(error) : resolve()));
    });
  }
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
