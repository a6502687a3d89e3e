import { ACD_DEFAULTS } from '../../engine/acd/acd-config.ts';
import { SkillDistributor } from '../../engine/acd/skill-distributor.ts';
import { CallbackDesk } from '../../engine/callback/callback-desk.ts';
import { NUMBER_RULES_DEFAULTS, type NumberRules } from '../../engine/callback/number-rules.ts';
import { QueueTimes } from '../../engine/callback/promise-times.ts';
import { RuledNumbers } from '../../engine/callback/ruled-numbers.ts';
import type { Agent } from '../../engine/domain/agent.ts';
import { CALLBACK_DEFAULTS, type CallbackPolicy } from '../../engine/domain/callback-policy.ts';
import type { DomainEvent } from '../../engine/domain/events.ts';
import { agentId, queueId, type QueueId } from '../../engine/domain/ids.ts';
import { QUEUE_DEFAULTS, type Queue } from '../../engine/domain/queue.ts';
import { Zone } from '../../engine/domain/zone.ts';
import type { Announce } from '../../engine/ports/announcer.ts';
import type { Switchboard } from '../../engine/ports/call-control.ts';
import type { Clock } from '../../engine/ports/clock.ts';
import type { Legs } from '../../engine/ports/legs.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { libphonenumberPlan } from '../../integrations/numbering/libphonenumber-plan.ts';
import { randomIds } from '../../integrations/runtime/random-ids.ts';
import type { Store } from '../../integrations/store/sqlite-store.ts';

export const QUEUES: readonly QueueId[] = Array.from({ length: 8 }, (_, index) => queueId(`queue-${index + 1}`));
export const ZONE = 'Asia/Shanghai';

const NO_LIMIT = 1_000_000_000;

/** No limit is reached, and nothing waits for the morning: each is looked at all the same. */
const RULES: NumberRules = {
  ...NUMBER_RULES_DEFAULTS,
  caps: { perNumber: NO_LIMIT, perCaller: NO_LIMIT, withheldCallers: NO_LIMIT, perDay: NO_LIMIT, dialsPerNumber: NO_LIMIT, withinMs: 24 * 3_600_000 },
  callingHours: { ...NUMBER_RULES_DEFAULTS.callingHours, from: '00:00', to: '24:00' },
};

const POLICY: CallbackPolicy = { ...CALLBACK_DEFAULTS, windows: { lengthMs: 3_600_000, capacity: NO_LIMIT, leadMs: 0, daysAhead: 3 } };

export interface CentreOptions {
  readonly store: Store;
  /** The desk's own: whoever measures sees its wakes by it. */
  readonly clock: Clock;
  readonly agents?: number;
  readonly onEvent?: (event: DomainEvent) => void;
}

export interface Centre {
  readonly ids: ReturnType<typeof randomIds>;
  readonly announce: Announce;
  readonly distributor: SkillDistributor;
  /** Wired as in production (app/callbacks.ts), but for limits that are never reached. */
  desk(switchboard: Switchboard, legs: () => Legs): CallbackDesk;
}

export function openCentre({ store, clock, agents = 0, onEvent = () => undefined }: CentreOptions): Centre {
  const ids = randomIds();
  const announce: Announce = (body, callId) => {
    const event: DomainEvent = { v: 1, id: ids.next('event'), at: clock.now(), ...(callId === undefined ? {} : { callId }), ...body };
    store.events.append(event);
    onEvent(event);
  };
  const queues: readonly Queue[] = QUEUES.map((id) => ({ ...QUEUE_DEFAULTS, id, name: id, wrapUpMs: 0, callbacks: POLICY }));
  const staff = Array.from({ length: agents }, (_, index): Agent => {
    const id = `${10_000 + index}`;
    return { id: agentId(id), name: id, endpoint: `PJSIP/${id}`, skills: {}, queues: QUEUES };
  });
  const { journal } = store;
  const shared = { clock, ids, announce, journal, log: silentLogger };
  const distributor = new SkillDistributor({ ...shared, config: { ...ACD_DEFAULTS, agents: staff, queues }, calendar: { stateAt: () => 'open' } });
  const zone = Zone.of(ZONE);
  if (zone === undefined) throw new RangeError(`There is no time zone ${ZONE}.`);
  const policyOf = (id: QueueId): CallbackPolicy | undefined => distributor.queue(id)?.callbacks;
  return {
    ids,
    announce,
    distributor,
    desk: (switchboard, legs) =>
      new CallbackDesk({
        ...shared,
        distributor,
        switchboard,
        legs: { watch: (...args) => legs().watch(...args), partFrom: (...args) => legs().partFrom(...args), nodeForCalls: () => legs().nodeForCalls() },
        endpointOf: (number) => `PJSIP/${number}@trunk`,
        displayedNumber: () => '95500',
        policyOf,
        guard: new RuledNumbers({ rules: () => RULES, plan: libphonenumberPlan, clock, journal, log: silentLogger }),
        times: new QueueTimes({ hours: { openPeriods: () => [], timeZone: () => ZONE }, calendarOf: () => undefined, policyOf, zoneOf: () => zone, centreZone: zone }),
        isOnLine: () => false,
        startFlow: () => false,
      }),
  };
}
