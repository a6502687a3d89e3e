import { expect, it } from 'vitest';
import { IDENTIFICATION_LIMITS } from '../engine/identification/identification-guard.ts';
import { attemptLimitsOf } from './identification.ts';
import { parseConfig } from './config/load-config.ts';

const YAML = `
nodes: [{ id: pbx-1, url: "http://127.0.0.1:8088", user: u, password: p }]
hotlines: [{ number: "95500", flow: bank }]
queues: [{ id: q, name: Q }]
`;

it('locks those who guess as engine/identification says, unless it is configured otherwise', () => {
  expect(attemptLimitsOf(parseConfig(YAML, 'test', {}))).toEqual(IDENTIFICATION_LIMITS);
  const own = parseConfig(`${YAML}identification: { perAccount: { freeAttempts: 5, firstLockSeconds: 60, longestLockSeconds: 30 } }\n`, 'test', {});
  expect(attemptLimitsOf(own)['account']).toEqual({ ...IDENTIFICATION_LIMITS.account, free: 5, firstLockMs: 60_000, longestLockMs: 60_000 });
});
