import { StrowgerError } from '../../engine/domain/errors.ts';
import { nodeId } from '../../engine/domain/ids.ts';
import type { NodeId } from '../../engine/domain/ids.ts';
import type { Switchboard } from '../../engine/ports/call-control.ts';
import type { CallEvents, SwitchEvent } from '../../engine/ports/call-events.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Logger } from '../../engine/ports/logger.ts';
import { openAriClientTransport } from './ari-client-transport.ts';
import { AriNode } from './ari-node.ts';
import { AriStats } from './ari-stats.ts';
import type { AriTransportKind, OpenAriTransport } from './ari-transport.ts';
import { openWsTransport } from './ws-transport.ts';

export interface AriNodeConfig {
  readonly id: string;
  /** `http://127.0.0.1:8088` */
  readonly url: string;
  readonly user: string;
  readonly password: string;
  /** `auto` (default): REST over WebSocket where the Asterisk speaks it, else ari-client. */
  readonly transport?: 'auto' | AriTransportKind;
  /** WebSockets for requests beside the one for events. Default 4, see README.md; 0 uses the latter for both. */
  readonly requestSockets?: number;
}

export interface AriSwitchboardOptions {
  readonly nodes: readonly AriNodeConfig[];
  /** Name of the Stasis application. */
  readonly app: string;
  readonly clock: Clock;
  /** Uniform in [0, 1): spreads the reconnections of many engines. */
  readonly random: () => number;
  readonly log: Logger;
  /** Default 5 000. */
  readonly requestTimeoutMs?: number;
  /** Default 500: a switch that is silent for three of them is not ready any more, which is told within two seconds. */
  readonly heartbeatMs?: number;
  /** Silence after which a switch counts as dead. Default 3 000. */
  readonly heartbeatLimitMs?: number;
  /** Default 200. */
  readonly backoffBaseMs?: number;
  /** Default 5 000. */
  readonly backoffCapMs?: number;
  /** Requests at the switch at once, a socket. Default 64. */
  readonly maxInFlight?: number;
}

/** The Asterisks that the engine drives, each with a connection of its own. */
export class AriSwitchboard implements Switchboard, CallEvents {
  readonly nodeIds: readonly NodeId[];
  readonly #nodes: ReadonlyMap<NodeId, AriNode>;

  constructor(options: AriSwitchboardOptions) {
    this.#nodes = new Map(options.nodes.map((config) => [nodeId(config.id), createNode(config, options)]));
    this.nodeIds = [...this.#nodes.keys()];
  }

  start(): void {
    for (const node of this.#nodes.values()) node.start();
  }

  stop(): void {
    for (const node of this.#nodes.values()) node.stop();
  }

  node(id: NodeId): AriNode {
    const node = this.#nodes.get(id);
    if (node === undefined) {
      throw new StrowgerError('switch.unreachable', `No switch '${id}' is configured; there are ${this.nodeIds.join(', ') || 'none'}.`, { fields: { nodeId: id } });
    }
    return node;
  }

  /** True while every node is connected. */
  get ready(): boolean {
    return [...this.#nodes.values()].every((node) => node.status.ready);
  }

  subscribe(listener: (event: SwitchEvent) => void): () => void {
    const stops = [...this.#nodes.values()].map((node) => node.subscribe(listener));
    return () => {
      for (const stop of stops) stop();
    };
  }
}

const TRANSPORTS: Readonly<Record<AriTransportKind, OpenAriTransport>> = { ws: openWsTransport, 'ari-client': openAriClientTransport };

function createNode(config: AriNodeConfig, options: AriSwitchboardOptions): AriNode {
  return new AriNode({
    nodeId: nodeId(config.id),
    url: config.url,
    user: config.user,
    password: config.password,
    transport: config.transport ?? 'auto',
    requestSockets: config.requestSockets ?? 4,
    app: options.app,
    clock: options.clock,
    random: options.random,
    log: options.log.child({ nodeId: config.id }),
    stats: new AriStats(),
    open: TRANSPORTS,
    requestTimeoutMs: options.requestTimeoutMs ?? 5_000,
    heartbeatMs: options.heartbeatMs ?? 500,
    heartbeatLimitMs: options.heartbeatLimitMs ?? 3_000,
    backoffBaseMs: options.backoffBaseMs ?? 200,
    backoffCapMs: options.backoffCapMs ?? 5_000,
    maxInFlight: options.maxInFlight ?? 64,
  });
}
