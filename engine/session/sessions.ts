import { messageOf } from '../domain/errors.ts';
import { callId } from '../domain/ids.ts';
import type { ComingCall } from '../admission/admission.ts';
import type { FlowEnd } from '../callback/customer-first.ts';
import type { Callback } from '../domain/callback.ts';
import { cleanName, cleanNumber } from '../domain/caller-id.ts';
import type { CallbackId, CallId, ChannelId, NodeId } from '../domain/ids.ts';
import type { AnyStateMachine } from 'xstate';
import { HangupCause, termination, type TerminationReason } from '../domain/termination.ts';
import type { CallControl, Switchboard, SwitchSnapshot } from '../ports/call-control.ts';
import type { CallEvents, ChannelInfo, SwitchEvent } from '../ports/call-events.ts';
import type { FlowLibrary } from '../ports/flow-library.ts';
import { BRIDGE_PREFIX, LEG_PREFIX, type Legs } from '../ports/legs.ts';
import { CallSession, type CallFacts, type CallView, type LoadedFlow, type SessionServices } from './call-session.ts';
import { isLeg, LegRegistry } from './leg-registry.ts';
import { SwitchAudit, type Disagreement } from './switch-audit.ts';
import { readSessionRecord, type SessionRecord } from './session-record.ts';

export interface SessionsOptions extends SessionServices {
  readonly switchboard: Switchboard;
  readonly events: CallEvents;
  readonly flows: FlowLibrary<AnyStateMachine>;
  /** Who calls customers back. */
  readonly callbacks?: CallbackCalls;
  /** The process before this one gave its calls up, and nothing that happened since was missed (`HeldEvents`). Default false. */
  readonly handedOver?: boolean;
  /** What new callers meet while they are told to call later; where there is none, or no such flow, they are refused. */
  readonly overloadFlow?: string | undefined;
}

/** The calls of ours to customers, as sessions see them. */
export interface CallbackCalls {
  /** Nodes on which something of before a restart is to be found. */
  nodes(): readonly NodeId[];
  reconcile(nodeId: NodeId, snapshot: SwitchSnapshot, inSession: ReadonlySet<CallbackId>): void;
  connected(callbackId: CallbackId): void;
  flowEnded(callbackId: CallbackId, how: FlowEnd): void;
  /** All that a restart left has been compared with the switches. */
  start(): void;
}

/** How long journaled calls of a node that does not come back hold up the freeing of agents. */
const SETTLE_LIMIT_MS = 15_000;
const RECONCILE_RETRY_MS = 1000;
const QUIET_LOOK_MS = 50;

interface NodeState {
  /** Events are held back from connection until the switch and the journal have been compared. */
  phase: 'down' | 'reconciling' | 'up';
  downSince: number;
  readonly held: ChannelEvent[];
}

type ChannelEvent = Exclude<SwitchEvent, { type: 'node.up' | 'node.down' | 'node.replaced' }>;

/**
 * All calls of this engine: gives each event of a switch to the session that it concerns, begins sessions for new
 * calls, and compares switch and journal whenever a connection opens.
 */
export class Sessions {
  readonly #o: SessionsOptions;
  readonly #byCaller = new Map<ChannelId, CallSession>();
  readonly #byCall = new Map<CallId, CallSession>();
  readonly #legs: LegRegistry;
  readonly #nodes = new Map<NodeId, NodeState>();
  /** What an earlier process left, until its node is reconciled. */
  readonly #left = new Map<NodeId, SessionRecord[]>();
  /** Nodes that have something of callbacks from before a restart. */
  readonly #callbackNodes = new Set<NodeId>();
  readonly #audit = new SwitchAudit();
  #unsubscribe: () => void = () => undefined;
  #settled = false;
  #resumed = 0;
  #ignored = 0;

  constructor(options: SessionsOptions) {
    this.#o = options;
    this.#legs = new LegRegistry(options.clock);
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
    for (const nodeId of this.#o.callbacks?.nodes() ?? []) if (switchboard.nodeIds.includes(nodeId)) this.#callbackNodes.add(nodeId);
    this.#unsubscribe = events.subscribe((event) => this.#receive(event));
    clock.setTimeout(() => this.#settle(), SETTLE_LIMIT_MS);
  }

  /** Lets go of all calls; they stay on the switch for the next process. */
  close(): void {
    this.#unsubscribe();
    for (const session of this.#byCaller.values()) session.release();
    this.#byCaller.clear();
    this.#byCall.clear();
    this.#legs.clear();
  }

  calls(): readonly CallView[] {
    return [...this.#byCaller.values()].map((session) => session.view);
  }

  /** The live session of a call. */
  session(id: CallId): CallSession | undefined {
    return this.#byCall.get(id);
  }

  /** Resolves when no caller would notice that another process takes the calls over, but after `limitMs` in any case. */
  async quietMoment(limitMs: number): Promise<void> {
    const { clock } = this.#o;
    const until = clock.now() + limitMs;
    while (clock.now() < until && [...this.#byCaller.values()].some((session) => !session.mayBeHandedOver)) {
      await new Promise<void>((resolve) => void clock.setTimeout(() => resolve(), QUIET_LOOK_MS));
    }
  }

  /** Events that concerned nobody: of legs that had ended, of unknown channels. */
  get ignoredEvents(): number {
    return this.#ignored;
  }

  /** Calls taken up after a restart or an outage of a connection, since this process began. */
  get resumedCalls(): number {
    return this.#resumed;
  }

  /** How far the connection to a node has come: calls are served while it is `up`. */
  phaseOf(nodeId: NodeId): NodeState['phase'] {
    return this.#nodes.get(nodeId)?.phase ?? 'down';
  }

  /**
   * Compares the books with a switch that is up, and mends what was wrong twice in a row: a channel that nobody looks after is taken for
   * a call that came unseen, or hung up when it is a leg; a call without a channel is closed. Rejects as `snapshot` does.
   */
  async audit(nodeId: NodeId): Promise<Disagreement> {
    if (this.phaseOf(nodeId) !== 'up') return this.#audit.of(nodeId);
    const control = this.#o.switchboard.node(nodeId);
    const snapshot = await control.snapshot();
    if (this.phaseOf(nodeId) !== 'up') return this.#audit.of(nodeId);
    const here = [...this.#byCaller.values()].filter(({ facts }) => facts.nodeId === nodeId);
    const callers = new Map(here.map(({ facts }) => [facts.channelId, facts.callId]));
    const found = this.#audit.compare(nodeId, snapshot, { callers, knowsLeg: (id) => this.#legs.knows(id) });
    if (Object.values(found).some(({ length }) => length > 0)) this.#o.log.error({ nodeId, ...found }, 'books and switch do not agree; both are mended');
    this.#adoptStrangers(nodeId, control, {
      channels: snapshot.channels.filter(({ id }) => found.orphans.includes(id)),
      bridges: snapshot.bridges.filter(({ id }) => found.emptyBridges.includes(id)),
    });
    for (const id of found.ghosts) this.#byCall.get(id)?.callerGone(undefined, false);
    return found;
  }

  /** What the last audit of a node has found. */
  disagreement(nodeId: NodeId): Disagreement {
    return this.#audit.of(nodeId);
  }

  /** For whoever else places calls. */
  get legs(): Legs {
    return {
      watch: this.#legs.watch,
      partFrom: this.#legs.partFrom,
      connectedNode: () => [...this.#nodes].find(([, { phase }]) => phase === 'up')?.[0],
    };
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
      case 'node.replaced':
        // Another process has its calls now: ours would act on them without hearing of them.
        this.#letGo(event.nodeId);
        this.#down(node, event);
        return;
      case 'node.down':
        this.#down(node, event);
        return;
      default:
        if (node.phase === 'up') this.#dispatch(event);
        else if (node.phase === 'reconciling') node.held.push(event);
    }
  }

  #down(node: NodeState, { nodeId, at }: SwitchEvent): void {
    if (node.phase !== 'down') node.downSince = at;
    this.#audit.forget(nodeId);
    node.phase = 'down';
    node.held.length = 0;
  }

  #letGo(nodeId: NodeId): void {
    for (const session of [...this.#byCaller.values()]) {
      if (session.facts.nodeId !== nodeId) continue;
      session.release();
      this.#byCaller.delete(session.facts.channelId);
      this.#byCall.delete(session.facts.callId);
      this.#o.admission?.ended(session.facts.callId);
    }
  }

  #dispatch(event: ChannelEvent): void {
    if (event.type === 'channel.entered') {
      this.#entered(event);
      return;
    }
    const session = this.#byCaller.get(event.channelId);
    if (session) session.handle(event);
    else if (!this.#legs.dispatch(event)) this.#ignored += 1;
  }

  #entered({ nodeId, channel, args, answeredBy }: Extract<ChannelEvent, { readonly type: 'channel.entered' }>): void {
    if (this.#legs.entered(channel.id, answeredBy)) return;
    if (args[0] === LEG_PREFIX || isLeg(channel.id)) {
      // Answered after we had given it up: its caller is with someone else or gone.
      this.#hangUp(this.#o.switchboard.node(nodeId), channel.id, HangupCause.normal);
    } else if (!this.#byCaller.has(channel.id)) {
      this.#admit(nodeId, channel);
    }
  }

  /** Takes a new call, tells it to call later, or refuses it. */
  #admit(nodeId: NodeId, channel: ChannelInfo): void {
    const { admission, flows, overloadFlow, switchboard } = this.#o;
    const coming = comingCall(nodeId, channel);
    const verdict = admission?.decide(coming) ?? { as: 'call', listens: true };
    if (verdict.as === 'call') {
      this.#begin(nodeId, channel, verdict.listens);
      return;
    }
    const control = switchboard.node(nodeId);
    if (verdict.as === 'refused') {
      // A carrier that hears 503 tries another way; for a caller who calls too often there shall be none.
      const isCallers = verdict.reason === 'callerCalls' || verdict.reason === 'callerRate';
      this.#hangUp(control, channel.id, isCallers ? HangupCause.busy : HangupCause.congestion);
      return;
    }
    const found = overloadFlow === undefined ? undefined : flows.named(overloadFlow);
    if (found === undefined) {
      admission?.refuse(coming);
      this.#hangUp(control, channel.id, HangupCause.congestion);
      return;
    }
    admission?.wasDiverted();
    this.#take({ nodeId, channel, flow: { id: found.id, version: found.version, machine: found.flow }, listens: false });
  }

  #begin(nodeId: NodeId, channel: ChannelInfo, listens = true): void {
    const { flows, switchboard, ids, log, announce } = this.#o;
    const id = callId(ids.next('call'));
    const control = switchboard.node(nodeId);
    const dialled = cleanNumber(channel.dialled);
    let found: ReturnType<typeof flows.forNumber>;
    try {
      found = flows.forNumber(dialled);
    } catch (error) {
      log.error({ dialled, error: messageOf(error) }, 'the flow of this number cannot be loaded');
      announce({ type: 'call.rejected', reason: 'flowBroken', dialled }, id);
      this.#hangUp(control, channel.id, HangupCause.temporaryFailure);
      return;
    }
    if (!found) {
      announce({ type: 'call.rejected', reason: 'unknownNumber', dialled }, id);
      this.#hangUp(control, channel.id, HangupCause.unallocated);
      return;
    }
    this.#take({ nodeId, channel, flow: { id: found.id, version: found.version, machine: found.flow }, listens, id });
  }

  #take({ nodeId, channel, flow, listens, id }: { readonly nodeId: NodeId; readonly channel: ChannelInfo; readonly flow: LoadedFlow; readonly listens: boolean; readonly id?: CallId }): void {
    const { ids, clock, switchboard, admission } = this.#o;
    const facts: CallFacts = {
      callId: id ?? callId(ids.next('call')),
      nodeId,
      channelId: channel.id,
      startedAt: clock.now(),
      dialled: cleanNumber(channel.dialled),
      callerNumber: cleanNumber(channel.callerNumber),
      callerName: cleanName(channel.callerName),
    };
    admission?.began(facts.callId, comingCall(nodeId, channel), true);
    this.#session(facts, flow, switchboard.node(nodeId), { listens }).start(channel.state === 'up');
  }

  /** A customer whom we called has answered. False when there is no such flow. */
  beginCallback(nodeId: NodeId, channelId: ChannelId, id: CallId, callback: Callback, flowId: string, displayedNumber: string): boolean {
    const { flows, switchboard, clock } = this.#o;
    const found = flows.named(flowId);
    if (found === undefined) return false;
    const { callbackId, queueId, priority, steps, afterSteps, language, number, wish } = callback;
    const facts: CallFacts = {
      callId: id,
      nodeId,
      channelId,
      startedAt: clock.now(),
      // As if the customer had called the number that its phone displayed; its own is personal and stands where that of a caller stands.
      dialled: displayedNumber,
      callerNumber: number,
      callerName: '',
      callback: { callbackId, queueId, priority, steps, afterSteps, language, ...(wish === undefined ? {} : { wish }) },
    };
    this.#o.admission?.began(id, { nodeId, dialled: displayedNumber, callerNumber: '', trunk: undefined }, false);
    this.#session(facts, { id: found.id, version: found.version, machine: found.flow }, switchboard.node(nodeId)).start(true);
    return true;
  }

  #callbacksInSession(): ReadonlySet<CallbackId> {
    return new Set([...this.#byCaller.values()].flatMap(({ facts }) => facts.callback?.callbackId ?? []));
  }

  #session(facts: CallFacts, flow: LoadedFlow, control: CallControl, { listens = true, kept }: { readonly listens?: boolean; readonly kept?: SessionRecord['recording'] } = {}): CallSession {
    const session = new CallSession({
      ...(kept === undefined ? {} : { kept }),
      services: this.#o,
      control,
      flow,
      facts,
      listens,
      watchLeg: this.#legs.watch,
      partFrom: this.#legs.partFrom,
      talks: () => {
        if (facts.callback !== undefined) this.#o.callbacks?.connected(facts.callback.callbackId);
      },
      ended: (reason, hadFault) => {
        this.#byCaller.delete(facts.channelId);
        this.#byCall.delete(facts.callId);
        this.#o.admission?.ended(facts.callId);
        if (facts.callback !== undefined) this.#o.callbacks?.flowEnded(facts.callback.callbackId, flowEndOf(reason, hadFault));
      },
    });
    this.#byCaller.set(facts.channelId, session);
    this.#byCall.set(facts.callId, session);
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
    this.#callbackNodes.delete(nodeId);
    this.#o.callbacks?.reconcile(nodeId, snapshot, this.#callbacksInSession());
    this.#legs.catchUp(snapshot);
    this.#adoptStrangers(nodeId, control, snapshot);

    node.phase = 'up';
    if (this.#left.size === 0 && this.#callbackNodes.size === 0) this.#settle();
    for (const event of node.held.splice(0)) this.#dispatch(event);
  }

  async #resume(record: SessionRecord, snapshot: SwitchSnapshot, control: CallControl): Promise<void> {
    const { flows, log } = this.#o;
    try {
      const machine = await flows.load(record.flowId, record.flowVersion);
      const { callId, nodeId, channelId, startedAt, dialled, callerNumber, callerName, callback } = record;
      const facts: CallFacts = { callId, nodeId, channelId, startedAt, dialled, callerNumber, callerName, ...(callback === undefined ? {} : { callback }) };
      this.#resumed += 1;
      const channel = snapshot.channels.find(({ id }) => id === channelId);
      this.#o.admission?.began(callId, { nodeId, dialled, callerNumber: callback === undefined ? callerNumber : '', trunk: channel?.trunk }, false);
      this.#session(facts, { id: record.flowId, version: record.flowVersion, machine }, control, record.recording === undefined ? {} : { kept: record.recording }).resume(record, snapshot, this.#o.handedOver ?? false);
    } catch (error) {
      log.error({ callId: record.callId, error: messageOf(error) }, 'a call could not be taken up; it begins anew');
      this.#o.admission?.ended(record.callId);
      this.#o.journal.remove('session', record.callId);
      const channel = snapshot.channels.find(({ id }) => id === record.channelId);
      if (channel === undefined) return;
      // A customer whom we called has called no hotline.
      if (record.callback !== undefined) this.#hangUp(control, channel.id, HangupCause.temporaryFailure);
      else this.#begin(record.nodeId, { ...channel, dialled: record.dialled });
    }
  }

  /** What the switch holds and nobody knows: calls that came while nobody listened, and what a dead process left. */
  #adoptStrangers(nodeId: NodeId, control: CallControl, snapshot: SwitchSnapshot): void {
    for (const channel of snapshot.channels) {
      if (this.#byCaller.has(channel.id) || this.#legs.has(channel.id)) continue;
      if (isLeg(channel.id)) this.#hangUp(control, channel.id, HangupCause.normal);
      else if (channel.inApplication) this.#begin(nodeId, channel);
    }
    for (const bridge of snapshot.bridges) {
      const used = bridge.channelIds.some((id) => this.#byCaller.has(id) || this.#legs.has(id));
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
    this.#o.callbacks?.start();
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

function comingCall(nodeId: NodeId, { dialled, callerNumber, trunk }: ChannelInfo): ComingCall {
  return { nodeId, dialled, callerNumber: cleanNumber(callerNumber), trunk };
}

function flowEndOf(reason: TerminationReason, hadFault: boolean): FlowEnd {
  switch (reason) {
    case 'served':
      return 'served';
    case 'abandoned':
      return 'leftQueue';
    case 'callerHungUp':
    case 'goneBeforeAnswer':
      return 'hungUp';
    case 'flowEnded':
      // A fault of ours that led to the flow's end says nothing of who was on the line.
      return hadFault ? 'failed' : 'notConfirmed';
    case 'flowFailed':
    case 'mediaFailed':
    case 'switchLost':
    case 'unknown':
      return 'failed';
  }
}
