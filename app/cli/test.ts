import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import type { Terminal } from './terminal.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name);

/** The tests of all that reads from outside, with as many inputs as one likes. */
const READERS: readonly string[] = ['test/fuzz/', 'engine/domain/caller-id', 'telephony/ari/originate-params', 'telephony/recognition/speech-protocol', 'integrations/numbering/libphonenumber-plan'];

interface Counts {
  passed: number;
  failed: number;
}

export interface TestOptions {
  readonly unit?: boolean;
  readonly repeat: string;
  readonly faults: string;
  readonly callers: string;
  readonly seed: string;
  readonly inputs: string;
}

/** Everything that must hold before a change lands. Ends with `N passed, N failed`; exit code 1 when anything failed. */
export async function test(
  terminal: Terminal,
  filters: readonly string[],
  options: TestOptions,
): Promise<void> {
  if (filters[0] === 'chaos') {
    // Read by test/chaos; without them it is a small part that runs with all other tests.
    Object.assign(process.env, { STROWGER_CHAOS_FAULTS: options.faults, STROWGER_CHAOS_CALLERS: options.callers, STROWGER_CHAOS_SEED: options.seed });
    return test(terminal, ['test/chaos'], options);
  }
  if (filters[0] === 'fuzz') {
    Object.assign(process.env, { STROWGER_FUZZ_INPUTS: options.inputs, STROWGER_PROPERTY_RUNS: options.inputs });
    return test(terminal, READERS, { ...options, unit: true });
  }
  const counts: Counts = { passed: 0, failed: 0 };
  const repeat = Math.max(1, Number.parseInt(options.repeat, 10) || 1);
  if (filters.length === 0) {
    // Each rule counts as one test: a failed one must not hide behind green unit tests.
    const types = async (): Promise<void> => {
      await step(terminal, counts, 'types', bin('tsc'), ['-p', 'tsconfig.json']);
      await step(terminal, counts, 'types of the engine, which has no Node', bin('tsc'), ['-p', 'tsconfig.engine.json']);
      await step(terminal, counts, 'dependency rules', bin('depcruise'), ['--config', '.dependency-cruiser.mjs', 'engine', 'flows', 'telephony', 'integrations', 'app', 'test', 'bench']);
    };
    const lint = step(terminal, counts, 'lint', bin('eslint'), ['--max-warnings', '0', '--cache', '--cache-location', 'node_modules/.cache/eslint/', '.']);
    await Promise.all([lint, types()]);
  }
  if (!options.unit) {
    const started = Date.now();
    await ensurePrivateRoot({ onProgress: ({ name, detail }) => terminal.progress(`  ${name} ${detail ?? ''}`) });
    terminal.note(`✓ a private Asterisk and its peers (${seconds(Date.now() - started)})`);
  }
  for (let round = 1; round <= repeat; round += 1) {
    if (repeat > 1) terminal.note(`round ${round} of ${repeat}`);
    await vitest(terminal, counts, 'unit', filters);
    if (!options.unit) for (const project of ['live', 'live-alone']) await vitest(terminal, counts, project, filters);
  }
  if (counts.passed + counts.failed === 0) counts.failed = 1;
  terminal.line(`${counts.passed} passed, ${counts.failed} failed`);
  if (counts.failed > 0) process.exitCode = 1;
}

async function step(terminal: Terminal, counts: Counts, name: string, file: string, args: readonly string[]): Promise<void> {
  const started = Date.now();
  terminal.progress(`  ${name} …`);
  const { code, output } = await run(file, args, false);
  if (code === 0) {
    counts.passed += 1;
    terminal.note(`${terminal.colors.green('✓')} ${name} (${seconds(Date.now() - started)})`);
  } else {
    counts.failed += 1;
    terminal.note(`${terminal.colors.red('✗')} ${name}\n${output}`);
  }
}

async function vitest(terminal: Terminal, counts: Counts, project: string, filters: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-test-'));
  const report = join(folder, 'report.json');
  try {
    terminal.note(`${project} tests`);
    const { code } = await run(
      bin('vitest'),
      ['run', '--project', project, '--reporter=default', '--reporter=json', '--reporter=./test/stuck-test-reporter.ts', `--outputFile.json=${report}`, '--passWithNoTests', ...filters],
      true,
    );
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(report, 'utf8')) as Record<string, number>;
    counts.passed += numPassedTests ?? 0;
    counts.failed += numFailedTests ?? 0;
    // A skipped test is a test that was not run: it counts as failed.
    counts.failed += (numPendingTests ?? 0) + (numTodoTests ?? 0);
    // A file that fails to load, or an error outside any test, fails the run without failing a test.
    if (code !== 0 && (numFailedTests ?? 0) === 0) counts.failed += 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(file: string, args: readonly string[], inherit: boolean): Promise<{ code: number; output: string }> {
  return new Promise((fulfil, reject) => {
    const child = spawn(file, args, { cwd: ROOT, stdio: inherit ? ['ignore', 'inherit', 'inherit'] : ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code) => fulfil({ code: code ?? 1, output }));
  });
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
