/** Lines of a table whose columns are as wide as they have to be; the first `toTheLeft` columns begin at the left, the others end at the right. */
export function textTable(head: readonly string[], rows: readonly (readonly string[])[], toTheLeft = 1): readonly string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) => row.map((cell, column) => (column < toTheLeft ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join('  ').trimEnd());
}
