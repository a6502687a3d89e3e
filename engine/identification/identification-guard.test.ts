import { describe, expect, it } from 'vitest';
import { libphonenumberPlan } from '../../integrations/numbering/libphonenumber-plan.ts';
import { MemoryJournal } from '../../test/fakes/memory-journal.ts';
import { PlainPseudonyms } from '../../test/fakes/plain-pseudonyms.ts';
import { RecordedLog } from '../../test/fakes/recorded-log.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { Cancellation } from '../domain/cancellation.ts';
import { StrowgerError } from '../domain/errors.ts';
import { callId } from '../domain/ids.ts';
import { AttemptLedger } from './attempt-ledger.ts';
import { IdentificationGuard, IDENTIFICATION_LIMITS } from './identification-guard.ts';

const ACCOUNT = '6222020200112233445';
const PIN = '135790';

class Rig {
  readonly clock = new VirtualClock();
  readonly log = new RecordedLog(this.clock);
  readonly journal = new MemoryJournal();
  readonly guard = new IdentificationGuard({
    attempts: new AttemptLedger({ clock: this.clock, journal: this.journal, limits: IDENTIFICATION_LIMITS }),
    pseudonyms: new PlainPseudonyms(),
    plan: libphonenumberPlan,
    country: 'CN',
    announce: this.log.announce,
    callerNumberOf: () => this.caller,
  });
  caller: string | undefined = '13800138000';
  asked = 0;
  answer: (pin: string) => { outcome: 'verified' } | { outcome: 'refused' } = (pin) => (pin === PIN ? { outcome: 'verified' } : { outcome: 'refused' });
  readonly #authenticate = this.guard.guarded('authenticate', async ({ pin }: { account: string; pin: string }) => {
    this.asked += 1;
    return this.answer(pin);
  });

  async try(pin: string, account = ACCOUNT): Promise<string> {
    const call = { callId: callId('call-1'), idempotencyKey: `request-${(this.#ids += 1)}`, cancel: new Cancellation() };
    return (await this.#authenticate({ account, pin }, call)).outcome;
  }
  #ids = 0;
}

describe('the guard before services that check a PIN', () => {
  it('locks the account for everybody after three wrong PINs, and asks the back office no more', async () => {
    const rig = new Rig();
    for (let i = 0; i < 3; i += 1) expect(await rig.try('000000')).toBe('refused');
    rig.caller = '13900139000';
    expect(rig.guard.mayIdentify(ACCOUNT, callId('call-1'))).toBe(false);
    expect(await rig.try(PIN)).toBe('locked');
    expect(rig.asked).toBe(3);
    expect(rig.log.of('identification.locked')).toMatchObject([{ scope: 'account', key: 'account-1', failures: 3, until: rig.clock.now() + 300_000 }]);
    expect(rig.log.of('identification.refused').map(({ by, account, caller }) => [by, account, caller])).toEqual([
      ['backOffice', 'account-1', 'caller-2'],
      ['backOffice', 'account-1', 'caller-2'],
      ['backOffice', 'account-1', 'caller-2'],
      ['lock', 'account-1', 'caller-3'],
    ]);
    await rig.clock.advanceBy(300_000);
    expect(await rig.try(PIN)).toBe('verified');
  });

  it('locks a caller who tries many accounts, however its number is spelt, and leaves others alone', async () => {
    const rig = new Rig();
    const spellings = ['13800138000', '+8613800138000', '8613800138000', '+86 138 0013 8000'];
    for (let i = 0; i < 6; i += 1) {
      rig.caller = spellings[i % spellings.length];
      expect(await rig.try('000000', `62220000000000${i}00`)).toBe('refused');
      // Its own account does not buy it new guesses.
      if (i < 5) expect(await rig.try(PIN)).toBe('verified');
    }
    expect(await rig.try(PIN)).toBe('locked');
    rig.caller = '13900139000';
    expect(await rig.try(PIN)).toBe('verified');
  });

  it.each(['', 'anonymous', 'Restricted', '未知', '0000', undefined])('counts callers who withhold their number together: %s', async (number) => {
    const rig = new Rig();
    for (let i = 0; i < 6; i += 1) {
      rig.caller = ['anonymous', ''][i % 2];
      await rig.try('000000', `62220000000000${i}00`);
    }
    rig.caller = number;
    expect(await rig.try(PIN)).toBe('locked');
    expect(rig.log.of('identification.locked')).toMatchObject([{ scope: 'withheldCallers', key: 'all' }]);
    expect(rig.log.last('identification.refused')).not.toHaveProperty('caller');
  });

  it('counts nothing when the back office gives no answer', async () => {
    const rig = new Rig();
    rig.answer = () => {
      throw new StrowgerError('service.unavailable', 'down');
    };
    for (let i = 0; i < 10; i += 1) await expect(rig.try(PIN)).rejects.toMatchObject({ code: 'service.unavailable' });
    expect(rig.asked).toBe(10);
    expect(rig.log.events).toEqual([]);
  });

  it('writes neither account nor number nor PIN anywhere', async () => {
    const rig = new Rig();
    for (let i = 0; i < 5; i += 1) await rig.try('000000');
    await rig.clock.settle();
    const written = JSON.stringify([rig.log.events, rig.journal.records('attempts')]);
    expect(rig.journal.records('attempts')).toHaveLength(2);
    for (const secret of [ACCOUNT, '13800138000', '000000']) expect(written).not.toContain(secret);
  });
});
