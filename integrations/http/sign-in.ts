import { createHash, randomUUID } from 'node:crypto';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { Attempts, AttemptSubject } from '../../engine/ports/attempts.ts';
import { isPassword, NOBODYS_HASH } from './password.ts';
import type { ApiUser, Principal } from './principal.ts';

/** What wrong passwords are counted for: a user from one address, a user from anywhere, an address for any user. */
export const SIGN_IN_SCOPES = ['userAt', 'user', 'address'] as const;

export interface SignInOptions {
  readonly users: readonly ApiUser[];
  /** Knows the scopes of SIGN_IN_SCOPES. */
  readonly attempts: Attempts;
}

/** Each check takes 32 MiB and a thread for a moment: more at once would take them from the calls. */
const MOST_AT_ONCE = 2;
const MOST_WAITING = 20;

/** Signs people in by name and password. */
export class SignIn {
  readonly #users: ReadonlyMap<string, ApiUser>;
  readonly #attempts: Attempts;
  readonly #waiting: (() => void)[] = [];
  #running = 0;

  constructor({ users, attempts }: SignInOptions) {
    this.#users = new Map(users.map((user) => [user.name, user]));
    this.#attempts = attempts;
  }

  /** The name, if there is such a user: what people type into the field for the name is sometimes their password. */
  known(name: string): string | undefined {
    return this.#users.get(name)?.name;
  }

  /** Rejects with `api.unauthorized`, the same for a wrong name and a wrong password, and with `api.too-many` while a lock holds. */
  async check(name: string, password: string, address: string): Promise<Principal> {
    const ticket = this.#attempts.begin(randomUUID(), subjectsOf(name, address));
    if (!ticket.allowed) {
      throw new StrowgerError('api.too-many', 'Too many wrong passwords: signing in is locked for a while.', { fields: { retryAfterMs: Math.max(0, ticket.lock.until - Date.now()) } });
    }
    const user = this.#users.get(name);
    let isRight: boolean;
    try {
      isRight = await this.#inTurn(() => isPassword(password, user?.passwordHash ?? NOBODYS_HASH));
    } catch (error) {
      ticket.undone();
      throw error;
    }
    if (user === undefined || !isRight) {
      ticket.failed();
      throw new StrowgerError('api.unauthorized', 'The name or the password is wrong.');
    }
    ticket.succeeded();
    const { role, agentId } = user;
    return { name, role, ...(agentId === undefined ? {} : { agentId }), via: 'session' };
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#running >= MOST_AT_ONCE) {
      if (this.#waiting.length >= MOST_WAITING) throw new StrowgerError('api.too-many', 'Too many people sign in at this moment.', { fields: { retryAfterMs: 1_000 } });
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    } else this.#running += 1;
    try {
      return await work();
    } finally {
      // Whoever waits takes the place over.
      const next = this.#waiting.shift();
      if (next === undefined) this.#running -= 1;
      else next();
    }
  }
}

function subjectsOf(name: string, address: string): readonly AttemptSubject[] {
  // Whatever was typed for a name: bounded, without separators, and not to be read in the journal: it may be a password.
  const user = createHash('sha256').update(name).digest('base64url').slice(0, 22);
  return [
    { scope: 'userAt', key: `${user} ${address}` },
    { scope: 'user', key: user },
    { scope: 'address', key: address },
  ];
}
