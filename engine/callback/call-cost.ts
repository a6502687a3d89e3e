/** What calls are taken to cost, in any one unit of money; whole numbers of a small one (fen) avoid rounding. */
export interface CallCost {
  /** All requests within `caps.withinMs`, and all dials within it, cost so much at most. */
  readonly capPerDay: number;
  /** By the beginning of the E.164 number, e.g. `+86` or `+8521`; the longest that fits counts. Where none fits, the dearest of all. */
  readonly perMinuteByPrefix: Readonly<Record<string, number>>;
  /** How long a call is taken to last. */
  readonly assumedMinutes: number;
}

/** What one call to `number` (E.164) is taken to cost. */
export function estimateCost(number: string, { perMinuteByPrefix, assumedMinutes }: CallCost): number {
  let price: number | undefined;
  let longest = -1;
  let dearest = 0;
  for (const [prefix, perMinute] of Object.entries(perMinuteByPrefix)) {
    dearest = Math.max(dearest, perMinute);
    if (prefix.length <= longest || !number.startsWith(prefix)) continue;
    longest = prefix.length;
    price = perMinute;
  }
  return (price ?? dearest) * assumedMinutes;
}
