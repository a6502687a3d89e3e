import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isStrowgerError, type StrowgerError } from '../../engine/domain/errors.ts';
import { fingerprint, runSpeechProgram, type SpeechCommand } from './speech-program.ts';

// Node itself is the program: `node -e SCRIPT`.
const node: SpeechCommand = { file: process.execPath, args: ['-e'], env: process.env };
const run = (script: string, options: { readonly input?: string; readonly timeoutMs?: number } = {}) =>
  runSpeechProgram(node, { args: [script], timeoutMs: 20_000, ...options });

async function failure(running: Promise<unknown>): Promise<StrowgerError> {
  const error: unknown = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isStrowgerError(error, 'prompt.synthesis')) throw new Error(`expected prompt.synthesis, got ${String(error)}`);
  return error;
}

describe('runSpeechProgram', () => {
  it('hands over input and brings back all output, as bytes', async () => {
    const output = await run('process.stdin.on("data", (d) => process.stdout.write(d)); process.stdout.write(Buffer.alloc(300000, 255))', { input: '您好' });
    expect(output.subarray(0, 300_000).every((byte) => byte === 255)).toBe(true);
    expect(output.subarray(300_000).toString()).toBe('您好');
  });

  it('tells what the program said when it failed, and how it was called', async () => {
    const error = await failure(run('console.error("no such voice"); process.exit(3)'));
    expect(error.message).toContain('ended with 3, saying "no such voice"');
    expect(error.message).toContain(process.execPath);
  });

  it('ends a program that takes too long', async () => {
    const error = await failure(run('setInterval(() => {}, 1000)', { timeoutMs: 50 }));
    expect(error.message).toContain('ended after 50 ms');
  });

  it('tells a crash from that', async () => {
    expect((await failure(run('process.abort()'))).message).toContain('SIGABRT');
  });

  it('says that a program is not there', async () => {
    const error = await failure(runSpeechProgram({ ...node, file: '/nowhere/espeak-ng' }, { args: [], input: 'x', timeoutMs: 1_000 }));
    expect(error.message).toContain('could not be started');
  });

  it('does not mind a program that leaves its input unread', async () => {
    await expect(run('process.exit(0)', { input: 'x'.repeat(500_000) })).resolves.toHaveLength(0);
  });
});

describe('fingerprint', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'strowger-speech-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));

  function program(folder: string, content: string): SpeechCommand {
    const file = join(dir, folder);
    writeFileSync(file, content);
    utimesSync(file, 1_000, 1_000);
    return { file: '/bin/sh', args: ['--argv0', 'espeak-ng', file], env: {} };
  }

  it('changes with the program, not with its place', () => {
    const before = fingerprint(program('a', 'one'));
    expect(fingerprint(program('b', 'one'))).toBe(before);
    expect(fingerprint(program('b', 'three'))).not.toBe(before);
    const touched = program('a', 'one');
    utimesSync(join(dir, 'a'), 2_000, 2_000);
    expect(fingerprint(touched)).not.toBe(before);
  });

  it('exists for a program that does not', () => {
    expect(fingerprint({ file: '/nowhere/flite', args: [], env: {} })).toMatch(/^[0-9a-f]{12}$/);
  });
});
