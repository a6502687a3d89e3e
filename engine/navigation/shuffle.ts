/** Shuffles in place, the same way for the same seed (a 32-bit generator by Marsaglia, "Xorshift RNGs", 2003; Fisher and Yates). */
export function shuffler(seed: number): (items: Int32Array) => void {
  let state = (seed * 0x9e3779b9) | 0 || 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  return (items) => {
    for (let last = items.length - 1; last > 0; last -= 1) {
      const other = Math.floor(next() * (last + 1));
      const item = items[last]!;
      items[last] = items[other]!;
      items[other] = item;
    }
  };
}
