import { setTimeout as sleep } from 'node:timers/promises';
import type { CallbackDesk } from '../../engine/callback/callback-desk.ts';
import { agentId, nodeId, type CallbackId } from '../../engine/domain/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { Sessions } from '../../engine/session/sessions.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { openStore, type Store } from '../../integrations/store/sqlite-store.ts';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import { SimulatedSwitch } from '../../telephony/sim/simulated-switch.ts';
import { SimulatedSwitchboard } from '../../telephony/sim/simulated-switchboard.ts';
import { percentilesOf, type Percentiles } from '../call/figures.ts';
import { openCentre } from './centre.ts';
import { aRequest, keep, numberOf } from './pending.ts';

export interface PlacingTask {
  readonly path: string;
  /** From opening the store until the first is due: time to restore and to sign in. */
  readonly readyMs: number;
  /** So many fall due, over so long; 0: all at the same moment, as at the beginning of a window. */
  readonly due: number;
  readonly overMs: number;
}

export interface Placed {
  readonly due: number;
  readonly overMs: number;
  /** From `notBefore`, in milliseconds. */
  readonly queuedMs: Percentiles;
  readonly dialledMs: Percentiles;
  /** Of the whole process, the simulated switch among it, beyond what it took while nothing was due. */
  readonly cpuMsEach: number;
  readonly reached: number;
  readonly left: { readonly channels: number; readonly bridges: number };
}

const NODE = nodeId('pbx-1');
const TALK_MS = 200;
const IDLE_MS = 1_000;
const PATIENCE_MS = 30_000;

/** Real time, a real store, a simulated switch; an agent for each who is due, so that nobody waits for one. */
export async function placeDue({ path, readyMs, due, overMs }: PlacingTask): Promise<Placed> {
  const store = await openStore({ path, logger: silentLogger });
  const beginsAt = Math.ceil((systemClock.now() + readyMs + IDLE_MS) / 100) * 100;
  const notBefore = addDue(store, due, beginsAt, overMs);
  const late = { queued: new Map<CallbackId, number>(), dialled: new Map<CallbackId, number>() };
  let ended = 0;
  let reached = 0;
  const centre = openCentre({
    store,
    clock: systemClock,
    agents: due,
    onEvent: (event) => {
      if (event.type === 'contact.queued' && event.callbackId !== undefined) note(late.queued, event.callbackId);
      else if (event.type === 'callback.dialled') note(late.dialled, event.callbackId);
      else if (event.type === 'callback.ended') {
        ended += 1;
        if (event.how === 'reached') reached += 1;
      }
    },
  });
  const note = (times: Map<CallbackId, number>, id: CallbackId): void => {
    if (!times.has(id)) times.set(id, performance.timeOrigin + performance.now() - (notBefore.get(id) ?? NaN));
  };
  const { sim, desk, close } = await openEngine(store, centre, due);
  try {
    const idleBegan = systemClock.now();
    if (idleBegan > beginsAt - IDLE_MS) throw new RangeError(`The start took ${idleBegan - beginsAt + IDLE_MS} ms too long: some were due before the desk was ready.`);
    const atIdle = process.cpuUsage();
    await sleep(beginsAt - idleBegan - 50);
    const idleShare = cpuMs(atIdle) / (systemClock.now() - idleBegan);
    const before = process.cpuUsage();
    const from = systemClock.now();
    const until = beginsAt + overMs + PATIENCE_MS;
    while (systemClock.now() < until && (ended < due || hasCalls(sim))) await sleep(50);
    const tookMs = systemClock.now() - from;
    const spent = cpuMs(before) - idleShare * tookMs;
    const { channels, bridges } = sim.leaks();
    return {
      due,
      overMs,
      queuedMs: percentilesOf([...late.queued.values()]),
      dialledMs: percentilesOf([...late.dialled.values()]),
      cpuMsEach: spent / due,
      reached,
      left: { channels: channels.length, bridges: bridges.length },
    };
  } finally {
    desk.close();
    close();
    await store.close();
  }
}

function addDue(store: Store, due: number, beginsAt: number, overMs: number): ReadonlyMap<CallbackId, number> {
  const times = new Map<CallbackId, number>();
  const now = systemClock.now();
  for (let index = 0; index < due; index += 1) {
    const from = beginsAt + Math.floor((index * overMs) / due);
    const callback = aRequest(index, `callback-due-${String(index).padStart(6, '0')}`, numberOf(index, '139'), now, from);
    keep(store, callback);
    times.set(callback.callbackId, from);
  }
  store.flush();
  return times;
}

async function openEngine(store: Store, centre: ReturnType<typeof openCentre>, agents: number): Promise<{ sim: SimulatedSwitch; desk: CallbackDesk; close: () => void }> {
  const sim = new SimulatedSwitch({ nodeId: NODE, clock: systemClock, mediaDurationMs: () => 3_000 });
  const board = new SimulatedSwitchboard([sim]);
  const { ids, announce, distributor } = centre;
  const desk: CallbackDesk = centre.desk(board, () => sessions.legs);
  await desk.restore();
  const sessions: Sessions = new Sessions({
    clock: systemClock,
    ids,
    announce,
    log: silentLogger,
    journal: store.journal,
    switchboard: board,
    events: board,
    distributor,
    prompts: { media: () => [] },
    services: { request: async () => ({}) },
    calendar: { stateAt: () => 'open' },
    flows: { forNumber: () => undefined, named: () => undefined, load: () => Promise.reject(new RangeError('Nobody calls here.')) },
    callbacks: desk,
  });
  await sessions.open();
  sim.connect({ newEngine: true });
  for (let index = 0; index < agents; index += 1) {
    const id = `${10_000 + index}`;
    sim.phone(`PJSIP/${id}`, answers(0));
    sim.phone(`PJSIP/${numberOf(index, '139')}@trunk`, answers(0, TALK_MS));
    distributor.signIn(agentId(id));
    distributor.setReady(agentId(id));
  }
  await sleep(0);
  return {
    sim,
    desk,
    close: () => {
      sessions.close();
      distributor.close();
    },
  };
}

function hasCalls(sim: SimulatedSwitch): boolean {
  const { channels, bridges } = sim.leaks();
  return channels.length + bridges.length > 0;
}

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}
