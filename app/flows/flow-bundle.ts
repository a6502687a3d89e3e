import { createHash } from 'node:crypto';
import { extname, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { compileFunction } from 'node:vm';
import { build, type BuildFailure, type Plugin } from 'esbuild';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { PROJECT_ROOT } from '../project-root.ts';

/** A flow as one piece of code, with all that it imports but the kit. */
export interface FlowBundle {
  /** Hash of the code: a comment does not change it, a changed helper file does. */
  readonly version: string;
  readonly code: string;
}

/** Where the engine's own modules are loaded from: TypeScript, or compiled. */
const PROGRAM = resolve(import.meta.dirname, '../..');
const EXTENSION = extname(import.meta.filename);

/**
 * The kit, the domain and xstate stay outside: the engine and its flows must share them (verbs find their session by
 * them). They are named by their path from the project's root, so that a bundle can be kept and loaded elsewhere.
 */
const sharedModules: Plugin = {
  name: 'shared-modules',
  setup(bundler) {
    bundler.onResolve({ filter: /^xstate(\/|$)/ }, ({ path }) => ({ path, external: true }));
    bundler.onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      const fromRoot = relative(PROJECT_ROOT, resolve(resolveDir, path)).split(sep).join('/');
      return fromRoot.startsWith('engine/') ? { path: fromRoot, external: true } : undefined;
    });
  },
};

/** Bundles a flow file. Throws `flow.broken` with file, line and reason. */
export async function bundleFlow(file: string): Promise<FlowBundle> {
  try {
    const result = await build({
      entryPoints: [file],
      bundle: true,
      write: false,
      format: 'cjs',
      platform: 'neutral',
      target: 'es2023',
      minifySyntax: false,
      minifyWhitespace: true, // comments do not make a version
      legalComments: 'none',
      logLevel: 'silent',
      absWorkingDir: PROJECT_ROOT,
      plugins: [sharedModules],
    });
    const code = result.outputFiles[0]?.text ?? '';
    return { code, version: createHash('sha256').update(code).digest('hex').slice(0, 12) };
  } catch (error) {
    const [first] = (error as Partial<BuildFailure>).errors ?? [];
    if (!first) throw error;
    const where = first.location ? `${first.location.file}:${first.location.line}:${first.location.column}` : file;
    throw new StrowgerError('flow.broken', `${where}: ${first.text}`, { fields: { file } });
  }
}

/** Runs a bundle and returns what the flow file exports. Throws `flow.broken` when it throws or asks for a foreign module. */
export async function evaluateBundle(flowId: string, code: string): Promise<Readonly<Record<string, unknown>>> {
  const modules = new Map<string, unknown>();
  for (const [, name = ''] of code.matchAll(/\brequire\("([^"]+)"\)/g)) {
    if (!modules.has(name)) modules.set(name, await importShared(flowId, name));
  }
  const module = { exports: {} as Record<string, unknown> };
  try {
    // compileFunction keeps nothing alive once the machine is dropped; import() and vm.Script leak every version.
    const run = compileFunction(code, ['module', 'exports', 'require'], { filename: `flow:${flowId}` }) as (
      ...scope: readonly [typeof module, typeof module.exports, (name: string) => unknown]
    ) => void;
    run(module, module.exports, (name: string) => modules.get(name));
  } catch (error) {
    throw new StrowgerError('flow.broken', `The flow ${flowId} throws while it is loaded: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
      fields: { flow: flowId },
    });
  }
  return module.exports;
}

async function importShared(flowId: string, name: string): Promise<unknown> {
  if (name.startsWith('engine/')) return import(pathToFileURL(resolve(PROGRAM, name.replace(/\.ts$/, EXTENSION))).href);
  if (/^xstate(\/|$)/.test(name)) return import(name);
  throw new StrowgerError('flow.broken', `The flow ${flowId} imports ${name}; a flow may import the kit, the domain and xstate.`, {
    fields: { flow: flowId, module: name },
  });
}
