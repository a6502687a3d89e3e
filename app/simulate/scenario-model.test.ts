import { join } from 'node:path';
import { expect, it } from 'vitest';
import { simulate } from '../../engine/simulation/simulation.ts';
import { ReferenceRouter } from '../../test/acd/reference-router.ts';
import { loadScenario } from './load-scenario.ts';
import { modelOf } from './scenario-model.ts';

it('a morning of the sample bank is the same under the reference router, bit for bit', () => {
  const scenario = loadScenario(join(import.meta.dirname, '../../scenarios/bank-day-second-skill.yaml'));
  // Until 10:30: the busiest hour has begun, agents come and go, first breaks.
  const model = { ...modelOf(scenario), lengthMs: 2.5 * 3_600_000 };
  const options = { seed: 1, periodMs: 1_800_000, keepWaits: true };
  const { periods, endedAt } = simulate(model, options);
  const reference = simulate(model, { ...options, newRouter: () => new ReferenceRouter() });
  expect({ periods, endedAt }).toEqual({ periods: reference.periods, endedAt: reference.endedAt });
  expect(periods.reduce((sum, { types }) => sum + types.reduce((all, { answered }) => all + answered, 0), 0)).toBeGreaterThan(800);
});
