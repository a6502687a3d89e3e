/** Runs tasks of one key one after another and at most `limit` tasks in all; those that wait start in order of arrival. */
export class OrderedGate {
  readonly #limit: number;
  readonly #waiting: { readonly key: string; readonly run: () => Promise<void> }[] = [];
  readonly #busy = new Set<string>();
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** `run` must not reject. */
  enter(key: string, run: () => Promise<void>): void {
    this.#waiting.push({ key, run });
    this.#next();
  }

  #next(): void {
    const passed = new Set<string>();
    for (let i = 0; i < this.#waiting.length && this.#running < this.#limit; ) {
      const task = this.#waiting[i];
      if (task === undefined) break;
      if (this.#busy.has(task.key) || passed.has(task.key)) {
        passed.add(task.key);
        i += 1;
        continue;
      }
      this.#waiting.splice(i, 1);
      this.#busy.add(task.key);
      this.#running += 1;
      void task.run().then(() => {
        this.#busy.delete(task.key);
        this.#running -= 1;
        this.#next();
      });
    }
  }
}
