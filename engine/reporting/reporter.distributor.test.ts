import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AcdWorld, HAPPENINGS, type Happening } from '../../test/acd/acd-world.ts';
import { Zone } from '../domain/zone.ts';
import { Reporter } from './reporter.ts';

/** More for a soak: STROWGER_PROPERTY_RUNS=10000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 100);
const happening: fc.Arbitrary<Happening> = fc.record({
  what: fc.constantFrom(...HAPPENINGS.filter((what) => what !== 'restart')),
  a: fc.nat(1023),
  b: fc.nat(1023),
});

describe('a report fed by the distributor itself', () => {
  it(
    'knows at any time who waits and what each agent does, and loses nobody',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(happening, { maxLength: 150, size: 'max' }), async (course) => {
          const world = new AcdWorld();
          for (const each of course) await world.happen(each);
          const { log, clock, distributor } = world.rig;
          const now = clock.now() + 1;
          const from = log.events[0]?.at ?? now - 1;
          const live = new Reporter({ zone: Zone.of('UTC') ?? expect.fail('no UTC'), interval: 'range', range: { from, to: now } });
          for (const event of log.events) live.apply(event);

          const rows = live.queueRows(now);
          for (const { queue, contacts } of distributor.queues()) {
            const row = rows.find(({ queueId }) => queueId === queue.id);
            expect([queue.id, row?.waitingAtEnd ?? 0, row?.lost ?? 0]).toEqual([queue.id, contacts.length, 0]);
            const oldest = contacts.length === 0 ? null : now - Math.min(...contacts.map(({ enqueuedAt }) => enqueuedAt));
            expect(row?.longestWaitingMs ?? null).toBe(oldest);
            expect(row?.offers.made ?? 0).toBe(log.events.filter((event) => event.type === 'offer.made' && event.queueId === queue.id).length);
          }
          const { agents } = live.standing();
          for (const { agent, status } of distributor.agents()) expect(agents.get(agent.id)?.state ?? 'loggedOut').toBe(status.state);
          const [total] = live.totalRows(now);
          const talks = log.events.filter(({ type }) => type === 'conversation.ended').length;
          const wrapping = distributor.agents().flatMap(({ status: { state, beside = [] } }) => [state, ...beside.map((other) => other.state)].filter((each) => each === 'wrapUp')).length;
          expect(total?.agents.handled ?? 0).toBe(talks - wrapping);
          expect(total?.queues.handled ?? 0).toBe(total?.agents.handled ?? 0);
        }),
        { numRuns: RUNS },
      );
    },
    60_000 + RUNS * 100,
  );
});
