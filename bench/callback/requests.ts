import { dirname, join } from 'node:path';
import Database from 'better-sqlite3';
import { encodeCallback } from '../../engine/callback/callback-record.ts';
import type { Legs } from '../../engine/ports/legs.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { openStore } from '../../integrations/store/sqlite-store.ts';
import { SimulatedSwitchboard } from '../../telephony/sim/simulated-switchboard.ts';
import { openCentre, QUEUES } from './centre.ts';
import { aRequest, numberOf } from './pending.ts';

export interface RequestTask {
  readonly path: string;
  /** So long each round of each. */
  readonly roundMs: number;
  readonly rounds: number;
}

/** Requests a second that are on the disk, beside bare inserts of the same rows that are. */
export interface RequestRate {
  readonly concurrency: number;
  readonly requests: number;
  readonly perSecond: number;
  readonly plainPerSecond: number;
}

const CONCURRENCIES = [1, 100];
const HOUR_MS = 3_600_000;
const NO_LEGS: Legs = { watch: () => () => undefined, partFrom: () => undefined, nodeForCalls: () => undefined };

/** The two take turns, so that what else the disk has to do meets both. */
export async function rateOfRequests({ path, roundMs, rounds }: RequestTask): Promise<readonly RequestRate[]> {
  const store = await openStore({ path, logger: silentLogger });
  const desk = openCentre({ store, clock: systemClock }).desk(new SimulatedSwitchboard([]), () => NO_LEGS);
  await desk.restore();
  desk.start();
  const bare = new BareInserts(join(dirname(path), 'bare.db'));
  let asked = 0;
  const ask = async (): Promise<void> => {
    const index = (asked += 1);
    const queueId = QUEUES[index % QUEUES.length]!;
    const wanted = (Math.ceil(systemClock.now() / HOUR_MS) + 4 + (index % 40)) * HOUR_MS;
    await desk.request({ queueId, number: numberOf(index, '137'), language: 'zh-CN', by: { by: 'program', name: 'bench' }, wanted, topic: 'mortgage' });
  };
  try {
    const rates: RequestRate[] = [];
    for (const concurrency of CONCURRENCIES) {
      await askFor(ask, concurrency, roundMs / 4);
      const ours = { requests: 0, ms: 0 };
      const plain = { requests: 0, ms: 0 };
      for (let round = 0; round < rounds; round += 1) {
        add(ours, await askFor(ask, concurrency, roundMs));
        add(plain, bare.run(concurrency, roundMs));
      }
      rates.push({ concurrency, requests: ours.requests, perSecond: perSecond(ours), plainPerSecond: perSecond(plain) });
    }
    return rates;
  } finally {
    bare.close();
    desk.close();
    await store.close();
  }
}

interface Count {
  requests: number;
  ms: number;
}

async function askFor(ask: () => Promise<void>, concurrency: number, forMs: number): Promise<Count> {
  const start = performance.now();
  let requests = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - start < forMs) {
      await ask();
      requests += 1;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, client));
  return { requests, ms: performance.now() - start };
}

/** The peer: rows of the same length into the same kind of table, each transaction synced. */
class BareInserts {
  readonly #db: Database.Database;
  readonly #insert: Database.Statement<[string, string, string, number]>;
  #made = 0;

  constructor(path: string) {
    this.#db = new Database(path);
    this.#db.pragma('journal_mode = WAL');
    this.#db.pragma('synchronous = FULL');
    this.#db.exec('create table journal (kind text not null, id text not null, record text not null, savedAt integer not null, primary key (kind, id))');
    this.#insert = this.#db.prepare('insert into journal (kind, id, record, savedAt) values (?, ?, ?, ?)');
  }

  run(together: number, forMs: number): Count {
    const insertAll = this.#db.transaction(() => {
      for (let index = 0; index < together; index += 1) {
        const id = `callback-${String((this.#made += 1)).padStart(17, '0')}`;
        const now = systemClock.now();
        this.#insert.run('callback', id, JSON.stringify(encodeCallback({ callback: aRequest(this.#made, id, numberOf(this.#made, '137'), now, now) })), now);
      }
    });
    const start = performance.now();
    let requests = 0;
    while (performance.now() - start < forMs) {
      insertAll();
      requests += together;
    }
    return { requests, ms: performance.now() - start };
  }

  close(): void {
    this.#db.close();
  }
}

function add(sum: Count, { requests, ms }: Count): void {
  sum.requests += requests;
  sum.ms += ms;
}

function perSecond({ requests, ms }: Count): number {
  return (requests / ms) * 1_000;
}
