/**
 * What somebody else's telephone system says of a call, made harmless once, before anything of ours sees it. It goes into dialled legs, logs,
 * topics, files and screens; whoever calls may write into it what it likes (RFC 3261 §8.1.1.3: the display name is free text).
 */

/** E.164 has 15 digits, with prefixes 24; SIP user names are longer, but no number. */
const LONGEST_NUMBER = 40;
/** SIP display names have no limit; no phone shows more. */
const LONGEST_NAME = 64;

/** A number or user name: digits of any writing as ASCII, `+`, `*`, `#`, letters, `.`, `_`, `-`, `~`. All else is dropped; what is too long is cut. */
export function cleanNumber(text: string): string {
  return text.normalize('NFKC').replace(/[^0-9A-Za-z+*#._~-]/g, '').slice(0, LONGEST_NUMBER);
}

/**
 * A name to be shown. Dropped: control and formatting characters (a right-to-left override makes one name look like another), halves of
 * surrogates, private characters, and `<`, `>`, `"`, which have a meaning around a name. Blanks of any kind become one.
 */
export function cleanName(text: string): string {
  // Composed last: what a dropped character stood between is one character now.
  const plain = text.replace(/\s/gu, ' ').replace(/[\p{C}<>"]/gu, '').replace(/ +/g, ' ').normalize('NFC').trim();
  return [...plain].slice(0, LONGEST_NAME).join('').trim();
}
