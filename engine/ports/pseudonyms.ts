/**
 * Names for what must not be named: the same text has the same pseudonym, and nobody without the key can tell the text, not even by trying all
 * that there are. An account number has 16 digits: a hash without a key is looked up within hours.
 */
export interface Pseudonyms {
  /** `kind` keeps apart texts of different kinds that look alike, e.g. `account` and `caller`. */
  of(kind: string, text: string): string;
}
