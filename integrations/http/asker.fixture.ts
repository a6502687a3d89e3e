import type { Asker } from './route.ts';

/** A program of this machine, for handlers that are called without a server. */
export const ASKER: Asker = {
  by: { name: 'local', role: 'engineer', via: 'local' },
  web: {
    address: '127.0.0.1',
    headers: {},
    session: undefined,
    signIn: () => {
      throw new Error('Nobody signs in here.');
    },
    signOut: () => undefined,
  },
};
