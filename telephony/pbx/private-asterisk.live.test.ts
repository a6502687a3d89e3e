import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import { PrivateAsterisk, type PrivateAsteriskOptions } from './private-asterisk.ts';
import { ensurePrivateRoot } from './private-packages.ts';
import type { PrivateRoot } from './private-root.ts';
import { call, type Heard, register } from './testing/sipp-caller.ts';

const AGENT_PASSWORD = 'a;b\\c"d{{x}}';
const CONFIG: NonNullable<PrivateAsteriskOptions['config']> = {
  hotlines: [{ number: '95588', flow: 'bank' }],
  agents: [{ id: '1001', password: AGENT_PASSWORD }],
};

let root: PrivateRoot;
let base: string;

beforeAll(async () => {
  root = await ensurePrivateRoot();
  base = mkdtempSync(join(tmpdir(), 'strowger-live-'));
}, 300_000);
afterAll(() => rmSync(base, { recursive: true }));

const start = (options: Partial<PrivateAsteriskOptions> = {}) => PrivateAsterisk.start({ root, parentDir: base, config: CONFIG, ...options });

function ari(pbx: PrivateAsterisk, path: string, method = 'GET'): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`${pbx.ari.user}:${pbx.ari.password}`).toString('base64')}`;
  return fetch(`${pbx.ari.url}/ari/${path}`, { method, headers: { authorization } });
}

const exists = (pid: number) => existsSync(`/proc/${pid}`);

interface AriEvent {
  readonly type: string;
  readonly args: string[];
  readonly channel: { readonly id: string; readonly state: string; readonly dialplan: { readonly exten: string } };
}

/** Connects as the engine's application. */
async function connect(pbx: PrivateAsterisk): Promise<{ next: (type: string) => Promise<AriEvent>; close: () => Promise<void> }> {
  const socket = new WebSocket(`${pbx.ari.url.replace('http', 'ws')}/ari/events?app=strowger`, { auth: `${pbx.ari.user}:${pbx.ari.password}` });
  await once(socket, 'open');
  return {
    next: (type) =>
      new Promise((resolve) => {
        const listener = (data: Buffer) => {
          const event = JSON.parse(data.toString()) as AriEvent;
          if (event.type !== type) return;
          socket.off('message', listener);
          resolve(event);
        };
        socket.on('message', listener);
      }),
    close: async () => {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** Waits for a condition that nothing announces. The time limit is the test's. */
async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('one instance', () => {
  let pbx: PrivateAsterisk;
  beforeAll(async () => {
    pbx = await start();
  });
  afterAll(async () => {
    expect([await pbx.channelCount(), await pbx.bridgeCount()]).toEqual([0, 0]);
    await pbx.stop();
  });

  it('boots with a clean log and everything loaded', async () => {
    expect(pbx.log.split('\n').filter((line) => /WARNING|ERROR/.test(line))).toEqual([]);
    const wanted = [...readFileSync(join(pbx.dirs.etc, 'modules.conf'), 'utf8').matchAll(/^load = (\S+)/gm)].map((match) => match[1] ?? '');
    const running = await pbx.cli('module show');
    expect(wanted.filter((name) => !new RegExp(`^${name}\\s.*\\sRunning\\s`, 'm').test(running))).toEqual([]);
    expect(wanted.length).toBeGreaterThan(50);
  });

  it('answers ARI with its password only', async () => {
    expect((await ari(pbx, 'asterisk/ping')).status).toBe(200);
    expect((await fetch(`${pbx.ari.url}/ari/asterisk/ping`)).status).toBe(401);
    const info = (await (await ari(pbx, 'asterisk/info')).json()) as { system: { version: string }; config: { name: string } };
    // REST over the event WebSocket, the engine's default transport, needs 20.14, 21.9 or 22.4.
    expect(Number(/^(\d+)\./.exec(info.system.version)?.[1])).toBeGreaterThanOrEqual(20);
  });

  it('keeps an agent’s password as it was given', async () => {
    expect(await pbx.cli('pjsip show auth 1001')).toMatch(new RegExp(`^ *password +: ${AGENT_PASSWORD.replace(/[\\{}]/g, '\\$&')}$`, 'm'));
  });

  it('knows its tones, its music and its sounds', async () => {
    expect(await pbx.cli('indication show cn')).toContain('450');
    expect(await pbx.cli('moh show files')).toMatch(/\/hold$/m);
    for (const sound of ['im-sorry', 'please-try-call-later', 'pls-hold-while-try', 'pbx-invalid']) {
      expect((await ari(pbx, `sounds/${sound}`)).status, sound).toBe(200);
    }
  });

  it('apologises and hangs up while no engine is connected', async () => {
    const heard = await call(root, pbx, '95588', pbx.sparePorts[0] ?? 0);
    expect(heard.code).toBe(0);
    expect(heard.messages).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 200 OK', 'BYE sip:caller@127.0.0.1:' + pbx.sparePorts[0] + ' SIP/2.0 | Reason: Q.850;cause=16']);
    expect(heard.soundPackets).toBeGreaterThan(75);
    expect(pbx.log).toContain('No engine took the call to 95588');
  });

  it('tells a caller of an unknown number so, without answering, then 404', async () => {
    const calls = ['12345', '+8610', 'nobody', '*9'].map((number, index) => call(root, pbx, number, pbx.sparePorts[3 + index] ?? 0));
    for (const heard of await Promise.all(calls)) {
      expect(heard.code).toBe(0);
      expect(heard.messages).toEqual(['SIP/2.0 100 Trying', 'SIP/2.0 183 Session Progress', 'SIP/2.0 404 Not Found | Reason: Q.850;cause=1']);
      expect(heard.soundPackets).toBeGreaterThan(75);
    }
  });

  it.each([
    ['yes', 'Up'],
    ['no', 'Ring'],
  ])('hands a call to the engine; answered in the dialplan: %s', async (answer, state) => {
    await pbx.cli(`dialplan set global STROWGER_ANSWER ${answer}`);
    const engine = await connect(pbx);
    const calling = call(root, pbx, '95588', pbx.sparePorts[2] ?? 0);
    const { args, channel } = await engine.next('StasisStart');
    expect(args).toEqual(['inbound', '95588', 'bank']);
    expect(channel).toMatchObject({ state, dialplan: { exten: '95588' } });
    expect(channel.id).toMatch(new RegExp(`^pbx${pbx.sip.port}-`));
    expect(await pbx.channelCount()).toBe(1);
    // Answers, if that is still to be done, and lets go of the call: the dialplan goes on with STASISSTATUS=SUCCESS.
    expect((await ari(pbx, `channels/${channel.id}/answer`, 'POST')).status).toBe(204);
    expect((await ari(pbx, `channels/${channel.id}/continue`, 'POST')).status).toBe(204);
    const heard = await calling;
    expect(heard.code).toBe(0);
    expect(heard.soundPackets).toBe(0);
    await engine.close();
  });

  it('plays its music to a caller who waits', async () => {
    const engine = await connect(pbx);
    let calling: Promise<Heard> | undefined;
    const aSecondOfMusic = new Promise<void>((resolve) => {
      calling = call(root, pbx, '95588', pbx.sparePorts[2] ?? 0, (packets) => packets === 50 && resolve());
    });
    const { channel } = await engine.next('StasisStart');
    await ari(pbx, `channels/${channel.id}/answer`, 'POST');
    expect((await ari(pbx, `channels/${channel.id}/moh`, 'POST')).status).toBe(204);
    await aSecondOfMusic;
    await ari(pbx, `channels/${channel.id}`, 'DELETE');
    expect((await calling)?.code).toBe(0);
    await engine.close();
  });

  it('registers an agent’s phone with its password only, and rings it', async () => {
    const agent = { id: '1001', password: AGENT_PASSWORD };
    const port = pbx.sparePorts[8] ?? 0;
    expect(await register(root, pbx, { ...agent, password: 'wrong' }, port, 401)).toMatchObject({ code: 0 });
    expect(await pbx.cli('pjsip show contacts')).toContain('No objects found');
    expect(await register(root, pbx, agent, port, 200)).toMatchObject({ code: 0 });
    expect(await pbx.cli('pjsip show contacts')).toContain(`sip:1001@127.0.0.1:${port}`);
    // Nobody is at the port any more, so the phone stays silent; the switch must have dialled it all the same.
    const engine = await connect(pbx);
    expect((await ari(pbx, 'channels?endpoint=PJSIP/1001&app=strowger&channelId=leg1&timeout=30', 'POST')).status).toBe(200);
    expect(await pbx.cli('core show channels concise')).toContain('PJSIP/1001-');
    await ari(pbx, 'channels/leg1', 'DELETE');
    await until(async () => (await pbx.channelCount()) === 0);
    await engine.close();
  });

  it('counts bridges', async () => {
    // A bridge of the test before may outlive its channels by some milliseconds.
    await expect.poll(() => pbx.bridgeCount(), { timeout: 5_000 }).toBe(0);
    const { id } = (await (await ari(pbx, 'bridges?type=mixing', 'POST')).json()) as { id: string };
    await expect.poll(() => pbx.bridgeCount(), { timeout: 5_000 }).toBe(1);
    await ari(pbx, `bridges/${id}`, 'DELETE');
    await expect.poll(() => pbx.bridgeCount(), { timeout: 5_000 }).toBe(0);
  });

  it('takes further hotlines while it runs', async () => {
    await pbx.reconfigure({ ...CONFIG, hotlines: [...(CONFIG.hotlines ?? []), { number: '400800', flow: 'cards' }] });
    expect(await pbx.cli('dialplan show 400800@strowger-inbound')).toContain('Stasis(strowger,inbound,400800,cards)');
    await pbx.reconfigure(CONFIG);
    expect(await pbx.cli('dialplan show 400800@strowger-inbound')).not.toContain('Stasis(');
  });

  it('comes back on the same ports after a crash', async () => {
    const { ari: before, pid } = pbx;
    await pbx.kill();
    expect(pbx.running).toBe(false);
    await expect(pbx.cli('core show uptime')).rejects.toMatchObject({ code: 'pbx.cli' });
    await pbx.restart();
    expect(pbx.pid).not.toBe(pid);
    expect(pbx.ari).toEqual(before);
    expect((await ari(pbx, 'asterisk/ping')).status).toBe(200);
  });
});

describe('the fallback to a fixed destination', () => {
  it('rings it while no engine is connected, and apologises when it cannot be reached', async () => {
    const dead = await start({ config: { ...CONFIG, fallback: { dial: 'PJSIP/1001', ringSeconds: 5 } } });
    const heard = await call(root, dead, '95588', dead.sparePorts[0] ?? 0);
    expect(heard.code).toBe(0);
    // Both announcements: 'please hold while I try' and the apology.
    expect(heard.soundPackets).toBeGreaterThan(200);
    await dead.stop();
  });

  it('connects the caller to it', async () => {
    // The destination is the unknown-number announcement of a second switch: what the caller hears came over two calls.
    const far = await start();
    const near = await start({
      config: {
        ...CONFIG,
        trunks: [
          { name: 'demo', matches: ['127.0.0.0/8'] },
          { name: 'far', matches: ['192.0.2.1'], outbound: { host: '127.0.0.1', port: far.sip.port } },
        ],
        fallback: { dial: 'PJSIP/95588@far' },
      },
    });
    const heard = await call(root, near, '95588', near.sparePorts[0] ?? 0);
    expect(heard.code).toBe(0);
    // 'Please hold while I try' of the near one, the apology of the far one.
    expect(heard.soundPackets).toBeGreaterThan(200);
    expect(far.log).toContain('No engine took the call to 95588');
    expect(near.log).toContain('No engine took the call to 95588');
    expect([await near.channelCount(), await far.channelCount()]).toEqual([0, 0]);
    await Promise.all([near.stop(), far.stop()]);
  });
});

describe('instances', () => {
  it('run side by side and leave neither process nor folder', async () => {
    const all = await Promise.all([start(), start(), start()]);
    expect(new Set(all.flatMap((one) => [one.sip.port, one.ari.url, one.dir, one.rtp.firstPort])).size).toBe(12);
    for (const one of all) expect((await ari(one, 'asterisk/ping')).status).toBe(200);
    for (const one of all) expect(one.cpuMs()).toBeGreaterThan(0);
    const pids = all.map((one) => one.pid ?? 0);
    await Promise.all(all.map((one) => one.stop()));
    expect(pids.filter(exists)).toEqual([]);
    expect(all.filter((one) => existsSync(one.dir))).toEqual([]);
    await all[0]?.stop();
  });

  it('keep their folder when asked to', async () => {
    const pbx = await start({ keepDir: true });
    await pbx.stop();
    expect(readdirSync(pbx.dirs.log)).toContain('messages.log');
  });

  it('die with the process that started them, even when that is killed', async () => {
    const script = join(base, 'parent.mts');
    const here = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
    writeFileSync(
      script,
      `import { PrivateAsterisk } from ${here('./private-asterisk.ts')};
       import { openPrivateRoot } from ${here('./private-root.ts')};
       const pbx = await PrivateAsterisk.start({ root: openPrivateRoot(${JSON.stringify(root.path)}), parentDir: ${JSON.stringify(base)} });
       console.log(pbx.pid);`,
    );
    const parent = spawn(process.execPath, ['--import', 'tsx', script], { cwd: new URL('../../', import.meta.url), stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(createInterface(parent.stdout), 'line')) as [string];
    const pid = Number(line);
    onTestFinished(() => {
      if (exists(pid)) process.kill(pid, 'SIGKILL');
    });
    expect(exists(pid)).toBe(true);
    parent.kill('SIGKILL');
    await until(() => !exists(pid));
  });
});
