import { isIP } from 'node:net';
import { StrowgerError } from '../../engine/domain/errors.ts';

/**
 * Each value that reaches a configuration file passes one of these. Asterisk's files have no quoting: a line break would
 * start a section of the writer's choice, `;` a comment, `,` another argument, so what could is refused here.
 */
function refuse(option: string, found: string, allowed: string): never {
  // The value itself may be a secret.
  throw new StrowgerError('pbx.config', `${option}: ${found} is not allowed; allowed: ${allowed}.`, { fields: { option } });
}

function checked(option: string, value: string, pattern: RegExp, allowed: string): string {
  if (!pattern.test(value)) refuse(option, shown(value), allowed);
  return value;
}

function shown(value: string): string {
  return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
}

/** Names of sections, e.g. an agent's id: what a SIP user part and a section name have in common. */
export function sectionName(option: string, value: string, reserved: readonly string[]): string {
  checked(option, value, /^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/, 'letters, digits, "_", "." and "-", at most 40');
  if (reserved.includes(value)) refuse(option, shown(value), 'a name that is not in use already');
  return value;
}

/** A number that can be dialled. One letter alone would be one of Asterisk's special extensions (h, i, s, t …). */
export function extension(option: string, value: string): string {
  checked(option, value, /^\+?[A-Za-z0-9*#]{1,40}$/, 'digits, letters, "*", "#", at most 40, and a "+" in front');
  if (/^[A-Za-z]$/.test(value)) refuse(option, shown(value), 'more than one letter');
  return value;
}

/** The id of a flow, as an argument of Stasis(). */
export function flowId(option: string, value: string): string {
  return checked(option, value, /^[A-Za-z0-9][A-Za-z0-9_.-]{0,79}$/, 'letters, digits, "_", "." and "-", at most 80');
}

/** Printable ASCII. `;` starts a comment unless a backslash stands before it (Asterisk's "Config File Format"). */
export function secret(option: string, value: string): string {
  if (!/^[!-~]([ -~]{0,126}[!-~])?$/.test(value)) {
    refuse(option, 'this value', 'printable ASCII without blanks at either end, 1 to 128 characters');
  }
  // "> x" after "=" would be read as the operator "=>".
  if (value.startsWith('>')) refuse(option, 'this value', 'no ">" at the start');
  return value.replaceAll(';', '\\;');
}

/** An absolute path. */
export function directory(option: string, value: string): string {
  return checked(option, value, /^\/[^\p{Cc};,"\\{}]*$/u, 'an absolute path without control characters, ";", ",", quotes, braces and backslashes');
}

/** An IPv4 or IPv6 address, the latter in brackets when a port follows. */
export function address(option: string, value: string): string {
  if (isIP(value) === 0) refuse(option, shown(value), 'an IPv4 or IPv6 address');
  return value;
}

/** `192.0.2.1`, `2001:db8::1` or either with a prefix length, `192.0.2.0/24`. */
export function network(option: string, value: string): string {
  const [ip = '', prefix, ...rest] = value.split('/');
  const version = isIP(ip);
  const prefixIsFine = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= (version === 6 ? 128 : 32));
  if (version === 0 || !prefixIsFine || rest.length > 0) refuse(option, shown(value), 'an address or a network such as 192.0.2.0/24');
  return value;
}

/** A host name or address that we send to. */
export function host(option: string, value: string): string {
  if (isIP(value) === 6) return `[${value}]`;
  return checked(option, value, /^[A-Za-z0-9]([A-Za-z0-9.-]{0,250}[A-Za-z0-9])?$/, 'a host name or an address');
}

export function port(option: string, value: number): number {
  return integer(option, value, 1, 65_535);
}

export function integer(option: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) refuse(option, String(value), `a whole number from ${least} to ${most}`);
  return value;
}

/** One or more sounds, joined by `&` for Playback(). */
export function sounds(option: string, values: readonly string[]): string {
  for (const value of values) checked(option, value, /^[A-Za-z0-9_./-]{1,255}$/, 'the name or path of a sound without its extension');
  return values.join('&');
}

/** What Dial() may call: one endpoint, optionally a number behind it. */
export function dialTarget(option: string, value: string): string {
  return checked(option, value, /^PJSIP\/\+?[A-Za-z0-9_.*#-]{1,64}(@[A-Za-z0-9][A-Za-z0-9_.-]{0,39})?$/, 'PJSIP/<endpoint> or PJSIP/<number>@<trunk>');
}

/** A list of codecs in order of preference. */
export function codecList(option: string, values: readonly string[]): string {
  const known = ['alaw', 'ulaw', 'g722', 'opus'];
  for (const value of values) if (!known.includes(value)) refuse(option, shown(value), known.join(', '));
  if (values.length === 0) refuse(option, 'an empty list', `at least one of ${known.join(', ')}`);
  return values.join(',');
}

/** An IETF-like language of sounds, e.g. `en`, `zh_CN`. */
export function language(option: string, value: string): string {
  return checked(option, value, /^[a-z]{2,3}(_[A-Za-z0-9]{2,8})*$/, 'a language such as en or zh_CN');
}
