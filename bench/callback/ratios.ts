import type { RequestRate } from './requests.ts';
import type { PlainRead, Restored } from './restore.ts';

/** What stays when the machine is another one. Ours over the peer's, but for `look` and `windows`: those are the peer's over ours. */
export interface Ratios {
  readonly memory: number;
  readonly start: number;
  readonly look: number;
  readonly windows: number;
  readonly requests: readonly number[];
}

interface Measured {
  readonly starts: readonly Restored[];
  readonly plainReads: readonly PlainRead[];
  readonly requests: readonly RequestRate[];
}

export function ratiosOf({ starts, plainReads, requests }: Measured): Ratios {
  const start = middle(starts);
  const plain = middle(plainReads);
  return {
    memory: start.heapBytes / plain.heapBytes,
    start: start.totalMs / plain.readMs,
    look: start.lookUs.scan.p50 / start.lookUs.desk.p50,
    windows: start.windowsUs.scan.p50 / start.windowsUs.desk.p50,
    requests: requests.map(({ perSecond, plainPerSecond }) => perSecond / plainPerSecond),
  };
}

/** Of what is sorted. */
export function middle<Item>(sorted: readonly Item[]): Item {
  const found = sorted[sorted.length >> 1];
  if (found === undefined) throw new RangeError('Nothing was measured.');
  return found;
}
