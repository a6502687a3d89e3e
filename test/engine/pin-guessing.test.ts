import { describe, expect, it } from 'vitest';
import { agentId, type CallId } from '../../engine/domain/ids.ts';
import type { Json } from '../../engine/domain/json.ts';
import { AttemptLedger } from '../../engine/identification/attempt-ledger.ts';
import { IdentificationGuard, IDENTIFICATION_LIMITS } from '../../engine/identification/identification-guard.ts';
import type { ServiceRequest } from '../../engine/ports/services.ts';
import bank from '../../flows/bank.ts';
import { libphonenumberPlan } from '../../integrations/numbering/libphonenumber-plan.ts';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import { PlainPseudonyms } from '../fakes/plain-pseudonyms.ts';
import { VirtualEngine } from './virtual-engine.ts';

const ACCOUNT = '6222020200112233445';
const PIN = '135790';

/** The bank's core system behind the guard, as app/services.ts joins them. It locks nobody by itself. */
class GuardedBank {
  readonly engine: VirtualEngine;
  asked = 0;
  #guard!: IdentificationGuard;

  private constructor(engine: VirtualEngine) {
    this.engine = engine;
  }

  static async open(): Promise<GuardedBank> {
    const engine = await VirtualEngine.start(bank);
    const open = new GuardedBank(engine);
    await open.restart();
    engine.services = (request) => open.#answer(request);
    engine.sim.phone('PJSIP/1001', answers(1_000));
    engine.distributor.signIn(agentId('1001'));
    return open;
  }

  /** What the engine does when it starts: the ledger as the journal has it. */
  async restart(): Promise<void> {
    const { clock, journal, log } = this.engine;
    const attempts = new AttemptLedger({ clock, journal, limits: IDENTIFICATION_LIMITS });
    await attempts.restore();
    this.#guard = new IdentificationGuard({
      attempts,
      pseudonyms: new PlainPseudonyms(),
      plan: libphonenumberPlan,
      country: 'CN',
      announce: log.announce,
      callerNumberOf: (id: CallId) => this.engine.sessions.session(id)?.facts.callerNumber,
    });
  }

  async #answer(request: ServiceRequest): Promise<Json> {
    const { service, callId } = request;
    const { account, pin = '' } = request.input as { account: string; pin?: string };
    if (service === 'mayIdentify') return { outcome: this.#guard.mayIdentify(account, callId) ? 'free' : 'locked' };
    if (service !== 'authenticate') return { balanceCents: 123_456 };
    const identify = this.#guard.guarded('authenticate', async (input: { account: string; pin: string }) => {
      this.asked += 1;
      return input.account === ACCOUNT && input.pin === PIN ? ({ outcome: 'verified', customerId: 'c-1' } as const) : ({ outcome: 'refused' } as const);
    });
    return identify({ account, pin }, request);
  }

  /** Calls and comes as far as the question for the account, and types it. */
  async identifies(callerNumber: string, account = ACCOUNT) {
    const caller = this.engine.sim.call({ number: '95500', callerNumber, answeredByDialplan: true });
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    await caller.pressInto('sound:zh-CN/main.menu', '2');
    await caller.pressInto('sound:zh-CN/identify.account', `${account}#`);
    return caller;
  }

  async guesses(callerNumber: string, pins: readonly string[], account = ACCOUNT): Promise<void> {
    const caller = await this.identifies(callerNumber, account);
    for (const pin of pins) await caller.pressInto('sound:zh-CN/identify.pin', pin);
    await caller.waits(5_000);
    caller.hangUp();
    await this.engine.clock.advanceBy(30_000);
  }
}

describe('who guesses PINs', () => {
  it('is locked out of the account over calls, callers and a restart, and meets an agent, not silence', async () => {
    const guarded = await GuardedBank.open();
    const { engine } = guarded;
    await guarded.guesses('13800138000', ['000000', '000001']);
    await guarded.guesses('13800138001', ['000002']);
    expect(engine.log.of('identification.locked')).toMatchObject([{ scope: 'account', failures: 3 }]);
    await engine.killAndRestart();
    await guarded.restart();
    const caller = await guarded.identifies('13900139000');
    await caller.hears('sound:zh-CN/identify.locked', { toEnd: true });
    await caller.connects(engine.sim.phone('PJSIP/1001'));
    caller.hangUp();
    await engine.clock.settle();
    expect(guarded.asked).toBe(3);
    const written = JSON.stringify([engine.log.events, engine.journal.records('attempts')]);
    for (const secret of [ACCOUNT, '000000', '000001', '000002']) expect(written).not.toContain(secret);
    expect(engine.leftovers()).toEqual([]);
  });

  it('is not asked for a PIN while it is locked, and is let in when the time is over', async () => {
    const guarded = await GuardedBank.open();
    const { engine } = guarded;
    await guarded.guesses('13800138000', ['000000', '000001', '000002']);
    const locked = await guarded.identifies('13800138000');
    await locked.hears('sound:zh-CN/identify.locked');
    expect(locked.story).not.toContain('identify.pin');
    locked.hangUp();
    await engine.clock.advanceBy(300_000);
    const owner = await guarded.identifies('13800138000');
    await owner.pressInto('sound:zh-CN/identify.pin', PIN);
    await owner.hears('sound:zh-CN/balance.is');
    owner.hangUp();
    await engine.clock.settle();
    expect(engine.leftovers()).toEqual([]);
  });

  it('is locked out when it withholds its number and tries one account after another', async () => {
    const guarded = await GuardedBank.open();
    for (let i = 0; i < 6; i += 1) await guarded.guesses('anonymous', ['000000'], `622202020011223${1000 + i}`);
    expect(guarded.engine.log.of('identification.locked')).toMatchObject([{ scope: 'withheldCallers', failures: 6 }]);
    const caller = await guarded.identifies('');
    await caller.hears('sound:zh-CN/identify.locked');
    caller.hangUp();
    await guarded.engine.clock.settle();
    expect(guarded.asked).toBe(6);
  });
});
