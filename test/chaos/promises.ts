/** Asks the engine's API; throws what it answers when that is no success. */
export type AskApi = (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>;

interface Callback {
  readonly callbackId: string;
  readonly stage: string;
}

/** Callbacks that the engine has promised: whatever happens to it afterwards, it must know each of them until it has ended. */
export class Promises {
  readonly #ask: AskApi;
  readonly #customers: readonly string[];
  /** Of whom one is open: the customer's number. */
  readonly #open = new Map<string, string>();
  /** All that were promised. */
  made = 0;

  constructor(ask: AskApi, customers: readonly string[]) {
    this.#ask = ask;
    this.#customers = customers;
  }

  /** Somebody wants to be called back, if anybody is left. An engine that is away, or does not answer, has promised nothing. */
  async make(queueId: string): Promise<void> {
    const busy = new Set(this.#open.values());
    const number = this.#customers.find((one) => !busy.has(one));
    if (number === undefined) return;
    const made = (await this.#ask('POST', '/api/v1/callbacks', { queueId, number }).catch(() => undefined)) as Callback | undefined;
    if (made === undefined) return;
    this.#open.set(made.callbackId, number);
    this.made += 1;
  }

  /** What the engine has forgotten. Those that have ended count as kept. */
  async forgotten(): Promise<readonly string[]> {
    const wrong: string[] = [];
    for (const callbackId of [...this.#open.keys()]) {
      try {
        const { stage } = (await this.#ask('GET', `/api/v1/callbacks/${callbackId}`)) as Callback;
        if (stage === 'ended') this.#open.delete(callbackId);
      } catch (error) {
        if (!String(error).includes('callback.unknown')) throw error;
        wrong.push(`the callback ${callbackId} was promised, and nobody knows of it`);
      }
    }
    return wrong;
  }

  /** No more are to be placed, nor those that callers asked for. True when none is open any more: one whose customer's phone rings ends by itself. */
  async close(): Promise<boolean> {
    const { callbacks } = (await this.#ask('GET', '/api/v1/callbacks')) as { readonly callbacks: readonly Callback[] };
    await Promise.allSettled(callbacks.map(({ callbackId }) => this.#ask('POST', `/api/v1/callbacks/${callbackId}/cancel`, {})));
    return callbacks.length === 0;
  }
}
