import type { Callback } from '../domain/callback.ts';
import { messageOf } from '../domain/errors.ts';
import type { CallId, ChannelId, NodeId } from '../domain/ids.ts';
import { HangupCause } from '../domain/termination.ts';
import type { SwitchSnapshot } from '../ports/call-control.ts';
import type { SwitchEvent } from '../ports/call-events.ts';
import type { TimerHandle } from '../ports/clock.ts';
import { LEG_PREFIX, type Legs } from '../ports/legs.ts';
import type { CallSession, CallView } from './call-session.ts';
import { hangUp } from './hang-up.ts';
import { isLeg, LegRegistry } from './leg-registry.ts';
import { LiveCalls } from './live-calls.ts';
import { NewCalls } from './new-calls.ts';
import { Reconciliation } from './reconciliation.ts';
import type { SessionsOptions } from './sessions-options.ts';
import type { Disagreement } from './switch-audit.ts';

/** How long journaled calls of a node that does not come back hold up the freeing of agents. */
const SETTLE_LIMIT_MS = 15_000;
/** Longer than an Asterisk takes to start again, and than a network to find another way: who was given up and comes back begins anew. */
const SWITCH_LOST_MS = 120_000;
const RECONCILE_RETRY_MS = 1000;
const QUIET_LOOK_MS = 50;

interface NodeState {
  /** Events are held back from connection until the switch and the journal have been compared. */
  phase: 'down' | 'reconciling' | 'up';
  downSince: number;
  /** Of which connection `phase` is. */
  connection: number;
  /** Comparing what earlier connections showed: one after the other, for a call that is being taken up looks like a stranger. */
  compared: Promise<void>;
  /** Started again since it was last compared. */
  restarted: boolean;
  /** Until it is given up. */
  lost: TimerHandle;
  readonly held: ChannelEvent[];
}

type ChannelEvent = Exclude<SwitchEvent, { type: 'node.up' | 'node.down' | 'node.replaced' }>;

/**
 * All calls of this engine: gives each event of a switch to the session that it concerns, begins sessions for new
 * calls, and compares switch and journal whenever a connection opens.
 */
export class Sessions {
  readonly #o: SessionsOptions;
  readonly #legs: LegRegistry;
  readonly #live: LiveCalls;
  readonly #newCalls: NewCalls;
  readonly #reconciliation: Reconciliation;
  readonly #nodes = new Map<NodeId, NodeState>();
  #unsubscribe: () => void = () => undefined;
  #settled = false;
  #settleTimer: TimerHandle;
  #ignored = 0;

  constructor(options: SessionsOptions) {
    this.#o = options;
    this.#legs = new LegRegistry(options.clock);
    this.#live = new LiveCalls(options, this.#legs);
    this.#newCalls = new NewCalls(options, this.#live);
    this.#reconciliation = new Reconciliation(options, { live: this.#live, newCalls: this.#newCalls, legs: this.#legs });
  }

  /** Reads the journal and begins to listen. The switchboard connects after this. */
  async open(): Promise<void> {
    const { clock, events, switchboard } = this.#o;
    await this.#reconciliation.open();
    for (const nodeId of switchboard.nodeIds) this.#giveUpLater(nodeId, this.#nodeState(nodeId));
    this.#unsubscribe = events.subscribe((event) => this.#receive(event));
    this.#settleTimer = clock.setTimeout(() => this.#settle(), SETTLE_LIMIT_MS);
  }

  /** Lets go of all calls; they stay on the switch for the next process. */
  close(): void {
    this.#unsubscribe();
    this.#o.clock.clearTimeout(this.#settleTimer);
    for (const { lost } of this.#nodes.values()) this.#o.clock.clearTimeout(lost);
    this.#live.release(this.#live.all, { handedOver: false });
    this.#legs.clear();
  }

  calls(): readonly CallView[] {
    return this.#live.all.map((session) => session.view);
  }

  /** The live session of a call. */
  session(id: CallId): CallSession | undefined {
    return this.#live.get(id);
  }

  /** Resolves when no caller would notice that another process takes the calls over, but after `limitMs` in any case. */
  async quietMoment(limitMs: number): Promise<void> {
    const { clock } = this.#o;
    const until = clock.now() + limitMs;
    while (clock.now() < until && this.#live.all.some((session) => !session.mayBeHandedOver)) {
      await new Promise<void>((resolve) => void clock.setTimeout(() => resolve(), QUIET_LOOK_MS));
    }
  }

  /** Events that concerned nobody: of legs that had ended, of unknown channels. */
  get ignoredEvents(): number {
    return this.#ignored;
  }

  /** Calls taken up after a restart or an outage of a connection, since this process began. */
  get resumedCalls(): number {
    return this.#reconciliation.resumed;
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
    if (this.phaseOf(nodeId) !== 'up') return this.#reconciliation.disagreement(nodeId);
    const snapshot = await this.#o.switchboard.node(nodeId).snapshot();
    return this.phaseOf(nodeId) === 'up' ? this.#reconciliation.audit(nodeId, snapshot) : this.#reconciliation.disagreement(nodeId);
  }

  /** What the last audit of a node has found. */
  disagreement(nodeId: NodeId): Disagreement {
    return this.#reconciliation.disagreement(nodeId);
  }

  /** A customer whom we called has answered. False when there is no such flow. */
  beginCallback(nodeId: NodeId, channelId: ChannelId, id: CallId, callback: Callback, flowId: string, displayedNumber: string): boolean {
    return this.#newCalls.beginCallback(nodeId, channelId, id, callback, flowId, displayedNumber);
  }

  /** For whoever else places calls. */
  get legs(): Legs {
    return {
      watch: this.#legs.watch,
      partFrom: this.#legs.partFrom,
      nodeForCalls: () => [...this.#nodes].find(([id, { phase }]) => phase === 'up' && this.#o.admission?.isDraining(id) !== true)?.[0],
    };
  }

  // Events

  #receive(event: SwitchEvent): void {
    const node = this.#nodeState(event.nodeId);
    switch (event.type) {
      case 'node.up':
        node.phase = 'reconciling';
        this.#o.clock.clearTimeout(node.lost);
        node.held.length = 0;
        node.connection += 1;
        node.restarted ||= event.restarted === true;
        this.#compare(event.nodeId, node, node.connection);
        return;
      case 'node.replaced':
        // Another process has its calls now: ours would act on them without hearing of them.
        this.#live.release(this.#live.on(event.nodeId), { handedOver: node.phase === 'up' });
        this.#down(node, event);
        return;
      case 'node.down':
        this.#down(node, event);
        this.#standAside(event.nodeId, node);
        return;
      default:
        if (node.phase === 'up') this.#dispatch(event);
        else if (node.phase === 'reconciling') node.held.push(event);
    }
  }

  #down(node: NodeState, { nodeId, at }: SwitchEvent): void {
    if (node.phase !== 'down') node.downSince = at;
    this.#reconciliation.lost(nodeId);
    node.phase = 'down';
    node.held.length = 0;
    // Given up is what nobody can reach. Another engine's calls are in good hands.
    this.#o.clock.clearTimeout(node.lost);
  }

  #standAside(nodeId: NodeId, node: NodeState): void {
    for (const session of this.#live.on(nodeId)) session.switchAway();
    if (this.#settled) this.#o.callbacks?.standAside(nodeId);
    this.#giveUpLater(nodeId, node);
  }

  #giveUpLater(nodeId: NodeId, node: NodeState): void {
    const { clock, switchLostMs = SWITCH_LOST_MS } = this.#o;
    clock.clearTimeout(node.lost);
    node.lost = clock.setTimeout(() => this.#giveUp(nodeId), switchLostMs);
  }

  /** Agents must not be bound for ever to calls that nobody can reach. Should the switch come back with them, they are strangers. */
  #giveUp(nodeId: NodeId): void {
    const sessions = this.#live.on(nodeId);
    for (const session of sessions) session.switchLost();
    const left = this.#reconciliation.giveUp(nodeId);
    const { log, switchLostMs = SWITCH_LOST_MS } = this.#o;
    if (sessions.length + left > 0) log.error({ event: 'switch.givenUp', nodeId, calls: sessions.length + left, awayMs: switchLostMs }, 'A switch has been away for too long: its calls are ended in the books, and their agents are free');
    if (this.#reconciliation.isOver) this.#settle();
  }

  #dispatch(event: ChannelEvent): void {
    if (event.type === 'channel.entered') {
      this.#entered(event);
      return;
    }
    const session = this.#live.ofCaller(event.channelId);
    if (session) session.handle(event);
    else if (!this.#legs.dispatch(event)) this.#ignored += 1;
  }

  #entered({ nodeId, channel, args, answeredBy }: Extract<ChannelEvent, { readonly type: 'channel.entered' }>): void {
    if (this.#legs.entered(channel.id, answeredBy)) return;
    if (args[0] === LEG_PREFIX || isLeg(channel.id)) {
      // Answered after we had given it up: its caller is with someone else or gone.
      hangUp(this.#o.switchboard.node(nodeId), channel.id, HangupCause.normal, this.#o.log);
    } else if (this.#live.ofCaller(channel.id) === undefined) {
      this.#newCalls.admit(nodeId, channel);
    }
  }

  #compare(nodeId: NodeId, node: NodeState, connection: number): void {
    node.compared = node.compared.then(() => this.#reconcile(nodeId, connection));
  }

  async #reconcile(nodeId: NodeId, connection: number): Promise<void> {
    const { switchboard, log, clock } = this.#o;
    const node = this.#nodeState(nodeId);
    // Lost meanwhile: the next connection reconciles.
    const isLost = (): boolean => node.phase !== 'reconciling' || node.connection !== connection;
    if (isLost()) return;
    let snapshot: SwitchSnapshot;
    try {
      snapshot = await switchboard.node(nodeId).snapshot();
    } catch (error) {
      log.warn({ nodeId, error: messageOf(error) }, 'the switch could not be read; trying again');
      clock.setTimeout(() => {
        this.#compare(nodeId, node, connection);
      }, RECONCILE_RETRY_MS);
      return;
    }
    if (isLost()) return;
    await this.#reconciliation.compare(nodeId, snapshot, node);
    if (isLost()) return;
    node.restarted = false;
    node.phase = 'up';
    if (this.#settled) this.#o.callbacks?.standAside();
    else if (this.#reconciliation.isOver) this.#settle();
    for (const event of node.held.splice(0)) this.#dispatch(event);
  }

  #settle(): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#o.distributor.settle();
    this.#o.callbacks?.start();
    this.#o.announce({ type: 'engine.started', resumed: this.#reconciliation.resumed });
  }

  #nodeState(nodeId: NodeId): NodeState {
    let node = this.#nodes.get(nodeId);
    if (!node) {
      node = { phase: 'down', downSince: this.#o.clock.now(), connection: 0, compared: Promise.resolve(), restarted: false, lost: undefined, held: [] };
      this.#nodes.set(nodeId, node);
    }
    return node;
  }
}
