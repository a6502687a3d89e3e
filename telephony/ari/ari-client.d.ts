// The package has no types of its own. Only what ari-client-transport.ts uses; the version is pinned in package.json.
declare module 'ari-client' {
  import type { EventEmitter } from 'node:events';

  /** The `ws` 6 socket inside; private to the package, like `_wsClosed`. */
  export interface ClientSocket extends EventEmitter {
    ping(): void;
    terminate(): void;
  }

  export interface Client extends EventEmitter {
    /** Opens the event WebSocket. Never settles when its own reconnection is switched off and the socket fails. */
    start(app: string): PromiseLike<void>;
    _ws?: ClientSocket;
    /** True: the next close or error of the socket is meant, and no reconnection follows. */
    _wsClosed?: boolean;
    /** `client.channels.answer({ channelId })` */
    [resource: string]: unknown;
  }

  const ariClient: { connect(url: string, user: string, password: string): PromiseLike<Client> };
  export default ariClient;
}
