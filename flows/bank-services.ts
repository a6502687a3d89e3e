import { service } from '../engine/flow/service.ts';
import type { Secret } from '../engine/flow/secret.ts';

/** What the bank's flows ask of its core system. flows/services/bank-core.ts does it, over HTTP. */

/**
 * Checks account and PIN. `refused` does not say which of the two was wrong. `locked`: the bank has locked the account
 * after too many wrong PINs.
 */
export const authenticate = service<
  { account: string; pin: Secret },
  { outcome: 'verified'; customerId: string } | { outcome: 'refused' } | { outcome: 'locked' }
>({ timeoutMs: 6_000 });

/** The balance that the customer can dispose of, in cents. */
export const getBalance = service<{ customerId: string }, { balanceCents: number }>({ timeoutMs: 6_000 });

/** The customer's next appointment at a branch; `at` in milliseconds since the epoch. */
export const nextAppointment = service<{ customerId: string }, { outcome: 'booked'; at: number } | { outcome: 'none' }>({
  timeoutMs: 6_000,
});
