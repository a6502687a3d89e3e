import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { AptOrigin } from './apt-mirror.ts';
import { architecture } from './private-root.ts';
import { lastLines, runProgram } from './run-program.ts';

interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
}

/** apt under a configuration of its own: it knows no installed package and writes into one folder only. */
export class PrivateApt {
  /** Where downloaded packages lie. */
  readonly archives: string;
  readonly #origin: AptOrigin;
  readonly #sourceList: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #signal: AbortSignal | undefined;

  private constructor(work: string, origin: AptOrigin, config: string, options: RunOptions) {
    this.archives = join(work, 'archives');
    this.#origin = origin;
    this.#sourceList = join(work, 'sources.list');
    this.#env = { ...(options.env ?? process.env), APT_CONFIG: config, LC_ALL: 'C', DEBIAN_FRONTEND: 'noninteractive' };
    this.#signal = options.signal;
  }

  static async prepare(work: string, origin: AptOrigin, options: RunOptions): Promise<PrivateApt> {
    for (const dir of ['lists/partial', 'archives/partial', 'empty']) await mkdir(join(work, dir), { recursive: true });
    await writeFile(join(work, 'status'), '');
    const config = join(work, 'apt.conf');
    const lines = Object.entries(settings(work)).map(([key, value]) => `${key} ${JSON.stringify(value)};`);
    await writeFile(config, [...lines, ...(await networkSettings(options))].join('\n') + '\n');
    return new PrivateApt(work, origin, config, options);
  }

  /** Fetches the package list from the first mirror that has it. `onMirror` counts the mirrors tried. */
  async update(onMirror: (done: number, total: number) => void): Promise<void> {
    const { distribution, suite, components, keyring, mirrors } = this.#origin;
    let output = '';
    for (const [index, mirror] of mirrors.entries()) {
      onMirror(index, mirrors.length);
      // A mirror may be a frozen copy whose Release file has expired; its signature is checked all the same.
      const flags = `arch=${architecture().debian} check-valid-until=no signed-by=${keyring}`;
      await writeFile(this.#sourceList, `deb [${flags}] ${mirror} ${suite} ${components}\n`);
      const result = await runProgram('apt-get', ['update', '--error-on=any'], { env: this.#env, signal: this.#signal });
      if (result.code === 0) return;
      output += result.output;
    }
    throw aptError(`The package list of ${distribution} ${suite} could not be fetched`, output);
  }

  /** Downloads packages with all that they depend on. `onPercent` is told 0 to 100. */
  async download(packages: readonly string[], onPercent: (percent: number) => void): Promise<void> {
    onPercent(0);
    const result = await runProgram('apt-get', ['-y', '--download-only', '-o', 'APT::Status-Fd=3', 'install', ...packages], {
      env: this.#env,
      signal: this.#signal,
      onStatusLine: (line) => {
        // dlstatus:<number>:<percent>:<text> (apt's README.progress-reporting)
        const percent = /^dlstatus:\d+:([\d.]+):/.exec(line)?.[1];
        if (percent !== undefined) onPercent(Math.round(Number(percent)));
      },
    });
    if (result.code !== 0) throw aptError(`The packages could not be fetched from ${this.#origin.distribution} ${this.#origin.suite}`, result.output);
  }
}

function settings(work: string): Readonly<Record<string, string>> {
  return {
    Dir: '/',
    'Dir::Etc': work,
    'Dir::Etc::sourcelist': join(work, 'sources.list'),
    'Dir::Etc::sourceparts': '-',
    // The machine's fragments stay unread: some run hooks on the system (docker-clean empties its package cache).
    'Dir::Etc::parts': join(work, 'empty'),
    'Dir::Etc::preferencesparts': join(work, 'empty'),
    'Dir::Etc::netrc': '/etc/apt/auth.conf',
    'Dir::Etc::netrcparts': '/etc/apt/auth.conf.d/',
    'Dir::State': work,
    'Dir::State::lists': join(work, 'lists'),
    'Dir::State::status': join(work, 'status'),
    'Dir::State::extended_states': join(work, 'extended_states'),
    'Dir::Cache': work,
    'Dir::Cache::archives': join(work, 'archives'),
    'Dir::Log': work,
    'APT::Install-Recommends': 'false',
    // A cache in a home folder is unreadable for the user that apt would download as when it runs as root.
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    'Acquire::Retries': '3',
  };
}

/** How this machine reaches its mirror: proxies, certificates and date checks, from its own apt configuration. */
async function networkSettings({ env, signal }: RunOptions): Promise<readonly string[]> {
  const { stdout } = await runProgram('apt-config', ['dump'], { env, signal });
  return stdout.split('\n').filter((line) => /^Acquire::(https?|ftp|ForceIPv[46]|Check-Valid-Until|Check-Date)\b/i.test(line));
}

function aptError(what: string, output: string): StrowgerError {
  return new StrowgerError('pbx.download', `${what}. apt's last lines:\n${lastLines(redactHosts(output))}`, {
    hint: 'Check that apt-get update works on this machine. Or install Asterisk 20.14 or newer yourself and set STROWGER_ARI_URL.',
  });
}

/** Takes host names and addresses out of apt's output: a mirror may be internal, and its address may hold credentials. */
export function redactHosts(output: string): string {
  const hosts = new Set([...output.matchAll(/:\/\/([^/\s'"]+)/g)].map((match) => (match[1] ?? '').replace(/^.*@/, '').replace(/:\d+$/, '')));
  let text = output.replaceAll(/:\/\/[^/\s'"]+/g, '://<mirror>').replaceAll(/\[IP: [^\]]*\]/g, '');
  for (const host of hosts) if (host !== '') text = text.replaceAll(host, '<mirror>');
  return text;
}
