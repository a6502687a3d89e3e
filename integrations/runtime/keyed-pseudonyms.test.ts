import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyedPseudonyms, readPseudonymKey } from './keyed-pseudonyms.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strowger-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('keyed pseudonyms', () => {
  it('are the same for the same text and key, and different for any other', () => {
    const key = Buffer.alloc(32, 1);
    const names = keyedPseudonyms(key);
    expect(names.of('account', '6222')).toBe(keyedPseudonyms(key).of('account', '6222'));
    expect(names.of('account', '6222')).toMatch(/^[\w-]{22}$/);
    const others = [names.of('account', '6223'), names.of('caller', '6222'), names.of('account6', '222'), keyedPseudonyms(Buffer.alloc(32, 2)).of('account', '6222')];
    expect(new Set([names.of('account', '6222'), ...others]).size).toBe(5);
  });

  it('have a key that is made once, for its owner only', () => {
    const file = join(folder, 'new', 'pseudonym.key');
    const key = readPseudonymKey(file);
    expect(key).toHaveLength(32);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readPseudonymKey(file)).toEqual(key);
    expect(readPseudonymKey(join(folder, 'other.key'))).not.toEqual(key);
  });

  it('refuse a key that is none', () => {
    const file = join(folder, 'pseudonym.key');
    writeFileSync(file, 'secret');
    expect(() => readPseudonymKey(file)).toThrowError(expect.objectContaining({ code: 'config.secret' }));
    expect(() => readPseudonymKey(folder)).toThrowError(expect.objectContaining({ code: 'config.secret' }));
  });
});
