import { createHash, randomBytes } from 'node:crypto';
import type { Principal } from './principal.ts';

export interface WebSessionsOptions {
  /** Ends when nothing was asked for so long. */
  readonly idleMs: number;
  /** Ends after this, whatever was asked. */
  readonly longestMs: number;
  readonly now?: () => number;
}

export interface WebSession {
  readonly principal: Principal;
  /** What the page sends back with each change: another page can make the browser send the cookie, but cannot read this. */
  readonly csrfToken: string;
}

interface Kept extends WebSession {
  readonly beganAt: number;
  lastAt: number;
}

/** Of one user: a person has a few browsers. */
const MOST_OF_ONE = 8;
const MOST = 2_000;
const BYTES = 32;

/** Who is signed in with a browser. In memory: after a restart of the engine people sign in anew. Ids are kept as hashes, so a dump of the memory opens none. */
export class WebSessions {
  readonly #o: WebSessionsOptions;
  /** By the hash of the id; the least recently begun first. */
  readonly #sessions = new Map<string, Kept>();

  constructor(options: WebSessionsOptions) {
    this.#o = options;
  }

  /** Begins a session. Returns its id, for the cookie and nowhere else. */
  begin(principal: Principal): { readonly id: string; readonly session: WebSession } {
    const now = this.#now();
    for (const [key, kept] of this.#sessions) if (this.#isOver(kept, now)) this.#sessions.delete(key);
    const own = [...this.#sessions].filter(([, { principal: { name } }]) => name === principal.name);
    for (const [key] of own.slice(0, Math.max(0, own.length - MOST_OF_ONE + 1))) this.#sessions.delete(key);
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= MOST && oldest !== undefined) this.#sessions.delete(oldest);
    const id = randomBytes(BYTES).toString('base64url');
    const session: Kept = { principal, csrfToken: randomBytes(BYTES).toString('base64url'), beganAt: now, lastAt: now };
    this.#sessions.set(keyOf(id), session);
    return { id, session };
  }

  /** The session of a cookie, which goes on with it; undefined when there is none any more. */
  find(id: string): WebSession | undefined {
    const key = keyOf(id);
    const kept = this.#sessions.get(key);
    if (kept === undefined) return undefined;
    const now = this.#now();
    if (this.#isOver(kept, now)) {
      this.#sessions.delete(key);
      return undefined;
    }
    kept.lastAt = now;
    return kept;
  }

  end(id: string): void {
    this.#sessions.delete(keyOf(id));
  }

  get size(): number {
    return this.#sessions.size;
  }

  #isOver({ beganAt, lastAt }: Kept, now: number): boolean {
    return now - lastAt > this.#o.idleMs || now - beganAt > this.#o.longestMs;
  }

  #now(): number {
    return this.#o.now?.() ?? Date.now();
  }
}

const keyOf = (id: string): string => createHash('sha256').update(id).digest('base64url');
