const HAN = /\p{Script=Han}/u;
const TOKENS = /\p{Script=Han}|(?:(?!\p{Script=Han})[\p{L}\p{M}])+(?:'(?:(?!\p{Script=Han})\p{L})+)*|\p{N}+/gu;

/** What was said, in pieces: words of alphabets in small letters, each Han character by itself, `0` for any number. Punctuation is dropped. */
export function tokensOf(text: string): readonly string[] {
  const plain = text.normalize('NFKC').toLowerCase().replace(/[’`´]/g, "'");
  return (plain.match(TOKENS) ?? []).map((token) => (/^\p{N}/u.test(token) ? '0' : token));
}

/** A text without what makes no difference to how it is understood: case, spaces, punctuation. */
export function plainText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

export function isHan(token: string): boolean {
  return HAN.test(token);
}
