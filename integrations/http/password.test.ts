import { describe, expect, it } from 'vitest';
import { checkPasswordHash, hashPassword, isPassword, NOBODYS_HASH } from './password.ts';

// RFC 7914 §12, the third test vector: scrypt("pleaseletmein", "SodiumChloride", 16384, 8, 1), the first half of its key.
const VECTOR = '$scrypt$ln=14,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI';

describe('passwords', () => {
  it('are checked as RFC 7914 says', async () => {
    expect(await isPassword('pleaseletmein', VECTOR)).toBe(true);
    expect(await isPassword('pleaseletmeim', VECTOR)).toBe(false);
  });

  it('have a hash each time anew, and only one password fits', async () => {
    const [one, other] = [await hashPassword('correct horse'), await hashPassword('correct horse')];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^\$scrypt\$ln=15,r=8,p=3\$/);
    expect([await isPassword('correct horse', one), await isPassword('correct horse ', one), await isPassword('', one)]).toEqual([true, false, false]);
  });

  it('are the same however a letter was typed', async () => {
    expect(await isPassword('cafe\u0301 12345', await hashPassword('caf\u00e9 12345'))).toBe(true);
  });

  it('do not fit the hash of nobody', async () => {
    for (const password of ['', '\0', 'AAAA']) expect(await isPassword(password, NOBODYS_HASH)).toBe(false);
  });

  it.each(['', 'secret', '$2b$10$abcdefghijklmnopqrstuv', '$scrypt$ln=30,r=8,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI', '$scrypt$ln=14,r=99,p=1$U29kaXVtQ2hsb3JpZGU$cCO9yzr9c0hGHAbNgf046/2o+7qQT44+qbVD9lRdofI', `${VECTOR}\n`])(
    'do not fit %j, which is no hash that we would compute',
    async (hash) => {
      expect(await isPassword('pleaseletmein', hash)).toBe(false);
      expect(() => checkPasswordHash(hash, 'han')).toThrowError(expect.objectContaining({ code: 'config.invalid' }));
    },
  );
});
