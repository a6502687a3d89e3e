import { Callers, seeded, type Centre } from './centre.ts';
import { AppQueueModel, PlainScan } from './contestants.ts';
import { Stopwatch, type Speed } from './measurement.ts';
import { OLDEST_MS, START } from './scenarios.ts';

/** S1 by a scan of all who wait. */
export function scanBacklog(centre: Centre, waiting: number, decisions: number): Speed {
  const callers = new Callers(centre.strict, 'strict');
  const random = seeded(3);
  const scan = new PlainScan();
  for (let index = 0; index < waiting; index += 1) scan.wait(callers.next(START - OLDEST_MS + Math.floor((index / waiting) * OLDEST_MS)));
  const { agents } = centre.config;
  const stopwatch = new Stopwatch();
  for (let done = 0; done < decisions; done += 1) {
    const arrival = callers.next(START + done);
    const agent = agents[Math.floor(random() * agents.length)]!;
    stopwatch.run(() => {
      const startedAt = performance.now();
      const contact = scan.contactFor(agent);
      stopwatch.note(performance.now() - startedAt);
      scan.wait(arrival);
      return { decisions: contact === undefined ? 0 : 1, events: 2 };
    });
  }
  return stopwatch.speed;
}

/** S2 by a scan of all who are idle. */
export function scanIdle(centre: Centre, decisions: number): Speed {
  const callers = new Callers(centre.strict, 'any');
  const { agents } = centre.config;
  const scan = new PlainScan();
  for (const [index, agent] of agents.entries()) if (index % 2 === 0) scan.rest(agent, START - agents.length + index);
  const busy = agents.filter((_, index) => index % 2 === 1);
  let oldest = 0;
  const stopwatch = new Stopwatch();
  for (let done = 0; done < decisions; done += 1) {
    const arrival = callers.next(START + done);
    stopwatch.run(() => {
      const startedAt = performance.now();
      const agent = scan.agentFor(arrival);
      stopwatch.note(performance.now() - startedAt);
      if (agent === undefined) return { decisions: 0, events: 1 };
      scan.rest(busy[oldest]!, START + done);
      busy[oldest] = agent;
      oldest = (oldest + 1) % busy.length;
      return { decisions: 1, events: 2 };
    });
  }
  return stopwatch.speed;
}

/** What app_queue would spend; see AppQueueModel. */
export interface AppQueueCost {
  /** An agent becomes free and busy again, its caller rings it: two changes of device state and a `try_calling`, microseconds. */
  readonly decisionUs: number;
  /** CPU seconds that the waiting callers' looking takes, each second. */
  readonly pollingLoad: number;
  /** From the moment when an agent is free until its caller looks: on average, at most. */
  readonly noticedAfterMs: { readonly mean: number; readonly max: number };
}

export function appQueueCost(centre: Centre, waiting: number, decisions: number): AppQueueCost {
  const random = seeded(7);
  const model = new AppQueueModel(centre);
  for (let caller = 0; caller < waiting; caller += 1) model.wait(Math.floor(random() * model.queues), caller);
  const { agents } = centre.config;
  const chosen = Array.from({ length: decisions }, () => ({ agent: Math.floor(random() * agents.length), queue: Math.floor(random() * model.queues) }));
  let sink = 0;
  const decide = ({ agent, queue }: { agent: number; queue: number }): void => {
    model.deviceState(agent, true);
    sink += model.tryCalling(queue);
    model.deviceState(agent, false);
  };
  for (const one of chosen.slice(0, 20)) decide(one);
  let startedAt = performance.now();
  for (const one of chosen) decide(one);
  const decisionUs = ((performance.now() - startedAt) / decisions) * 1_000;
  sink += model.recheckAll();
  startedAt = performance.now();
  sink += model.recheckAll();
  const pollingLoad = (performance.now() - startedAt) / 1_000;
  if (Number.isNaN(sink)) throw new Error('cannot be: it keeps V8 from leaving out work whose result is not used');
  return { decisionUs, pollingLoad, noticedAfterMs: { mean: 500, max: 1_000 } };
}
