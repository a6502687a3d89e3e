import { messageOf } from '../domain/errors.ts';
import { callId } from '../domain/ids.ts';
import type { CallId, ChannelId, NodeId } from '../domain/ids.ts';
import type { AnyStateMachine } from 'xstate';
import { HangupCause, termination } from '../domain/termination.ts';
import type { CallControl, Switchboard, SwitchSnapshot } from '../ports/call-control.ts';
import type { CallEvents, ChannelInfo, SwitchEvent } from '../ports/call-events.ts';
import type { TimerHandle } from '../ports/clock.ts';
import type { FlowLibrary } from '../ports/flow-library.ts';
import { BRIDGE_PREFIX, LEG_PREFIX } from '../verbs/route.ts';
import type { LegWatcher } from '../verbs/verb-context.ts';
import { CallSession, type CallFacts, type CallView, type LoadedFlow, type SessionServices } from './call-session.ts';
import { readSessionRecord, type SessionRecord } from './session-record.ts';

export interface SessionsOptions extends SessionServices {
  readonly switchboard: Switchboard;
  readonly events: CallEvents;
  readonly flows: FlowLibrary<AnyStateMachine>;
}

/** How long journaled calls of a node that does not come back hold up the freeing of agents. */
const SETTLE_LIMIT_MS = 15_000;
/** How long the end of a leg that we hang up is waited for: it takes a few milliseconds, unless the switch is gone as well. */
const PARTING_LIMIT_MS = 1_000;
const RECONCILE_RETRY_MS = 1000;

interface NodeState {
  /** Events are held back from connection until the switch and the journal have been compared. */
  phase: 'down' | 'reconciling' | 'up';
  downSince: number;
  readonly held: ChannelEvent[];
}

interface WatchedLeg {
  readonly watcher: LegWatcher;
  rang: boolean;
}

type ChannelEvent = Exclude<SwitchEvent, { type: 'node.up' | 'node.down' | 'node.replaced' }>;

/**
 * All calls of this engine: gives each event of a switch to the session that it concerns, begins sessions for new
 * calls, and compares switch and journal whenever a connection opens.
 */
export class Sessions {
  readonly #o: SessionsOptions;
  readonly #byCaller = new Map<ChannelId, CallSession>();
  readonly #legs = new Map<ChannelId, WatchedLeg>();
  /** Legs that are being hung up, and somebody waits for their end. Not among `#legs`: should they survive, they are orphans. */
  readonly #partings = new Map<ChannelId, { readonly gone: () => void; readonly timer: TimerHandle }>();
  readonly #nodes = new Map<NodeId, NodeState>();
  /** What an earlier process left, until its node is reconciled. */
  readonly #left = new Map<NodeId, SessionRecord[]>();
  #unsubscribe: () => void = () => undefined;
  #settled = false;
  #resumed = 0;
  #ignored = 0;

  constructor(options: SessionsOptions) {
    this.#o = options;
  }

  /** Reads the journal and begins to listen. The switchboard connects after this. */
  async open(): Promise<void> {
    const { journal, log, clock, events, switchboard } = this.#o;
    for (const { id, record } of await journal.load('session')) {
      const read = readSessionRecord(record);
      if (read && switchboard.nodeIds.includes(read.nodeId)) {
        this.#left.set(read.nodeId, [...(this.#left.get(read.nodeId) ?? []), read]);
      } else {
        log.error({ callId: id }, 'journaled call cannot be read, or its node is not configured any more: it is closed in the books');
        this.#closeInBooks(callId(id), read);
      }
    }
    this.#unsubscribe = events.subscribe((event) => this.#receive(event));
    clock.setTimeout(() => this.#settle(), SETTLE_LIMIT_MS);
  }

  /** Lets go of all calls; they stay on the switch for the next process. */
  close(): void {
    this.#unsubscribe();
    for (const session of this.#byCaller.values()) session.release();
    this.#byCaller.clear();
    this.#legs.clear();
    for (const { timer } of this.#partings.values()) this.#o.clock.clearTimeout(timer);
    this.#partings.clear();
  }

  calls(): readonly CallView[] {
    return [...this.#byCaller.values()].map((session) => session.view);
  }

  /** Events that concerned nobody: of legs that had ended, of unknown channels. */
  get ignoredEvents(): number {
    return this.#ignored;
  }

  /** Calls taken up after a restart or an outage of a connection, since this process began. */
  get resumedCalls(): number {
    return this.#resumed;
  }

  // Events

  #receive(event: SwitchEvent): void {
    const node = this.#nodeState(event.nodeId);
    switch (event.type) {
      case 'node.up':
        node.phase = 'reconciling';
        node.held.length = 0;
        void this.#reconcile(event.nodeId);
        return;
      case 'node.down':
      case 'node.replaced':
        if (node.phase !== 'down') node.downSince = event.at;
        node.phase = 'down';
        node.held.length = 0;
        return;
      default:
        if (node.phase === 'up') this.#dispatch(event);
        else if (node.phase === 'reconciling') node.held.push(event);
    }
  }

  #dispatch(event: ChannelEvent): void {
    if (event.type === 'channel.entered') {
      this.#entered(event.nodeId, event.channel, event.args);
      return;
    }
    const session = this.#byCaller.get(event.channelId);
    if (session) {
      session.handle(event);
      return;
    }
    const leg = this.#legs.get(event.channelId);
    const parting = this.#partings.get(event.channelId);
    if (leg) this.#tell(leg, event);
    else if (parting === undefined) this.#ignored += 1;
    else if (event.type === 'channel.gone') parting.gone();
  }

  #tell(leg: WatchedLeg, event: Exclude<ChannelEvent, { type: 'channel.entered' }>): void {
    switch (event.type) {
      case 'channel.state':
        if (event.state === 'ringing') this.#rings(leg);
        break;
      case 'channel.hold':
        leg.watcher.held?.(event.held);
        break;
      case 'channel.gone':
        this.#legs.delete(event.channelId);
        leg.watcher.gone(event.cause);
        break;
      default:
        break;
    }
  }

  /** Once: what the snapshot shows may be told again by an event. */
  #rings(leg: WatchedLeg): void {
    if (leg.rang) return;
    leg.rang = true;
    leg.watcher.rings?.();
  }

  #partFrom(leg: ChannelId, then: () => void): void {
    const { clock } = this.#o;
    const gone = (): void => {
      const parting = this.#partings.get(leg);
      if (parting === undefined) return;
      this.#partings.delete(leg);
      clock.clearTimeout(parting.timer);
      then();
    };
    this.#partings.set(leg, { gone, timer: clock.setTimeout(gone, PARTING_LIMIT_MS) });
  }

  #entered(nodeId: NodeId, channel: ChannelInfo, args: readonly string[]): void {
    const leg = this.#legs.get(channel.id);
    if (leg) {
      leg.watcher.entered();
    } else if (args[0] === LEG_PREFIX || isLeg(channel.id)) {
      // Answered after we had given it up: its caller is with someone else or gone.
      this.#hangUp(this.#o.switchboard.node(nodeId), channel.id, HangupCause.normal);
    } else if (!this.#byCaller.has(channel.id)) {
      this.#begin(nodeId, channel);
    }
  }

  #begin(nodeId: NodeId, channel: ChannelInfo): void {
    const { flows, switchboard, ids, clock, log, announce } = this.#o;
    const id = callId(ids.next('call'));
    const control = switchboard.node(nodeId);
    let found: ReturnType<typeof flows.forNumber>;
    try {
      found = flows.forNumber(channel.dialled);
    } catch (error) {
      log.error({ dialled: channel.dialled, error: messageOf(error) }, 'the flow of this number cannot be loaded');
      announce({ type: 'call.rejected', reason: 'flowBroken', dialled: channel.dialled }, id);
      this.#hangUp(control, channel.id, HangupCause.temporaryFailure);
      return;
    }
    if (!found) {
      announce({ type: 'call.rejected', reason: 'unknownNumber', dialled: channel.dialled }, id);
      this.#hangUp(control, channel.id, HangupCause.unallocated);
      return;
    }
    const facts: CallFacts = {
      callId: id,
      nodeId,
      channelId: channel.id,
      startedAt: clock.now(),
      dialled: channel.dialled,
      callerNumber: cleanCallerId(channel.callerNumber),
      callerName: cleanCallerId(channel.callerName),
    };
    this.#session(facts, { id: found.id, version: found.version, machine: found.flow }, control).start(channel.state === 'up');
  }

  #session(facts: CallFacts, flow: LoadedFlow, control: CallControl): CallSession {
    const session = new CallSession({
      services: this.#o,
      control,
      flow,
      facts,
      watchLeg: (leg, watcher) => {
        this.#legs.set(leg, { watcher, rang: false });
        return () => {
          if (this.#legs.get(leg)?.watcher === watcher) this.#legs.delete(leg);
        };
      },
      partFrom: (leg, then) => this.#partFrom(leg, then),
      ended: () => this.#byCaller.delete(facts.channelId),
    });
    this.#byCaller.set(facts.channelId, session);
    return session;
  }

  // Reconciliation

  async #reconcile(nodeId: NodeId): Promise<void> {
    const { switchboard, log, clock } = this.#o;
    const node = this.#nodeState(nodeId);
    const control = switchboard.node(nodeId);
    let snapshot: SwitchSnapshot;
    try {
      snapshot = await control.snapshot();
    } catch (error) {
      log.warn({ nodeId, error: messageOf(error) }, 'the switch could not be read; trying again');
      clock.setTimeout(() => {
        if (node.phase === 'reconciling') void this.#reconcile(nodeId);
      }, RECONCILE_RETRY_MS);
      return;
    }
    if (node.phase !== 'reconciling') return; // lost again meanwhile: the next connection reconciles
    const present = new Map(snapshot.channels.map((channel) => [channel.id, channel]));
    const isPresent = (id: ChannelId): boolean => present.get(id)?.inApplication === true;

    for (const session of [...this.#byCaller.values()]) {
      if (session.facts.nodeId !== nodeId) continue;
      if (!isPresent(session.facts.channelId)) session.callerGone(undefined, false);
      else {
        this.#resumed += 1;
        session.reattach(snapshot, node.downSince);
      }
    }
    const records = this.#left.get(nodeId) ?? [];
    this.#left.delete(nodeId);
    for (const record of records) {
      if (isPresent(record.channelId)) await this.#resume(record, snapshot, control);
      else this.#closeInBooks(record.callId, record);
    }
    this.#catchUp(snapshot);
    this.#adoptStrangers(nodeId, control, snapshot);

    node.phase = 'up';
    if (this.#left.size === 0) this.#settle();
    for (const event of node.held.splice(0)) this.#dispatch(event);
  }

  async #resume(record: SessionRecord, snapshot: SwitchSnapshot, control: CallControl): Promise<void> {
    const { flows, log } = this.#o;
    try {
      const machine = await flows.load(record.flowId, record.flowVersion);
      const { callId, nodeId, channelId, startedAt, dialled, callerNumber, callerName } = record;
      const facts: CallFacts = { callId, nodeId, channelId, startedAt, dialled, callerNumber, callerName };
      this.#resumed += 1;
      this.#session(facts, { id: record.flowId, version: record.flowVersion, machine }, control).resume(record, snapshot);
    } catch (error) {
      log.error({ callId: record.callId, error: messageOf(error) }, 'a call could not be taken up; it begins anew');
      this.#o.journal.remove('session', record.callId);
      const channel = snapshot.channels.find(({ id }) => id === record.channelId);
      if (channel) this.#begin(record.nodeId, { ...channel, dialled: record.dialled });
    }
  }

  /**
   * Tells the legs what happened to them while nobody listened. A switch that cannot tell who is on hold leaves a held
   * conversation as it was last known, until the phone tells the next change.
   */
  #catchUp(snapshot: SwitchSnapshot): void {
    for (const { id, state, held } of snapshot.channels) {
      const leg = this.#legs.get(id);
      if (!leg) continue;
      if (state === 'ringing') this.#rings(leg);
      if (held !== undefined) leg.watcher.held?.(held);
    }
  }

  /** What the switch holds and nobody knows: calls that came while nobody listened, and what a dead process left. */
  #adoptStrangers(nodeId: NodeId, control: CallControl, snapshot: SwitchSnapshot): void {
    const ours = new Set<string>(this.#legs.keys());
    for (const channel of snapshot.channels) {
      if (this.#byCaller.has(channel.id) || ours.has(channel.id)) continue;
      if (isLeg(channel.id)) this.#hangUp(control, channel.id, HangupCause.normal);
      else if (channel.inApplication) this.#begin(nodeId, channel);
    }
    for (const bridge of snapshot.bridges) {
      const used = bridge.channelIds.some((id) => this.#byCaller.has(id));
      if (!used && bridge.id.startsWith(`${BRIDGE_PREFIX}-`)) {
        control
          .destroyBridge(bridge.id, bridge.channelIds[0] ?? ('' as ChannelId))
          .catch((error: unknown) => this.#o.log.warn({ bridge: bridge.id, error: messageOf(error) }, 'bridge was not destroyed'));
      }
    }
  }

  /** A call that ended while nobody watched. The distributor frees its agent, if it had one, when it settles. */
  #closeInBooks(id: CallId, record: SessionRecord | undefined): void {
    const { journal, announce, clock } = this.#o;
    journal.remove('session', id);
    const now = clock.now();
    if (record?.stand.at === 'queue') {
      const { contactId, queueId, enqueuedAt } = record.stand;
      announce({ type: 'contact.left', contactId, queueId, how: 'abandoned', waitedMs: now - enqueuedAt }, id);
    }
    announce({ type: 'call.ended', termination: termination('unknown'), durationMs: now - (record?.startedAt ?? now) }, id);
  }

  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#o.distributor.settle();
    this.#o.announce({ type: 'engine.started', resumed: this.#resumed });
  }

  #hangUp(control: CallControl, channelId: ChannelId, cause: number): void {
    control
      .hangup(channelId, cause)
      .catch((error: unknown) => this.#o.log.warn({ channelId, error: messageOf(error) }, 'hang-up failed'));
  }

  #nodeState(nodeId: NodeId): NodeState {
    let node = this.#nodes.get(nodeId);
    if (!node) {
      node = { phase: 'down', downSince: this.#o.clock.now(), held: [] };
      this.#nodes.set(nodeId, node);
    }
    return node;
  }
}

function isLeg(id: ChannelId): boolean {
  return id.startsWith(`${LEG_PREFIX}-`);
}

/**
 * A caller id goes into dialled legs, logs and screens: control characters are dropped, and it is cut at a length no
 * number or name has (E.164 allows 15 digits; SIP display names have no limit).
 */
function cleanCallerId(value: string): string {
  // eslint-disable-next-line no-control-regex -- control characters are what this looks for
  return value.replace(/[\u0000-\u001f\u007f<>"]/g, '').slice(0, 64);
}
