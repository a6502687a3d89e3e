import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAptOrigin, mirrorsOf } from './apt-mirror.ts';

const PRINTED = `
'http://a.example/debian/dists/bookworm/InRelease' a_InRelease 0
'http://a.example/debian/dists/bookworm/main/binary-amd64/Packages.xz' a_Packages 0
'http://a.example/debian/dists/bookworm/main/binary-all/Packages.xz' a_Packages 0
'http://a.example/debian/dists/bookworm-updates/main/binary-amd64/Packages.xz' u_Packages 0
'http://s.example/debian-security/dists/bookworm-security/main/binary-amd64/Packages.xz' s_Packages 0
'https://docker.example/linux/debian/dists/bookworm/stable/binary-amd64/Packages.xz' d_Packages 0
'cdrom://[Debian]/dists/bookworm/main/binary-amd64/Packages.xz' c_Packages 0
'https://b.example/mirror/debian/dists/stable/main/binary-amd64/Packages.xz' b_Packages 0
`;

describe('mirrorsOf', () => {
  it('takes the archive of the distribution, not its security updates, other vendors or discs', () => {
    expect(mirrorsOf(PRINTED, ['bookworm', 'stable'])).toEqual(['http://a.example/debian', 'https://b.example/mirror/debian']);
  });

  it('finds nothing in the output of a machine without sources', () => {
    expect(mirrorsOf('', ['bookworm'])).toEqual([]);
  });
});

describe('findAptOrigin', () => {
  let systemRoot: string;
  let bin: string;
  const env = () => ({ PATH: `${bin}:/usr/bin:/bin` });

  beforeEach(() => {
    systemRoot = mkdtempSync(join(tmpdir(), 'strowger-apt-'));
    bin = join(systemRoot, 'bin');
    for (const dir of ['bin', 'etc', 'usr/share/keyrings']) mkdirSync(join(systemRoot, dir), { recursive: true });
    writeFileSync(join(bin, 'apt-get'), `#!/bin/sh\ncat <<'END'${PRINTED}END\n`, { mode: 0o755 });
  });
  afterEach(() => rmSync(systemRoot, { recursive: true }));

  const system = (text: string, ...keyrings: string[]) => {
    writeFileSync(join(systemRoot, 'etc/os-release'), text);
    for (const name of keyrings) writeFileSync(join(systemRoot, 'usr/share/keyrings', name), '');
  };

  it('offers the suite that has Asterisk 22 on Debian, from the mirrors of the machine', async () => {
    system('ID=debian\nVERSION_CODENAME=bookworm\n', 'debian-archive-keyring.gpg');
    expect(await findAptOrigin({ systemRoot, env: env() })).toMatchObject({
      distribution: 'debian',
      suite: 'forky',
      mirrors: ['http://a.example/debian', 'https://b.example/mirror/debian'],
      keyring: join(systemRoot, 'usr/share/keyrings/debian-archive-keyring.gpg'),
    });
  });

  it('offers Ubuntu its own suite', async () => {
    system('ID=ubuntu\nVERSION_CODENAME="bookworm"\n', 'ubuntu-archive-keyring.gpg');
    expect(await findAptOrigin({ systemRoot, env: env() })).toMatchObject({ distribution: 'ubuntu', suite: 'bookworm', components: 'main universe', mirrors: ['http://a.example/debian'] });
  });

  it.each([
    ['another system', 'ID=fedora\nPRETTY_NAME="Fedora Linux 44"\n', [], /Fedora Linux 44/],
    ['missing keys', 'ID=debian\nVERSION_CODENAME=bookworm\n', [], /debian-archive-keyring\.gpg/],
    ['no archive in the sources', 'ID=ubuntu\nVERSION_CODENAME=noble\n', ['ubuntu-archive-keyring.gpg'], /names no archive/],
  ])('says what to do about %s', async (_case, release, keyrings, message) => {
    system(release, ...keyrings);
    await expect(findAptOrigin({ systemRoot, env: env() })).rejects.toMatchObject({
      code: 'pbx.platform',
      message: expect.stringMatching(message) as string,
      hint: expect.stringContaining('STROWGER_ARI_URL') as string,
    });
  });

  it('says what to do without apt-get', async () => {
    system('ID=debian\nVERSION_CODENAME=bookworm\n', 'debian-archive-keyring.gpg');
    await expect(findAptOrigin({ systemRoot, env: { PATH: join(systemRoot, 'nothing') } })).rejects.toMatchObject({ code: 'pbx.platform', message: expect.stringMatching(/apt-get cannot be run/) as string });
  });
});
