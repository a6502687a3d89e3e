export interface SeparatePools {
  readonly pools: number;
  /** Of each pool. */
  readonly servers: number;
  /** Of each pool, in Erlang. */
  readonly load: number;
  /** So many calls at most wait or talk in all pools together. */
  readonly lines: number;
}

/**
 * Equal pools that share nothing but the lines: each is reversible, so the limit cuts their product form off and changes nothing
 * else (Kelly 1979). `wait` in mean service times, of those who are let in.
 */
export function separatePools({ pools, servers, load, lines }: SeparatePools): { readonly blocked: number; readonly wait: number } {
  const weights = [1];
  for (let n = 1; n <= lines; n += 1) weights.push((weights[n - 1]! * load) / Math.min(n, servers));
  const waiting = weights.map((weight, n) => weight * Math.max(0, n - servers));
  const together = (a: readonly number[], b: readonly number[]): readonly number[] =>
    weights.map((_, n) => {
      let sum = 0;
      for (let i = 0; i <= n; i += 1) sum += a[i]! * b[n - i]!;
      return sum;
    });
  let others: readonly number[] = weights.map((_, n) => Number(n === 0));
  for (let pool = 1; pool < pools; pool += 1) others = together(others, weights);
  const all = together(others, weights);
  const total = all.reduce((sum, weight) => sum + weight, 0);
  const blocked = all[lines]! / total;
  const length = (pools * together(others, waiting).reduce((sum, weight) => sum + weight, 0)) / total;
  return { blocked, wait: length / (pools * load * (1 - blocked)) };
}
