import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { Cancellation } from '../engine/domain/cancellation.ts';
import { callId } from '../engine/domain/ids.ts';
import { parseConfig } from './config/load-config.ts';
import { flowServices } from './services.ts';

it('a back office is told the trace of the call that it is asked for, also when several are asked at once', async () => {
  const heard: (string | undefined)[] = [];
  const core = createServer((request, response) => {
    heard.push(request.headers['traceparent']?.toString());
    request.resume();
    // Answered late, so that the requests overlap.
    setTimeout(() => response.writeHead(404).end(), 5);
  });
  await new Promise<void>((resolve) => core.listen(0, '127.0.0.1', resolve));
  const settings = {
    nodes: [{ id: 'pbx-1', url: 'http://127.0.0.1:8088', user: 'u', password: 'p' }],
    hotlines: [{ number: '95500', flow: 'bank' }],
    queues: [{ id: 'personal', name: 'Personal' }],
    services: { bankCore: { url: `http://127.0.0.1:${(core.address() as AddressInfo).port}` } },
  };
  const config = parseConfig(JSON.stringify(settings), 'the test', {});
  const ask = (traceparent?: (id: string) => string) => {
    const { services, circuits } = flowServices({ config, own: {}, guard: () => expect.fail('nobody is identified here'), ...(traceparent ? { traceparent } : {}) });
    expect(circuits()).toEqual([{ service: 'bankCore', state: 'closed' }]);
    return Promise.all(
      ['call-1', 'call-2'].map((id) =>
        services.request({ service: 'getBalance', input: { customerId: 'c' }, callId: callId(id), idempotencyKey: 'k', cancel: new Cancellation() }).catch(() => undefined),
      ),
    );
  };
  try {
    await ask((id) => `trace-of-${id}`);
    expect(heard.toSorted()).toEqual(['trace-of-call-1', 'trace-of-call-2']);
    heard.length = 0;
    await ask();
    expect(heard).toEqual([undefined, undefined]);
  } finally {
    core.closeAllConnections();
    await new Promise((resolve) => core.close(resolve));
  }
});
