import fc from 'fast-check';
import { expect, it } from 'vitest';
import { covers, isTopicFilter } from './broker-users.ts';

it.each([
  ['#', 'a/b', true],
  ['#', '#', true],
  ['#', '$SYS/x', false],
  ['$SYS/#', '$SYS/x', true],
  ['strowger/v1/#', 'strowger/v1/event/#', true],
  ['strowger/v1/#', 'strowger/v1', true],
  ['strowger/v1/#', '#', false],
  ['strowger/v1/#', 'strowger/+/event', false],
  ['strowger/+/event', 'strowger/v1/event', true],
  ['strowger/+/event', 'strowger/+/event', true],
  ['strowger/+/event', 'strowger/#', false],
  ['strowger/v1/event/call/+/c1', 'strowger/v1/event/call/started/c1', true],
  ['strowger/v1/event/call/+/c1', 'strowger/v1/event/call/started/c2', false],
  ['a/b', 'a/b/#', false],
  ['a/b', 'a', false],
  ['a/b', 'a/b/c', false],
  ['+', 'a', true],
  ['+', 'a/b', false],
])('%s covers %s: %s', (allowed, wanted, expected) => expect(covers(allowed, wanted)).toBe(expected));

const level = fc.constantFrom('a', 'b', '', '+');
const filter = fc.tuple(fc.array(level, { minLength: 1, maxLength: 4 }), fc.boolean()).map(([levels, rest]) => [...levels, ...(rest ? ['#'] : [])].join('/')).filter((text) => text !== '');
const topic = fc.array(fc.constantFrom('a', 'b', ''), { minLength: 1, maxLength: 5 }).map((levels) => levels.join('/')).filter((text) => text !== '');

/** As MQTT 3.1.1 §4.7 says of a topic. */
function matches(of: string, name: string): boolean {
  const pattern = of.split('/').map((one) => (one === '+' ? '[^/]*' : one)).join('/');
  return new RegExp(`^${pattern.endsWith('/#') ? `${pattern.slice(0, -2)}(/.*)?` : pattern === '#' ? '.*' : pattern}$`).test(name);
}

it('a filter that is covered matches no topic that the other does not', () => {
  fc.assert(
    fc.property(filter, filter, topic, (allowed, wanted, name) => {
      expect(isTopicFilter(allowed)).toBe(true);
      if (covers(allowed, wanted) && matches(wanted, name)) expect(matches(allowed, name), `${allowed} for ${wanted}`).toBe(true);
      expect(covers(allowed, name)).toBe(matches(allowed, name));
    }),
    { numRuns: 5_000 },
  );
});

it.each(['', 'a#', 'a/#/b', 'a+/b', '#a', 'a\0'])('%j is no filter', (text) => expect(isTopicFilter(text)).toBe(false));
