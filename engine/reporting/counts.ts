/** Adds counts by kind to others. */
export function addCounts<Key extends string>(total: Partial<Record<Key, number>>, part: Partial<Record<Key, number>>): void {
  for (const key of Object.keys(part) as Key[]) total[key] = (total[key] ?? 0) + (part[key] ?? 0);
}

export function zeros<Key extends string>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>;
}

/** The same counts by name, so that a report does not depend on which kind happened to be met first. */
export function byName<Key extends string>(counts: Partial<Record<Key, number>>): Partial<Record<Key, number>> {
  return Object.fromEntries(Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1))) as Partial<Record<Key, number>>;
}
