import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What is in use after the garbage is gone, in bytes. */
export function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  // Once more for what the first made garbage.
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}
