import { describe, expect, it } from 'vitest';
import { silentLogger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { openAriClientTransport } from './ari-client-transport.ts';
import { AriStats } from './ari-stats.ts';
import type { AriTransportOptions } from './ari-transport.ts';

const listener = { event: () => undefined, closed: () => undefined };
const options = (password: string): AriTransportOptions => ({
  url: 'http://127.0.0.1:1',
  user: 'engine',
  password,
  app: 'hotline',
  requestSockets: 0,
  requestTimeoutMs: 300,
  heartbeatMs: 100,
  heartbeatLimitMs: 300,
  maxInFlight: 4,
  clock: systemClock,
  log: silentLogger,
  stats: new AriStats(),
});

describe('the transport over ari-client', () => {
  it('refuses a second password in one process while the first is in use, and forgets it afterwards', async () => {
    const first = openAriClientTransport(options('one'), listener);
    await expect(openAriClientTransport(options('two'), listener)).rejects.toMatchObject({ code: 'switch.credentials' });
    await expect(first).rejects.toMatchObject({ code: 'switch.unreachable' });
    await expect(openAriClientTransport(options('two'), listener)).rejects.toMatchObject({ code: 'switch.unreachable' });
  });
});
