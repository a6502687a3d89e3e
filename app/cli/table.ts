import type { Terminal } from './terminal.ts';

/** The heading of a column. Figures stand right, words left. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Prints rows under their headings, each column as wide as its widest cell. */
export function printTable(terminal: Terminal, columns: readonly Column[], rows: readonly (readonly string[])[]): void {
  for (const line of tableLines(columns, rows)) terminal.line(line);
}

/** The same as lines. */
export function tableLines(columns: readonly Column[], rows: readonly (readonly string[])[]): readonly string[] {
  const widths = columns.map(({ title }, index) => Math.max(width(title), ...rows.map((row) => width(row[index] ?? ''))));
  return [columns.map(({ title }) => title), ...rows].map((row) => {
    const cells = columns.map(({ align }, index) => {
      const cell = row[index] ?? '';
      const space = ' '.repeat(Math.max(0, (widths[index] ?? 0) - width(cell)));
      return align === 'right' ? space + cell : cell + space;
    });
    return cells.join('  ').trimEnd();
  });
}

/** Columns on a terminal: Chinese characters take two. */
function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u.test(character) ? 2 : 1), 0);
}
