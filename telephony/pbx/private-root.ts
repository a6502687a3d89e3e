import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';

const PROGRAMS = {
  asterisk: 'usr/sbin/asterisk',
  sipp: 'usr/bin/sipp',
  'espeak-ng': 'usr/bin/espeak-ng',
  flite: 'usr/bin/flite',
  pocketsphinx: 'usr/bin/pocketsphinx',
} as const;

export type PrivateProgram = keyof typeof PROGRAMS;

/** What to hand to `spawn(file, args, { env })`. */
export interface PrivateCommand {
  readonly file: string;
  readonly args: string[];
  readonly env: NodeJS.ProcessEnv;
}

/** A folder with unpacked packages whose programs run without being installed. */
export interface PrivateRoot {
  readonly path: string;
  /** E.g. `/…/root/usr/lib/x86_64-linux-gnu`. */
  readonly libraryDir: string;
  command(program: PrivateProgram, args: readonly string[]): PrivateCommand;
}

// Debian's multiarch names (wiki.debian.org/Multiarch/Tuples) and the loader that each ABI prescribes.
const ARCHITECTURES: Partial<Record<NodeJS.Architecture, { readonly triplet: string; readonly loader: string; readonly debian: string }>> = {
  x64: { triplet: 'x86_64-linux-gnu', loader: 'ld-linux-x86-64.so.2', debian: 'amd64' },
  arm64: { triplet: 'aarch64-linux-gnu', loader: 'ld-linux-aarch64.so.1', debian: 'arm64' },
};

/** The names of this machine's architecture, e.g. `{ triplet: 'x86_64-linux-gnu', debian: 'amd64', … }`. */
export function architecture(arch: NodeJS.Architecture = process.arch) {
  const names = ARCHITECTURES[arch];
  if (names === undefined) {
    throw new StrowgerError('pbx.platform', `A private Asterisk can be fetched for x64 and arm64 only; this machine is ${arch}.`);
  }
  return names;
}

/**
 * Opens a root made by ensurePrivateRoot. Its programs are linked against another C library than the machine's, so each
 * is started by the root's own loader (`ld.so --library-path …`, ld.so(8)); an LD_LIBRARY_PATH would leak into children.
 */
export function openPrivateRoot(path: string, arch: NodeJS.Architecture = process.arch): PrivateRoot {
  const { triplet, loader } = architecture(arch);
  const loaderPath = firstExisting(path, [`usr/lib64/${loader}`, `lib64/${loader}`, `usr/lib/${loader}`, `lib/${loader}`, `usr/lib/${triplet}/${loader}`, `lib/${triplet}/${loader}`]);
  const libraryDir = join(path, 'usr/lib', triplet);
  // Not every release is merged into /usr, and PulseAudio's client library (espeak-ng's audio output) has a folder of its own.
  const libraryPath = [libraryDir, join(path, 'lib', triplet), join(libraryDir, 'asterisk'), join(libraryDir, 'pulseaudio')].filter((dir) => existsSync(dir)).join(':');
  return {
    path,
    libraryDir,
    command: (program, args) => ({
      file: loaderPath,
      args: ['--argv0', program, '--library-path', libraryPath, firstExisting(path, [PROGRAMS[program]]), ...args],
      // espeak-ng looks for its voices at the place where it was meant to be installed.
      env: { ...process.env, ESPEAK_DATA_PATH: libraryDir },
    }),
  };
}

function firstExisting(root: string, candidates: readonly string[]): string {
  const found = candidates.map((name) => join(root, name)).find((file) => existsSync(file));
  if (found === undefined) {
    throw new StrowgerError('pbx.install', `The private packages are incomplete: ${candidates[0]} is missing in ${root}.`, {
      hint: 'Remove that folder; the next start fetches it again.',
    });
  }
  return found;
}
