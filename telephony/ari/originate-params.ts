import type { OriginateRequest } from '../../engine/ports/call-control.ts';
import type { AriParams } from './ari-transport.ts';
import { refusal } from './ari-failure.ts';
import { DETECTION_CONTEXT } from './machine-detection.ts';

/** Marks the legs that an application dialled; read when a fresh process finds a leg that still rings. */
export const OWNER_VARIABLE = 'STROWGER_APP';
/** For the dialplan that listens who answered. */
const ARGS_VARIABLE = 'STROWGER_ARGS';
const GREETING_VARIABLE = 'STROWGER_WAIT_FOR_GREETING';

/** `technology/resource`: a phone, a number at a trunk, a SIP URI. Nothing that joins endpoints (`&`) or begins arguments of Dial() (`,`, `^`, `|`). */
const ENDPOINT = /^[A-Za-z][A-Za-z0-9]*\/[A-Za-z0-9_.+@:/;=*#-]{1,200}$/;
/** A name with parentheses would be a function of the dialplan, and ARI would run it: `SHELL(…)`, `FILE(…)`. */
const VARIABLE = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const LONGEST_VALUE = 1_000;
const LONGEST_NAME = 64;
const LONGEST_NUMBER = 40;

/**
 * What ARI wants for a leg of ours: seconds, one string of arguments, one caller id. Every leg that we dial goes through here, so this is
 * where text from outside stops being able to dial somebody else. Throws `switch.refused`.
 */
export function originateParams(request: OriginateRequest, app: string): AriParams<'channels.originateWithId'> {
  if (!ENDPOINT.test(request.endpoint)) throw refusal('channels.originateWithId', undefined, 'the endpoint has a form that is not dialled');
  const callerId = callerIdOf(request.callerName, request.callerNumber);
  const args = quoteArgs(request.args);
  const { detectMachine } = request;
  return {
    channelId: request.channelId,
    endpoint: request.endpoint,
    ...(detectMachine === undefined ? { app, ...(request.args.length === 0 ? {} : { appArgs: args }) } : { context: DETECTION_CONTEXT, extension: 's', priority: 1 }),
    ...(callerId === '' ? {} : { callerId }),
    // Whole seconds (channels.json, originate), and 0 would be "no time at all".
    timeout: Math.max(1, Math.ceil(request.timeoutMs / 1_000)),
    variables: {
      ...(request.language === undefined ? {} : { 'CHANNEL(language)': request.language }),
      ...plainVariables(request.variables),
      ...(detectMachine === undefined ? {} : { [ARGS_VARIABLE]: args, [GREETING_VARIABLE]: detectMachine.waitForGreeting ? 'yes' : 'no' }),
      [OWNER_VARIABLE]: app,
    },
  };
}

/**
 * The dialplan takes arguments apart at commas, honours quotes, brackets and parentheses while doing so, and drops
 * backslashes (ast_app_separate_args). With each of these characters escaped the arguments come back as they were.
 */
export function quoteArgs(args: readonly string[]): string {
  return args.map((arg) => arg.replace(/[\\",()[\]{}]/g, '\\$&')).join(',');
}

/** `"name" <number>`. Characters that would end the name or the number early are escaped or left out. */
function callerIdOf(name: string | undefined, number: string | undefined): string {
  const cleanName = plainText(name ?? '', LONGEST_NAME).replace(/["\\]/g, '\\$&');
  const cleanNumber = (number ?? '').replace(/[^0-9A-Za-z+*#._~-]/g, '').slice(0, LONGEST_NUMBER);
  const parts = [...(cleanName === '' ? [] : [`"${cleanName}"`]), ...(cleanNumber === '' ? [] : [`<${cleanNumber}>`])];
  return parts.join(' ');
}

function plainVariables(variables: OriginateRequest['variables']): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(variables ?? {}).map(([name, value]) => {
      if (!VARIABLE.test(name)) throw refusal('channels.originateWithId', undefined, 'a variable has a name that is none');
      return [name, plainText(value, LONGEST_VALUE)];
    }),
  );
}

/** What can be read of a text, `longest` characters at most. */
function plainText(text: string, longest: number): string {
  // Once more: the cut may have gone through a pair of surrogates, and Asterisk refuses a request with half of one.
  return printable(printable(text).slice(0, longest));
}

function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cs}]/gu, '');
}
