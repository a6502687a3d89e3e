import { z } from 'zod';
import { id } from './schema-values.ts';

/** Where the three levels of load begin (docs/overload.md); one that is absent never does. */
const lag = z.number().min(0.01).max(60);
const share = z.number().min(0.1).max(1);
const ASCENDING = 'each at least as great as the one before it';
const lagLevels = (spare: number, divert: number, refuse: number) =>
  z.strictObject({ spare: lag.default(spare), divert: lag.default(divert), refuse: lag.default(refuse) }).refine((at) => at.spare <= at.divert && at.divert <= at.refuse, ASCENDING).prefault({});

const callLimit = z.strictObject({ calls: z.number().int().min(0).max(100_000).optional(), perMinute: z.number().int().min(0).max(10_000).optional() });

/** What is done when more calls come than can be served well. */
export const limits = z.strictObject({
  /** At once, on all switches. */
  calls: z.number().int().min(1).max(100_000).optional(),
  /** By measured load; without it only the numbers of calls count. */
  byLoad: z.boolean().default(true),
  busyShare: z
    .strictObject({ spare: share.default(0.9), divert: share.optional(), refuse: share.optional() })
    .refine((at) => at.spare <= (at.divert ?? 1) && (at.divert ?? at.spare) <= (at.refuse ?? 1), ASCENDING)
    .prefault({}),
  eventLoopLagSeconds: lagLevels(0.2, 0.5, 1),
  eventLagSeconds: lagLevels(0.5, 1.5, 3),
  requestSeconds: lagLevels(0.5, 1.5, 3),
  /** By the switch's name of the trunk. */
  trunks: z.record(id, callLimit).default({}),
  /** Of each trunk that is not named. */
  perTrunk: callLimit.prefault({}),
  /** Of each calling number; calls without one have no limit of their own. */
  perCaller: callLimit.prefault({}),
  /** What new callers meet at the second level; without such a flow they are refused. */
  overloadFlow: id.default('overload'),
});
