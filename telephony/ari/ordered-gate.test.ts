import { describe, expect, it } from 'vitest';
import { OrderedGate } from './ordered-gate.ts';

describe('an ordered gate', () => {
  it('runs one task of a key at a time, others beside it, at most so many in all', async () => {
    const gate = new OrderedGate(3);
    const log: string[] = [];
    const running = new Set<string>();
    let most = 0;
    const finish: (() => void)[] = [];
    const enter = (key: string, name: string) =>
      gate.enter(key, () => {
        expect([...running].filter((each) => each.startsWith(key))).toEqual([]);
        log.push(name);
        running.add(name);
        most = Math.max(most, running.size);
        return new Promise<void>((resolve) =>
          finish.push(() => {
            running.delete(name);
            resolve();
          }),
        );
      });
    for (const name of ['a1', 'a2', 'b1', 'a3', 'c1', 'd1', 'b2']) enter(name.charAt(0), name);
    expect(log).toEqual(['a1', 'b1', 'c1']);
    while (finish.length > 0) {
      finish.shift()?.();
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(log.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(log.filter((name) => name.startsWith('b'))).toEqual(['b1', 'b2']);
    expect(log).toHaveLength(7);
    expect(most).toBe(3);
  });
});
