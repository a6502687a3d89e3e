import { getPriority, setPriority } from 'node:os';

// Phones and the switch are machines of their own. Here they share two cores with the engine under test and with the tests themselves: a phone
// that gets no CPU for a third of a second sends digits that arrive twice. The test's process is the phones, and the switch is its child.

const PHONES = -10;

try {
  if (getPriority() > PHONES) setPriority(PHONES);
} catch (error) {
  // Only root may; then a busy machine may cost a test its digits.
  process.stderr.write(`The phones of the tests have no priority over the engine: ${error instanceof Error ? error.message : String(error)}\n`);
}

/** A program of ours, as a child of the phones, is no phone. */
export function isNoPhone(pid: number | undefined): void {
  if (pid !== undefined) setPriority(pid, 0);
}
