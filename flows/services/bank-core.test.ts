import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cancellation } from '../../engine/domain/cancellation.ts';
import { callId } from '../../engine/domain/ids.ts';
import { createHttpClient } from '../../integrations/http/client/http-client.ts';
import { bankCoreServices } from './bank-core.ts';
import { SAMPLE_CUSTOMERS, startSampleBankCore, type SampleBankCore } from './sample-bank-core.ts';

let sample: SampleBankCore;
let services: ReturnType<typeof bankCoreServices>;
const [li, , wang] = SAMPLE_CUSTOMERS;
let attempts = 0;
const call = () => ({ callId: callId('call-1'), idempotencyKey: `k-${(attempts += 1)}`, cancel: new Cancellation() });

const servicesWithin = (timeoutMs: number) => bankCoreServices(createHttpClient({ baseUrl: sample.url, timeoutMs, retry: { attempts: 1 } }));

beforeEach(async () => {
  sample = await startSampleBankCore();
  services = servicesWithin(5_000);
});
afterEach(() => sample.close());

describe('the bank’s services against the sample core system', () => {
  it('tells a customer by account and PIN, and refuses all others alike', async () => {
    const { account = '', pin = '', customerId = '' } = li ?? {};
    expect(await services.authenticate({ account, pin }, call())).toEqual({ outcome: 'verified', customerId });
    expect(await services.authenticate({ account, pin: '000000' }, call())).toEqual({ outcome: 'refused' });
    expect(await services.authenticate({ account: '6299990000099999', pin }, call())).toEqual({ outcome: 'refused' });
  });

  it('counts one attempt once, and tells when the account is locked', async () => {
    const account = li?.account ?? '';
    const again = call();
    for (let i = 0; i < 6; i += 1) expect(await services.authenticate({ account, pin: '000000' }, again)).toEqual({ outcome: 'refused' });
    for (let i = 0; i < 3; i += 1) await services.authenticate({ account, pin: '000000' }, call());
    expect(await services.authenticate({ account, pin: '000000' }, call())).toEqual({ outcome: 'locked' });
  });

  it('reads amounts to the cent, debts too', async () => {
    expect(await services.getBalance({ customerId: li?.customerId ?? '' }, call())).toEqual({ balanceCents: 1_234_567 });
    expect(await services.getBalance({ customerId: wang?.customerId ?? '' }, call())).toEqual({ balanceCents: -20_800 });
  });

  it('reads appointments', async () => {
    expect(await services.nextAppointment({ customerId: 'c-1001' }, call())).toEqual({ outcome: 'booked', at: Date.parse('2026-09-01T02:00:00Z') });
    expect(await services.nextAppointment({ customerId: 'c-1002' }, call())).toEqual({ outcome: 'none' });
  });

  it.each([
    ['error', 'service.unavailable'],
    ['nonsense', 'service.invalid'],
    ['html', 'service.invalid'],
    ['drop', 'service.unavailable'],
    ['hang', 'service.timeout'],
  ] as const)('says what is wrong when it answers with %s', async (answer, code) => {
    sample.set({ answer });
    // Only a time-out needs a short patience; a slow machine must not make the others one.
    if (answer === 'hang') services = servicesWithin(100);
    await expect(services.authenticate({ account: '1', pin: '2' }, call())).rejects.toMatchObject({ code });
    await expect(services.getBalance({ customerId: 'c-1001' }, call())).rejects.toMatchObject({ code });
    await expect(services.nextAppointment({ customerId: 'c-1001' }, call())).rejects.toMatchObject({ code });
  });
});
