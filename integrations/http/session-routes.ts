import { z } from 'zod';
import { isStrowgerError, StrowgerError } from '../../engine/domain/errors.ts';
import { checkOrigin } from './access.ts';
import type { ApiEvent } from './api-event.ts';
import { ROLES, type Principal } from './principal.ts';
import { route, type Route } from './route.ts';
import type { SignIn } from './sign-in.ts';

export interface SessionRouteDeps {
  readonly signIn: SignIn;
  readonly announce: (event: ApiEvent) => void;
  readonly origin: string | undefined;
}

const credentials = z.strictObject({ name: z.string().min(1).max(64), password: z.string().min(1).max(256) }).describe('Of a user of the configuration.');
const who = z.object({
  name: z.string(),
  role: z.enum(ROLES),
  agentId: z.string().optional().describe('Of an agent: which one.'),
  csrfToken: z.string().optional().describe('To be sent with each change in the header x-csrf-token. Only with a session.'),
});

/** Signing in and out with a browser. */
export function sessionRoutes({ signIn, announce, origin }: SessionRouteDeps): readonly Route[] {
  return [
    route({
      method: 'POST',
      path: '/session',
      operationId: 'sign-in',
      summary: 'Signs a person in: the answer sets a cookie that scripts cannot read. Changes then want the csrfToken in the header x-csrf-token.',
      roles: 'anyone',
      isAudited: false,
      body: credentials,
      result: who,
      errors: ['api.unauthorized', 'api.forbidden', 'api.too-many'],
      handle: async ({ body: { name, password }, web }) => {
        // Another page must not sign its visitor in under a name of its choice.
        checkOrigin(web.headers, origin, 'fine');
        const user = signIn.known(name) ?? '';
        let principal: Principal;
        try {
          principal = await signIn.check(name, password, web.address);
        } catch (error) {
          announce({ type: 'api.signedIn', user, from: web.address, outcome: isStrowgerError(error, 'api.too-many') ? 'locked' : 'refused' });
          throw error;
        }
        announce({ type: 'api.signedIn', user, from: web.address, outcome: 'done' });
        return shown(principal, web.signIn(principal).csrfToken);
      },
    }),
    route({
      method: 'GET',
      path: '/session',
      operationId: 'who-am-i',
      summary: 'Who the request comes from, as the API sees it; of a session also its csrfToken, for a page that was loaded anew.',
      roles: ROLES,
      result: who,
      handle: ({ by, web }) => shown(by, by.via === 'session' ? web.session?.csrfToken : undefined),
    }),
    route({
      method: 'DELETE',
      path: '/session',
      operationId: 'sign-out',
      summary: 'Ends the session of the cookie.',
      roles: ROLES,
      isAudited: false,
      result: z.object({ name: z.string() }),
      errors: ['api.invalid'],
      handle: ({ by, web }) => {
        if (by.via !== 'session') throw new StrowgerError('api.invalid', 'There is no session that could be ended.');
        web.signOut();
        announce({ type: 'api.signedOut', user: by.name, from: web.address });
        return { name: by.name };
      },
    }),
  ];
}

function shown({ name, role, agentId }: Principal, csrfToken: string | undefined): z.input<typeof who> {
  return { name, role, ...(agentId === undefined ? {} : { agentId }), ...(csrfToken === undefined ? {} : { csrfToken }) };
}
