import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { runCli } from './asterisk-cli.ts';
import { AsteriskProcess } from './asterisk-process.ts';
import { ensureHoldMusic } from './hold-music.ts';
import { claimPorts, type PortBlock } from './port-block.ts';
import type { PrivateRoot } from './private-root.ts';
import { type AsteriskConfigOptions, type AsteriskDirs, renderAsteriskConfig, type SipTlsOptions, type TlsOptions } from './render-config.ts';

const HOST = '127.0.0.1';
const BOOT_MS = 30_000;
const POLL_MS = 20;
const LOG_LINES = 15;

/** What may be chosen; everything else (folders, ports, password) is found at start. */
export interface PrivateAsteriskOptions {
  readonly root: PrivateRoot;
  readonly config?: Partial<Omit<AsteriskConfigOptions, 'dirs' | 'http' | 'sip' | 'rtp' | 'ari'>> & {
    /** TLS beside what is open, and who may use ARI. */
    readonly secure?: { readonly sip: SipTlsOptions; readonly http: TlsOptions; readonly ariPermit: readonly string[] };
  };
  /** Name of the ARI user. Default `strowger`; the password is random. */
  readonly ariUser?: string;
  /** Ports for media: two a leg. Default 400. */
  readonly rtpPorts?: number;
  /** Where the instance's folder is made. Default: the system's temporary folder. */
  readonly parentDir?: string;
  /** Keep the folder (logs, recordings) after stop(). */
  readonly keepDir?: boolean;
  /** False: it goes on when this process ends. Default true. */
  readonly dieWithParent?: boolean;
}

/** An Asterisk of our own on loopback. Any number may run side by side. */
export class PrivateAsterisk {
  /** `{ host: '127.0.0.1', port }` for callers and phones. */
  readonly sip: { readonly host: string; readonly port: number };
  /** E.g. `{ url: 'http://127.0.0.1:12002', user: 'strowger', password: '…' }`. */
  readonly ari: { readonly url: string; readonly user: string; readonly password: string };
  readonly rtp: { readonly firstPort: number; readonly lastPort: number };
  /** Free ports of this instance's block, for phones and callers beside it. */
  readonly sparePorts: readonly number[];
  readonly dir: string;
  readonly dirs: AsteriskDirs;
  readonly #options: PrivateAsteriskOptions;
  readonly #ports: PortBlock;
  #process: AsteriskProcess | undefined;
  #musicDir = '';

  private constructor(options: PrivateAsteriskOptions, dir: string, ports: PortBlock) {
    this.#options = options;
    this.#ports = ports;
    this.dir = dir;
    this.dirs = directories(dir, options.root);
    this.sip = { host: HOST, port: ports.sip };
    this.rtp = { firstPort: ports.rtpFirst, lastPort: ports.rtpLast };
    this.sparePorts = ports.spare;
    this.ari = { url: `http://${HOST}:${ports.http}`, user: options.ariUser ?? 'strowger', password: randomBytes(18).toString('base64url') };
  }

  /** Renders the configuration, starts Asterisk and returns when it is fully booted and ARI answers. */
  static async start(options: PrivateAsteriskOptions): Promise<PrivateAsterisk> {
    const ports = await claimPorts(options.rtpPorts);
    // Short, because the path of the control socket in it is limited to 108 bytes.
    const dir = await mkdtemp(join(options.parentDir ?? tmpdir(), 'strowger-pbx-'));
    const instance = new PrivateAsterisk(options, dir, ports);
    try {
      await instance.#prepare();
      await instance.#boot();
    } catch (error) {
      await instance.stop();
      throw error;
    }
    return instance;
  }

  /** Process id; undefined when it does not run. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  get running(): boolean {
    return this.pid !== undefined;
  }

  /** What Asterisk has logged: notices, warnings and errors. */
  get log(): string {
    const file = join(this.dirs.log, 'messages.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** CPU time used so far, of all threads, in milliseconds (resolution 10 ms). */
  cpuMs(): number {
    return this.#mustRun().cpuMs();
  }

  /** Runs a command as `asterisk -rx` would and returns its output. */
  async cli(command: string): Promise<string> {
    this.#mustRun();
    return runCli(this.#controlSocket, command);
  }

  /** Number of channels that exist, in Stasis or not. */
  async channelCount(): Promise<number> {
    return countIn(await this.cli('core show channels count'), /^(\d+) active channels?/m);
  }

  /** Number of bridges that exist. */
  async bridgeCount(): Promise<number> {
    // One line of headings, then one a bridge.
    const lines = (await this.cli('bridge show all')).trim().split('\n');
    return lines.length - 1;
  }

  /** Renders other options into the configuration and has it reloaded, e.g. to add hotlines. Ports and folders stay. */
  async reconfigure(config: NonNullable<PrivateAsteriskOptions['config']>): Promise<void> {
    await this.#writeConfig(config);
    await this.cli('core reload');
  }

  /** Ends it at once, as a crash would (SIGKILL). The folder stays; restart() brings it back. */
  async kill(): Promise<void> {
    await this.#process?.kill();
  }

  /** Starts it again with the same ports and folder, ending it first if it runs. */
  async restart(): Promise<void> {
    await this.#process?.end();
    await this.#boot();
  }

  /** Ends it (SIGTERM, after 5 s SIGKILL) and removes its folder. May be called at any time, also twice. */
  async stop(): Promise<void> {
    await this.#process?.end();
    this.#ports.release();
    if (this.#options.keepDir !== true) await rm(this.dir, { recursive: true, force: true });
  }

  get #controlSocket(): string {
    return join(this.dirs.run, 'asterisk.ctl');
  }

  #mustRun(): AsteriskProcess {
    if (this.#process?.pid === undefined) throw new StrowgerError('pbx.cli', 'The private Asterisk does not run.', { hint: 'Start it again with restart().' });
    return this.#process;
  }

  async #prepare(): Promise<void> {
    const { etc, varlib, db, agi, spool, run, log, cache } = this.dirs;
    for (const dir of [etc, varlib, db, join(this.dirs.keys, 'keys'), agi, spool, run, log, cache]) await mkdir(dir, { recursive: true });
    await mkdir(join(spool, 'recording'), { recursive: true });
    this.#musicDir = await ensureHoldMusic(dirname(this.#options.root.path));
    await this.#writeConfig(this.#options.config ?? {});
  }

  async #writeConfig({ secure, ...config }: NonNullable<PrivateAsteriskOptions['config']>): Promise<void> {
    const files = renderAsteriskConfig({
      // Part of each channel's id: ids of instances side by side must differ.
      systemName: `pbx${this.sip.port}`,
      hotlines: [],
      agents: [],
      // Callers, phones and engine are all on this machine.
      trunks: [{ name: 'demo', matches: ['127.0.0.0/8'] }],
      agentQualifySeconds: 0,
      musicDir: this.#musicDir,
      ...config,
      dirs: this.dirs,
      ari: { user: this.ari.user, password: this.ari.password, ...(secure === undefined ? {} : { permit: secure.ariPermit }) },
      http: { bindAddress: HOST, port: this.#ports.http, ...(secure === undefined ? {} : { tls: secure.http }) },
      sip: { bindAddress: HOST, port: this.sip.port, precedence: 'agents', ...(secure === undefined ? {} : { tls: secure.sip }) },
      rtp: this.rtp,
    });
    // The files hold passwords.
    for (const [name, text] of files) await writeFile(join(this.dirs.etc, name), text, { mode: 0o600 });
  }

  async #boot(): Promise<void> {
    const command = this.#options.root.command('asterisk', ['-C', join(this.dirs.etc, 'asterisk.conf'), '-f']);
    this.#process = new AsteriskProcess(command, this.dir, this.#options.dieWithParent !== false);
    await this.#untilBooted();
  }

  async #untilBooted(): Promise<void> {
    const deadline = Date.now() + BOOT_MS;
    for (let last: unknown; ; await sleep(POLL_MS)) {
      if (!this.running) throw this.#bootError('ended by itself', last);
      if (Date.now() > deadline) throw this.#bootError(`is not ready after ${BOOT_MS / 1000} s`, last);
      if (!existsSync(this.#controlSocket)) continue;
      try {
        const answer = await runCli(this.#controlSocket, 'core waitfullybooted', BOOT_MS);
        if (!answer.includes('fully booted')) continue;
        await pingAri(this.ari);
        return;
      } catch (error) {
        last = error;
      }
    }
  }

  #bootError(what: string, cause: unknown): StrowgerError {
    const tail = `${this.log}\n${this.#process?.console ?? ''}`.trim().split('\n').slice(-LOG_LINES).join('\n');
    return new StrowgerError('pbx.boot', `The private Asterisk ${what}. The end of its log:\n${tail === '' ? '(empty)' : tail}`, { cause, fields: { dir: this.dir } });
  }
}

function directories(dir: string, root: PrivateRoot): AsteriskDirs {
  const data = join(root.path, 'usr/share/asterisk');
  return {
    etc: join(dir, 'etc'),
    modules: join(root.libraryDir, 'asterisk/modules'),
    varlib: join(dir, 'varlib'),
    db: join(dir, 'db'),
    keys: dir,
    data,
    agi: join(dir, 'agi'),
    spool: join(dir, 'spool'),
    run: join(dir, 'run'),
    log: join(dir, 'log'),
    sbin: join(root.path, 'usr/sbin'),
    cache: join(dir, 'cache'),
  };
}

function countIn(output: string, pattern: RegExp): number {
  const count = pattern.exec(output)?.[1];
  if (count === undefined) throw new StrowgerError('pbx.cli', `No number in the answer of the CLI: ${output.slice(0, 200)}`);
  return Number(count);
}

function pingAri(ari: PrivateAsterisk['ari']): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = get(`${ari.url}/ari/asterisk/ping`, { auth: `${ari.user}:${ari.password}`, agent: false, timeout: 2_000 }, (response) => {
      response.resume();
      if (response.statusCode === 200) resolve();
      else reject(new Error(`ARI answered ${response.statusCode} to a ping`));
    });
    request.once('timeout', () => request.destroy(new Error('ARI did not answer a ping')));
    request.once('error', reject);
  });
}
