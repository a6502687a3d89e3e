/** The two spellings of chan_websocket's text messages; which one is in use is set on the switch (`control_message_format`). */
export type ControlFormat = 'plain' | 'json';

export interface ControlMessage {
  /** `MEDIA_START`, `MEDIA_XOFF`, `MEDIA_XON`, `QUEUE_DRAINED`, `ERROR` …; '' when the text is none. */
  readonly event: string;
  readonly format: ControlFormat;
  readonly text: string;
}

/** Reads `MEDIA_START connection_id:… …` and `{"event":"MEDIA_START",…}` alike. Never throws. */
export function readControlMessage(text: string): ControlMessage {
  if (!text.startsWith('{')) return { event: /^[A-Z_]+/.exec(text)?.[0] ?? '', format: 'plain', text };
  return { event: eventOf(text), format: 'json', text };
}

/** A command without arguments, in the spelling of the switch: it does not read the other one. */
export function writeCommand(command: 'FLUSH_MEDIA' | 'HANGUP', format: ControlFormat): string {
  return format === 'plain' ? command : JSON.stringify({ command });
}

function eventOf(json: string): string {
  try {
    const { event } = JSON.parse(json) as { readonly event?: unknown };
    return typeof event === 'string' ? event : '';
  } catch {
    return '';
  }
}
