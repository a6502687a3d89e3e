import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import type { Json } from '../../engine/domain/json.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { silentLogger, type LogFields, type Logger } from '../../engine/ports/logger.ts';
import bank from '../../flows/bank.ts';
import { openStore } from '../../integrations/store/sqlite-store.ts';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import { CanarySearch } from '../rigs/canary-search.ts';
import { VirtualEngine } from './virtual-engine.ts';

const ACCOUNT = '6222020200112233445';
/** Digits that stand in no id, time or length of the test by chance. */
const CANARIES = ['739518', '850627', '961738'] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strowger-canary-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The engine in virtual time, with all that it tells, logs at any level, and writes, kept as text. */
class WatchedEngine {
  readonly engine: VirtualEngine;
  readonly logged: string[] = [];
  readonly written: string[] = [];
  /** What services were given: the one place where a PIN belongs. */
  readonly served: string[] = [];

  private constructor(engine: VirtualEngine) {
    this.engine = engine;
  }

  static async start(): Promise<WatchedEngine> {
    const engine = await VirtualEngine.start(bank);
    const watched = new WatchedEngine(engine);
    const log = (fields: LogFields, message: string): void => void watched.logged.push(`${message} ${inspect(fields, { depth: 12, showHidden: true })}`);
    Object.assign(engine.complaints, { debug: log, info: log, warn: log, error: log } satisfies Partial<Logger>);
    engine.journal.onWritten = () => watched.written.push(JSON.stringify(engine.journal.records('session')));
    engine.sim.phone('PJSIP/1001', answers(1_000));
    engine.distributor.signIn(agentId('1001'));
    return watched;
  }

  /** Everything, also as the store has it on the disk: events and the last journal of each call. */
  async everything(): Promise<CanarySearch> {
    const search = new CanarySearch();
    search.add('log', this.logged.join('\n'));
    search.add('journal', this.written.join('\n'));
    search.add('events', this.engine.log.events);
    search.add('calls', this.engine.sessions.calls());
    const path = join(folder, 'strowger.db');
    const store = await openStore({ path, logger: silentLogger, keepPersonalData: true });
    for (const event of this.engine.log.events) store.events.append(event);
    this.written.forEach((records, index) => store.journal.changed('session', `call-${index}`, () => JSON.parse(records) as Json));
    store.flush();
    search.addFolder(folder);
    await store.close();
    return search;
  }
}

describe('a PIN', () => {
  it('reaches the back office and nothing else: typed, typed ahead, typed wrong, left half typed, lost in a restart, or met by a fault', async () => {
    const watched = await WatchedEngine.start();
    const { engine } = watched;
    const [first, second, third] = CANARIES;
    const faults = [
      async () => ({ outcome: 'refused' }),
      async () => 'nonsense',
      () => Promise.reject(new StrowgerError('service.unavailable', 'down')),
      () => Promise.reject(new TypeError('x is undefined')),
      () => new Promise<Json>(() => undefined),
      async () => ({ outcome: 'verified', customerId: 'c-1' }),
    ] satisfies (() => Promise<Json>)[];
    for (const fault of faults) {
      engine.services = async ({ service, input }) => {
        watched.served.push(JSON.stringify(input));
        return service === 'authenticate' ? fault() : service === 'mayIdentify' ? { outcome: 'free' } : { balanceCents: 1 };
      };
      const caller = engine.sim.call({ number: '95500', callerNumber: '13800138000', answeredByDialplan: true });
      await caller.pressInto('sound:zh-CN/language.menu', '1');
      await caller.pressInto('sound:zh-CN/main.menu', '2');
      // Typed ahead: the PIN stands in the buffer of digits before anybody has asked for it.
      await caller.pressInto('sound:zh-CN/identify.account', `${ACCOUNT}#${first}`);
      await caller.waits(12_000);
      caller.hangUp();
      await engine.clock.advanceBy(30_000);
    }
    const caller = engine.sim.call({ number: '95500', callerNumber: '13800138000', answeredByDialplan: true });
    await caller.pressInto('sound:zh-CN/language.menu', '1');
    await caller.pressInto('sound:zh-CN/main.menu', '2');
    await caller.pressInto('sound:zh-CN/identify.account', `${ACCOUNT}#`);
    await caller.pressInto('sound:zh-CN/identify.pin', second.slice(0, 5));
    await engine.killAndRestart();
    await caller.pressInto('sound:zh-CN/identify.pin', second);
    await caller.hears('sound:zh-CN/balance.is');
    caller.hangUp();
    await engine.clock.advanceBy(30_000);
    const typist = engine.sim.call({ number: '95500', callerNumber: '13800138000', answeredByDialplan: true });
    await typist.pressInto('sound:zh-CN/language.menu', '1');
    // Where it does not belong: keys of a menu are told one by one, but a PIN in a row is not to be read from anything.
    await typist.pressInto('sound:zh-CN/main.menu', '2');
    await typist.pressInto('sound:zh-CN/identify.account', `${ACCOUNT}#`);
    await typist.pressInto('sound:zh-CN/identify.pin', third.slice(0, 5));
    typist.hangUp();
    await engine.clock.advanceBy(30_000);

    const search = await watched.everything();
    for (const place of ['log', 'journal', 'events']) expect(search.placesOf(place === 'log' ? 'service failed' : 'identify'), place).toContain(place);
    expect(search.placesOf('identify').some((place) => place.endsWith('.db-wal') || place.endsWith('.db'))).toBe(true);
    for (const pin of [first, second]) {
      expect(watched.served.join()).toContain(pin);
      expect(search.find(pin, ACCOUNT), pin).toEqual([]);
      expect(search.find(pin.slice(0, 5), ACCOUNT), pin.slice(0, 5)).toEqual([]);
    }
    expect(search.find(third.slice(0, 5))).toEqual([]);
    expect(engine.leftovers()).toEqual([]);
  });
});
