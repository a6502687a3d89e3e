import { z } from 'zod';
import { ATTEMPT_OUTCOMES, CALLBACK_ENDS } from '../../engine/domain/callback.ts';
import { LANGUAGES } from '../../engine/domain/language.ts';
import { wish } from './wish-schema.ts';

// What the API takes and tells of callbacks.

/** What a callback is at. From `queued` to `talking`: agent first; `calling` and `inFlow`: customer first. */
export const CALLBACK_STAGES = ['scheduled', 'queued', 'offered', 'preview', 'dialling', 'talking', 'calling', 'inFlow', 'ended'] as const;
export type CallbackStage = (typeof CALLBACK_STAGES)[number];

const ACTORS = ['agent', 'supervisor', 'program'] as const;
const MOST_LISTED = 1000;
const DEFAULT_LISTED = 200;

const time = z.int().describe('Milliseconds since the epoch.');
const id = z.string().min(1).max(64);

const withSeconds = z.iso.datetime({ offset: true });
const toTheMinute = z.iso.datetime({ offset: true, precision: -1 });

const moment = z.union([
  z.int().min(0).describe('Milliseconds since the epoch.'),
  z
    .string()
    .max(40)
    .refine((text) => withSeconds.safeParse(text).success || toTheMinute.safeParse(text).success, 'ISO 8601 with its offset, e.g. 2026-08-12T10:00+08:00')
    .transform((text) => Date.parse(text))
    .describe('ISO 8601 with its offset: 2026-08-12T10:00+08:00.'),
]);

const window = z.strictObject({ from: moment.describe('A time within the window.') });
const name = z.string().trim().min(1).max(64).optional().describe('Who asks, for the books.');
const by = z.enum(ACTORS).default('program').describe('What kind of party asks.');

export const callbackParams = z.object({ callbackId: id });
export const queueParams = z.object({ queueId: id });

export const listQuery = z.strictObject({
  state: z.enum(['open', 'ended', 'all']).default('open').describe('What has ended is listed for two days.'),
  queue: id.optional().describe('Only those of this queue.'),
  limit: z.coerce.number<string>().int().min(1).max(MOST_LISTED).default(DEFAULT_LISTED).describe('At most so many.'),
});

export const requestBody = z
  .strictObject({
    queueId: id,
    number: z.string().trim().min(1).max(64).describe('As it is dialled in the country of the contact centre, or with + and the country code.'),
    language: z.enum(LANGUAGES).default(LANGUAGES[0]),
    window: window.optional().describe('Without it: as soon as its turn in the queue comes.'),
    topic: z.string().trim().min(1).max(200).optional().describe("What it is about, for the agent's screen."),
    name,
  })
  .describe('Who is to be called back, and when.');

export const moveBody = z
  .strictObject({ window: window.optional(), soon: z.literal(true).optional().describe('As soon as its turn in the queue comes.'), by, name })
  .refine((body) => (body.window === undefined) !== (body.soon === undefined), 'either window or soon')
  .describe('Its new time: `window` or `soon`.');

export const cancelBody = z.strictObject({ by, name }).optional();

const period = z.object({ from: time, to: time.describe('Not part of it.') });
const actor = z.object({ by: z.enum(['customer', ...ACTORS]), callId: z.string().optional(), name: z.string().optional() });

export const callbackResult = z
  .object({
    callbackId: z.string(),
    queueId: z.string(),
    number: z.string().describe('Masked unless personal data is configured to be shown.'),
    language: z.enum(LANGUAGES),
    kind: z.enum(['soon', 'at']).describe('As soon as its turn comes, or within a window that was chosen.'),
    period: period.describe('When the customer may be dialled.'),
    stage: z.enum(CALLBACK_STAGES),
    requestedAt: time,
    requestedBy: actor,
    virtualSince: time.describe('It stands in the queue as if it had come then.'),
    priority: z.int().describe('1 is the most urgent.'),
    topic: z.string().optional(),
    wish: wish.optional(),
    attempts: z.array(z.object({ at: time, outcome: z.enum(ATTEMPT_OUTCOMES), agentId: z.string().optional() })).readonly(),
    notBefore: time.describe('Not tried before this.'),
    ended: z.object({ how: z.enum(CALLBACK_ENDS), at: time, by: actor.optional() }).optional().describe('Absent while it is open.'),
  })
  .describe('A callback and where it stands.');

export const listResult = z.object({
  callbacks: z.array(callbackResult).readonly().describe('Open ones first, the soonest first; then those that ended, the last one first.'),
  total: z.int().describe('So many there are; `limit` may have cut the list.'),
});

export const windowsResult = z.object({
  windows: z
    .array(z.object({ from: time, to: time, fromText: z.string().describe('ISO 8601, UTC.'), toText: z.string(), left: z.int().describe('So many callbacks may still be promised for it.') }))
    .readonly()
    .describe('Soonest first; empty when the queue has no callbacks or nothing is left.'),
});

export type CallbackAnswer = z.input<typeof callbackResult>;
/** The same as it is read by whoever asked. */
export type CallbackFacts = z.output<typeof callbackResult>;
export type CallbackList = z.output<typeof listResult>;
export type CallbackWindows = z.output<typeof windowsResult>;
