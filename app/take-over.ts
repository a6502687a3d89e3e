import { setTimeout as delay } from 'node:timers/promises';
import { isStrowgerError } from '../engine/domain/errors.ts';
import type { NodeId } from '../engine/domain/ids.ts';
import type { CallEvents } from '../engine/ports/call-events.ts';
import type { Logger } from '../engine/ports/logger.ts';
import { HeldEvents } from '../engine/session/held-events.ts';
import { askEngine, type EngineAddress } from './cli/engine-api.ts';

/** The other waits for a quiet moment; see hand-over.ts. */
const AGREE_LIMIT_MS = 10_000;
/** A switch that is not connected by then is connected when it can be: the other has no calls there that it could serve. */
const CONNECT_LIMIT_MS = 5_000;
/** The other closes its store when all switches have changed sides. */
const STORE_LIMIT_MS = 15_000;
const LOOK_MS = 10;

interface Switches extends CallEvents {
  readonly nodeIds: readonly NodeId[];
  start(): void;
}

/** Takes the calls of a process that serves them. */
export interface TakeOver {
  /** Called when all is prepared. What the switches tell from then on; undefined when nobody serves calls. */
  begin(switchboard: Switches): Promise<HeldEvents | undefined>;
}

/** From the process whose API is at `address`. */
export function takeOverFrom(address: EngineAddress, log: Logger): TakeOver {
  return {
    begin: async (switchboard) => {
      try {
        await askEngine(address, { method: 'POST', path: '/api/v1/engine/hand-over', timeoutMs: AGREE_LIMIT_MS });
      } catch (error) {
        if (!isStrowgerError(error, 'cli.engine-unreachable')) throw error;
        log.info({ event: 'engine.noPredecessor', url: address.url }, 'No engine serves calls: there is nothing to take over');
        return undefined;
      }
      const held = new HeldEvents(switchboard);
      switchboard.start();
      const until = Date.now() + CONNECT_LIMIT_MS;
      while (held.nodes.length < switchboard.nodeIds.length && Date.now() < until) await delay(LOOK_MS);
      return held;
    },
  };
}

/** Opens the store as soon as the other process has closed it. Rejects with `store.locked` when it does not. */
export async function whenFree<Store>(open: () => Promise<Store>): Promise<Store> {
  const until = Date.now() + STORE_LIMIT_MS;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!isStrowgerError(error, 'store.locked') || Date.now() >= until) throw error;
      await delay(LOOK_MS);
    }
  }
}
