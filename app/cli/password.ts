import { createInterface } from 'node:readline';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { hashPassword } from '../../integrations/http/password.ts';
import type { Terminal } from './terminal.ts';

/** Shorter ones are guessed (NIST SP 800-63B §5.1.1.2 asks for eight at least). */
const SHORTEST = 10;

/** Reads a password from standard input, one line, and prints the hash for `http.users[].passwordHash`. Rejects with `cli.usage`. */
export async function password(terminal: Terminal, input: NodeJS.ReadableStream = process.stdin): Promise<void> {
  const lines = createInterface({ input, terminal: false });
  if ('isTTY' in input && input.isTTY === true) terminal.note('The password, then Enter (it shows; or: ./strowger password < file):');
  let line = '';
  for await (const first of lines) {
    line = first;
    break;
  }
  if ([...line].length < SHORTEST) throw new StrowgerError('cli.usage', `A password has ${SHORTEST} characters at least.`);
  terminal.line(await hashPassword(line));
}
