import { messageOf } from '../domain/errors.ts';
import { callId, type CallId, type NodeId } from '../domain/ids.ts';
import { HangupCause, termination, type TerminationReason } from '../domain/termination.ts';
import type { CallControl, SwitchSnapshot } from '../ports/call-control.ts';
import { BRIDGE_PREFIX } from '../ports/legs.ts';
import type { CallFacts } from './call-session.ts';
import { hangUp } from './hang-up.ts';
import { isLeg, type LegRegistry } from './leg-registry.ts';
import type { LiveCalls } from './live-calls.ts';
import type { NewCalls } from './new-calls.ts';
import { readSessionRecord, type SessionRecord } from './session-record.ts';
import type { SessionsOptions } from './sessions-options.ts';
import { SwitchAudit, type Disagreement } from './switch-audit.ts';

export interface ReconciliationParts {
  readonly live: LiveCalls;
  readonly newCalls: NewCalls;
  readonly legs: LegRegistry;
}

/** Compares the books with what a switch holds, and makes the books right: whenever a connection opens, and now and then while it is open. */
export class Reconciliation {
  readonly #o: SessionsOptions;
  readonly #live: LiveCalls;
  readonly #newCalls: NewCalls;
  readonly #legs: LegRegistry;
  readonly #audit = new SwitchAudit();
  /** What an earlier process left, until its node is reconciled. */
  readonly #left = new Map<NodeId, SessionRecord[]>();
  /** Nodes that have something of callbacks from before a restart. */
  readonly #callbackNodes = new Set<NodeId>();
  #resumed = 0;

  constructor(options: SessionsOptions, { live, newCalls, legs }: ReconciliationParts) {
    this.#o = options;
    this.#live = live;
    this.#newCalls = newCalls;
    this.#legs = legs;
  }

  /** Reads what an earlier process left. */
  async open(): Promise<void> {
    const { journal, log, switchboard, callbacks } = this.#o;
    for (const { id, record } of await journal.load('session')) {
      const read = readSessionRecord(record);
      if (read && switchboard.nodeIds.includes(read.nodeId)) {
        this.#left.set(read.nodeId, [...(this.#left.get(read.nodeId) ?? []), read]);
      } else {
        log.error({ callId: id }, 'journaled call cannot be read, or its node is not configured any more: it is closed in the books');
        this.#closeInBooks(callId(id), read);
      }
    }
    for (const nodeId of callbacks?.nodes() ?? []) if (switchboard.nodeIds.includes(nodeId)) this.#callbackNodes.add(nodeId);
  }

  /** All that an earlier process left has been compared. */
  get isOver(): boolean {
    return this.#left.size === 0 && this.#callbackNodes.size === 0;
  }

  /** Calls taken up after a restart or an outage of a connection, since this process began. */
  get resumed(): number {
    return this.#resumed;
  }

  /**
   * After a connection has opened. `downSince`: since when events of the node may have been missed (milliseconds since the epoch). `restarted`: that
   * is why calls are gone, and not because somebody hung up meanwhile.
   */
  async compare(nodeId: NodeId, snapshot: SwitchSnapshot, { downSince, restarted }: { readonly downSince: number; readonly restarted: boolean }): Promise<void> {
    const control = this.#o.switchboard.node(nodeId);
    const present = new Set(snapshot.channels.filter(({ inApplication }) => inApplication).map(({ id }) => id));

    for (const session of this.#live.on(nodeId)) {
      if (!present.has(session.facts.channelId)) {
        if (restarted) session.switchLost();
        else session.callerGone(undefined, false);
      } else {
        this.#resumed += 1;
        session.reattach(snapshot, downSince);
      }
    }
    const records = this.#left.get(nodeId) ?? [];
    this.#left.delete(nodeId);
    for (const record of records) {
      if (present.has(record.channelId)) await this.#resume(record, snapshot, control);
      else this.#closeInBooks(record.callId, record);
    }
    this.#callbackNodes.delete(nodeId);
    this.#o.callbacks?.reconcile(nodeId, snapshot, this.#live.callbacks);
    this.#legs.catchUp(snapshot);
    this.#adoptStrangers(nodeId, control, snapshot);
  }

  /** While the connection is open. Mends what was wrong twice in a row. */
  audit(nodeId: NodeId, snapshot: SwitchSnapshot): Disagreement {
    const callers = new Map(this.#live.on(nodeId).map(({ facts }) => [facts.channelId, facts.callId]));
    const found = this.#audit.compare(nodeId, snapshot, { callers, knowsLeg: (id) => this.#legs.knows(id) });
    if (Object.values(found).some(({ length }) => length > 0)) this.#o.log.error({ nodeId, ...found }, 'books and switch do not agree; both are mended');
    this.#adoptStrangers(nodeId, this.#o.switchboard.node(nodeId), {
      channels: snapshot.channels.filter(({ id }) => found.orphans.includes(id)),
      bridges: snapshot.bridges.filter(({ id }) => found.emptyBridges.includes(id)),
    });
    for (const id of found.ghosts) this.#live.get(id)?.callerGone(undefined, false);
    return found;
  }

  /** What the last audit of a node has found. */
  disagreement(nodeId: NodeId): Disagreement {
    return this.#audit.of(nodeId);
  }

  /** The connection is lost. */
  lost(nodeId: NodeId): void {
    this.#audit.forget(nodeId);
  }

  /** The node is not waited for any more. Tells how many journaled calls were still to be compared with it; they are closed. */
  giveUp(nodeId: NodeId): number {
    const records = this.#left.get(nodeId) ?? [];
    this.#left.delete(nodeId);
    this.#callbackNodes.delete(nodeId);
    for (const record of records) this.#closeInBooks(record.callId, record, 'switchLost');
    this.#o.callbacks?.reconcile(nodeId, { channels: [], bridges: [] }, this.#live.callbacks);
    return records.length;
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
      this.#live.add(facts, { id: record.flowId, version: record.flowVersion, machine }, record.recording === undefined ? {} : { kept: record.recording }).resume(record, snapshot, this.#o.held?.isUnbroken(nodeId) ?? false);
    } catch (error) {
      log.error({ callId: record.callId, error: messageOf(error) }, 'a call could not be taken up; it begins anew');
      this.#o.admission?.ended(record.callId);
      this.#o.journal.remove('session', record.callId);
      const channel = snapshot.channels.find(({ id }) => id === record.channelId);
      if (channel === undefined) return;
      // A customer whom we called has called no hotline.
      if (record.callback !== undefined) hangUp(control, channel.id, HangupCause.temporaryFailure, log);
      else this.#newCalls.begin(record.nodeId, { ...channel, dialled: record.dialled });
    }
  }

  /** What the switch holds and nobody knows: calls that came while nobody listened, and what a dead process left. */
  #adoptStrangers(nodeId: NodeId, control: CallControl, snapshot: SwitchSnapshot): void {
    // First, because a caller who begins anew is no stranger any more.
    for (const bridge of snapshot.bridges) {
      const used = bridge.channelIds.some((id) => this.#live.ofCaller(id) !== undefined || this.#legs.has(id));
      if (!used && bridge.id.startsWith(`${BRIDGE_PREFIX}-`)) {
        control
          .destroyBridge(bridge.id, bridge.channelIds[0])
          .catch((error: unknown) => this.#o.log.warn({ bridge: bridge.id, error: messageOf(error) }, 'bridge was not destroyed'));
      }
    }
    for (const channel of snapshot.channels) {
      if (this.#live.ofCaller(channel.id) !== undefined || this.#legs.has(channel.id)) continue;
      if (isLeg(channel.id)) hangUp(control, channel.id, HangupCause.normal, this.#o.log);
      else if (channel.inApplication) this.#newCalls.begin(nodeId, channel);
    }
  }

  /** A call that ended while nobody watched. The distributor frees its agent, if it had one, when it settles. */
  #closeInBooks(id: CallId, record: SessionRecord | undefined, reason: TerminationReason = 'unknown'): void {
    const { journal, announce, clock } = this.#o;
    journal.remove('session', id);
    const now = clock.now();
    if (record?.stand.at === 'queue') {
      const { contactId, queueId, enqueuedAt } = record.stand;
      announce({ type: 'contact.left', contactId, queueId, how: 'abandoned', waitedMs: now - enqueuedAt }, id);
    }
    announce({ type: 'call.ended', termination: termination(reason), durationMs: now - (record?.startedAt ?? now) }, id);
  }
}
