import { z } from 'zod';
import { LANGUAGES } from '../../engine/domain/language.ts';
import { AGENT_SELECTIONS } from '../../engine/domain/queue.ts';
import { RECORD_MODES } from '../../engine/domain/recording.ts';
import { NUMBER_TYPES } from '../../engine/ports/numbering-plan.ts';
import { ROLES } from '../../integrations/http/principal.ts';
import { isTopicFilter } from '../../integrations/mqtt/broker-users.ts';

// One file describes one contact centre: switches, hotlines, queues, agents, calendars and what the engine uses.
// Durations are seconds here, because people write them; the engine's own values are milliseconds.

const id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/, 'letters, digits, "_", "." and "-", at most 64');
const port = z.number().int().min(0).max(65_535);
const seconds = z.number().min(0).max(86_400);

/** A secret stands in the environment or in a file; in the configuration itself only where that is fine (a demo). */
const secret = z.union([
  z.string().min(1),
  z.strictObject({ env: z.string().min(1) }),
  z.strictObject({ file: z.string().min(1) }),
]);

const node = z.strictObject({
  id,
  url: z.url({ protocol: /^https?$/ }),
  user: z.string().min(1),
  password: secret,
  /** `ws`: REST over the event WebSocket (Asterisk 22.4, 21.9, 20.14 and newer); `ari-client`: for older ones. */
  transport: z.enum(['auto', 'ws', 'ari-client']).default('auto'),
  /** Sockets for requests beside the one for events; one slow request holds back the others of its socket. */
  requestSockets: z.number().int().min(0).max(16).default(2),
});

const skillName = z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]{0,63}$/);
const level = z.number().int().min(0).max(100);

/** A skill that agents may have. Its levels are the centre's (`skillLevels`) unless it has its own. */
const skill = z.strictObject({
  title: z.string().min(1),
  lowest: level.optional(),
  highest: level.optional(),
});

const notReadyReason = z.strictObject({ code: id, title: z.string().min(1) });

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

const recordMode = z.enum(RECORD_MODES);
const sharePercent = z.number().min(0).max(100);
const retentionDays = z.number().int().min(1).max(3650);

/** What of a queue's conversations is recorded; what is not given here is the centre's (`recording`). */
const queueRecording = z.strictObject({ record: recordMode.optional(), sharePercent: sharePercent.optional(), retentionDays: retentionDays.optional() });

const queue = z.strictObject({
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

const agent = z.strictObject({
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

const span = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d-(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'e.g. "08:30-17:30"');
const day = z.array(span);
const calendar = z.strictObject({
  timezone: z.string().default('Asia/Shanghai'),
  weekly: z.strictObject({ mon: day, tue: day, wed: day, thu: day, fri: day, sat: day, sun: day }),
  /** Closed on public holidays, open on make-up working days (as on a Monday). */
  publicHolidays: z.boolean().default(true),
  /** By date, `YYYY-MM-DD`: spans, `[]` for closed. They win over everything. */
  overrides: z.record(z.string().regex(/^\d{4}-\d{2}-\d{2}$/), day).default({}),
});

const prefix = z.string().regex(/^\+[0-9]{1,15}$/, 'the beginning of an E.164 number, e.g. +86');
const country = z.string().regex(/^[A-Z]{2}$/, 'ISO 3166 alpha-2, e.g. CN');
const timeOfDay = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'e.g. "08:00"');

/** What holds for callbacks of all queues: how customers are dialled, and whose numbers. */
const callbacks = z.strictObject({
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

/** How often one may be wrong about a PIN. The defaults are those of engine/identification; a test compares. */
const attempts = (free: number, longest: number, forget: number) =>
  z
    .strictObject({
      freeAttempts: z.number().int().min(1).max(1000).default(free),
      firstLockSeconds: seconds.min(1).default(300),
      longestLockSeconds: seconds.min(1).default(longest),
      forgetSeconds: z.number().min(60).max(30 * 86_400).default(forget),
    })
    .prefault({});

/** PEM files; read again when they change. */
const tls = z.strictObject({ certFile: z.string().min(1), keyFile: z.string().min(1) });

/** How signalling and audio of a trunk or of phones travel. */
const encryption = { transport: z.enum(['udp', 'tls']).default('udp'), srtp: z.boolean().default(false) };

/** Recordings of calls. Without it nothing is recorded. */
const recording = z.strictObject({
  /** By default `recordings` in the data folder. */
  dir: z.string().optional(),
  /** 32 bytes each, in base64 or hexadecimal. The first one encrypts; the others read what was encrypted before it came. */
  keys: z.array(z.strictObject({ id, key: secret })).min(1),
  record: recordMode.default('never'),
  sharePercent: sharePercent.default(100),
  retentionDays: retentionDays.default(180),
  /** A pause that an agent or a program asked for ends by itself after this time. */
  pauseLimitSeconds: seconds.min(10).default(300),
});

/** For `./strowger asterisk-config`, which renders the configuration of a PBX of our own. Not needed for one that exists. */
const pbx = z.strictObject({
  sip: z
    .strictObject({
      bindAddress: z.string().default('0.0.0.0'),
      port: port.default(5060),
      /** Our address as the outside sees it, when Asterisk stands behind NAT. */
      publicAddress: z.string().optional(),
      /** As Asterisk sees the files. */
      tls: tls.extend({ port: port.default(5061) }).optional(),
    })
    .prefault({}),
  http: z.strictObject({ bindAddress: z.string().default('127.0.0.1'), port: port.default(8088), tls: tls.extend({ port: port.default(8089) }).optional() }).prefault({}),
  /** Where the engine comes from; others are refused by ARI whatever they know. */
  ariPermit: z.array(z.string()).min(1).optional(),
  /** 0: no limit. */
  maxCalls: z.number().int().min(0).max(100_000).default(0),
  phones: z.strictObject(encryption).prefault({}),
  rtp: z.strictObject({ firstPort: port.default(10_000), lastPort: port.default(20_000) }).prefault({}),
  trunks: z
    .array(
      z.strictObject({
        name: id,
        ...encryption,
        /** Addresses and networks that its calls come from. */
        matches: z.array(z.string()).default([]),
        outbound: z.strictObject({ host: z.string(), port: port.default(5060) }).optional(),
        registration: z.strictObject({ username: z.string(), password: secret }).optional(),
      }),
    )
    .default([]),
  /** Dialled while no engine is connected: `PJSIP/<number>@<trunk>`. Without it callers are asked to call later. */
  fallbackDial: z.string().optional(),
  answerInDialplan: z.boolean().default(true),
  /** A folder that Asterisk can read: hold music is made in it. */
  musicDir: z.string().default('/var/lib/strowger/music'),
});

/** Where the three levels of load begin (docs/overload.md); one that is absent never does. */
const lag = z.number().min(0.01).max(60);
const share = z.number().min(0.1).max(1);
const ASCENDING = 'each at least as great as the one before it';
const lagLevels = (spare: number, divert: number, refuse: number) =>
  z.strictObject({ spare: lag.default(spare), divert: lag.default(divert), refuse: lag.default(refuse) }).refine((at) => at.spare <= at.divert && at.divert <= at.refuse, ASCENDING).prefault({});

const callLimit = z.strictObject({ calls: z.number().int().min(0).max(100_000).optional(), perMinute: z.number().int().min(0).max(10_000).optional() });

/** What is done when more calls come than can be served well. */
const limits = z.strictObject({
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

/** What every recogniser has, of whatever kind. */
const understood = { languages: z.array(z.enum(LANGUAGES)).min(1).optional() };
const server = { ...understood, url: z.string().regex(/^wss?:\/\/\S+$/, 'ws:// or wss://') };
/** What the model of a server wants. */
const sampleRateHz = z.union([z.literal(8_000), z.literal(16_000)]).optional();

/** Without a server, but only what the choices of a menu give as examples. */
const commands = z.strictObject({
  kind: z.literal('commands'),
  ...understood,
  /** The folder of a Mandarin model of CMU Sphinx. Without it only English is understood. */
  mandarinModel: z.string().optional(),
});
/** Without a server too: a streaming model of sherpa-onnx in a process beside the engine. */
const sherpaModel = z.strictObject({
  kind: z.literal('sherpaModel'),
  ...understood,
  /** The folder of the model. */
  model: z.string().min(1),
  /** Cores for one step of decoding. */
  threads: z.number().int().min(1).max(64).default(1),
  /** How much likelier short examples of the flows are than other words; 0: no likelier. */
  hotwordScore: z.number().min(0).max(10).default(0),
});
const aeap = z.strictObject({
  kind: z.literal('aeap'),
  ...server,
  /** What the server takes, as `codecs` in aeap.conf. */
  codec: z.enum(['ulaw', 'alaw', 'slin', 'slin16']).default('ulaw'),
  /** The lines `@name=value` in aeap.conf. By default the language. */
  params: z.record(z.string(), z.string()).optional(),
  /** The score of what is quite sure. */
  fullScore: z.number().positive().default(100),
});

/** Who understands what callers say. The next of the list is asked when one cannot be reached or is too slow. */
const recognizer = z.discriminatedUnion(
  'kind',
  [
    commands,
    sherpaModel,
    z.strictObject({ kind: z.literal('funasr'), ...server }),
    z.strictObject({ kind: z.literal('sherpa'), ...server, sampleRateHz }),
    z.strictObject({ kind: z.literal('vosk'), ...server, sampleRateHz }),
    aeap,
  ],
  { error: '"commands", "sherpaModel", "funasr", "sherpa", "vosk", "aeap"' },
);

const topicFilter = z.string().refine(isTopicFilter, 'a topic, with + for one level or # for all further ones');

/** Somebody who uses the API. */
const person = { name: id, role: z.enum(ROLES), agentId: id.optional() };
const namesItsAgent = ({ role, agentId }: { readonly role: string; readonly agentId?: string | undefined }): boolean => (role === 'agent') === (agentId !== undefined);
const agentOnly = { message: 'an agent has an agentId, the others have none', path: ['agentId'] };
const apiToken = z.strictObject({ ...person, token: secret }).refine(namesItsAgent, agentOnly);
const apiUser = z.strictObject({ ...person, passwordHash: secret }).refine(namesItsAgent, agentOnly);

export const configSchema = z.strictObject({
  engine: z.strictObject({ id: id.default('engine-1'), dataDir: z.string().default('var') }).prefault({}),
  nodes: z.array(node).min(1),
  hotlines: z.array(z.strictObject({ number: z.string().regex(/^\+?[0-9]{2,20}$/), flow: id })).min(1),
  flows: z.strictObject({ dir: z.string().default('flows') }).prefault({}),
  prompts: z
    .strictObject({
      recordingsDir: z.string().default('flows/prompts/recordings'),
      /** Where rendered prompts are kept; by default in the data folder. */
      cacheDir: z.string().optional(),
      /** The same folder as the switch sees it, when it runs elsewhere. */
      mediaRoot: z.string().optional(),
      /** Programs that speak. Without a path they are looked for in PATH, then in the private packages. */
      espeakNg: z.string().optional(),
      flite: z.string().optional(),
    })
    .prefault({}),
  /** The skills that there are. When it is given, agents and flows can have and ask for no others. */
  skills: z.record(skillName, skill).optional(),
  skillLevels: z.strictObject({ lowest: level.default(1), highest: level.default(5) }).prefault({}),
  queues: z.array(queue).min(1),
  agents: z.array(agent).default([]),
  /** What agents may be doing instead of taking calls. When it is given, no other reason is taken. */
  notReadyReasons: z.array(notReadyReason).min(1).optional(),
  /** A contact that has waited so long goes before all that have not, whatever their priority. */
  fairAfterSeconds: seconds.min(1).default(1200),
  /** How long the last agent of a caller is remembered; 0: not at all. */
  stickyDays: z.number().min(0).max(3650).default(7),
  callbacks: callbacks.prefault({}),
  /** Who guesses PINs is locked out, by account and by caller (docs/security.md). */
  identification: z
    .strictObject({
      perAccount: attempts(3, 86_400, 86_400),
      perCaller: attempts(6, 86_400, 14_400),
      /** All callers together who withhold their number. */
      withheldCallers: attempts(6, 3600, 3600),
      /** The key of the pseudonyms of accounts and callers; made when it is missing. By default in the data folder. */
      keyFile: z.string().optional(),
    })
    .prefault({}),
  recording: recording.optional(),
  calendars: z.record(id, calendar).default({}),
  services: z.record(id, z.strictObject({ url: z.url({ protocol: /^https?$/ }), timeoutSeconds: seconds.min(0.1).default(3) })).default({}),
  pbx: pbx.optional(),
  speech: z
    .strictObject({
      recognizers: z.array(recognizer).default([]),
      /** Another recogniser is asked when one has not answered so long after the caller has finished. */
      slowSeconds: z.number().min(0.2).max(10).default(1.5),
    })
    .prefault({}),
  store: z.strictObject({ file: z.string().optional(), keepEventsDays: z.number().int().min(1).max(3650).default(400) }).prefault({}),
  mqtt: z
    .strictObject({
      /** An external broker. Without it an embedded one listens. */
      url: z.string().regex(/^(mqtts?|wss?):\/\//).optional(),
      username: z.string().min(1).optional(),
      password: secret.optional(),
      /** PEM of whoever signed the certificate of the external broker. */
      caFile: z.string().min(1).optional(),
      /** Of the embedded broker. Without users it listens on loopback only. */
      host: z.string().default('127.0.0.1'),
      port: port.default(1883),
      tls: tls.optional(),
      users: z.array(z.strictObject({ name: id, password: secret, subscribe: z.array(topicFilter).default(['strowger/#']), publish: z.array(topicFilter).default([]) })).default([]),
    })
    .prefault({}),
  http: z
    .strictObject({
      host: z.string().default('127.0.0.1'),
      port: port.default(8080),
      /** Of an engineer. */
      token: secret.optional(),
      tokens: z.array(apiToken).default([]),
      users: z.array(apiUser).default([]),
      /** Where browsers find the API when a proxy stands before it. */
      publicUrl: z.url({ protocol: /^https?$/ }).optional(),
      /** Whose X-Forwarded-For is believed. */
      trustedProxies: z.array(z.string().min(1)).default([]),
      tls: tls.optional(),
      requestsPerMinute: z.number().int().min(10).max(1_000_000).default(6000),
      sessionIdleMinutes: z.number().min(1).max(1440).default(30),
      sessionHours: z.number().min(0.1).max(168).default(12),
    })
    .prefault({}),
  limits: limits.prefault({}),
  /** A trace a call over OTLP. Without a url nothing of it is loaded. */
  tracing: z
    .strictObject({
      url: z.url({ protocol: /^https?$/ }).optional(),
      headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/), secret).default({}),
      ratio: z.number().min(0).max(1).default(1),
    })
    .prefault({}),
  log: z
    .strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info'), showPersonalData: z.boolean().default(false) })
    .prefault({}),
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

/** The configuration of one contact centre, checked, with defaults filled in. Durations are in seconds. */
export type Config = z.infer<typeof configSchema>;
export type Secret = z.infer<typeof secret>;
