import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCli } from './asterisk-cli.ts';

describe('runCli', () => {
  let dir: string;
  let path: string;
  let server: Server;
  const received: string[] = [];

  /** A control socket that greets and answers what `reply` says. */
  const listen = (reply: (socket: Socket, command: string) => void) =>
    new Promise<void>((resolve) => {
      server = createServer((socket) => {
        socket.write('host/42/22.10.1\n');
        socket.on('data', (data) => {
          received.push(data.toString());
          reply(socket, data.toString());
        });
      });
      server.listen(path, resolve);
    });

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'strowger-cli-'));
    path = join(dir, 'asterisk.ctl');
    received.length = 0;
  });
  afterEach(async () => {
    if (server?.listening) await new Promise((resolve) => server.close(resolve));
    rmSync(dir, { recursive: true });
  });

  it('sends one command, ended by NUL, and returns the answer without the greeting', async () => {
    await listen((socket) => {
      socket.write('0 active ');
      socket.end('channels\n');
    });
    expect(await runCli(path, 'core show channels count')).toBe('0 active channels\n');
    expect(received).toEqual(['cli quit after core show channels count\0']);
  });

  it('leaves out verbose lines', async () => {
    await listen((socket) => socket.end('\x7f\x03 -- something happened\nanswer\n'));
    expect(await runCli(path, 'x')).toBe('answer\n');
  });

  it('fails when nobody listens', async () => {
    await expect(runCli(path, 'core show uptime')).rejects.toMatchObject({ code: 'pbx.cli', message: expect.stringContaining('core show uptime') as string });
  });

  it('fails when no answer comes', async () => {
    let open: Socket | undefined;
    await listen((socket) => {
      open = socket;
    });
    await expect(runCli(path, 'x', 20)).rejects.toMatchObject({ code: 'pbx.cli' });
    open?.destroy();
  });
});
