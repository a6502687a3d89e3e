import { readFile } from 'node:fs/promises';
import { CallbackDesk } from '../engine/callback/callback-desk.ts';
import { dialString } from '../engine/callback/dial-string.ts';
import type { CallbackPolicy } from '../engine/domain/callback-policy.ts';
import { QueueTimes } from '../engine/callback/promise-times.ts';
import { RuledNumbers } from '../engine/callback/ruled-numbers.ts';
import { StrowgerError } from '../engine/domain/errors.ts';
import type { QueueId } from '../engine/domain/ids.ts';
import { Zone } from '../engine/domain/zone.ts';
import type { Distributor } from '../engine/acd/distributor.ts';
import type { Announce } from '../engine/ports/announcer.ts';
import type { Switchboard } from '../engine/ports/call-control.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { IdSource } from '../engine/ports/id-source.ts';
import type { Journal } from '../engine/ports/journal.ts';
import type { Logger } from '../engine/ports/logger.ts';
import type { OpeningHours } from '../engine/ports/opening-hours.ts';
import type { Recordings } from '../engine/recording/recordings.ts';
import type { Sessions } from '../engine/session/sessions.ts';
import { libphonenumberPlan } from '../integrations/numbering/libphonenumber-plan.ts';
import { numberRulesOf } from './config/callback-config.ts';
import type { Config } from './config/schema.ts';
import { centreTimeZone } from './reports.ts';

export interface CallbackParts {
  readonly config: Config;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly announce: Announce;
  readonly journal: Journal;
  readonly distributor: Distributor;
  readonly switchboard: Switchboard;
  readonly recordings: Recordings | undefined;
  readonly sessions: () => Sessions;
  readonly hours: OpeningHours;
}

/** Callbacks as the configuration has them, with what the journal kept. A reload of queues is seen at once. */
export async function startCallbacks(parts: CallbackParts): Promise<CallbackDesk> {
  const { config, clock, ids, log, announce, journal, distributor, switchboard, recordings, sessions, hours } = parts;
  const { callbacks, calendars, hotlines } = config;
  const timeZone = centreTimeZone(calendars);
  const centreZone = Zone.of(timeZone);
  if (centreZone === undefined) throw new StrowgerError('calendar.invalid', `There is no time zone '${timeZone}'.`, { fields: { timeZone } });
  const doNotCall = callbacks.doNotCallFile === undefined ? new Set<string>() : await readDoNotCall(callbacks.doNotCallFile);
  const { dial } = callbacks;
  // A reload may give a queue callbacks; how customers are dialled is read at the start only.
  const policyOf = (queueId: QueueId): CallbackPolicy | undefined => (dial === undefined ? undefined : distributor.queue(queueId)?.callbacks);
  // Read once: the rules remember how numbers are read.
  const rules = numberRulesOf(config, doNotCall, timeZone);
  const guard = new RuledNumbers({ rules: () => rules, plan: libphonenumberPlan, clock, journal, log });
  await guard.restore();
  const displayed = callbacks.displayedNumber ?? hotlines[0]?.number ?? '';
  const desk = new CallbackDesk({
    clock,
    ids,
    log,
    announce,
    journal,
    distributor,
    switchboard,
    recordings,
    legs: {
      watch: (...args) => sessions().legs.watch(...args),
      partFrom: (...args) => sessions().legs.partFrom(...args),
      nodeForCalls: () => sessions().legs.nodeForCalls(),
    },
    endpointOf: (number) => dialString(dial ?? '', number),
    displayedNumber: () => displayed,
    policyOf,
    guard,
    times: new QueueTimes({
      hours,
      calendarOf: (queueId) => distributor.queue(queueId)?.calendar,
      policyOf,
      zoneOf: (name) => Zone.of(name) ?? centreZone,
      centreZone,
    }),
    isOnLine: (callId) => sessions().session(callId) !== undefined,
    startFlow: (callback, placing) => {
      const policy = policyOf(callback.queueId);
      const flow = placing.machine ? policy?.messageFlow : policy?.flow;
      return flow !== undefined && sessions().beginCallback(placing.nodeId, placing.customerLeg, placing.callId, callback, flow, displayed);
    },
  });
  await desk.restore();
  return desk;
}

async function readDoNotCall(file: string): Promise<ReadonlySet<string>> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new StrowgerError('config.unreadable', `The do-not-call list ${file} cannot be read.`, { cause, fields: { file } });
  }
  return new Set(text.split('\n').map((line) => line.replace(/#.*/, '').replace(/[^+\d]/g, '')).filter((number) => number !== ''));
}
