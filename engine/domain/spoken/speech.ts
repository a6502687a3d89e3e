/** A value as it is said: keys of atoms, in order. Each key is in the inventory of its language. */
export type AtomKeys = readonly string[];

/** A moment on the calendar and the clock of the caller's place. `weekday` counts from 1, Monday (ISO 8601). */
export interface CivilTime {
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  readonly hour: number;
  readonly minute: number;
}

/** How one language says values. The arguments have been checked: whole numbers, in range. */
export interface Speech {
  /** Key → what is said. Everything that the functions below may name. */
  readonly atoms: ReadonlyMap<string, string>;
  number(value: number): AtomKeys;
  money(cents: number): AtomKeys;
  /** Digits `0`–`9`, in groups with a pause between them. */
  digits(groups: readonly string[]): AtomKeys;
  date(at: CivilTime): AtomKeys;
  time(at: CivilTime): AtomKeys;
  minutes(count: number): AtomKeys;
  people(count: number): AtomKeys;
}

/** A short silence. Its text is empty. */
export const PAUSE = 'pause';

/** `[from, …, to]` */
export function range(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index);
}

/** Digit groups as atoms; `atom` names the atom of a digit. */
export function digitAtoms(groups: readonly string[], atom: (digit: string) => string): AtomKeys {
  return groups.flatMap((group, index) => [...(index > 0 ? [PAUSE] : []), ...Array.from(group, atom)]);
}
