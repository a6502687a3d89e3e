/** Where a picture is drawn again and again. */
export interface ScreenOutput {
  readonly isTty: boolean;
  /** Lines and columns of a terminal; they change when its window does. */
  size(): { readonly rows: number };
  write(text: string): void;
}

const ENTER = '\u001b[?1049h\u001b[?25l\u001b[?7l';
const LEAVE = '\u001b[?7h\u001b[?25h\u001b[?1049l';
const HOME = '\u001b[H';
const REST_OF_LINE = '\u001b[K';
const REST_OF_SCREEN = '\u001b[J';

/**
 * Shows one picture after the other in the same place, each in one write that overwrites the last one without clearing it first,
 * so that nothing flickers. What was on the terminal comes back at the end. Not on a terminal: one picture below the other.
 */
export class LiveScreen {
  readonly #output: ScreenOutput;
  #entered = false;

  constructor(output: ScreenOutput) {
    this.#output = output;
  }

  show(lines: readonly string[]): void {
    const { isTty } = this.#output;
    if (!isTty) {
      this.#output.write(`${lines.join('\n')}\n\n`);
      return;
    }
    const { rows } = this.#output.size();
    const fitting = lines.length <= rows ? lines : [...lines.slice(0, rows - 1), `… ${lines.length - rows + 1} more lines`];
    this.#output.write((this.#entered ? '' : ENTER) + HOME + fitting.map((line) => line + REST_OF_LINE).join('\r\n') + REST_OF_SCREEN);
    this.#entered = true;
  }

  close(): void {
    if (this.#entered) this.#output.write(LEAVE);
    this.#entered = false;
  }
}
