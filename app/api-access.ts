import type { AttemptLimit } from '../engine/domain/attempts.ts';
import type { Attempts } from '../engine/ports/attempts.ts';
import type { ApiServerOptions } from '../integrations/http/api-server.ts';
import type { ApiUser } from '../integrations/http/principal.ts';
import type { SIGN_IN_SCOPES } from '../integrations/http/sign-in.ts';
import { readSecret, type Environment } from './config/load-config.ts';
import type { Config } from './config/schema.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * A user from one address is locked soon. From anywhere, later and for a quarter of an hour at most: else whoever knows a name could keep
 * its owner out.
 */
export const SIGN_IN_LIMITS: Readonly<Record<(typeof SIGN_IN_SCOPES)[number], AttemptLimit>> = {
  userAt: { free: 5, firstLockMs: MINUTE_MS, longestLockMs: 24 * HOUR_MS, forgetMs: HOUR_MS, clearedBySuccess: true },
  user: { free: 20, firstLockMs: MINUTE_MS, longestLockMs: 15 * MINUTE_MS, forgetMs: 10 * MINUTE_MS, clearedBySuccess: true },
  address: { free: 20, firstLockMs: MINUTE_MS, longestLockMs: HOUR_MS, forgetMs: 10 * MINUTE_MS, clearedBySuccess: false },
};

type ApiAccess = Pick<ApiServerOptions, 'token' | 'tokens' | 'users' | 'attempts' | 'session' | 'publicUrl' | 'trustedProxies' | 'requestsPerMinute'>;

/** Who may use the API, as the configuration says. `attempts` knows the scopes of SIGN_IN_LIMITS. Throws `config.secret`. */
export function apiAccess(config: Config, environment: Environment, attempts: Attempts): ApiAccess {
  const { token, tokens, users, publicUrl, trustedProxies, requestsPerMinute, sessionIdleMinutes, sessionHours } = config.http;
  return {
    ...(token === undefined ? {} : { token: readSecret(token, environment) }),
    tokens: tokens.map((one) => ({ ...personOf(one), token: readSecret(one.token, environment) })),
    users: users.map((one) => ({ ...personOf(one), passwordHash: readSecret(one.passwordHash, environment) })),
    attempts,
    session: { idleMs: sessionIdleMinutes * MINUTE_MS, longestMs: sessionHours * HOUR_MS },
    ...(publicUrl === undefined ? {} : { publicUrl }),
    trustedProxies,
    requestsPerMinute,
  };
}

function personOf({ name, role, agentId }: Config['http']['users'][number] | Config['http']['tokens'][number]): Omit<ApiUser, 'passwordHash'> {
  return { name, role, ...(agentId === undefined ? {} : { agentId }) };
}
