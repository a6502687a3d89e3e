import { textTable } from '../text-table.ts';
import { coursesOf } from './flatness.ts';
import type { SoakResult } from './soak-bench.ts';

/** The table for people; lines without line breaks. */
export function reportOf(result: SoakResult): readonly string[] {
  const { machine, minutes, rate, calls, failed } = result;
  const number = (what: string, value: number): string => (what.endsWith('bytes') ? `${(value / 1e6).toFixed(1)} MB` : String(value));
  const rows = coursesOf(result).map(({ what, early, late, limit, flat }) => [what.replace(', bytes', ''), number(what, early), number(what, late), number(what, limit), flat ? 'flat' : 'GROWS']);
  return [
    `${calls} calls in ${minutes} minutes, ${rate} a second, ${failed} failed; Asterisk ${machine.asterisk}, Node ${machine.node}`,
    '',
    ...textTable(['after each portion, no call being up', 'after a fifth', 'at the end', 'at most', ''], rows),
  ];
}
