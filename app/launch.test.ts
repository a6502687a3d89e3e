import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';

const MODULES = join(import.meta.dirname, '../node_modules');
let root: string;
const store = (): string => join(root, 'node_modules/.cache/strowger');
const put = (file: string, text: string): void => {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
};
const run = async (...args: readonly string[]): Promise<string> => (await promisify(execFile)(process.execPath, [join(root, 'app/launch.mjs'), ...args])).stdout;

/** A small project of the same shape. */
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'strowger-launch-'));
  mkdirSync(join(root, 'app'));
  copyFileSync(join(import.meta.dirname, 'launch.mjs'), join(root, 'app/launch.mjs'));
  mkdirSync(join(root, 'node_modules'));
  for (const name of readdirSync(MODULES).filter((one) => !one.startsWith('.'))) symlinkSync(join(MODULES, name), join(root, 'node_modules', name));
  put('package.json', '{"type":"module"}');
  put('package-lock.json', '{}');
  put('app/cli/main.ts', `import { told } from '../../engine/told.ts';\nconst { late } = await import('../late.ts');\nconst from: string = import.meta.filename.endsWith('.ts') ? 'sources' : 'compiled';\nconsole.log(told, late, from, ...process.argv.slice(2));\n`);
  put('app/late.ts', "export const late: string = 'late';\n");
  put('app/broken.test.ts', 'this is no program\n');
  put('engine/told.ts', "export const told: string = 'first';\n");
  for (const folder of ['asterisk-config', 'flows', 'integrations', 'telephony']) mkdirSync(join(root, folder));
});
afterEach(() => rmSync(root, { recursive: true }));

it('compiles what it runs once, and anew when a file is another one', async () => {
  expect(await run('serve', '--config', 'a file')).toBe('first late compiled serve --config a file\n');
  const [compiled] = readdirSync(store());
  expect(await run()).toBe('first late compiled\n');
  expect(readdirSync(store())).toEqual([compiled]);
  put('engine/told.ts', "export const told: string = 'changed';\n");
  expect(await run()).toBe('changed late compiled\n');
  expect(readdirSync(store())).toHaveLength(2);
});

it('may begin several times at once', async () => {
  expect(new Set(await Promise.all([run(), run(), run()]))).toEqual(new Set(['first late compiled\n']));
  expect(readdirSync(store())).toHaveLength(1);
});

it('forgets what was compiled long ago', async () => {
  mkdirSync(join(store(), 'old'), { recursive: true });
  mkdirSync(join(store(), 'new'));
  utimesSync(join(store(), 'old'), 1, 1);
  await run();
  expect(readdirSync(store())).toHaveLength(2);
  expect(readdirSync(store())).toContain('new');
});

it('runs what is for developers from the sources, and tells of a fault in a file as they do', async () => {
  expect(await run('test')).toBe('first late sources test\n');
  put('engine/told.ts', 'export const told = ;\n');
  await expect(run()).rejects.toThrow('engine/told.ts');
});
