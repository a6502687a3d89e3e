/** What one check of `doctor` found. `mend` says what to do; it is there unless all is well. */
export interface Finding {
  readonly part: string;
  readonly state: 'ok' | 'warning' | 'failure';
  readonly text: string;
  readonly mend?: string;
}

export const ok = (part: string, text: string): Finding => ({ part, state: 'ok', text });
export const warning = (part: string, text: string, mend: string): Finding => ({ part, state: 'warning', text, mend });
export const failure = (part: string, text: string, mend: string): Finding => ({ part, state: 'failure', text, mend });
