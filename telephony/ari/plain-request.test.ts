import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { askInfo, speaksRestOverWebSocket } from './plain-request.ts';

describe('REST over WebSocket', () => {
  it.each([
    ['20.13.0', false],
    ['20.14.0', true],
    ['21.8.1', false],
    ['21.9.0', true],
    ['22.3.0', false],
    ['22.4.0', true],
    ['22.10.1+dfsg+~cs6.17-1', true],
    ['23.0.0', true],
    ['18.26.4', false],
    ['certified-20.7-cert5', false],
    ['', false],
  ])('of Asterisk %s: %s', (version, speaks) => {
    expect(speaksRestOverWebSocket(version)).toBe(speaks);
  });
});

describe('the question for the version', () => {
  it.each([
    [404, '', 'switch.unreachable', /404/],
    [401, '', 'switch.unauthorized', /'me'/],
    [403, '', 'switch.unauthorized', /403/],
    [200, 'a shop', 'switch.unreachable', /no Asterisk/],
    [200, '{"system":{}}', 'switch.unreachable', /no Asterisk/],
  ])('answered with %s %s says what is wrong', async (status, body, code, message) => {
    const server = createServer((_request, response) => {
      response.writeHead(status);
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const error: unknown = await askInfo({ url, user: 'me', password: 'sesame-4711' }, 1_000).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code, message: expect.stringMatching(message) as string });
    expect(JSON.stringify(error) + String(error)).not.toContain('sesame');
    await new Promise((resolve) => server.close(resolve));
  });

  it('that nobody answers is given up', async () => {
    const server = createServer(() => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(askInfo({ url, user: 'me', password: 'x' }, 30)).rejects.toMatchObject({ code: 'switch.unreachable' });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
});
