import type { ContactId } from '../domain/ids.ts';

interface Message {
  /** Undefined: to be delivered in any case. */
  readonly contactId: ContactId | undefined;
  readonly deliver: () => void;
}

/** What owners are to be told, in order, once the call into the distributor has returned. */
export class Outbox {
  #messages: Message[] = [];

  post(contactId: ContactId, deliver: () => void): void {
    this.#messages.push({ contactId, deliver });
  }

  /** The owner has withdrawn the contact: it hears no more about it. */
  forget(contactId: ContactId): void {
    this.#messages = this.#messages.filter((message) => message.contactId !== contactId);
  }

  /** The id goes over to another owner: what the former one is still to be told, it will be told. */
  release(contactId: ContactId): void {
    this.#messages = this.#messages.map((message) =>
      message.contactId === contactId ? { contactId: undefined, deliver: message.deliver } : message,
    );
  }

  clear(): void {
    this.#messages = [];
  }

  /** Delivers until nothing is left; owners may call the distributor meanwhile, which may post more or make it forget some. */
  drain(failed: (error: unknown) => void): void {
    for (let message = this.#messages.shift(); message !== undefined; message = this.#messages.shift()) {
      try {
        message.deliver();
      } catch (error) {
        failed(error);
      }
    }
  }
}
