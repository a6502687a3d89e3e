/** A centre of agents who differ in what they can do: types of calls, and agents by the types that each may serve. */
export interface SkillGraph {
  /** Poisson arrivals of each type, in any unit of time. */
  readonly arrivalRates: readonly number[];
  readonly agents: readonly { readonly serves: readonly number[]; readonly serviceRate: number }[];
}

export interface SkillGraphState {
  /** Share of the time that each agent is idle. */
  readonly idle: readonly number[];
  /** Mean wait of each type, those who do not wait included. */
  readonly waits: readonly number[];
}

/**
 * The exact steady state of "first come, first served, to the agent who is idle longest" on any graph of skills, with
 * exponential times: the product form of Visschers, Adan and Weiss 2012 and Adan and Weiss 2014. Summed over all orders of
 * the agents: the busy ones by the age of their calls, then the idle ones, longest first. For a handful of agents.
 */
export function skillGraphState({ arrivalRates, agents }: SkillGraph): SkillGraphState {
  const idle = agents.map(() => 0);
  const waiting = arrivalRates.map(() => 0);
  let total = 0;
  const canServe = (set: readonly number[], type: number): boolean => set.some((agent) => agents[agent]!.serves.includes(type));

  /** All orders of the idle: the factor of each is 1 / (arrivals that one of those so far would take). */
  const idleWeight = (order: readonly number[], rest: readonly number[]): number => {
    if (rest.length === 0) return 1;
    let sum = 0;
    for (const agent of rest) {
      const prefix = [...order, agent];
      const rate = arrivalRates.reduce((all, rate, type) => all + (canServe(prefix, type) ? rate : 0), 0);
      sum += idleWeight(prefix, rest.filter((other) => other !== agent)) / rate;
    }
    return sum;
  };

  const walk = (busy: readonly number[], weight: number, lengths: readonly number[]): void => {
    const rest = agents.map((_, agent) => agent).filter((agent) => !busy.includes(agent));
    const probability = weight * idleWeight([], rest);
    total += probability;
    for (const agent of rest) idle[agent]! += probability;
    lengths.forEach((length, type) => (waiting[type]! += probability * length));
    for (const agent of rest) {
      const prefix = [...busy, agent];
      const others = agents.map((_, other) => other).filter((other) => !prefix.includes(other));
      // Who stands between this busy agent and the next was passed over: nobody outside the prefix may serve it.
      const stuck = arrivalRates.map((rate, type) => (canServe(others, type) ? 0 : rate));
      const arriving = stuck.reduce((all, rate) => all + rate, 0);
      const serving = prefix.reduce((all, one) => all + agents[one]!.serviceRate, 0);
      const load = arriving / serving;
      if (load >= 1) throw new RangeError('The agents of a subset cannot keep up: there is no steady state.');
      const mean = load / (1 - load);
      walk(prefix, weight / serving / (1 - load), lengths.map((length, type) => length + (arriving === 0 ? 0 : (mean * stuck[type]!) / arriving)));
    }
  };
  walk([], 1, arrivalRates.map(() => 0));
  return {
    idle: idle.map((sum) => sum / total),
    waits: waiting.map((sum, type) => sum / total / arrivalRates[type]!),
  };
}
