import type { Message } from './messages.ts';

/** Publishes one retained message; resolves when the broker has it. */
export type PublishState = (message: Message) => Promise<void>;

/**
 * The newest value of each retained topic, on its way to the broker. Values that were overtaken are not sent: a topic
 * has one message under way at a time and rests `restMs` after it, so a busy queue costs a few messages a second. A
 * broker that comes back gets all of them, because it may have forgotten.
 */
export class StateBoard {
  readonly #restMs: number;
  readonly #newest = new Map<string, Message>();
  /** Topics whose newest value is not on the broker. */
  readonly #due = new Set<string>();
  /** Topics with a message under way, or resting after one. */
  readonly #busy = new Map<string, Promise<void>>();
  readonly #timers = new Set<NodeJS.Timeout>();
  #publish: PublishState | undefined;

  constructor(restMs = 200) {
    this.#restMs = restMs;
  }

  set(message: Message): void {
    this.#newest.set(message.topic, message);
    this.#due.add(message.topic);
    this.#send(message.topic);
  }

  connect(publish: PublishState): void {
    this.disconnect();
    this.#publish = publish;
    for (const topic of this.#newest.keys()) {
      this.#due.add(topic);
      this.#send(topic);
    }
  }

  disconnect(): void {
    this.#publish = undefined;
    this.#busy.clear();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  /** Sends what is due without any rest; resolves when the broker has it. For the end. */
  async flush(): Promise<void> {
    const publish = this.#publish;
    if (publish === undefined) return;
    await Promise.all([...this.#busy.values()]);
    const messages = [...this.#due].flatMap((topic) => this.#newest.get(topic) ?? []);
    this.#due.clear();
    await Promise.all(messages.map(publish));
  }

  #send(topic: string): void {
    const publish = this.#publish;
    const message = this.#newest.get(topic);
    if (publish === undefined || message === undefined || !this.#due.has(topic) || this.#busy.has(topic)) return;
    this.#due.delete(topic);
    const sent = publish(message).then(
      () => this.#rest(topic, publish),
      () => {
        // The connection ended: the next one gets all topics.
      },
    );
    this.#busy.set(topic, sent);
  }

  #rest(topic: string, publish: PublishState): void {
    if (publish !== this.#publish) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#busy.delete(topic);
      this.#send(topic);
    }, this.#restMs);
    timer.unref();
    this.#timers.add(timer);
  }
}
