import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StoreFixture } from './store.fixture.ts';

const CHILD = fileURLToPath(new URL('./kill.child.ts', import.meta.url));

interface Message {
  readonly ready?: number;
  readonly acknowledged?: number;
  readonly durable?: number;
}

describe('a process that is killed (kill -9)', () => {
  let fixture: StoreFixture;
  const children = new Set<ChildProcess>();

  async function startChild(round: number, ...more: string[]): Promise<ChildProcess> {
    const child = fork(CHILD, [fixture.path, `${round}`, ...more], { execArgv: ['--import', 'tsx'], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    children.add(child);
    const [message] = (await once(child, 'message')) as [Message];
    expect(message.ready).toBe(child.pid);
    return child;
  }

  beforeEach(() => {
    fixture = new StoreFixture();
  });
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL');
    children.clear();
    await fixture.clean();
  });

  it('loses nothing that was acknowledged, and leaves journal and events of one mind', { timeout: 60_000 }, async () => {
    for (let round = 1; round <= 4; round++) {
      const child = await startChild(round);
      let acknowledged = 0;
      const enough = 50 + Math.floor(Math.random() * 2000);
      child.on('message', (message: Message) => {
        acknowledged = Math.max(acknowledged, message.acknowledged ?? 0);
        if (acknowledged >= enough) child.kill('SIGKILL');
      });
      await once(child, 'close');
      children.delete(child);
      expect(child.signalCode).toBe('SIGKILL');
      expect(acknowledged).toBeGreaterThanOrEqual(enough);

      // The lock of the dead does not stand in the way.
      const store = await fixture.open();
      const rows = await store.events.read({ afterSeq: 0, limit: 1_000_000 });
      const numbers = rows.flatMap(({ event }) => (event.id.startsWith(`event-${round}-`) ? [Number(event.id.split('-')[2])] : []));
      expect(numbers).toEqual(Array.from({ length: numbers.length }, (_, i) => i + 1));
      expect(numbers.length).toBeGreaterThanOrEqual(acknowledged);
      const journal = await store.journal.load('session');
      const values = journal.map(({ record }) => record as { round: string; value: number }).filter((r) => r.round === `${round}`);
      expect(Math.max(...values.map((r) => r.value))).toBe(numbers.length);
      await store.close();
    }
  });

  it('loses nothing that was durable', { timeout: 60_000 }, async () => {
    for (let round = 1; round <= 2; round++) {
      const child = await startChild(round, 'promise');
      let durable = 0;
      const enough = 20 + Math.floor(Math.random() * 100);
      child.on('message', (message: Message) => {
        durable = Math.max(durable, message.durable ?? 0);
        if (durable >= enough) child.kill('SIGKILL');
      });
      await once(child, 'close');
      children.delete(child);
      expect(child.signalCode).toBe('SIGKILL');
      expect(durable).toBeGreaterThanOrEqual(enough);

      const store = await fixture.open();
      const values = (await store.journal.load('callback')).map(({ record }) => record as { round: string; value: number }).filter((r) => r.round === `${round}`);
      expect(values.map((r) => r.value)).toEqual(expect.arrayContaining(Array.from({ length: durable }, (_, i) => i + 1)));
      await store.close();
    }
  });

  it('holds its store against others while it lives, by name, and no longer', { timeout: 30_000 }, async () => {
    const child = await startChild(1, 'hold');
    await expect(fixture.open()).rejects.toMatchObject({ code: 'store.locked', fields: { pid: child.pid } });
    child.kill('SIGKILL');
    await once(child, 'close');
    await expect(fixture.open()).resolves.toBeDefined();
  });
});
