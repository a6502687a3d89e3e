import { Readable } from 'node:stream';
import { createColors } from 'picocolors';
import { expect, it } from 'vitest';
import { isPassword } from '../../integrations/http/password.ts';
import { password } from './password.ts';

async function hashOf(typed: string): Promise<string> {
  const lines: string[] = [];
  const terminal = { isTty: false, colors: createColors(false), line: (text = '') => void lines.push(text), note: () => undefined, progress: () => undefined };
  await password(terminal, Readable.from([typed]));
  return lines.join('\n');
}

it('makes a hash of the first line', async () => {
  expect(await isPassword('correct horse battery', await hashOf('correct horse battery\nsecond line\n'))).toBe(true);
});

it.each(['', 'short\n'])('refuses %j', async (typed) => {
  await expect(hashOf(typed)).rejects.toMatchObject({ code: 'cli.usage' });
});
