import { createColors } from 'picocolors';
import { isStrowgerError, messageOf } from '../../engine/domain/errors.ts';

/** Where the command line writes: colour and moving lines only on a terminal. */
export interface Terminal {
  readonly isTty: boolean;
  readonly colors: ReturnType<typeof createColors>;
  /** A line on standard output. */
  line(text?: string): void;
  /** A line on standard error: progress and complaints, so that standard output stays for results. */
  note(text: string): void;
  /** A line that the next one overwrites (terminal only). */
  progress(text: string): void;
}

export function processTerminal(): Terminal {
  const isTty = Boolean(process.stdout.isTTY && process.stderr.isTTY && process.env['TERM'] !== 'dumb');
  const colors = createColors(Boolean(isTty && !process.env['NO_COLOR']));
  let pending = false;
  const clear = (): void => {
    if (pending) process.stderr.write('\r\u001b[K');
    pending = false;
  };
  return {
    isTty,
    colors,
    line: (text = '') => {
      clear();
      process.stdout.write(`${text}\n`);
    },
    note: (text) => {
      clear();
      process.stderr.write(`${text}\n`);
    },
    progress: (text) => {
      if (!isTty) return;
      process.stderr.write(`\r\u001b[K${text.slice(0, (process.stderr.columns || 80) - 1)}`);
      pending = true;
    },
  };
}

/** An answer of the engine: as it is where a program reads it, else as lines. */
export function printAnswer(terminal: Terminal, json: boolean | undefined, answer: object, lines: () => readonly string[]): void {
  for (const line of json ? [JSON.stringify(answer)] : lines()) terminal.line(line);
}

/** Tells a person what went wrong: message, code, what to do, and the chain of causes. */
export function explain(error: unknown, terminal: Terminal): void {
  const { colors } = terminal;
  if (isStrowgerError(error)) {
    terminal.note(`${colors.red('✗')} ${error.message}`);
    for (let cause = error.cause; cause instanceof Error; cause = cause.cause) terminal.note(`  because: ${cause.message}`);
    terminal.note(`  ${colors.dim(error.code)}  ${error.hint}`);
    return;
  }
  terminal.note(`${colors.red('✗')} ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`);
}
