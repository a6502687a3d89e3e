import { StrowgerError, type ErrorCode } from '../../engine/domain/errors.ts';
import type { ChannelId, NodeId } from '../../engine/domain/ids.ts';
import type { SwitchEvent, SwitchEventBody } from '../../engine/ports/call-events.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import { SwitchKnobs, type SwitchOperation } from './switch-knobs.ts';
import { SwitchWire } from './switch-wire.ts';

/** Why the switch does not do what it was asked. */
export interface Refusal {
  readonly code: ErrorCode;
  readonly detail: string;
  /** As ARI tells it. */
  readonly status: number;
  /** What is concerned, when it is not the channel that the request named. */
  readonly id?: string;
}

/** A request that the switch refused. */
export interface ProtocolError extends Refusal {
  readonly operation: SwitchOperation;
  readonly id: string;
  /** It named something that existed once: the other party was faster. Otherwise it is a mistake of the engine. */
  readonly late: boolean;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

type Done = (refusal?: Refusal) => void;

/** One connection from opening to loss; what belongs to an older one is discarded. */
interface Connection {
  open: boolean;
  /** No more events: a newer engine took the application over. */
  replaced: boolean;
  /** Rejects the requests that wait for their answers. */
  readonly waiting: Set<() => void>;
}

/** Between the engine and the simulated switch, adapter included: requests one way, answers and events the other. */
export class EngineLink {
  readonly knobs = new SwitchKnobs();
  readonly protocolErrors: ProtocolError[] = [];
  readonly #nodeId: NodeId;
  readonly #clock: Clock;
  readonly #wire: SwitchWire;
  readonly #existedOnce: (id: string) => boolean;
  readonly #listeners = new Set<(event: SwitchEvent) => void>();
  /** The channels that the engine knows of and was not told the end of. */
  readonly #known = new Set<ChannelId>();
  #connection: Connection | undefined;
  /** What a request that is being done causes, until its answer has its place on the wire. */
  #held: (() => void)[] | undefined;

  constructor(nodeId: NodeId, clock: Clock, existedOnce: (id: string) => boolean) {
    this.#nodeId = nodeId;
    this.#clock = clock;
    this.#existedOnce = existedOnce;
    this.#wire = new SwitchWire(clock);
  }

  /** Whether somebody listens for the application: without it new calls fall back. */
  get isConnected(): boolean {
    return this.#connection !== undefined;
  }

  /** Opens a connection; `present` are the channels that are there for it. */
  open(present: readonly ChannelId[], newEngine: boolean, restarted = false): void {
    if (this.#connection) return;
    this.#connection = { open: true, replaced: false, waiting: new Set() };
    this.#post({ type: 'node.up', ...(restarted && !newEngine ? { restarted } : {}) });
    if (newEngine) this.#known.clear();
    const vanished = [...this.#known].filter((id) => !present.includes(id));
    for (const id of present) this.#known.add(id);
    for (const channelId of vanished) this.#post({ type: 'channel.gone', channelId, cause: 0 });
  }

  close(reason: string): void {
    const connection = this.#connection;
    if (!connection) return;
    this.#connection = undefined;
    connection.open = false;
    for (const reject of [...connection.waiting]) reject();
    // The loss is noticed on the engine's side: no wire can swallow it.
    this.#wire.send(0, () => this.#deliver({ type: 'node.down', reason }));
  }

  replace(): void {
    this.#post({ type: 'node.replaced' });
    if (this.#connection) this.#connection.replaced = true;
  }

  /** Another engine takes the application over while the one before listens: what happens from now on is told to the new one alone. */
  takeOver(present: readonly ChannelId[]): void {
    const before = this.#connection;
    this.replace();
    this.#connection = undefined;
    this.open(present, true);
    if (before === undefined) return;
    // The old one drops its connection when it reads that; its answers are lost with it.
    this.#wire.send(this.knobs.latency.eventMs, () => {
      before.open = false;
      for (const reject of [...before.waiting]) reject();
    });
  }

  subscribe(listener: (event: SwitchEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Something happened on the switch. Discarded when nobody is connected. */
  tell(event: SwitchEventBody): void {
    for (const delayMs of this.knobs.fateOf(event)) this.#post(event, delayMs);
  }

  /** Something that is no event of calls goes the same way. */
  tellAside(deliver: () => void): void {
    const connection = this.#connection;
    if (!connection || connection.replaced) return;
    const send = (): void => this.#send(connection, this.knobs.latency.eventMs, deliver);
    if (this.#held) this.#held.push(send);
    else send();
  }

  /** The engine is about to dial a leg of that id. False when it knows one. */
  expect(id: ChannelId): boolean {
    if (this.#known.has(id)) return false;
    this.#known.add(id);
    return true;
  }

  /** Tells that a leg never came into being: the engine's side knows that without the switch. */
  tellGone(channelId: ChannelId, cause: number): void {
    this.#wire.send(0, () => {
      if (this.#known.has(channelId)) this.#deliver({ type: 'channel.gone', channelId, cause });
    });
  }

  /** Takes a request to the switch, lets it `act` there, and its answer back. `id` is what it is about. */
  request(operation: SwitchOperation, id: string | undefined, act: (done: Done) => void): Promise<void> {
    const connection = this.#connection;
    if (!connection) return Promise.reject(this.#unreachable(operation));
    const { requestMs } = this.knobs.latency;
    return new Promise<void>((resolve, reject) => {
      const lost = (): void => {
        connection.waiting.delete(lost);
        reject(this.#unreachable(operation));
      };
      connection.waiting.add(lost);
      const answer = (error?: StrowgerError): void => {
        this.#send(connection, this.knobs.latency.responseMs, () => {
          if (!connection.waiting.delete(lost)) return;
          if (error) reject(error);
          else resolve();
        });
      };
      const arrive = (): void => {
        if (connection.open) this.#do(operation, id ?? '', act, answer);
      };
      if (requestMs > 0) this.#clock.setTimeout(arrive, requestMs);
      else arrive();
    });
  }

  #do(operation: SwitchOperation, id: string, act: (done: Done) => void, answer: (error?: StrowgerError) => void): void {
    const failure = this.knobs.failureOf(operation);
    if (failure) {
      if (failure.acted) act(() => undefined);
      answer(new StrowgerError(failure.code, `${operation} failed, as the test wants it`, { fields: { operation } }));
      return;
    }
    // What the request causes at once is told after its answer, or before it; a request whose answer takes its time
    // holds nothing up.
    const { eventsFirst } = this.knobs;
    const caused: (() => void)[] = [];
    const outer = this.#held;
    this.#held = caused;
    let atOnce = true;
    let early: (() => void) | undefined;
    act((refusal) => {
      const settle = (): void => answer(refusal && this.#refuse(operation, id, refusal));
      if (atOnce) early = settle;
      else settle();
    });
    atOnce = false;
    this.#held = outer;
    if (!eventsFirst) early?.();
    for (const send of caused) send();
    if (eventsFirst) early?.();
  }

  #refuse(operation: SwitchOperation, id: string, refusal: Refusal): StrowgerError {
    const concerned = refusal.id ?? id;
    const { code, detail, status } = refusal;
    const late = code === 'switch.gone' && this.#existedOnce(concerned);
    this.protocolErrors.push({ operation, id: concerned, code, status, detail, late, at: this.#clock.now() });
    const fields = { operation, id: concerned, nodeId: this.#nodeId, status, detail };
    return new StrowgerError(code, `the switch refused ${operation} for ${concerned}: ${detail}`, { fields });
  }

  #unreachable(operation: SwitchOperation): StrowgerError {
    return new StrowgerError('switch.unreachable', `no connection to ${this.#nodeId} for ${operation}`, {
      fields: { operation, nodeId: this.#nodeId },
    });
  }

  #post(event: SwitchEventBody, delayMs = this.knobs.latency.eventMs): void {
    const connection = this.#connection;
    if (!connection || connection.replaced) return;
    const send = (): void => this.#send(connection, delayMs, () => this.#deliver(event));
    if (this.#held) this.#held.push(send);
    else send();
  }

  #send(connection: Connection, delayMs: number, deliver: () => void): void {
    this.#wire.send(delayMs, () => {
      if (connection.open) deliver();
    });
  }

  #deliver(body: SwitchEventBody): void {
    if (body.type === 'channel.entered') this.#known.add(body.channel.id);
    if (body.type === 'channel.gone') this.#known.delete(body.channelId);
    const event = { ...body, nodeId: this.#nodeId, at: this.#clock.now() };
    for (const listener of [...this.#listeners]) listener(event);
  }
}
