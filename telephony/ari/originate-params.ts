import type { OriginateRequest } from '../../engine/ports/call-control.ts';
import type { AriParams } from './ari-transport.ts';
import { DETECTION_CONTEXT } from './machine-detection.ts';

/** Marks the legs that an application dialled; read when a fresh process finds a leg that still rings. */
export const OWNER_VARIABLE = 'STROWGER_APP';
/** For the dialplan that listens who answered. */
const ARGS_VARIABLE = 'STROWGER_ARGS';
const GREETING_VARIABLE = 'STROWGER_WAIT_FOR_GREETING';

/** What ARI wants for a leg of ours: seconds, one string of arguments, one caller id. */
export function originateParams(request: OriginateRequest, app: string): AriParams<'channels.originateWithId'> {
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
      ...request.variables,
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
  const cleanName = printable(name ?? '').replace(/["\\]/g, '\\$&');
  const cleanNumber = printable(number ?? '').replace(/[<>"\\\s]/g, '');
  const parts = [...(cleanName === '' ? [] : [`"${cleanName}"`]), ...(cleanNumber === '' ? [] : [`<${cleanNumber}>`])];
  return parts.join(' ');
}

function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, '');
}
