import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { RandomStream } from '../../engine/simulation/random-stream.ts';
import { ChaosWorld, lasting } from './chaos-world.ts';

// `./strowger test chaos` sets these; what runs with all other tests is a small part.
const FAULTS = Number(process.env['STROWGER_CHAOS_FAULTS'] ?? 4);
const CALLERS = Number(process.env['STROWGER_CHAOS_CALLERS'] ?? 6);
const SEED = Number(process.env['STROWGER_CHAOS_SEED'] ?? 1);

/** What goes wrong, and for how long at most. Each resolves when it is over. */
const FAULT_KINDS: Readonly<Record<string, (world: ChaosWorld, ms: number) => Promise<void>>> = {
  'the engine is killed': async ({ engine }) => {
    process.kill(engine.enginePid, 'SIGKILL');
    await engine.servesAgain();
  },
  'the engine stands still': async ({ engine }, ms) => {
    const pid = engine.enginePid;
    process.kill(pid, 'SIGSTOP');
    await lasting(ms);
    process.kill(pid, 'SIGCONT');
  },
  'a second engine takes the calls over': async ({ engine }) => {
    process.kill(engine.pid ?? 0, 'SIGUSR2');
    await engine.event('supervisor.replaced', undefined, 60_000);
  },
  'the connections to the switch are cut': async ({ proxy }) => proxy.cut(),
  'the connections to the switch stand still': ({ proxy }, ms) => proxy.standStill(ms),
  'events are late, come twice and in another order': async ({ proxy }, ms) => {
    proxy.mischief = { late: 0.3, twice: 0.1, swapped: 0.1, lateMs: 400 };
    await lasting(ms);
    proxy.mischief = undefined;
  },
  'the broker is away': (world, ms) => world.withoutBroker(ms),
  'the phone of an agent is dead': (world, ms) => world.withoutPhone(ms),
  'the switch dies': (world, ms) => world.withoutSwitch(ms),
  'the back office fails': (world, ms) => world.withoutBank(ms),
  'the recogniser fails': (world, ms) => world.withoutRecogniser(ms),
  'the disk is full': (world, ms) => world.withoutDisk(ms),
  'the store is locked by somebody else': async ({ storeFile }, ms) => {
    const db = new Database(storeFile);
    db.exec('begin immediate');
    await lasting(Math.min(ms, 4_000));
    db.exec('rollback');
    db.close();
  },
};

it(`${FAULTS} faults with ${CALLERS} callers, seed ${SEED}: nobody is lost, and nothing is left`, async () => {
  const world = await ChaosWorld.start(SEED, CALLERS);
  const random = new RandomStream(SEED, 'faults');
  const kinds = Object.keys(FAULT_KINDS);
  const done: string[] = [];
  try {
    world.crowd.act();
    await lasting(6_000);
    for (let fault = 0; fault < FAULTS; fault += 1) {
      // Each kind once before any comes again, in an order of its own.
      if (fault % kinds.length === 0) shuffle(kinds, random);
      const kind = kinds[fault % kinds.length] ?? '';
      done.push(kind);
      const ms = 500 + random.index(6_000);
      await world.crowd.rest();
      const places = await world.places();
      world.crowd.act();
      await world.promises.make('personal');
      await world.promises.make('business');
      await FAULT_KINDS[kind]?.(world, ms);
      await lasting(random.index(1_500));
      await world.crowd.rest();
      await world.expectPeace(places).catch((error: unknown) => {
        throw new Error(`after fault ${fault + 1} (${kind}, ${ms} ms; before it: ${done.slice(0, -1).join(', ') || 'none'}):\n${String(error)}\n${storyOf(world)}`);
      });
      if (FAULTS > 20) console.log(`${fault + 1}/${FAULTS} ${kind}: ${world.crowd.onTheLine.length} callers on the line`);
      world.crowd.act();
      await lasting(2_000);
    }
    await world.crowd.leave();
    await expect.poll(() => world.promises.close(), { timeout: 120_000, interval: 1_000 }).toBe(true);
    expect(world.promises.made).toBeGreaterThan(0);
    if (FAULTS > 20) console.log(`${world.promises.made} callbacks were promised, and none was forgotten`);
    await expect.poll(() => world.pbx.channelCount(), { timeout: 30_000 }).toBe(0);
    await expect.poll(() => world.pbx.bridgeCount(), { timeout: 10_000 }).toBe(0);
    await world.expectPeace([]);
  } finally {
    await world.stop();
  }
}, 120_000 + FAULTS * 90_000);

function shuffle(list: string[], random: RandomStream): void {
  for (let at = list.length - 1; at > 0; at -= 1) {
    const other = random.index(at + 1);
    [list[at], list[other]] = [list[other] ?? '', list[at] ?? ''];
  }
}

/** What the engine complained about, and what it did last. */
function storyOf({ engine: { lines } }: ChaosWorld): string {
  const worse = lines.filter(({ level }) => level !== 'info').slice(-40);
  return [...worse, ...lines.filter(({ level }) => level === 'info').slice(-25)].map((line) => JSON.stringify(line)).join('\n');
}
