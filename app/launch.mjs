// What `./strowger` runs. Loading some 600 TypeScript files through a loader takes a process seconds, in which callers wait for an engine that was
// killed; so they are compiled once, beside the packages, under a name that follows from the files. A program that runs keeps its own compiled files,
// whatever becomes of the sources. Plain JavaScript, because nothing is compiled yet.
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const ROOT = resolve(import.meta.dirname, '..');
const STORE = join(ROOT, 'node_modules/.cache/strowger');
const FOLDERS = ['app', 'engine', 'flows', 'integrations', 'telephony'];
/** Read by the program from where it lies. */
const BESIDE = ['package.json', 'asterisk-config', 'integrations/language/bank-topics'];
/** Commands for whoever works on the project start programs that are not compiled. */
const FROM_SOURCES = new Set(['bench', 'test']);
const KEPT_FOR_MS = 7 * 86_400_000;

/** Programs of ours as they lie in the folders, but tests. */
function sources() {
  return FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => (name.endsWith('.ts') && !name.endsWith('.test.ts')) || name.endsWith('.mjs'))
      .map((name) => join(folder, name)),
  ).sort();
}

function keyOf(files) {
  const hash = createHash('sha256');
  for (const file of [...files, 'package-lock.json', 'package.json']) {
    const { mtimeMs, size } = statSync(join(ROOT, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex').slice(0, 16);
}

/** Compiles into a folder of its own, and gives it its name when it is complete: several processes may begin at once. */
async function compile(files, target) {
  const { build } = await import('esbuild');
  const draft = `${target}.${process.pid}`;
  mkdirSync(draft, { recursive: true });
  await build({
    absWorkingDir: ROOT,
    entryPoints: files.filter((file) => file.endsWith('.ts')),
    outbase: ROOT,
    outdir: draft,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    supported: { 'import-attributes': true },
    logLevel: 'error',
    plugins: [
      {
        name: 'file-by-file',
        setup: (bundler) =>
          bundler.onResolve({ filter: /.*/ }, ({ path, kind }) =>
            kind === 'entry-point' ? undefined : { path: path.startsWith('.') ? path.replace(/\.ts$/, '.js') : path, external: true },
          ),
      },
    ],
  });
  for (const file of files.filter((name) => name.endsWith('.mjs'))) {
    mkdirSync(dirname(join(draft, file)), { recursive: true });
    copyFileSync(join(ROOT, file), join(draft, file));
  }
  for (const name of BESIDE) {
    const link = join(draft, name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(relative(dirname(link), join(ROOT, name)), link);
  }
  try {
    renameSync(draft, target);
  } catch (error) {
    rmSync(draft, { recursive: true });
    if (!existsSync(target)) throw error;
  }
  for (const name of readdirSync(STORE)) {
    const old = join(STORE, name);
    if (old !== target && Date.now() - statSync(old).mtimeMs > KEPT_FOR_MS) rmSync(old, { recursive: true, force: true });
  }
}

async function entry() {
  if (!FROM_SOURCES.has(process.argv[2] ?? '')) {
    const files = sources();
    const target = join(STORE, keyOf(files));
    try {
      if (!existsSync(target)) await compile(files, target);
      return join(target, 'app/cli/main.js');
    } catch (error) {
      // An installation that nobody may write to, where nothing was compiled when it was made. A fault in a file is told by what loads it.
      if (!['EACCES', 'EPERM', 'EROFS'].includes(error.code) && error.errors === undefined) throw error;
    }
  }
  const { register } = await import('tsx/esm/api');
  register();
  return join(ROOT, 'app/cli/main.ts');
}

await import(pathToFileURL(await entry()).href);
