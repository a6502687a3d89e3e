import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AsteriskProcess } from './asterisk-process.ts';
import { PrivateAsterisk } from './private-asterisk.ts';
import type { PrivateRoot } from './private-root.ts';

describe('PrivateAsterisk that does not come up', () => {
  let base: string;
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'strowger-boot-'));
    mkdirSync(join(base, 'runs'));
  });
  afterEach(() => rmSync(base, { recursive: true }));

  const rootRunning = (script: string): PrivateRoot => ({
    path: join(base, 'root'),
    libraryDir: join(base, 'root/lib'),
    command: (_program, args) => ({ file: '/bin/sh', args: ['-c', script, ...args], env: process.env }),
  });

  it('says how it ended, with what it printed, and removes its folder', async () => {
    const starting = PrivateAsterisk.start({ root: rootRunning('echo "cannot open shared object" >&2; exit 1'), parentDir: join(base, 'runs') });
    await expect(starting).rejects.toMatchObject({ code: 'pbx.boot', message: expect.stringMatching(/ended by itself[^]*cannot open shared object/) as string });
    expect(readdirSync(join(base, 'runs'))).toEqual([]);
  });

  it('refuses a bad configuration before anything is started', async () => {
    const starting = PrivateAsterisk.start({ root: rootRunning('exit 1'), parentDir: join(base, 'runs'), config: { hotlines: [{ number: '_.', flow: 'bank' }] } });
    await expect(starting).rejects.toMatchObject({ code: 'pbx.config' });
    expect(readdirSync(join(base, 'runs'))).toEqual([]);
  });
});

describe('AsteriskProcess', () => {
  const run = (script: string) => new AsteriskProcess({ file: '/bin/sh', args: ['-c', script], env: process.env }, tmpdir(), true);

  it('is killed when it does not end on request', async () => {
    const stubborn = run('echo started; trap "" TERM; while :; do sleep 0.05; done');
    const pid = stubborn.pid;
    while (!stubborn.console.includes('started')) await new Promise(setImmediate);
    await stubborn.kill();
    expect(stubborn.pid).toBeUndefined();
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
  });

  it('counts its CPU time', async () => {
    const busy = run('i=0; while [ $i -lt 60000 ]; do i=$((i+1)); done; echo done; exec sleep 60');
    while (!busy.console.includes('done')) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(busy.cpuMs()).toBeGreaterThan(0);
    await busy.end();
  });

  it('says why a program could not be started', async () => {
    const missing = new AsteriskProcess({ file: '/nonexistent/asterisk', args: [], env: process.env }, tmpdir(), false);
    await missing.exited;
    expect(missing.console).toContain('ENOENT');
    await missing.end();
  });

  it('removes its exit hook when the program has ended', async () => {
    const before = process.listenerCount('exit');
    const short = run('exit 0');
    expect(process.listenerCount('exit')).toBe(before + 1);
    await short.exited;
    expect(process.listenerCount('exit')).toBe(before);
  });

  it('runs with the rights of the configuration files kept to the owner', async () => {
    const base = mkdtempSync(join(tmpdir(), 'strowger-rights-'));
    const root: PrivateRoot = { path: join(base, 'root'), libraryDir: base, command: () => ({ file: '/bin/sh', args: ['-c', 'ls -l etc/pjsip.conf; exit 1'], env: process.env }) };
    const error: unknown = await PrivateAsterisk.start({ root, parentDir: base }).catch((reason: unknown) => reason);
    expect(String(error)).toContain('-rw-------');
    rmSync(base, { recursive: true });
  });
});
