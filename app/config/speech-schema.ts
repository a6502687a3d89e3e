import { z } from 'zod';
import { LANGUAGES } from '../../engine/domain/language.ts';

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

export const speech = z
  .strictObject({
    recognizers: z.array(recognizer).default([]),
    /** Another recogniser is asked when one has not answered so long after the caller has finished. */
    slowSeconds: z.number().min(0.2).max(10).default(1.5),
  })
  .prefault({});
