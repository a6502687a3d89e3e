import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { availableParallelism, homedir } from 'node:os';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { type AptOrigin, findAptOrigin } from './apt-mirror.ts';
import { withInstallLock } from './install-lock.ts';
import { architecture, openPrivateRoot, type PrivateRoot } from './private-root.ts';
import { lastLines, runProgram } from './run-program.ts';

/** What is fetched: the PBX with its English sounds, the two development voices, and the SIP peer of demo and tests. */
export const PRIVATE_PACKAGES = ['asterisk', 'asterisk-core-sounds-en-wav', 'espeak-ng', 'flite', 'sip-tester'] as const;

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
}

/**
 * Hands back the folder with the private packages, fetching it first if the cache does not hold it: apt with a
 * configuration of its own downloads, `dpkg -x` unpacks. Needs no root rights and changes nothing outside the cache.
 */
export async function ensurePrivateRoot(options: PrivateRootOptions = {}): Promise<PrivateRoot> {
  const cacheDir = options.cacheDir ?? defaultCacheDir();
  const final = join(cacheDir, `pbx-${layoutHash()}`);
  const isReady = () => existsSync(join(final, READY));
  if (isReady()) return openPrivateRoot(final);

  await mkdir(cacheDir, { recursive: true });
  await withInstallLock(
    `${final}.lock`,
    async () => {
      if (isReady()) return;
      await removeLeftovers(cacheDir);
      const work = join(cacheDir, `.building-${randomUUID()}`);
      try {
        await build(work, await findAptOrigin(options.signal), options);
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
async function removeLeftovers(cacheDir: string): Promise<void> {
  const names = await readdir(cacheDir);
  await Promise.all(names.filter((name) => name.startsWith('.building-')).map((name) => rm(join(cacheDir, name), { recursive: true, force: true })));
}

async function build(work: string, origin: AptOrigin, options: PrivateRootOptions): Promise<void> {
  const apt = await prepareApt(work, origin);
  await updateLists(apt, origin, options);
  await download(apt, origin, options);
  const root = join(work, 'root');
  await unpack(join(work, 'archives'), root, options);
  await linkSounds(root);
  await writeFile(join(root, READY), `${JSON.stringify({ packages: PRIVATE_PACKAGES, suite: origin.suite, distribution: origin.distribution })}\n`);
}

interface PrivateApt {
  readonly env: NodeJS.ProcessEnv;
  readonly sourceList: string;
}

/** A configuration under which apt knows no installed package and writes into `work` only. */
async function prepareApt(work: string, _origin: AptOrigin): Promise<PrivateApt> {
  await mkdir(join(work, 'lists/partial'), { recursive: true });
  await mkdir(join(work, 'archives/partial'), { recursive: true });
  await mkdir(join(work, 'empty'), { recursive: true });
  await writeFile(join(work, 'status'), '');
  const config = join(work, 'apt.conf');
  const sourceList = join(work, 'sources.list');
  const set = {
    Dir: '/',
    'Dir::Etc': work,
    'Dir::Etc::sourcelist': sourceList,
    'Dir::Etc::sourceparts': '-',
    // The machine's fragments stay unread: some run hooks on the system (docker-clean empties its package cache).
    'Dir::Etc::parts': join(work, 'empty'),
    'Dir::Etc::preferencesparts': join(work, 'empty'),
    'Dir::Etc::netrc': '/etc/apt/auth.conf',
    'Dir::Etc::netrcparts': '/etc/apt/auth.conf.d/',
    'Dir::State': work,
    'Dir::State::lists': join(work, 'lists'),
    'Dir::State::status': join(work, 'status'),
    'Dir::State::extended_states': join(work, 'extended_states'),
    'Dir::Cache': work,
    'Dir::Cache::archives': join(work, 'archives'),
    'Dir::Log': work,
    'APT::Install-Recommends': 'false',
    'APT::Sandbox::User': 'root', // a cache in a home folder is unreadable for apt's own user; without root rights this says nothing
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  };
  const lines = Object.entries(set).map(([key, value]) => `${key} ${JSON.stringify(value)};`);
  await writeFile(config, [...lines, ...(await networkSettings())].join('\n') + '\n');
  return { env: { ...process.env, APT_CONFIG: config, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' }, sourceList };
}

/** How this machine reaches its mirror: proxies, certificates and date checks, from its own apt configuration. */
async function networkSettings(): Promise<readonly string[]> {
  const { stdout } = await runProgram('apt-config', ['dump']);
  return stdout.split('\n').filter((line) => /^Acquire::(https?|ftp|ForceIPv[46]|Check-Valid-Until|Check-Date)\b/i.test(line));
}

async function updateLists(apt: PrivateApt, origin: AptOrigin, options: PrivateRootOptions): Promise<void> {
  let output = '';
  for (const [index, mirror] of origin.mirrors.entries()) {
    options.onProgress?.({ name: 'list', done: index, total: origin.mirrors.length, detail: `${origin.distribution} ${origin.suite}` });
    // A mirror may be a frozen copy whose Release file has expired; its signature is checked all the same.
    const flags = `arch=${architecture().debian} check-valid-until=no signed-by=${origin.keyring}`;
    await writeFile(apt.sourceList, `deb [${flags}] ${mirror} ${origin.suite} ${origin.components}\n`);
    const result = await runProgram('apt-get', ['update', '--error-on=any'], { env: apt.env, signal: options.signal });
    if (result.code === 0) return;
    output += result.output;
  }
  throw aptError(`The package list of ${origin.distribution} ${origin.suite} could not be fetched`, output);
}

async function download(apt: PrivateApt, origin: AptOrigin, options: PrivateRootOptions): Promise<void> {
  options.onProgress?.({ name: 'download', done: 0, total: 100 });
  const result = await runProgram('apt-get', ['-y', '--download-only', '-o', 'APT::Status-Fd=3', 'install', ...PRIVATE_PACKAGES], {
    env: apt.env,
    signal: options.signal,
    onStatusLine: (line) => {
      // dlstatus:<number>:<percent>:<text> (apt's README.progress-reporting)
      const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
      if (percent !== undefined) options.onProgress?.({ name: 'download', done: Math.round(Number(percent)), total: 100 });
    },
  });
  if (result.code !== 0) throw aptError(`The packages could not be fetched from ${origin.distribution} ${origin.suite}`, result.output);
}

async function unpack(archives: string, root: string, options: PrivateRootOptions): Promise<void> {
  await mkdir(root);
  const names = (await readdir(archives)).filter((name) => name.endsWith('.deb') && !NOT_UNPACKED.test(name));
  const waiting = [...names];
  let done = 0;
  const worker = async () => {
    for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
      options.signal?.throwIfAborted();
      const result = await runProgram('dpkg', ['-x', join(archives, name), root], { signal: options.signal });
      if (result.code !== 0) {
        throw new StrowgerError('pbx.install', `dpkg could not unpack ${name}:\n${lastLines(result.output)}`, { hint: 'Check that the disk is not full.' });
      }
      done += 1;
      options.onProgress?.({ name: 'unpack', done, total: names.length });
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker));
}

// On an installed system update-alternatives makes this link; without it Asterisk finds no sound for language `en`.
async function linkSounds(root: string): Promise<void> {
  const sounds = join(root, 'usr/share/asterisk/sounds');
  if (existsSync(join(sounds, 'en'))) return;
  const voice = (await readdir(sounds)).find((name) => name.startsWith('en_'));
  if (voice !== undefined) await symlink(voice, join(sounds, 'en'));
}

function aptError(what: string, output: string): StrowgerError {
  return new StrowgerError('pbx.download', `${what}. apt's last lines:\n${lastLines(redactHosts(output))}`, {
    hint: 'Check that apt-get update works on this machine. Or install Asterisk 20.14 or newer yourself and set STROWGER_ARI_URL.',
  });
}

/** Takes host names and addresses out of apt's output: a mirror may be internal, and its address may hold credentials. */
export function redactHosts(output: string): string {
  const hosts = new Set([...output.matchAll(/:\/\/([^/\s'"]+)/g)].map((match) => (match[1] ?? '').replace(/^.*@/, '').replace(/:\d+$/, '')));
  let text = output.replaceAll(/:\/\/[^/\s'"]+/g, '://<mirror>').replaceAll(/\[IP: [^\]]*\]/g, '');
  for (const host of hosts) if (host !== '') text = text.replaceAll(host, '<mirror>');
  return text;
}
