import { randomInt } from 'node:crypto';
import type { IdSource } from '../../engine/ports/id-source.ts';

// Crockford's base 32 in lower case: no i, l, o, u to be misread; safe in file names, topics and dialplan variables.
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_CHARS = 9; // 45 bits of milliseconds: until the year 3084
const RANDOM_CHARS = 8; // 40 bits
const RANDOM_LIMIT = 32 ** RANDOM_CHARS;

/**
 * Ids such as `call-1jdxv3m5k0a7f3h2q`: time, then randomness. They sort by the order in which they were given out, also
 * within one millisecond and when the wall clock is set back.
 */
export function randomIds(now: () => number = () => Date.now()): IdSource {
  let lastMs = -1;
  let random = 0;
  return {
    next(prefix) {
      const ms = now();
      if (ms > lastMs) {
        lastMs = ms;
        random = randomInt(RANDOM_LIMIT);
      } else if (++random >= RANDOM_LIMIT) {
        lastMs += 1;
        random = 0;
      }
      return `${prefix}-${base32(lastMs, TIME_CHARS)}${base32(random, RANDOM_CHARS)}`;
    },
  };
}

function base32(value: number, chars: number): string {
  let text = '';
  for (let rest = value; text.length < chars; rest = Math.floor(rest / 32)) text = (ALPHABET[rest % 32] ?? '') + text;
  return text;
}
