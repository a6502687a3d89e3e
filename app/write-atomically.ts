import { closeSync, fchmodSync, fsyncSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';

/** Replaces a file so that whoever reads it sees the old text or the new one, also after a power failure. Keeps its mode. */
export function writeAtomically(file: string, text: string): void {
  // A link stays a link; what it leads to is replaced.
  const target = realpathSync(file);
  const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  try {
    const handle = openSync(temporary, 'w', 0o600);
    try {
      fchmodSync(handle, statSync(target).mode & 0o7777);
      writeSync(handle, text);
      fsyncSync(handle);
    } finally {
      closeSync(handle);
    }
    renameSync(temporary, target);
    const folder = openSync(dirname(target), 'r');
    try {
      fsyncSync(folder);
    } finally {
      closeSync(folder);
    }
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}
