import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const REPORTER = join(ROOT, 'test/stuck-test-reporter.ts');

describe('a run with a test that spins', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'strowger-test-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it(
    'ends as failed, says where, and runs the other files',
    async () => {
      writeFileSync(
        join(folder, 'vitest.config.mts'),
        `import StuckTestReporter from ${JSON.stringify(REPORTER)};
         export default { test: { globals: true, reporters: ['default', new StuckTestReporter({ limitMs: 3_000 })] } };`,
      );
      writeFileSync(join(folder, 'spins.test.ts'), `it('spins', async () => { for (;;) await Promise.resolve(); });`);
      writeFileSync(join(folder, 'works.test.ts'), `it('works', () => expect(1).toBe(1));`);
      const { code, output } = await run(join(ROOT, 'node_modules/.bin/vitest'), ['run', '--root', folder, '--config', join(folder, 'vitest.config.mts')]);
      expect(output).toMatch(/Nothing has moved for 3 s.*\n.*spins\.test\.ts/);
      expect(output).toMatch(/1 passed/);
      expect(code).toBe(1);
    },
    60_000,
  );
});

function run(file: string, args: readonly string[]): Promise<{ readonly code: number | string | null | undefined; readonly output: string }> {
  return new Promise((fulfil) => {
    execFile(file, args, { env: { ...process.env, NO_COLOR: '1' } }, (error, stdout, stderr) => fulfil({ code: error === null ? 0 : error.code, output: stdout + stderr }));
  });
}
