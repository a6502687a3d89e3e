import { z } from 'zod';
import { AGENT_SELECTIONS } from '../../engine/domain/queue.ts';
import { NUMBER_TYPES } from '../../engine/ports/numbering-plan.ts';
import { queueRecording } from './recording-schema.ts';
import { id, seconds, secret } from './schema-values.ts';

// Skills, queues, agents and callbacks.

export const skillName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/);
export const level = z.number().int().min(0).max(100);

/** A skill that agents may have. Its levels are the centre's (`skillLevels`) unless it has its own. */
export const skill = z.strictObject({
  title: z.string().min(1),
  lowest: level.optional(),
  highest: level.optional(),
});

export const notReadyReason = z.strictObject({ code: id, title: z.string().min(1) });

const attemptsOf = z.number().int().min(1).max(20);
const retry = z.union([seconds, z.literal('giveUp')]);

/** How a queue calls customers back. Without it the queue has no callbacks. */
const queueCallbacks = z.strictObject({
  /** `agentFirst`: the customer is dialled with an agent on the line; `customerFirst`: when one will soon be free. */
  order: z.enum(['agentFirst', 'customerFirst']).default('agentFirst'),
  attempts: z.number().int().min(1).max(20).default(3),
  /** After an attempt that ended so. */
  retrySeconds: z
    .strictObject({
      machine: retry.default(3600),
      hungUp: retry.default(900),
      busy: retry.default(300),
      noAnswer: retry.default(1800),
      refused: retry.default(3600),
      wrongNumber: retry.default('giveUp'),
      networkFailure: retry.default(120),
      interrupted: retry.default(300),
    })
    .prefault({}),
  /** Given up when so many attempts have ended so, though `attempts` would allow more. */
  attemptsByOutcome: z
    .strictObject({
      machine: attemptsOf.optional(),
      hungUp: attemptsOf.optional(),
      busy: attemptsOf.optional(),
      noAnswer: attemptsOf.optional(),
      refused: attemptsOf.optional(),
      wrongNumber: attemptsOf.optional(),
      networkFailure: attemptsOf.optional(),
      interrupted: attemptsOf.optional(),
    })
    .prefault({}),
  ringSeconds: seconds.min(5).default(30),
  /** With `agentFirst`: time to read the story before the customer is dialled. */
  previewSeconds: seconds.max(300).default(0),
  /** With `customerFirst`: dialled so long before an agent is expected to be free. */
  dialAheadSeconds: seconds.max(300).default(20),
  /** With `customerFirst`: the flow that greets the customer, asks for a key and routes. */
  flow: id.optional(),
  /** The switch listens whether a machine answers, before an agent or a flow has the line. */
  detectMachines: z.boolean().default(false),
  /** With `detectMachines`: the flow that leaves a message when a machine answers the last attempt. */
  messageFlow: id.optional(),
  expires: z.union([z.literal('businessDay'), z.number().min(60).max(30 * 86_400)]).default('businessDay'),
  /** Still placed so long after its period, when an outage kept us from it. */
  lateSeconds: seconds.default(0),
  windowMinutes: z.number().int().min(5).max(480).default(60),
  perWindow: z.number().int().min(1).max(10_000).default(10),
  leadMinutes: z.number().int().min(0).max(1440).default(15),
  daysAhead: z.number().int().min(0).max(30).default(3),
});

export const queue = z.strictObject({
  id,
  name: z.string().min(1),
  ringSeconds: seconds.min(1).default(20),
  wrapUpSeconds: seconds.default(10),
  maxWaitSeconds: z.union([seconds.min(1), z.literal('untilServed')]).default(600),
  music: z.string().default('default'),
  serviceLevelSeconds: seconds.default(20),
  /** Abandoned sooner than this is a short call and no abandonment. */
  shortAbandonSeconds: seconds.default(5),
  /** Whom of the idle agents who qualify a contact gets first. */
  selection: z.enum(AGENT_SELECTIONS).default('leastSurplus'),
  maxWaiting: z.number().int().min(1).optional(),
  maxExpectedWaitSeconds: seconds.min(1).optional(),
  leastServiceLevel: z.number().min(0).max(1).optional(),
  noAgentsGraceSeconds: seconds.default(0),
  announcements: z
    .strictObject({
      position: z.boolean().default(true),
      expectedWait: z.boolean().default(true),
      firstAfterSeconds: seconds.default(20),
      everySeconds: seconds.min(15).default(45),
    })
    .prefault({}),
  /** Name of one of `calendars`; without it the queue is always open. */
  calendar: id.optional(),
  atClosing: z.enum(['serve', 'overflow']).default('serve'),
  resumePlaceSeconds: seconds.default(60),
  wrapUpCodes: z.array(id).default([]),
  callbacks: queueCallbacks.optional(),
  recording: queueRecording.optional(),
});

export const agent = z.strictObject({
  id,
  name: z.string().min(1),
  /** What the switch dials, e.g. `PJSIP/1001`. */
  endpoint: z.string().regex(/^[A-Za-z0-9]+\/[A-Za-z0-9_.@:-]+$/, 'technology/resource, e.g. PJSIP/1001'),
  /** Within `skillLevels`; check-acd.ts sees to it. */
  skills: z.record(skillName, level).default({}),
  queues: z.array(id).min(1),
  /** Contacts at a time. Above 1 the phone rings while the agent talks or has a caller on hold, and must have call waiting. */
  capacity: z.number().int().min(1).max(10).default(1),
  /** What the agent's phone registers with, where we render the PBX's configuration. */
  phonePassword: secret.optional(),
  /** Signed in and ready when the engine starts with an empty store. For demonstrations. */
  signedIn: z.boolean().default(false),
});

const prefix = z.string().regex(/^\+[0-9]{1,15}$/, 'the beginning of an E.164 number, e.g. +86');
const country = z.string().regex(/^[A-Z]{2}$/, 'ISO 3166 alpha-2, e.g. CN');
const timeOfDay = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'e.g. "08:00"');

/** What holds for callbacks of all queues: how customers are dialled, and whose numbers. */
export const callbacks = z.strictObject({
  /** What the switch dials; `{number}` is the E.164 number with its `+`, `{digits}` the same without. */
  dial: z.string().regex(/^[A-Za-z0-9]+\/[A-Za-z0-9_.+@:/;=*#-]*\{(number|digits)\}[A-Za-z0-9_.+@:/;=*#-]*$/, 'technology/resource with {number} or {digits} once, e.g. PJSIP/{number}@carrier').optional(),
  /** What the customer's phone displays; without it the first hotline. */
  displayedNumber: z.string().regex(/^\+?[0-9]{2,20}$/).optional(),
  country: country.default('CN'),
  /** Without it that country only. */
  allowedCountries: z.array(country).min(1).optional(),
  /** Without it mobiles and fixed lines. */
  allowedTypes: z.array(z.enum(NUMBER_TYPES)).min(1).optional(),
  deniedPrefixes: z.array(prefix).default([]),
  allowedPrefixes: z.array(prefix).default([]),
  /** Beside hotlines and agents' extensions: numbers that ring here. */
  ownNumbers: z.array(z.string()).default([]),
  /** A text file, one E.164 number a line: never called back. */
  doNotCallFile: z.string().optional(),
  caps: z
    .strictObject({
      perNumber: z.number().int().min(1).max(900).default(3),
      perCaller: z.number().int().min(1).max(900).default(3),
      withheldCallers: z.number().int().min(0).max(900).default(100),
      perDay: z.number().int().min(1).max(100_000).default(5000),
      dialsPerNumber: z.number().int().min(1).max(900).default(9),
    })
    .prefault({}),
  /** Without it 08:00 to 21:00. */
  callingHours: z.union([z.literal('any'), z.strictObject({ from: timeOfDay, to: timeOfDay })]).optional(),
  /** In any unit of money. */
  cost: z.strictObject({ capPerDay: z.number().min(0), perMinuteByPrefix: z.record(prefix, z.number().min(0)), assumedMinutes: z.number().min(0).default(5) }).optional(),
});

/** What a program may set of an agent and of a queue, as it stands in the file; their ids are in the address. */
export const agentForm = withoutDefaults(agent.pick({ name: true, endpoint: true, skills: true, queues: true, capacity: true }));
export const queueForm = withoutDefaults(queue.omit({ id: true }));

/** The same form for what people write: what they leave out stays out, to follow the defaults of later versions. */
function withoutDefaults(form: z.ZodObject): z.ZodObject {
  const bare = (field: unknown): z.ZodType => {
    if (field instanceof z.ZodDefault || field instanceof z.ZodPrefault) return bare(field.unwrap()).optional();
    if (field instanceof z.ZodOptional) return bare(field.unwrap()).optional();
    return field instanceof z.ZodObject ? withoutDefaults(field) : (field as z.ZodType);
  };
  return z.strictObject(Object.fromEntries(Object.entries(form.shape).map(([key, field]) => [key, bare(field)])));
}
