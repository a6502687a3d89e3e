/**
 * Every failure that a person may meet has a stable code. The catalogue is the single list: docs/errors.md is compared
 * with it by a test, so a code can neither appear nor vanish unnoticed.
 */
export const ERROR_CATALOGUE = {
  'pbx.platform': {
    when: 'A private Asterisk cannot be fetched on this kind of machine.',
    todo: 'Install Asterisk 20.14 or newer yourself and set STROWGER_ARI_URL, or use docker/compose.yaml.',
  },
  'pbx.download': {
    when: 'apt could not fetch the packages of the private Asterisk.',
    todo: 'Check that `apt-get update` works on this machine and read the lines of apt in the message.',
  },
  'pbx.install': {
    when: 'The fetched packages could not be unpacked, or files of them are missing.',
    todo: 'Check the free space of the cache folder (STROWGER_CACHE_DIR, else ~/.cache/strowger); remove it to start afresh.',
  },
  'pbx.config': {
    when: 'A value cannot stand in a configuration file of Asterisk.',
    todo: 'Change the value that the field `option` names.',
  },
  'pbx.boot': {
    when: 'The private Asterisk did not come up, or ended by itself.',
    todo: 'Read the end of its log in the message.',
  },
  'pbx.cli': {
    when: 'A command could not be run on the CLI of the private Asterisk.',
    todo: 'Check that it still runs.',
  },
  'switch.gone': {
    when: 'The channel, bridge or playback that a request named no longer exists (ARI answered 404).',
    todo: 'Nothing: the other party was faster. It is handled as the end of that leg.',
  },
  'switch.refused': {
    when: 'The switch understood a request and refused it (ARI answered 4xx other than 404).',
    todo: 'Read the fields `operation`, `status` and `detail`; compare with `./strowger doctor`.',
  },
  'switch.timeout': {
    when: 'The switch did not answer a request within its time limit.',
    todo: 'Look at the load of the switch and at the network between engine and switch.',
  },
  'switch.unreachable': {
    when: 'There is no connection to the switch.',
    todo: 'The engine reconnects by itself. Check that Asterisk runs and that `nodes[].url`, user and password are right.',
  },
} as const satisfies Record<string, ErrorEntry>;

/** One entry of the catalogue: when a person sees the code and what to do about it. */
export interface ErrorEntry {
  readonly when: string;
  readonly todo: string;
}

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export interface StrowgerErrorOptions {
  /** Facts for logs and tools. Never a secret, never an unmasked phone number. */
  readonly fields?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly cause?: unknown;
  /** What to do next in this very case; without it the catalogue's general advice is shown. */
  readonly hint?: string;
}

/** The one error class of the project. Compare `code`, never the message. */
export class StrowgerError extends Error {
  readonly code: ErrorCode;
  readonly fields: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: StrowgerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StrowgerError';
    this.code = code;
    this.fields = options.fields ?? {};
    this.hint = options.hint ?? ERROR_CATALOGUE[code].todo;
  }
}

/** True when `error` is a StrowgerError, of the given code if one is given. */
export function isStrowgerError(error: unknown, code?: ErrorCode): error is StrowgerError {
  return error instanceof StrowgerError && (code === undefined || error.code === code);
}

/** A sentence for a log line from anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
