import { scryptSync } from 'node:crypto';
import { expect, it } from 'vitest';
import type { Attempts } from '../../engine/ports/attempts.ts';
import { SignIn } from './sign-in.ts';

it('checks two passwords at a time and lets twenty wait; who comes then is not counted as wrong, and all are served later', async () => {
  // Cheap, but a hash all the same.
  const key = scryptSync('right', Buffer.alloc(16), 32, { N: 2 ** 10, r: 8, p: 1 });
  const base64 = (bytes: Buffer): string => bytes.toString('base64').replace(/=+$/, '');
  const passwordHash = `$scrypt$ln=10,r=8,p=1$${base64(Buffer.alloc(16))}$${base64(key)}`;
  const told: string[] = [];
  const attempts: Attempts = {
    lockOf: () => undefined,
    begin: () => ({ allowed: true, succeeded: () => void told.push('succeeded'), failed: () => (told.push('failed'), []), undone: () => void told.push('undone') }),
  };
  const signIn = new SignIn({ users: [{ name: 'han', role: 'supervisor', passwordHash }], attempts });
  const check = (): Promise<string> => signIn.check('han', 'right', '192.0.2.7').then(({ name }) => name, (error: { readonly code: string }) => error.code);
  const answers = await Promise.all(Array.from({ length: 30 }, check));
  expect(answers).toEqual([...Array<string>(22).fill('han'), ...Array<string>(8).fill('api.too-many')]);
  expect(told.toSorted()).toEqual([...Array<string>(22).fill('succeeded'), ...Array<string>(8).fill('undone')]);
  expect(await Promise.all(Array.from({ length: 22 }, check))).not.toContain('api.too-many');
});
