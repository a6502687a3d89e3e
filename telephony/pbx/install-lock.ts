import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
const HEARTBEAT_MS = 2_000;
// Only for holders whose process we cannot see (another host or container on the same volume).
const SILENT_MS = 30_000;

interface Holder {
  readonly host: string;
  readonly pid: number;
  /** Start of the process in clock ticks since boot: tells a process from a later one with the same id. */
  readonly started: string;
}

/**
 * Runs `work` while holding the lock file `path`; others on it wait. A lock whose process is gone is taken over at once.
 * `onWait` is told the holder's process id, once.
 */
export async function withInstallLock<T>(path: string, work: () => Promise<T>, options: { onWait?: (pid: number) => void; signal?: AbortSignal | undefined } = {}): Promise<T> {
  const mine = `${path}.${randomUUID()}`;
  const holder: Holder = { host: hostname(), pid: process.pid, started: startOf(process.pid) ?? '' };
  await writeFile(mine, JSON.stringify(holder));
  try {
    for (let waited = false; !(await tryLink(mine, path)); ) {
      options.signal?.throwIfAborted();
      const other = await readHolder(path);
      if (other !== undefined && (await isStale(path, other))) {
        await takeAway(path, other);
        continue;
      }
      if (!waited && other !== undefined) {
        waited = true;
        options.onWait?.(other.pid);
      }
      await sleep(POLL_MS, undefined, options.signal === undefined ? {} : { signal: options.signal });
    }
    const heartbeat = setInterval(() => void utimes(mine, new Date(), new Date()).catch(() => undefined), HEARTBEAT_MS);
    heartbeat.unref();
    try {
      return await work();
    } finally {
      clearInterval(heartbeat);
      await rm(path, { force: true });
    }
  } finally {
    await rm(mine, { force: true });
  }
}

// link(2) is atomic and, unlike open with O_EXCL, makes the lock appear with its content already in it.
async function tryLink(mine: string, path: string): Promise<boolean> {
  try {
    await link(mine, path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Moves a stale lock away. When another process was faster and the lock is a new one already, it is put back. */
async function takeAway(path: string, stale: Holder): Promise<void> {
  const aside = `${path}.${randomUUID()}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readHolder(aside);
  if (moved !== undefined && (moved.pid !== stale.pid || moved.started !== stale.started)) await tryLink(aside, path);
  await rm(aside, { force: true });
}

async function isStale(path: string, holder: Holder): Promise<boolean> {
  if (holder.host === hostname()) return startOf(holder.pid) !== holder.started;
  try {
    return Date.now() - (await stat(path)).mtimeMs > SILENT_MS;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}

async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null) return undefined;
    const { host, pid, started } = value as Partial<Record<keyof Holder, unknown>>;
    return typeof host === 'string' && typeof pid === 'number' && typeof started === 'string' ? { host, pid, started } : undefined;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Field 22 of /proc/<pid>/stat (proc(5)), counted after the name, which may contain spaces; undefined for a dead process. */
function startOf(pid: number): string | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
