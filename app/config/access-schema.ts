import { z } from 'zod';
import { ROLES } from '../../integrations/http/principal.ts';
import { isTopicFilter } from '../../integrations/mqtt/broker-users.ts';
import { id, port, seconds, secret, tls } from './schema-values.ts';

// Who may come in: callers by PIN, people and programs by API and broker.

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

export const identification = z
  .strictObject({
    perAccount: attempts(3, 86_400, 86_400),
    perCaller: attempts(6, 86_400, 14_400),
    /** All callers together who withhold their number. */
    withheldCallers: attempts(6, 3600, 3600),
    /** The key of the pseudonyms of accounts and callers; made when it is missing. By default in the data folder. */
    keyFile: z.string().optional(),
  })
  .prefault({});

const topicFilter = z.string().refine(isTopicFilter, 'a topic, with + for one level or # for all further ones');

const PROXY = 'an address or a network such as 10.0.0.0/8';
const proxy = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], PROXY).refine((network) => !network.endsWith('/0'), PROXY);

/** Somebody who uses the API. */
const person = { name: id, role: z.enum(ROLES), agentId: id.optional() };
const namesItsAgent = ({ role, agentId }: { readonly role: string; readonly agentId?: string | undefined }): boolean => (role === 'agent') === (agentId !== undefined);
const agentOnly = { message: 'an agent has an agentId, the others have none', path: ['agentId'] };
const apiToken = z.strictObject({ ...person, token: secret }).refine(namesItsAgent, agentOnly);
const apiUser = z.strictObject({ ...person, passwordHash: secret }).refine(namesItsAgent, agentOnly);

export const mqtt = z
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
  .prefault({});

export const http = z
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
    trustedProxies: z.array(proxy).default([]),
    tls: tls.optional(),
    requestsPerMinute: z.number().int().min(10).max(1_000_000).default(6000),
    sessionIdleMinutes: z.number().min(1).max(1440).default(30),
    sessionHours: z.number().min(0.1).max(168).default(12),
  })
  .prefault({});
