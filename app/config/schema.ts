import { z } from 'zod';
import { http, identification, mqtt } from './access-schema.ts';
import { agent, callbacks, level, notReadyReason, queue, skill, skillName } from './acd-schema.ts';
import { limits } from './limits-schema.ts';
import { pbx } from './pbx-schema.ts';
import { recording } from './recording-schema.ts';
import { id, seconds, secret } from './schema-values.ts';
import { speech } from './speech-schema.ts';

// One file describes one contact centre: switches, hotlines, queues, agents, calendars and what the engine uses.
// Durations are seconds here, because people write them; the engine's own values are milliseconds.

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

export const configSchema = z.strictObject({
  engine: z
    .strictObject({
      id: id.default('engine-1'),
      dataDir: z.string().default('var'),
      /** A switch that has been away for so long is given up with its calls. */
      switchLostSeconds: z.number().min(10).max(86_400).default(120),
    })
    .prefault({}),
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
  identification,
  recording: recording.optional(),
  calendars: z.record(id, calendar).default({}),
  services: z.record(id, z.strictObject({ url: z.url({ protocol: /^https?$/ }), timeoutSeconds: seconds.min(0.1).default(3) })).default({}),
  pbx: pbx.optional(),
  speech,
  store: z.strictObject({ file: z.string().optional(), keepEventsDays: z.number().int().min(1).max(3650).default(400) }).prefault({}),
  mqtt,
  http,
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

/** The configuration of one contact centre, checked, with defaults filled in. Durations are in seconds. */
export type Config = z.infer<typeof configSchema>;
