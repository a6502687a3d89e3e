/** Reads whether work was cancelled. The engine knows no AbortSignal (it is no part of the language), so it has its own. */
export interface CancelSignal {
  readonly cancelled: boolean;
  /** Calls `listener` once, at once if already cancelled. Returns how to forget it. */
  onCancel(listener: () => void): () => void;
}

/** The writing end of a CancelSignal. `cancel` is idempotent. */
export class Cancellation implements CancelSignal {
  #listeners: Set<() => void> | undefined = new Set();

  get cancelled(): boolean {
    return this.#listeners === undefined;
  }

  onCancel(listener: () => void): () => void {
    if (this.#listeners === undefined) {
      listener();
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => this.#listeners?.delete(listener);
  }

  cancel(): void {
    const listeners = this.#listeners;
    this.#listeners = undefined;
    for (const listener of listeners ?? []) listener();
  }
}
