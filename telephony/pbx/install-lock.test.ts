import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withInstallLock } from './install-lock.ts';

describe('withInstallLock', () => {
  let dir: string;
  let lock: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'strowger-lock-'));
    lock = join(dir, 'pbx.lock');
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  const hold = (holder: object) => writeFileSync(lock, JSON.stringify(holder));

  it('lets one work at a time and tells the others whom they wait for', async () => {
    let inside = 0;
    let most = 0;
    const waitedFor: number[] = [];
    const one = () =>
      withInstallLock(
        lock,
        async () => {
          inside += 1;
          most = Math.max(most, inside);
          await new Promise(setImmediate);
          inside -= 1;
        },
        { onWait: (pid) => waitedFor.push(pid) },
      );
    await Promise.all([one(), one(), one()]);
    expect(most).toBe(1);
    expect(waitedFor).toEqual([process.pid, process.pid]);
    expect(readdirSync(dir)).toEqual([]);
  });

  it('is free again after a failure', async () => {
    await expect(withInstallLock(lock, () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(await withInstallLock(lock, () => Promise.resolve('next'))).toBe('next');
  });

  it('takes over the lock of a dead process', async () => {
    const dead = spawnSync('true').pid;
    hold({ host: hostname(), pid: dead, started: '1' });
    expect(await withInstallLock(lock, () => Promise.resolve('mine'))).toBe('mine');
    expect(readdirSync(dir)).toEqual([]);
  });

  it('takes over when the process id belongs to a later process by now', async () => {
    hold({ host: hostname(), pid: process.pid, started: '1' });
    expect(await withInstallLock(lock, () => Promise.resolve('mine'))).toBe('mine');
  });

  it('takes over the lock of another host only after a long silence', async () => {
    hold({ host: 'elsewhere', pid: 1, started: '1' });
    const waiting = new AbortController();
    await expect(
      withInstallLock(lock, () => Promise.resolve('mine'), { signal: waiting.signal, onWait: () => waiting.abort(new Error('waited')) }),
    ).rejects.toThrow();
    const longAgo = new Date(Date.now() - 120_000);
    utimesSync(lock, longAgo, longAgo);
    expect(await withInstallLock(lock, () => Promise.resolve('mine'))).toBe('mine');
  });

  it('leaves nothing behind when the wait is given up', async () => {
    hold({ host: 'elsewhere', pid: 1, started: '1' });
    await expect(withInstallLock(lock, () => Promise.resolve(), { signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough');
    expect(readdirSync(dir)).toEqual(['pbx.lock']);
  });
});
