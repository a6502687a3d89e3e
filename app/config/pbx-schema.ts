import { z } from 'zod';
import { id, port, secret, tls } from './schema-values.ts';

/** How signalling and audio of a trunk or of phones travel. */
const encryption = { transport: z.enum(['udp', 'tls']).default('udp'), srtp: z.boolean().default(false) };

/** For `./strowger asterisk-config`, which renders the configuration of a PBX of our own. Not needed for one that exists. */
export const pbx = z.strictObject({
  sip: z
    .strictObject({
      bindAddress: z.string().default('0.0.0.0'),
      port: port.default(5060),
      /** Our address as the outside sees it, when Asterisk stands behind NAT. */
      publicAddress: z.string().optional(),
      /** As Asterisk sees the files. */
      tls: tls
        .extend({
          port: port.default(5061),
          /** Authorities: carriers that we call must show a certificate of theirs in their name. */
          caFile: z.string().min(1).optional(),
          /** Whoever calls or registers over TLS, too. */
          requireCertificate: z.boolean().default(false),
        })
        .refine(({ caFile, requireCertificate }) => caFile !== undefined || !requireCertificate, { path: ['requireCertificate'], message: 'false, or true with `caFile`: the authorities whose certificates are good' })
        .optional(),
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
        /** Default port: 5060, over TLS 5061 (RFC 3261 §19.1.2). */
        outbound: z.strictObject({ host: z.string(), port: port.optional() }).optional(),
        registration: z.strictObject({ username: z.string(), password: secret }).optional(),
      }),
    )
    .default([]),
  /** Dialled while no engine is connected, and for callers whose flow has failed: `PJSIP/<number>@<trunk>`. Without it callers are asked to call later. */
  fallbackDial: z.string().optional(),
  answerInDialplan: z.boolean().default(true),
  /** A folder that Asterisk can read: hold music is made in it. */
  musicDir: z.string().default('/var/lib/strowger/music'),
});
