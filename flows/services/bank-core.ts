import { StrowgerError } from '../../engine/domain/errors.ts';
import type { ServiceImplementations } from '../../engine/flow/service.ts';
import type { HttpClient } from '../../integrations/http/client/http-client.ts';
import type { authenticate, getBalance, nextAppointment } from '../bank-services.ts';

type BankServices = { authenticate: typeof authenticate; getBalance: typeof getBalance; nextAppointment: typeof nextAppointment };

/** What the bank's flows ask, put to its core system over HTTP. sample-bank-core.ts shows the other side. */
export function bankCoreServices(core: HttpClient): ServiceImplementations<BankServices> {
  return {
    authenticate: ({ account, pin }, { idempotencyKey, cancel }) =>
      core.post('/v1/authentications', { account, pin }, {
        // A wrong PIN counts; the same attempt, repeated after a lost answer, must not count twice.
        idempotencyKey,
        cancel,
        validate: (body) => {
          const { status, customerId } = fields(body);
          if (status === 'verified' && typeof customerId === 'string' && customerId !== '') return { outcome: 'verified', customerId };
          if (status === 'refused' || status === 'locked') return { outcome: status };
          throw shape('status verified with a customerId, refused or locked');
        },
      }),
    getBalance: ({ customerId }, { cancel }) =>
      core.get('/v1/customers/{customerId}/balance', {
        params: { customerId },
        cancel,
        validate: (body) => {
          const { currency, available } = fields(body);
          if (currency !== 'CNY' || typeof available !== 'string') throw shape('currency CNY and available');
          return { balanceCents: cents(available) };
        },
      }),
    nextAppointment: ({ customerId }, { cancel }) =>
      core.get('/v1/customers/{customerId}/next-appointment', {
        params: { customerId },
        cancel,
        validate: (body) => {
          const { startsAt } = fields(body);
          if (startsAt === null) return { outcome: 'none' };
          const at = typeof startsAt === 'string' ? Date.parse(startsAt) : NaN;
          if (Number.isNaN(at)) throw shape('startsAt as an ISO date or null');
          return { outcome: 'booked', at };
        },
      }),
  };
}

/** `'-12345.67'` → `-1234567`. By digits: 0.29 × 100 is 28.999999999999996 in binary. */
function cents(amount: string): number {
  const [, sign, yuan = '', fen = ''] = /^(-?)(\d{1,13})(?:\.(\d{1,2}))?$/.exec(amount) ?? [];
  if (yuan === '') throw shape('an amount with at most two decimals');
  const value = Number(yuan) * 100 + Number(fen.padEnd(2, '0'));
  return sign === '-' ? -value : value;
}

function fields(body: unknown): Readonly<Record<string, unknown>> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw shape('an object');
  return body as Record<string, unknown>;
}

function shape(expected: string): StrowgerError {
  return new StrowgerError('service.invalid', `The bank's core system should have answered with ${expected}.`);
}
