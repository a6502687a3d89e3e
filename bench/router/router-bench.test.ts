import { describe, expect, it } from 'vitest';
import { Callers, makeCentre, SHAPES } from './centre.ts';
import { closedLoop } from './closed-loop.ts';
import { AppQueueModel, PlainScan } from './contestants.ts';
import { appQueueCost, scanBacklog, scanIdle } from './peers.ts';
import { reportOf } from './report.ts';
import type { RouterBenchResult } from './router-bench.ts';
import type { ShapeResult } from './shape-result.ts';
import { backlog, idle, staffedRouter, START } from './scenarios.ts';

const SMALL = { agents: 300, skills: 40, classes: 60 };
const EFFORT = { warmUp: 500, measured: 1_000 };

describe.each(SHAPES)('a centre of shape %s', (shape) => {
  const centre = makeCentre({ shape, ...SMALL });

  it('is the same each time', () => {
    expect(makeCentre({ shape, ...SMALL })).toEqual(centre);
  });

  it('is decided alike by the router and by the scan that it is compared with', () => {
    const router = staffedRouter(centre);
    const scan = new PlainScan();
    const callers = new Callers(centre.strict, 'strict');
    for (let index = 0; index < 400; index += 1) {
      const contact = callers.next(START - 1_000 + index);
      router.handle({ type: 'contact.arrived', contact }, START);
      scan.wait(contact);
    }
    for (const [index, agent] of centre.config.agents.entries()) {
      const [offer] = router.handle({ type: 'agent.idle', agentId: agent.id, idleSince: START }, START);
      expect(scan.contactFor(agent)?.contactId).toBe(offer?.contactId);
      if (offer === undefined) router.handle({ type: 'agent.busy', agentId: agent.id }, START);
      if (index % 3 > 0) continue;
      const contact = callers.next(START);
      router.handle({ type: 'contact.arrived', contact }, START);
      scan.wait(contact);
    }
  });

  it('can be benched, and the result printed', () => {
    const s1 = backlog(centre, 500, EFFORT);
    const s2 = idle(centre, EFFORT);
    const s3 = closedLoop(centre, { warmUp: 1_000, measured: 4_000 });
    expect(s1.speed.decisions).toBeGreaterThan(300);
    expect(s2.speed.decisions).toBeGreaterThan(300);
    expect(s3.kinds['offer']).toBeGreaterThan(500);
    const result: ShapeResult = {
      size: centre.size,
      waiting: 500,
      backlog: { ...s1, scan: scanBacklog(centre, 500, 20), appQueue: appQueueCost(centre, 500, 20) },
      idle: { ...s2, scan: scanIdle(centre, 20) },
      closedLoop: s3,
    };
    const machine = { cores: 2, node: 'v20', load1Before: 0, load1After: 0, randomReadNs: 80 };
    const growth: RouterBenchResult['growth'] = [{ of: 'agents', scenario: 'S2', rows: [{ size: 10, routerUs: 1, scanUs: 1 }, { size: 100, routerUs: 1.2, scanUs: 10 }] }];
    const report = reportOf({ at: '', quick: true, machine, shapes: { distinct: result, teams: result }, growth, goals: [] });
    expect(report.join('\n')).not.toMatch(/NaN|undefined/);
    expect(report.find((line) => line.includes('100  router'))).toMatch(/█/);
  });
});

describe("app_queue's way", () => {
  it('lets as many callers from the head take their turn as members are free', () => {
    const centre = makeCentre({ shape: 'distinct', agents: 20, skills: 2, classes: 3 });
    const queues = [{ require: { all: [] }, forMs: 'untilServed' }] as const;
    const model = new AppQueueModel({ config: centre.config, strict: [queues] });
    for (let caller = 0; caller < 5; caller += 1) model.wait(0, caller);
    expect(model.recheckAll()).toBe(0);
    model.deviceState(4, true);
    model.deviceState(7, true);
    expect(model.recheckAll()).toBe(2);
    expect(model.tryCalling(0)).toBe(4);
    model.deviceState(4, false);
    expect([model.recheckAll(), model.tryCalling(0)]).toEqual([1, 7]);
  });
});
