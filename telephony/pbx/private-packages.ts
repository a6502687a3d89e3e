import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { type AptOrigin, findAptOrigin } from './apt-mirror.ts';
import { withInstallLock } from './install-lock.ts';
import { openPrivateRoot, type PrivateRoot } from './private-root.ts';
import { lastLines, runProgram } from './run-program.ts';
import { PrivateApt } from './private-apt.ts';

/** What is fetched: the PBX with its English sounds, the two development voices, the recogniser of commands with its English model, and the SIP peer of demo and tests. */
export const PRIVATE_PACKAGES = ['asterisk', 'asterisk-core-sounds-en-wav', 'espeak-ng', 'flite', 'pocketsphinx', 'pocketsphinx-en-us', 'sip-tester'] as const;

// Dependencies that only the packages' installation scripts or tools need: a third of the size, and nothing loads them.
const NOT_UNPACKED = /^(perl-modules|libpython3|python3|gnupg|gpg|dirmngr|pinentry|debconf|adduser|passwd|login\.defs|asterisk-config|pci\.ids)/;

// Counts up when what is done with the packages changes.
const LAYOUT = 1;
const READY = 'strowger-root.json';

/** One step of the installation, as shown to a person. `done` of `total` when it can be counted. */
export interface InstallStep {
  readonly name: 'wait' | 'list' | 'download' | 'unpack';
  readonly done: number;
  readonly total?: number;
  readonly detail?: string;
}

export interface PrivateRootOptions {
  /** Default: $STROWGER_CACHE_DIR, else $XDG_CACHE_HOME/strowger, else ~/.cache/strowger. */
  readonly cacheDir?: string | undefined;
  readonly onProgress?: ((step: InstallStep) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Environment of the programs (PATH, proxies). Default: this process's. */
  readonly env?: NodeJS.ProcessEnv;
  /** Where the machine's own files are found. Default `/`; another folder for tests. */
  readonly systemRoot?: string;
}

/**
 * Hands back the folder with the private packages, fetching it first if the cache does not hold it: apt with a
 * configuration of its own downloads, `dpkg -x` unpacks. Needs no root rights and changes nothing outside the cache.
 */
export async function ensurePrivateRoot(options: PrivateRootOptions = {}): Promise<PrivateRoot> {
  const name = `pbx-${layoutHash()}`;
  const cacheDir = options.cacheDir ?? defaultCacheDir(options.env);
  const final = join(cacheDir, name);
  const building = `.building-${name}-`;
  const isReady = () => existsSync(join(final, READY));
  if (isReady()) return openPrivateRoot(final);

  await mkdir(cacheDir, { recursive: true });
  await withInstallLock(
    `${final}.lock`,
    async () => {
      if (isReady()) return;
      await removeLeftovers(cacheDir, building);
      const work = join(cacheDir, `${building}${randomUUID()}`);
      try {
        await build(work, await findAptOrigin(options), options);
        await rm(final, { recursive: true, force: true });
        await rename(join(work, 'root'), final);
      } finally {
        await rm(work, { recursive: true, force: true });
      }
    },
    { signal: options.signal, onWait: (pid) => options.onProgress?.({ name: 'wait', done: 0, detail: `process ${pid} is installing the same` }) },
  );
  return openPrivateRoot(final);
}

/** The private root if it is there already; fetches nothing. */
export function findPrivateRoot(cacheDir = defaultCacheDir()): PrivateRoot | undefined {
  const final = join(cacheDir, `pbx-${layoutHash()}`);
  return existsSync(join(final, READY)) ? openPrivateRoot(final) : undefined;
}

/** Where things that can be fetched or rendered again are kept, outside of the clone so that every clone shares them. */
export function defaultCacheDir(env: NodeJS.ProcessEnv = process.env): string {
  if (env.STROWGER_CACHE_DIR) return env.STROWGER_CACHE_DIR;
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'strowger');
}

function layoutHash(): string {
  const parts = [LAYOUT, ...PRIVATE_PACKAGES, NOT_UNPACKED.source, process.arch];
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, 12);
}

// Only the holder of the lock builds, so whatever else lies there belongs to a process that died.
async function removeLeftovers(cacheDir: string, prefix: string): Promise<void> {
  const names = await readdir(cacheDir);
  await Promise.all(names.filter((name) => name.startsWith(prefix)).map((name) => rm(join(cacheDir, name), { recursive: true, force: true })));
}

async function build(work: string, origin: AptOrigin, options: PrivateRootOptions): Promise<void> {
  const { onProgress } = options;
  const apt = await PrivateApt.prepare(work, origin, options);
  await apt.update((done, total) => onProgress?.({ name: 'list', done, total, detail: `${origin.distribution} ${origin.suite}` }));
  await apt.download(PRIVATE_PACKAGES, (percent) => onProgress?.({ name: 'download', done: percent, total: 100 }));
  const root = join(work, 'root');
  await unpack(apt.archives, root, options);
  await linkSounds(root);
  await writeFile(join(root, READY), `${JSON.stringify({ packages: PRIVATE_PACKAGES, suite: origin.suite, distribution: origin.distribution })}\n`);
}

async function unpack(archives: string, root: string, options: PrivateRootOptions): Promise<void> {
  await mkdir(root);
  const names = (await readdir(archives)).filter((name) => name.endsWith('.deb') && !NOT_UNPACKED.test(name));
  const waiting = [...names];
  let done = 0;
  const worker = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      options.signal?.throwIfAborted();
      const result = await runProgram('dpkg', ['-x', join(archives, name), root], { env: options.env, signal: options.signal });
      if (result.code !== 0) {
        waiting.length = 0;
        throw new StrowgerError('pbx.install', `dpkg could not unpack ${name}:\n${lastLines(result.output)}`, { hint: 'Check that the disk is not full.' });
      }
      done += 1;
      options.onProgress?.({ name: 'unpack', done, total: names.length });
    }
  };
  // All have ended before a failure is told: the caller removes the folder that they write into.
  const ends = await Promise.allSettled(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
  const failed = ends.find((end) => end.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

// On an installed system update-alternatives makes this link; without it Asterisk finds no sound for language `en`.
async function linkSounds(root: string): Promise<void> {
  const sounds = join(root, 'usr/share/asterisk/sounds');
  if (existsSync(join(sounds, 'en'))) return;
  const voice = (await readdir(sounds)).find((name) => name.startsWith('en_'));
  if (voice !== undefined) await symlink(voice, join(sounds, 'en'));
}
