import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { runProgram } from './run-program.ts';

/** Where packages come from: a suite of the machine's own distribution, checked with the distribution's own keys. */
export interface AptOrigin {
  readonly distribution: 'debian' | 'ubuntu';
  /** Base addresses in the machine's order of preference. */
  readonly mirrors: readonly string[];
  readonly suite: string;
  readonly components: string;
  readonly keyring: string;
}

const INSTALL_YOURSELF =
  'Install Asterisk 20.14 or newer yourself and set STROWGER_ARI_URL, STROWGER_ARI_USER and STROWGER_ARI_PASSWORD, or use docker/compose.yaml.';

// Debian 12 has no Asterisk package; the suite `forky` has 22.10. Its programs run with their own loader and libraries
// (private-root.ts), so that mixing suites does not touch the system.
const DEBIAN_SUITE = 'forky';
const DEBIAN_KEYRING = 'usr/share/keyrings/debian-archive-keyring.gpg';
const UBUNTU_KEYRING = 'usr/share/keyrings/ubuntu-archive-keyring.gpg';
// Names under which Debian's own archive is listed in a sources file, beside the codename of the release.
const DEBIAN_SUITES = ['stable', 'oldstable', 'testing', 'unstable', 'sid', DEBIAN_SUITE];

interface Machine {
  readonly systemRoot?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** Reads the machine's own apt configuration. Throws `pbx.platform` where there is nothing to take Asterisk from. */
export async function findAptOrigin(machine: Machine = {}): Promise<AptOrigin> {
  const { systemRoot = '/' } = machine;
  const system = readOsRelease(join(systemRoot, 'etc/os-release'));
  const distribution = system.ID;
  if (process.platform !== 'linux' || (distribution !== 'debian' && distribution !== 'ubuntu')) {
    throw new StrowgerError('pbx.platform', `A private Asterisk can be fetched on Debian and Ubuntu only; this is ${system.PRETTY_NAME ?? process.platform}.`, {
      hint: INSTALL_YOURSELF,
    });
  }
  const keyring = join(systemRoot, distribution === 'debian' ? DEBIAN_KEYRING : UBUNTU_KEYRING);
  if (!existsSync(keyring)) {
    throw new StrowgerError('pbx.platform', `The keys that packages are checked with are missing: ${keyring}.`, {
      hint: `Install them (apt-get install ${distribution}-archive-keyring). ${INSTALL_YOURSELF}`,
    });
  }
  const codename = system.VERSION_CODENAME ?? '';
  const mirrors = mirrorsOf(await listAptUris(machine), distribution === 'debian' ? [codename, ...DEBIAN_SUITES] : [codename]);
  if (mirrors.length === 0) {
    throw new StrowgerError('pbx.platform', `The apt configuration of this machine names no archive of ${system.PRETTY_NAME ?? distribution}.`, {
      hint: `Compare 'apt-get update --print-uris' with /etc/apt/sources.list.d. ${INSTALL_YOURSELF}`,
    });
  }
  return distribution === 'debian'
    ? { distribution, mirrors, suite: DEBIAN_SUITE, components: 'main', keyring }
    : { distribution, mirrors, suite: codename, components: 'main universe', keyring };
}

// `apt-get indextargets` is empty until the first `apt-get update`, as in a fresh container; the addresses are known before.
async function listAptUris({ env, signal }: Machine): Promise<string> {
  try {
    const result = await runProgram('apt-get', ['update', '--print-uris'], { env, signal });
    return result.stdout;
  } catch (cause) {
    signal?.throwIfAborted();
    throw new StrowgerError('pbx.platform', 'apt-get cannot be run, so a private Asterisk cannot be fetched.', { cause, hint: INSTALL_YOURSELF });
  }
}

/**
 * The base addresses in the output of `apt-get update --print-uris` whose suite is one of `suites` and that have a
 * component `main`: other vendors name their suites like Debian's, but not their components.
 */
export function mirrorsOf(printedUris: string, suites: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const [, base, suite] of printedUris.matchAll(/^'([^']+)\/dists\/([^/']+)\/main\/binary-[^']*'/gm)) {
    if (base !== undefined && suite !== undefined && suites.includes(suite) && !base.startsWith('cdrom:')) found.add(base);
  }
  return [...found];
}

function readOsRelease(path: string): Readonly<Record<string, string>> {
  if (!existsSync(path)) return {};
  return Object.fromEntries(
    readFileSync(path, 'utf8')
      .split('\n')
      .map((line) => /^([A-Z_]+)="?([^"]*)"?$/.exec(line))
      .filter((match) => match !== null)
      .map((match) => [match[1] ?? '', match[2] ?? '']),
  );
}
