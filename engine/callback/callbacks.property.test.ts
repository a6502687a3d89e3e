import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Period } from '../domain/callback.ts';
import { agentId, type CallbackId } from '../domain/ids.ts';
import { StrowgerError } from '../domain/errors.ts';
import { answers, isBusy, isMachine, isNotRegistered, isUnreachable, neverAnswers, rejects, type PhoneBehaviour } from '../../telephony/sim/phone-behaviour.ts';
import { bank, CallbackRig, HOUR_MS, MINUTE_MS } from '../../test/callback/callback-rig.ts';

/** More for a soak: STROWGER_PROPERTY_RUNS=100000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 200);

const AGENTS = ['1001', '1002'] as const;
const NUMBERS = [0, 1, 2, 3].map((n) => `+861380000000${n}`);
const CUSTOMERS: readonly PhoneBehaviour[] = [answers(500), answers(4_000, 20_000), answers(1_000, 300), isMachine(500), isMachine(500, 4_000), isBusy(), isBusy(2_000), rejects(3_000), neverAnswers(), isUnreachable(1), isUnreachable(20), isUnreachable(27), isNotRegistered()];
const PHONES: readonly PhoneBehaviour[] = [answers(500), answers(500), answers(2_000, 4_000), rejects(1_000), neverAnswers(), isBusy(), isNotRegistered()];
/** The disk takes so long: time enough to be killed in. */
const DISK_MS = 400;
const PASSES = [1, 300, 2_000, 7_000, 30_000, 5 * MINUTE_MS, HOUR_MS] as const;
const HAPPENINGS = ['request', 'request', 'request', 'pass', 'pass', 'pass', 'pass', 'customer', 'agent', 'ready', 'signOut', 'hangUp', 'press', 'press', 'cancel', 'move', 'kill', 'kill', 'drop', 'clock', 'crash'] as const;

const happening = fc.record({ what: fc.constantFrom(...HAPPENINGS), a: fc.nat(1_000), b: fc.nat(1_000) });
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const pick = <T>(from: readonly T[], index: number): T => from[index % from.length] as T;

/** Customers, agents, a switch and an engine that dies now and then; and what must be true of their callbacks all the time. */
class World {
  readonly rig: CallbackRig;
  #setBackMs = 0;

  private constructor(rig: CallbackRig) {
    this.rig = rig;
  }

  static async start(order: 'agentFirst' | 'customerFirst', detectMachines: boolean): Promise<World> {
    const message = detectMachines ? { messageFlow: 'callback-message' } : {};
    const rig = await CallbackRig.start({ agents: AGENTS, policy: { order, attempts: 2, previewMs: 1_000, detectMachines, ...message } });
    rig.expiresAfterMs = 2 * HOUR_MS;
    // As the store gathers: what is not durable is lost by a kill.
    rig.journal.writeLater = (write) => void rig.clock.setTimeout(write, DISK_MS);
    rig.journal.writeDurably = (write) => void rig.clock.setTimeout(write, DISK_MS);
    return new World(rig);
  }

  async happen({ what, a, b }: Happening): Promise<void> {
    const { rig } = this;
    const { clock, desk, sim } = rig;
    const open = desk.list().filter(({ ended }) => ended === undefined);
    const one = open.length === 0 ? undefined : pick(open, a);
    switch (what) {
      case 'request': {
        const windows = desk.windows(bank);
        await this.#mayBeRefused(() => desk.request(rig.wish({ number: pick(NUMBERS, a), ...(b % 2 === 0 || windows.length === 0 ? {} : { wanted: pick(windows, b).period }) })));
        break;
      }
      case 'pass':
        await clock.advanceBy(pick(PASSES, a));
        break;
      case 'customer':
        rig.customer(pick(NUMBERS, a)).behaviour = pick(CUSTOMERS, b);
        break;
      case 'agent':
        rig.agent(pick(AGENTS, a)).behaviour = pick(PHONES, b);
        break;
      case 'ready': {
        const id = agentId(pick(AGENTS, a));
        rig.distributor.signIn(id);
        await this.#mayBeRefused(async () => rig.distributor.setReady(id));
        break;
      }
      case 'signOut':
        rig.distributor.signOut(agentId(pick(AGENTS, a)));
        break;
      case 'hangUp':
        (b % 2 === 0 ? rig.customer(pick(NUMBERS, a)) : rig.agent(pick(AGENTS, a))).hangUp();
        break;
      case 'press':
        rig.customer(pick(NUMBERS, a)).press('1');
        break;
      case 'cancel':
        if (one !== undefined) await this.#mayBeRefused(async () => desk.cancel(one.callbackId, { by: 'supervisor' }));
        break;
      case 'move': {
        const windows = desk.windows(bank);
        if (one !== undefined) await this.#mayBeRefused(() => desk.move(one.callbackId, b % 3 === 0 || windows.length === 0 ? 'soon' : pick(windows, b).period, { by: 'program' }));
        break;
      }
      case 'kill':
        await this.#set(pick([0, 0, 0, -HOUR_MS, HOUR_MS], a), (byMs) => rig.killAndRestart(pick([0, 10, 1_000, 20_000, HOUR_MS], b), byMs));
        break;
      case 'drop':
        sim.disconnect();
        await clock.advanceBy(pick([10, 2_000, 40_000], b));
        sim.connect();
        break;
      case 'crash':
        sim.crash();
        await clock.advanceBy(2_000);
        sim.connect();
        break;
      case 'clock':
        this.#set(pick([-HOUR_MS, -25 * MINUTE_MS, -3_000, 3_000, 25 * MINUTE_MS, HOUR_MS], b), (byMs) => clock.set(byMs));
        break;
    }
    await clock.settle();
  }

  /** From here on everybody does what is right; then each callback must have come to its end. */
  async comeToAnEnd(): Promise<void> {
    const { rig } = this;
    for (const number of NUMBERS) rig.customer(number).behaviour = neverAnswers();
    for (const id of AGENTS) {
      rig.agent(id).hangUp();
      rig.agent(id).behaviour = answers(100);
    }
    for (const number of NUMBERS) rig.customer(number).hangUp();
    for (let round = 0; round < 20; round += 1) {
      for (const id of AGENTS) {
        rig.distributor.signIn(agentId(id));
        rig.distributor.setReady(agentId(id));
      }
      await rig.clock.advanceBy(HOUR_MS);
    }
    for (const id of AGENTS) rig.distributor.signOut(agentId(id));
    await rig.clock.advanceBy(MINUTE_MS);
  }

  check(): void {
    const { rig } = this;
    const requested = rig.log.of('callback.requested');
    const ended = rig.log.of('callback.ended');
    for (const { callbackId } of requested) {
      const ends = ended.filter((event) => event.callbackId === callbackId);
      if (ends.length !== 1) throw new Error(`${callbackId} has ${ends.length} ends`);
      const attempts = rig.log.of('callback.attempted').filter((event) => event.callbackId === callbackId);
      if (attempts.length > 2) throw new Error(`${callbackId} was tried ${attempts.length} times`);
      const dials = rig.log.of('callback.dialled').filter((event) => event.callbackId === callbackId);
      if (attempts.filter(({ messageLeft }) => messageLeft).length > 1) throw new Error(`${callbackId} has left more than one message`);
      if (dials.length > attempts.length) throw new Error(`${callbackId} was dialled ${dials.length} times, with ${attempts.length} attempts in the books`);
      const numbers = attempts.map(({ attempt }) => attempt);
      if (numbers.some((attempt, index) => attempt !== index + 1)) throw new Error(`${callbackId}: attempts ${numbers.join()}`);
    }
    for (const number of NUMBERS) {
      const phone = rig.customer(number);
      if (phone.mostAtOnce > 1) throw new Error(`${number} rang twice at once`);
      const own = new Set(requested.flatMap(({ callbackId, pii }) => (pii.number === number ? [callbackId] : [])));
      const dials = rig.log.of('callback.dialled').filter(({ callbackId }) => own.has(callbackId)).length;
      if (dials < phone.rings.length) throw new Error(`${number} rang ${phone.rings.length} times, ${dials} dials were told`);
      const periods = this.#periods(own);
      for (const { at } of phone.rings) if (!periods.some(({ from, to }) => at >= from && at < to)) throw new Error(`${number} rang outside of every period`);
    }
  }

  #set<R>(byMs: number, set: (byMs: number) => R): R {
    this.#setBackMs += Math.max(0, -byMs);
    return set(byMs);
  }

  /** When these callbacks may ring: within the windows that were promised; without a window from the request on, which a clock that was set back since puts in the future. */
  #periods(own: ReadonlySet<CallbackId>): readonly Period[] {
    return this.rig.log.events.flatMap((event) => {
      if ((event.type !== 'callback.moved' && event.type !== 'callback.requested') || !own.has(event.callbackId)) return [];
      const { from, to } = event.period;
      return from > event.at ? [{ from, to }] : [{ from: from - this.#setBackMs, to }];
    });
  }

  async #mayBeRefused(act: () => Promise<unknown>): Promise<void> {
    try {
      // Whatever it waits for, the disk is through by then.
      await Promise.all([act(), this.rig.clock.advanceBy(DISK_MS)]);
    } catch (error) {
      if (error instanceof StrowgerError && ['callback.refused', 'callback.conflict', 'agent.conflict'].includes(error.code)) return;
      throw error;
    }
  }
}

describe.each([
  ['agentFirst', false],
  ['agentFirst', true],
  ['customerFirst', false],
  ['customerFirst', true],
] as const)('callbacks, %s, machines told from people: %s, whatever happens', (order, detectMachines) => {
  it(
    'are placed at most as often as the policy says, within their period, end once each, and leave nothing behind',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { maxLength: 60, size: 'max' }), async (course) => {
          const world = await World.start(order, detectMachines);
          for (const each of course) await world.happen(each);
          await world.comeToAnEnd();
          world.check();
          expect(world.rig.leftovers()).toEqual([]);
          expect(world.rig.complaints.errors).toEqual([]);
        }),
        { numRuns: RUNS },
      );
    },
    120_000 + RUNS * 100,
  );
});
