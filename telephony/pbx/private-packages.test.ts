import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { redactHosts } from './private-apt.ts';
import { defaultCacheDir, ensurePrivateRoot, type InstallStep } from './private-packages.ts';
import { architecture } from './private-root.ts';

const { loader, triplet } = architecture();

// apt-get and dpkg as far as we use them. Each says in a file that it ran, and what with.
const APT_GET = `#!/bin/sh
echo "$*" >> "$FAKE_LOG"
case "$*" in
  "update --print-uris") echo "'http://mirror.example/debian/dists/bookworm/main/binary-amd64/Packages.xz' x 0" ;;
  update*)
    if [ -n "$FAKE_UPDATE_FAILS" ]; then
      echo "E: Failed to fetch http://user:pw@mirror.example:8080/debian/dists/forky/InRelease  404  Not Found [IP: 192.0.2.7 80]" >&2
      echo "E: Could not resolve 'mirror.example'" >&2
      exit 100
    fi ;;
  *install*)
    archives=$(sed -n 's/^Dir::Cache::archives "\\(.*\\)";$/\\1/p' "$APT_CONFIG")
    echo "dlstatus:1:50.0:Retrieving" >&3
    touch "$archives/asterisk_1_amd64.deb" "$archives/perl-modules-5_1_all.deb" "$archives/sounds_1_all.deb" ;;
esac
`;
const DPKG = `#!/bin/sh
echo "dpkg $(basename "$2")" >> "$FAKE_LOG"
if [ -n "$FAKE_DPKG_FAILS" ]; then echo "No space left on device" >&2; exit 2; fi
mkdir -p "$3/usr/lib64" "$3/usr/lib/${triplet}" "$3/usr/sbin" "$3/usr/share/asterisk/sounds/en_US"
touch "$3/usr/lib64/${loader}" "$3/usr/sbin/asterisk"
`;
const APT_CONFIG = `#!/bin/sh
echo 'Acquire::http::Proxy "http://proxy.example:3128";'
echo 'DPkg::Post-Invoke:: "rm -rf /var/cache/apt";'
`;

describe('ensurePrivateRoot', () => {
  let base: string;
  let env: NodeJS.ProcessEnv;
  let cacheDir: string;
  const ran = () => (existsSync(join(base, 'log')) ? readFileSync(join(base, 'log'), 'utf8').trim().split('\n') : []);
  const ensure = (extra: NodeJS.ProcessEnv = {}, onProgress?: (step: InstallStep) => void) => ensurePrivateRoot({ cacheDir, systemRoot: base, env: { ...env, ...extra }, onProgress });

  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'strowger-root-'));
    cacheDir = join(base, 'cache');
    for (const dir of ['bin', 'etc', 'usr/share/keyrings']) mkdirSync(join(base, dir), { recursive: true });
    for (const [name, text] of Object.entries({ 'apt-get': APT_GET, dpkg: DPKG, 'apt-config': APT_CONFIG })) writeFileSync(join(base, 'bin', name), text, { mode: 0o755 });
    writeFileSync(join(base, 'etc/os-release'), 'ID=debian\nVERSION_CODENAME=bookworm\n');
    writeFileSync(join(base, 'usr/share/keyrings/debian-archive-keyring.gpg'), '');
    env = { PATH: `${join(base, 'bin')}:/usr/bin:/bin`, FAKE_LOG: join(base, 'log') };
  });
  afterEach(() => rmSync(base, { recursive: true }));

  it('fetches, unpacks what is needed and shows its progress', async () => {
    const steps: InstallStep[] = [];
    const root = await ensure({}, (step) => steps.push(step));
    expect(root.path.startsWith(join(cacheDir, 'pbx-'))).toBe(true);
    expect(new Set(ran().filter((line) => line.startsWith('dpkg')))).toEqual(new Set(['dpkg asterisk_1_amd64.deb', 'dpkg sounds_1_all.deb']));
    expect([...new Set(steps.map((step) => step.name))]).toEqual(['list', 'download', 'unpack']);
    expect(steps).toContainEqual({ name: 'download', done: 50, total: 100 });
    expect(steps.at(-1)).toEqual({ name: 'unpack', done: 2, total: 2 });
    expect(existsSync(join(root.path, 'usr/share/asterisk/sounds/en'))).toBe(true);
    expect(readdirSync(cacheDir)).toHaveLength(1);
  });

  it('starts programs by the loader of the root', async () => {
    const root = await ensure();
    const command = root.command('asterisk', ['-V']);
    expect(command.file).toBe(join(root.path, 'usr/lib64', loader));
    expect(command.args.slice(-2)).toEqual([join(root.path, 'usr/sbin/asterisk'), '-V']);
    expect(command.args).toContain(join(root.path, 'usr/lib', triplet));
    expect(() => root.command('sipp', [])).toThrow(expect.objectContaining({ code: 'pbx.install' }) as Error);
  });

  it('uses what the cache holds without running anything', async () => {
    const first = await ensure();
    const before = ran();
    const second = await ensure({ PATH: '' });
    expect(second.path).toBe(first.path);
    expect(ran()).toEqual(before);
  });

  it('is fetched once when two ask at the same time', async () => {
    const [one, two] = await Promise.all([ensure(), ensure()]);
    expect(one.path).toBe(two.path);
    expect(ran().filter((line) => line.includes('install'))).toHaveLength(1);
  });

  it('says what apt said when a list cannot be fetched, without the mirror, and leaves nothing behind', async () => {
    const error: unknown = await ensure({ FAKE_UPDATE_FAILS: '1' }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'pbx.download', message: expect.stringContaining('404  Not Found') as string });
    expect(String(error)).not.toMatch(/mirror\.example|pw|192\.0\.2\.7/);
    expect(readdirSync(cacheDir)).toEqual([]);
    await expect(ensure()).resolves.toBeDefined();
  });

  it('says what dpkg said when unpacking fails, and leaves no half a root', async () => {
    await expect(ensure({ FAKE_DPKG_FAILS: '1' })).rejects.toMatchObject({ code: 'pbx.install', message: expect.stringContaining('No space left') as string });
    expect(readdirSync(cacheDir)).toEqual([]);
  });

  it('removes what a killed installation left', async () => {
    const root = await ensure();
    const name = root.path.slice(cacheDir.length + 1);
    rmSync(root.path, { recursive: true });
    mkdirSync(join(cacheDir, `.building-${name}-dead/archives`), { recursive: true });
    await ensure();
    expect(readdirSync(cacheDir)).toEqual([name]);
  });
});

describe('the apt configuration', () => {
  it('takes the network settings of the machine, but none of its hooks', async () => {
    const base = mkdtempSync(join(tmpdir(), 'strowger-apt-'));
    const { PrivateApt } = await import('./private-apt.ts');
    writeFileSync(join(base, 'apt-config'), APT_CONFIG, { mode: 0o755 });
    await PrivateApt.prepare(join(base, 'work'), { distribution: 'debian', mirrors: [], suite: 'forky', components: 'main', keyring: '/k' }, { env: { PATH: `${base}:/usr/bin:/bin` } });
    const text = readFileSync(join(base, 'work/apt.conf'), 'utf8');
    rmSync(base, { recursive: true });
    expect(text).toContain('Acquire::http::Proxy "http://proxy.example:3128";');
    expect(text).not.toContain('Post-Invoke');
    expect(text).toContain(`Dir::State::status "${join(base, 'work/status')}";`);
  });
});

describe('defaultCacheDir', () => {
  it.each([
    [{ STROWGER_CACHE_DIR: '/s', XDG_CACHE_HOME: '/x', HOME: '/h' }, '/s'],
    [{ XDG_CACHE_HOME: '/x', HOME: '/h' }, '/x/strowger'],
    [{ HOME: '/h' }, '/h/.cache/strowger'],
  ])('%j → %s', (env, expected) => {
    expect(defaultCacheDir(env)).toBe(expected);
  });
});

describe('redactHosts', () => {
  it('removes hosts, credentials and addresses wherever they stand', () => {
    expect(redactHosts("E: http://u:p@m.example:80/debian x [IP: 192.0.2.1 80]\nCould not resolve 'm.example'")).toBe("E: http://<mirror>/debian x \nCould not resolve '<mirror>'");
  });
});
