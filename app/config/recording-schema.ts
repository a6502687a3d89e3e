import { z } from 'zod';
import { RECORD_MODES } from '../../engine/domain/recording.ts';
import { id, seconds, secret } from './schema-values.ts';

// What of calls is recorded, and how long it is kept.

const recordMode = z.enum(RECORD_MODES);
const sharePercent = z.number().min(0).max(100);
const retentionDays = z.number().int().min(1).max(3650);

/** What of a queue's conversations is recorded; what is not given here is the centre's (`recording`). */
export const queueRecording = z.strictObject({ record: recordMode.optional(), sharePercent: sharePercent.optional(), retentionDays: retentionDays.optional() });

/** Recordings of calls. Without it nothing is recorded. */
export const recording = z.strictObject({
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
