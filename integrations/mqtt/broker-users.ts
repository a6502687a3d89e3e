import { createHash, timingSafeEqual } from 'node:crypto';

/** Who may use the embedded broker, and for which topics. Filters as MQTT has them, with `+` and `#`. */
export interface BrokerUser {
  readonly name: string;
  readonly password: string;
  /** What may be subscribed to. */
  readonly subscribe: readonly string[];
  /** What may be published to; never anything below the engine's own topics. */
  readonly publish: readonly string[];
}

export function isPasswordOf(user: BrokerUser | undefined, given: string): boolean {
  // Hashes have one length; compared also when there is no such user.
  return timingSafeEqual(hash(given), hash(user?.password ?? '')) && user !== undefined;
}

function hash(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** Whether all topics that `wanted` matches (a topic or a filter) are matched by `allowed` (MQTT 3.1.1 §4.7). */
export function covers(allowed: string, wanted: string): boolean {
  const [mine, theirs] = [allowed.split('/'), wanted.split('/')];
  // A wildcard at the beginning matches no topic of the broker itself (§4.7.2).
  if (theirs[0]?.startsWith('$') === true && mine[0] !== theirs[0]) return false;
  for (let level = 0; level < mine.length; level += 1) {
    const [allowedLevel, wantedLevel] = [mine[level], theirs[level]];
    if (allowedLevel === '#') return true;
    // `a/#` also matches `a` itself (§4.7.1.2), so a filter that ends here may be wider than ours.
    if (wantedLevel === undefined || wantedLevel === '#') return false;
    if (allowedLevel !== '+' && allowedLevel !== wantedLevel) return false;
  }
  return mine.length === theirs.length;
}

/** A filter that MQTT allows (§4.7.1): wildcards fill a whole level, `#` the last one. */
export function isTopicFilter(filter: string): boolean {
  const levels = filter.split('/');
  return filter !== '' && !filter.includes('\0') && levels.every((level, index) => level === '+' || (level === '#' && index === levels.length - 1) || !/[+#]/.test(level));
}
