/** As much of a SIP message (RFC 3261 §7) as a test looks at. */
export interface SipMessage {
  readonly startLine: string;
  /** The first value of the header, by its long name in any case. */
  header(name: string): string | undefined;
  readonly body: string;
  /** The whole message as received. */
  readonly text: string;
}

export function parseSipMessage(text: string): SipMessage {
  const end = text.search(/\r?\n\r?\n/);
  const head = end < 0 ? text : text.slice(0, end);
  const lines = head.split(/\r?\n/);
  return {
    startLine: lines[0] ?? '',
    header: (name) => {
      const prefix = `${name.toLowerCase()}:`;
      const line = lines.slice(1).find((each) => each.toLowerCase().startsWith(prefix));
      return line?.slice(prefix.length).trim();
    },
    body: end < 0 ? '' : text.slice(end).trimStart(),
    text,
  };
}

/** Status code and phrase of a response; undefined for a request. */
export function statusOf(message: SipMessage): { status: number; phrase: string } | undefined {
  const match = /^SIP\/2\.0 (\d{3}) ?(.*)$/.exec(message.startLine);
  return match?.[1] === undefined ? undefined : { status: Number(match[1]), phrase: match[2] ?? '' };
}

/** The Q.850 cause that a Reason header (RFC 3326) names, if any. */
export function causeOf(message: SipMessage): number | undefined {
  const match = /Q\.850\s*;\s*cause=(\d+)/i.exec(message.header('Reason') ?? '');
  return match?.[1] === undefined ? undefined : Number(match[1]);
}

/** A name-addr (RFC 3261 §25.1): the display name quoted, the user part escaped; line breaks and control characters go. */
export function nameAddress(user: string, host: string, displayName?: string): string {
  const uri = sipUri(user, host);
  if (displayName === undefined || displayName === '') return `<${uri}>`;
  const clean = removeControls(displayName).replace(/["\\]/g, (character) => `\\${character}`);
  return `"${clean}" <${uri}>`;
}

export function sipUri(user: string, host: string): string {
  // Unreserved and user-unreserved characters stand for themselves.
  const escaped = Array.from(new TextEncoder().encode(removeControls(user)), (byte) => {
    const character = String.fromCharCode(byte);
    return /[A-Za-z0-9\-_.!~*'()&=+$,;?/]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
  return escaped === '' ? `sip:${host}` : `sip:${escaped}@${host}`;
}

function removeControls(text: string): string {
  return Array.from(text).filter((character) => character >= ' ' && character !== '\x7f').join('');
}
