import type { AdmissionLevel, LoadMeasure, LoadReason, RefusalReason } from '../domain/admission.ts';
import type { CallId, NodeId } from '../domain/ids.ts';
import type { Announce } from '../ports/announcer.ts';
import type { Clock, TimerHandle } from '../ports/clock.ts';
import type { LoadMeter, LoadReading } from '../ports/load-meter.ts';
import { KeyedLimits, type CallLimit } from './keyed-limits.ts';
import { LoadLevel, type Thresholds } from './load-level.ts';
import { Refusals } from './refusals.ts';

export interface AdmissionLimits {
  /** Calls at once; Infinity: no limit. */
  readonly calls: number;
  /** Of the process. */
  readonly busy: Thresholds;
  readonly loopLagMs: Thresholds;
  /** Of each switch: a switch that is slow diverts and refuses its own calls only. */
  readonly eventLagMs: Thresholds;
  readonly requestMs: Thresholds;
  /** By trunk, and for those that are not named. */
  readonly trunks: ReadonlyMap<string, CallLimit>;
  readonly perTrunk: CallLimit;
  /** For each calling number; calls without one have none. */
  readonly perCaller: CallLimit;
}

/** Nothing is ever refused, diverted or spared. */
export const NO_LIMITS: AdmissionLimits = {
  calls: Infinity,
  busy: [Infinity, Infinity, Infinity],
  loopLagMs: [Infinity, Infinity, Infinity],
  eventLagMs: [Infinity, Infinity, Infinity],
  requestMs: [Infinity, Infinity, Infinity],
  trunks: new Map(),
  perTrunk: {},
  perCaller: {},
};

export interface AdmissionOptions {
  readonly limits: AdmissionLimits;
  readonly clock: Clock;
  readonly announce: Announce;
  readonly nodeIds: readonly NodeId[];
  /** Has a switch refuse calls by itself for so long, before they reach us; 0: no more. Settles when it has been told, or cannot be; never rejects. */
  readonly gate: (nodeId: NodeId, forMs: number) => Promise<void>;
}

/** A call as it comes. */
export interface ComingCall {
  readonly nodeId: NodeId;
  readonly dialled: string;
  readonly callerNumber: string;
  /** What it came in by; undefined: the switch does not tell. */
  readonly trunk: string | undefined;
}

/** What becomes of a call that comes. */
export type Verdict =
  /** `listens`: what it says may be listened to. */
  | { readonly as: 'call'; readonly listens: boolean }
  /** It is told to call later. */
  | { readonly as: 'diverted' }
  | { readonly as: 'refused'; readonly reason: RefusalReason };

/** For tools. */
export interface AdmissionState {
  readonly level: AdmissionLevel;
  readonly since: number;
  readonly reasons: readonly LoadReason[];
  readonly nodes: readonly { readonly nodeId: NodeId; readonly draining: boolean; readonly calls: number; readonly level: AdmissionLevel; readonly since: number; readonly reasons: readonly LoadReason[] }[];
  readonly calls: number;
  /** Undefined: no limit. */
  readonly callLimit: number | undefined;
  /** Calls by trunk; those of trunks without any are not there. */
  readonly trunks: readonly { readonly trunk: string; readonly calls: number; readonly limit: CallLimit }[];
  /** Since the process began. */
  readonly refused: Readonly<Record<RefusalReason, number>>;
  readonly diverted: number;
}

const SAMPLE_EVERY_MS = 500;
/** A level begins to be left when its figure is below this share of where it begins. */
const RELEASE_SHARE = 0.75;
const HOLD_MS = 5_000;
/** Ten seconds of trouble before new callers lose the speech, which a busy moment must not cost them; one second before calls are diverted or refused. */
const CONFIRM = [20, 2, 2] as const;
/** Calls are an exact figure, in which less play is enough. Level 1 begins at 80 % of the limit, level 2 at 90 %. */
const CALLS_RELEASE_SHARE = 0.95;
const CALLS_SHARES = [0.8, 0.9, 1] as const;
/** Renewed with each reading while it holds. It ends by itself when we die: then the dialplan's fallback is right, not a refusal. */
const GATE_MS = 5_000;

interface Scope {
  readonly loads: readonly LoadLevel[];
  level: AdmissionLevel;
  since: number;
}

/**
 * Whether a new call is taken, and what is left out for the sake of those who are in. Only calls that come are ever diverted or refused: not those that go on,
 * nor those that we place, nor those that came while nobody listened.
 */
export class Admission {
  readonly #o: AdmissionOptions;
  readonly #live = new Map<CallId, ComingCall>();
  readonly #trunks: KeyedLimits;
  readonly #callers: KeyedLimits;
  readonly #refusals: Refusals;
  readonly #engine: Scope;
  readonly #nodes: ReadonlyMap<NodeId, Scope>;
  readonly #gated = new Set<NodeId>();
  readonly #draining = new Set<NodeId>();
  #diverted = 0;
  #timer: TimerHandle;

  constructor(options: AdmissionOptions) {
    this.#o = options;
    const { limits, clock, nodeIds } = options;
    const rates = [limits.perTrunk, ...limits.trunks.values()].map(({ perMinute = 0 }) => perMinute);
    this.#trunks = new KeyedLimits(Math.max(...rates));
    this.#callers = new KeyedLimits(limits.perCaller.perMinute ?? 0);
    this.#refusals = new Refusals(options.announce);
    const since = clock.now();
    const calls: Thresholds = [Math.ceil(limits.calls * CALLS_SHARES[0]), Math.ceil(limits.calls * CALLS_SHARES[1]), limits.calls];
    const play = { releaseShare: RELEASE_SHARE, holdMs: HOLD_MS, confirm: CONFIRM };
    this.#engine = {
      loads: [
        new LoadLevel({ ...play, thresholds: { busy: limits.busy, loopLagMs: limits.loopLagMs } }),
        new LoadLevel({ ...play, thresholds: { calls }, releaseShare: CALLS_RELEASE_SHARE }),
      ],
      level: 0,
      since,
    };
    const nodeThresholds = { eventLagMs: limits.eventLagMs, requestMs: limits.requestMs };
    this.#nodes = new Map(nodeIds.map((id) => [id, { loads: [new LoadLevel({ ...play, thresholds: nodeThresholds })], level: 0, since }]));
  }

  /** Takes readings from now on. */
  open(meter: LoadMeter): void {
    this.#timer = this.#o.clock.setTimeout(() => {
      this.sample(meter.read());
      this.open(meter);
    }, SAMPLE_EVERY_MS);
  }

  close(): void {
    this.#o.clock.clearTimeout(this.#timer);
  }

  /** Of a node, what holds for the whole engine included. */
  level(nodeId: NodeId): AdmissionLevel {
    const own = this.#nodes.get(nodeId)?.level ?? 0;
    return own > this.#engine.level ? own : this.#engine.level;
  }

  /** Whether no new calls begin on a node: neither those that come nor those that we place. */
  isDraining(nodeId: NodeId): boolean {
    return this.#draining.has(nodeId);
  }

  /** New calls of a node are refused from now on, or no longer; those that are in go on to their ends. Settles when the switch has been told. */
  async drain(nodeId: NodeId, draining: boolean): Promise<void> {
    if (this.#draining.has(nodeId) === draining) return;
    if (draining) this.#draining.add(nodeId);
    else this.#draining.delete(nodeId);
    const told = this.#tend(nodeId);
    this.#o.announce({ type: 'node.draining', node: nodeId, draining, calls: this.#callsOn(nodeId) });
    await told;
  }

  /** What is to become of a call. Nothing is counted but refusals: who takes it says so (`began`). */
  decide(call: ComingCall): Verdict {
    const now = this.#o.clock.now();
    const reason = this.#refusal(call, now);
    if (reason !== undefined) return this.#refuse(call, reason, now);
    const level = this.level(call.nodeId);
    return level >= 2 ? { as: 'diverted' } : { as: 'call', listens: level < 1 };
  }

  /** A diverted call was taken, to be told to call later. */
  wasDiverted(): void {
    this.#diverted += 1;
  }

  /** There is nothing that a diverted call could be told by. */
  refuse(call: ComingCall): void {
    this.#refuse(call, 'overload', this.#o.clock.now());
  }

  /** `isNew`: false for a call that an earlier process took, or that we placed. */
  began(callId: CallId, call: ComingCall, isNew: boolean): void {
    const now = this.#o.clock.now();
    this.#live.set(callId, call);
    if (call.trunk !== undefined) this.#trunks.began(call.trunk, now, isNew);
    if (call.callerNumber !== '') this.#callers.began(call.callerNumber, now, isNew);
  }

  ended(callId: CallId): void {
    const call = this.#live.get(callId);
    if (call === undefined) return;
    this.#live.delete(callId);
    if (call.trunk !== undefined) this.#trunks.ended(call.trunk);
    if (call.callerNumber !== '') this.#callers.ended(call.callerNumber);
  }

  /** Takes a reading, tells what changes, and opens or closes the gates of the switches. */
  sample({ busy, loopLagMs, nodes }: LoadReading): void {
    const now = this.#o.clock.now();
    this.#look(this.#engine, { busy, loopLagMs, calls: this.#live.size }, now, undefined);
    for (const [id, scope] of this.#nodes) {
      const { eventLagMs = 0, requestMs = 0 } = nodes.get(id) ?? {};
      this.#look(scope, { eventLagMs, requestMs }, now, id);
      void this.#tend(id);
    }
    this.#refusals.flush(now);
  }

  get state(): AdmissionState {
    const { limits } = this.#o;
    return {
      ...shown(this.#engine),
      nodes: [...this.#nodes].map(([nodeId, scope]) => ({ nodeId, draining: this.isDraining(nodeId), calls: this.#callsOn(nodeId), ...shown(scope) })),
      calls: this.#live.size,
      callLimit: limits.calls === Infinity ? undefined : limits.calls,
      trunks: [...this.#trunks.all].map(([trunk, calls]) => ({ trunk, calls, limit: this.#limitOf(trunk) })),
      refused: Object.fromEntries(this.#refusals.counts) as Record<RefusalReason, number>,
      diverted: this.#diverted,
    };
  }

  #refusal({ nodeId, trunk, callerNumber }: ComingCall, now: number): RefusalReason | undefined {
    const { limits } = this.#o;
    if (this.isDraining(nodeId)) return 'draining';
    if (this.#live.size >= limits.calls) return 'callLimit';
    if (this.level(nodeId) >= 3) return 'overload';
    const trunkBreaks = trunk === undefined ? undefined : this.#trunks.broken(trunk, this.#limitOf(trunk), now);
    if (trunkBreaks !== undefined) return trunkBreaks === 'calls' ? 'trunkCalls' : 'trunkRate';
    const callerBreaks = callerNumber === '' ? undefined : this.#callers.broken(callerNumber, limits.perCaller, now);
    if (callerBreaks !== undefined) return callerBreaks === 'calls' ? 'callerCalls' : 'callerRate';
    return undefined;
  }

  #callsOn(nodeId: NodeId): number {
    let calls = 0;
    for (const call of this.#live.values()) if (call.nodeId === nodeId) calls += 1;
    return calls;
  }

  #refuse({ dialled, trunk, callerNumber }: ComingCall, reason: RefusalReason, now: number): Verdict {
    this.#refusals.add({ reason, dialled, trunk, callerNumber }, now);
    return { as: 'refused', reason };
  }

  #limitOf(trunk: string): CallLimit {
    const { trunks, perTrunk } = this.#o.limits;
    return trunks.get(trunk) ?? perTrunk;
  }

  #look(scope: Scope, figures: Readonly<Partial<Record<LoadMeasure, number>>>, now: number, node: NodeId | undefined): void {
    for (const load of scope.loads) load.sample(figures, now);
    const level = Math.max(...scope.loads.map((load) => load.level)) as AdmissionLevel;
    if (level === scope.level) return;
    const was = scope.level;
    scope.level = level;
    scope.since = now;
    this.#o.announce({ type: 'admission.level', level, was, reasons: shown(scope).reasons, ...(node === undefined ? {} : { node }) });
  }

  async #tend(nodeId: NodeId): Promise<void> {
    const refuses = this.level(nodeId) >= 3 || this.isDraining(nodeId);
    if (refuses) {
      this.#gated.add(nodeId);
      await this.#o.gate(nodeId, GATE_MS);
    } else if (this.#gated.delete(nodeId)) {
      await this.#o.gate(nodeId, 0);
    }
  }
}

function shown({ loads, level, since }: Scope): Pick<AdmissionState, 'level' | 'since' | 'reasons'> {
  return { level, since, reasons: loads.filter((load) => load.level === level).flatMap(({ reasons }) => reasons) };
}
