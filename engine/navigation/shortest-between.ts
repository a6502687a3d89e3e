/** The number with the fewest digits that is above `low` and not above `high`: a threshold that people can read and that holds for unseen values between. */
export function shortestBetween(low: number, high: number): number {
  for (let digits = 1; digits <= 9; digits += 1) {
    const scale = 10 ** digits;
    const middle = Math.round(((low + high) / 2) * scale) / scale;
    if (middle > low && middle <= high) return middle;
  }
  return high;
}
