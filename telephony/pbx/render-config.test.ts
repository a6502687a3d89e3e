import { readdirSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isStrowgerError } from '../../engine/domain/errors.ts';
import { type AsteriskConfigOptions, installedDirs, renderAsteriskConfig } from './render-config.ts';

const BASE: AsteriskConfigOptions = {
  systemName: 'node1',
  dirs: installedDirs('x86_64-linux-gnu'),
  ari: { user: 'strowger', password: 'secret' },
  http: { bindAddress: '127.0.0.1', port: 8088 },
  sip: { bindAddress: '0.0.0.0', port: 5060 },
  rtp: { firstPort: 10_000, lastPort: 20_000 },
  hotlines: [{ number: '95588', flow: 'bank' }],
  agents: [{ id: '1001', password: 'pw' }],
  trunks: [{ name: 'carrier', matches: ['192.0.2.0/24'] }],
  musicDir: '/var/lib/strowger/music',
};

/** Reads a file as Asterisk does: sections in order, comments away, `\;` is a semicolon. */
function sections(name: string, options: AsteriskConfigOptions = BASE): { name: string; entries: [string, string][] }[] {
  const result: { name: string; entries: [string, string][] }[] = [];
  for (const raw of (renderAsteriskConfig(options).get(name) ?? '').split('\n')) {
    const line = raw.replace(/(?<!\\);.*$/, '').replaceAll('\\;', ';').trim();
    const header = /^\[([^\]]+)\]$/.exec(line);
    const entry = /^([^=]+?)\s*=>?\s?(.*)$/.exec(line);
    if (header !== null) result.push({ name: header[1] ?? '', entries: [] });
    else if (entry !== null) result.at(-1)?.entries.push([entry[1] ?? '', (entry[2] ?? '').trim()]);
    else if (line !== '') throw new Error(`${name}: neither section nor entry: ${line}`);
  }
  return result;
}

/** The values of `key` in the sections `section`, of the given `type` if one is given. */
function valuesOf(file: string, section: string, key: string, options?: AsteriskConfigOptions, type?: string): string[] {
  return sections(file, options)
    .filter((part) => part.name === section && (type === undefined || part.entries.some(([k, v]) => k === 'type' && v === type)))
    .flatMap((part) => part.entries.filter(([k]) => k === key).map(([, v]) => v));
}

describe('renderAsteriskConfig', () => {
  it('renders every template, and leaves no place unfilled', () => {
    const files = renderAsteriskConfig(BASE);
    const templates = readdirSync(new URL('../../asterisk-config/', import.meta.url)).filter((name) => name.endsWith('.conf'));
    expect([...files.keys()].sort()).toEqual(templates.sort());
    for (const [name, text] of files) {
      expect(text, name).not.toMatch(/\{\{|\}\}|undefined/);
      expect(() => sections(name), name).not.toThrow();
    }
  });

  it('gives each file a reason to be', () => {
    for (const [name, text] of renderAsteriskConfig(BASE)) expect(text.startsWith('; '), name).toBe(true);
  });

  it('loads an explicit list of modules, each once', () => {
    const modules = valuesOf('modules.conf', 'modules', 'load', { ...BASE, extraModules: ['app_echo.so'] });
    expect(valuesOf('modules.conf', 'modules', 'autoload')).toEqual(['no']);
    expect(new Set(modules).size).toBe(modules.length);
    // Without these two Asterisk 22.5 and newer loads neither ARI nor chan_pjsip when autoload is off.
    expect(modules).toEqual(expect.arrayContaining(['res_websocket_client.so', 'res_pjsip_pubsub.so', 'res_ari_events.so', 'app_echo.so']));
  });

  it('keeps ARI on its address and lets enough sessions in', () => {
    expect(valuesOf('http.conf', 'general', 'bindaddr')).toEqual(['127.0.0.1']);
    expect(Number(valuesOf('http.conf', 'general', 'sessionlimit')[0])).toBeGreaterThan(100);
    expect(valuesOf('ari.conf', 'strowger', 'password')).toEqual(['secret']);
  });

  it('makes an agent’s phone dialable as PJSIP/<id> with registration and password', () => {
    expect(valuesOf('pjsip.conf', '1001', 'auth', BASE, 'endpoint')).toEqual(['1001']);
    expect(valuesOf('pjsip.conf', '1001', 'aors', BASE, 'endpoint')).toEqual(['1001']);
    expect(valuesOf('pjsip.conf', '1001', 'password', BASE, 'auth')).toEqual(['pw']);
    expect(valuesOf('pjsip.conf', '1001', 'max_contacts', BASE, 'aor')).toEqual(['1']);
    expect(valuesOf('pjsip.conf', '1001', 'context', BASE, 'endpoint')).toEqual(['strowger-agents']);
  });

  it('gives a phone at a fixed address its contact', () => {
    const options: AsteriskConfigOptions = { ...BASE, agents: [{ id: 'anna', password: 'pw', contact: { host: '::1', port: 5071 } }] };
    expect(valuesOf('pjsip.conf', 'anna', 'contact', options, 'aor')).toEqual(['sip:anna@[::1]:5071']);
  });

  it('keeps media and digits where the engine can work with them, for trunks and agents alike', () => {
    for (const endpoint of ['carrier', '1001']) {
      expect(valuesOf('pjsip.conf', endpoint, 'direct_media', BASE, 'endpoint')).toEqual(['no']);
      expect(valuesOf('pjsip.conf', endpoint, 'dtmf_mode', BASE, 'endpoint')).toEqual(['rfc4733']);
      expect(valuesOf('pjsip.conf', endpoint, 'rtp_symmetric', BASE, 'endpoint')).toEqual(['yes']);
      expect(valuesOf('pjsip.conf', endpoint, 'allow_transfer', BASE, 'endpoint')).toEqual(['no']);
      expect(valuesOf('pjsip.conf', endpoint, 'allow', BASE, 'endpoint')).toEqual(['alaw,ulaw,g722,opus']);
    }
  });

  it('recognises trunks by address, before or after agents', () => {
    expect(valuesOf('pjsip.conf', 'carrier', 'match', BASE, 'identify')).toEqual(['192.0.2.0/24']);
    expect(valuesOf('pjsip.conf', 'global', 'endpoint_identifier_order')).toEqual(['ip,username']);
    const sip = { ...BASE.sip, precedence: 'agents' } as const;
    expect(valuesOf('pjsip.conf', 'global', 'endpoint_identifier_order', { ...BASE, sip })).toEqual(['username,ip']);
  });

  it('registers at a carrier that wants it, and recognises the carrier by that address', () => {
    const trunks = [{ name: 'carrier', matches: [], outbound: { host: 'sip.example.com', port: 5060 }, registration: { username: 'u1', password: 'p;w' } }];
    const options = { ...BASE, trunks };
    expect(valuesOf('pjsip.conf', 'carrier', 'server_uri', options, 'registration')).toEqual(['sip:sip.example.com:5060']);
    expect(valuesOf('pjsip.conf', 'carrier', 'password', options, 'auth')).toEqual(['p;w']);
    expect(valuesOf('pjsip.conf', 'carrier', 'outbound_auth', options, 'endpoint')).toEqual(['carrier']);
    expect(valuesOf('pjsip.conf', 'carrier', 'match', options, 'identify')).toEqual(['sip.example.com']);
  });

  it('tells the outside the public address, but not the inside', () => {
    const options: AsteriskConfigOptions = { ...BASE, sip: { ...BASE.sip, publicAddress: '203.0.113.5' } };
    expect(valuesOf('pjsip.conf', 'transport-udp', 'external_media_address', options)).toEqual(['203.0.113.5']);
    expect(valuesOf('pjsip.conf', 'transport-udp', 'local_net', options)).toContain('10.0.0.0/8');
    expect(valuesOf('pjsip.conf', 'transport-udp', 'external_media_address')).toEqual([]);
  });
});

describe('the dialplan', () => {
  const lines = (options: AsteriskConfigOptions = BASE) => (renderAsteriskConfig(options).get('extensions.conf') ?? '').split('\n').map((line) => line.trim());

  it('answers a hotline before the engine has it, unless told otherwise', () => {
    const all = lines();
    const start = all.findIndex((line) => line.startsWith('exten => 95588,1,'));
    expect(all[start + 1]).toContain('STROWGER_ANSWER');
    expect(all[start + 1]).toContain('Answer()');
    expect(all.slice(start).find((line) => line.includes('Stasis('))).toBe('same => n,Stasis(strowger,inbound,95588,bank)');
    expect(all).toContain('STROWGER_ANSWER = yes');
    expect(lines({ ...BASE, answerInDialplan: false })).toContain('STROWGER_ANSWER = no');
  });

  it('refuses a call before it is answered while the engine says so, and not unless it does', () => {
    const all = lines();
    expect(all.find((line) => line.startsWith('exten => 95588,1,'))).toBe('exten => 95588,1,GotoIf($[${EPOCH} < ${STROWGER_REFUSE_UNTIL}]?strowger-overload,s,1)');
    expect(all).toContain('STROWGER_REFUSE_UNTIL = 0');
    expect(sections('extensions.conf').find(({ name }) => name === 'strowger-overload')?.entries).toEqual([['exten', 's,1,Hangup(42)']]);
  });

  it('falls back when no engine took the call', () => {
    const all = lines({ ...BASE, fallback: { dial: 'PJSIP/4008@carrier', ringSeconds: 20, sorrySounds: ['/p/sorry-zh', '/p/sorry-en'] } });
    expect(all).toEqual(expect.arrayContaining(['STROWGER_FALLBACK_DIAL = PJSIP/4008@carrier', 'STROWGER_FALLBACK_RING_SECONDS = 20', 'STROWGER_FALLBACK_SORRY = /p/sorry-zh&/p/sorry-en']));
    expect(all.some((line) => line.includes('STASISSTATUS') && line.includes('GotoIf'))).toBe(true);
  });

  it('gives agents no way to the public network', () => {
    const contexts = sections('extensions.conf');
    const includes = contexts.find((context) => context.name === 'strowger-agents')?.entries;
    expect(includes).toEqual([
      ['include', 'strowger-hotlines'],
      ['include', 'strowger-unknown'],
    ]);
    const dials = contexts.filter((context) => context.entries.some(([, value]) => /\bDial\(/.test(value)));
    expect(dials.map((context) => context.name)).toEqual(['strowger-fallback']);
  });
});

describe('values that cannot stand in a configuration', () => {
  const evil = 'x\n[evil]\ntype=endpoint';
  const cases: [string, Partial<AsteriskConfigOptions>][] = [
    ['ari.user', { ari: { user: evil, password: 'p' } }],
    ['ari.user', { ari: { user: 'general', password: 'p' } }],
    ['ari.password', { ari: { user: 'u', password: evil } }],
    ['ari.password', { ari: { user: 'u', password: ' p' } }],
    ['ari.password', { ari: { user: 'u', password: '' } }],
    ['systemName', { systemName: 'a b' }],
    ['dirs.etc', { dirs: { ...BASE.dirs, etc: 'relative' } }],
    ['dirs.etc', { dirs: { ...BASE.dirs, etc: '/etc/a;b' } }],
    ['http.port', { http: { bindAddress: '127.0.0.1', port: 0 } }],
    ['http.bindAddress', { http: { bindAddress: 'localhost', port: 80 } }],
    ['sip.port', { sip: { bindAddress: '127.0.0.1', port: 70_000 } }],
    ['sip.publicAddress', { sip: { bindAddress: '127.0.0.1', port: 5060, publicAddress: 'a b' } }],
    ['rtp', { rtp: { firstPort: 10_000, lastPort: 10_001 } }],
    ['hotlines[0].number', { hotlines: [{ number: '_X.', flow: 'bank' }] }],
    ['hotlines[0].number', { hotlines: [{ number: 'h', flow: 'bank' }] }],
    ['hotlines[0].number', { hotlines: [{ number: '95588,1,System(id)', flow: 'bank' }] }],
    ['hotlines[0].flow', { hotlines: [{ number: '95588', flow: 'bank,${SHELL(id)}' }] }],
    ['hotlines[1]', { hotlines: [{ number: '95588', flow: 'a' }, { number: '95588', flow: 'b' }] }],
    ['agents.1001.password', { agents: [{ id: '1001', password: 'geheim\r\nx' }] }],
    ['agents.carrier.id', { agents: [{ id: 'carrier', password: 'p' }] }],
    ['agents.transport-udp.id', { agents: [{ id: 'transport-udp', password: 'p' }] }],
    ['agents.1001.id', { agents: [{ id: '1001', password: 'p' }, { id: '1001', password: 'q' }] }],
    ['trunks.t.matches', { trunks: [{ name: 't', matches: ['192.0.2.1/33'] }] }],
    ['trunks.t.matches', { trunks: [{ name: 't', matches: ['example.com;'] }] }],
    ['trunks.t', { trunks: [{ name: 't', matches: [] }] }],
    ['trunks.t', { trunks: [{ name: 't', matches: ['192.0.2.1'], registration: { username: 'u', password: 'p' } }] }],
    ['fallback.dial', { fallback: { dial: 'PJSIP/1001&PJSIP/1002' } }],
    ['fallback.dial', { fallback: { dial: 'Local/9@strowger-agents' } }],
    ['fallback.sorrySounds', { fallback: { sorrySounds: ['a)b'] } }],
    ['codecs', { codecs: ['alaw', 'g729'] }],
    ['codecs', { codecs: [] }],
    ['musicDir', { musicDir: 'music' }],
    ['language', { language: 'en/../..' }],
    ['maxCalls', { maxCalls: -1 }],
    ['extraModules', { extraModules: ['x.so\nload = y.so'] }],
  ];

  it.each(cases)('%s: %j', (option, part) => {
    let error: unknown;
    try {
      renderAsteriskConfig({ ...BASE, ...part });
    } catch (thrown) {
      error = thrown;
    }
    expect(isStrowgerError(error, 'pbx.config')).toBe(true);
    expect(error).toMatchObject({ fields: { option } });
    expect(String(error)).toContain(option);
    expect(String(error)).not.toContain('geheim');
  });

  it('whatever a password is: refused, or it arrives unchanged and alone', () => {
    const expected = sections('pjsip.conf').map((part) => part.name);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }), (password) => {
        const options = { ...BASE, agents: [{ id: '1001', password }] };
        let found: string[];
        try {
          found = valuesOf('pjsip.conf', '1001', 'password', options, 'auth');
        } catch (error) {
          expect(isStrowgerError(error, 'pbx.config')).toBe(true);
          return;
        }
        expect(found).toEqual([password]);
        expect(sections('pjsip.conf', options).map((part) => part.name)).toEqual(expected);
      }),
      { numRuns: 50 },
    );
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{1,40}$/), (password) => {
        fc.pre(!password.startsWith('>') && !password.includes('\\'));
        expect(valuesOf('pjsip.conf', '1001', 'password', { ...BASE, agents: [{ id: '1001', password }] }, 'auth')).toEqual([password]);
      }),
      { numRuns: 50 },
    );
  });

  it('takes nobody for a trunk but who has its address, and nobody for an agent but who has its password', () => {
    expect(valuesOf('pjsip.conf', 'carrier', 'identify_by', BASE, 'endpoint')).toEqual(['ip']);
    expect(valuesOf('pjsip.conf', 'carrier', 'deny', BASE, 'endpoint')).toEqual(['0.0.0.0/0', '::/0']);
    expect(valuesOf('pjsip.conf', 'carrier', 'permit', BASE, 'endpoint')).toEqual(['192.0.2.0/24']);
    expect(valuesOf('pjsip.conf', '1001', 'identify_by', BASE, 'endpoint')).toEqual(['username']);
    expect(valuesOf('pjsip.conf', '1001', 'auth', BASE, 'endpoint')).toEqual(['1001']);
    const all = sections('pjsip.conf').map(({ name }) => name);
    expect(all).not.toContain('anonymous');
    expect(valuesOf('pjsip.conf', 'global', 'endpoint_identifier_order').join()).not.toContain('anonymous');
    const named = { ...BASE, trunks: [{ name: 'carrier', matches: [], outbound: { host: 'sip.example.com', port: 5060 } }] };
    expect(valuesOf('pjsip.conf', 'carrier', 'permit', named, 'endpoint')).toEqual([]);
  });

  it('notes scanners, and lets no phone or trunk refer calls elsewhere', () => {
    expect(['count', 'period', 'prune_interval'].map((what) => valuesOf('pjsip.conf', 'global', `unidentified_request_${what}`)[0])).toEqual(['5', '5', '30']);
    for (const name of ['carrier', '1001']) expect(valuesOf('pjsip.conf', name, 'allow_transfer', BASE, 'endpoint')).toEqual(['no']);
    expect(valuesOf('logger.conf', 'logfiles', 'security.log')).toEqual(['security']);
  });

  describe('with TLS', () => {
    const files = { certFile: '/etc/ssl/strowger.pem', keyFile: '/etc/ssl/private/strowger.key' };
    const secure: AsteriskConfigOptions = {
      ...BASE,
      sip: { ...BASE.sip, tls: { port: 5061, ...files } },
      http: { bindAddress: '10.0.0.5', port: 8088, tls: { port: 8089, ...files } },
      ari: { ...BASE.ari, permit: ['10.0.0.9', '10.0.1.0/24'] },
      phones: { transport: 'tls', srtp: true },
      trunks: [
        { name: 'carrier', matches: ['192.0.2.0/24'], transport: 'tls', srtp: true, outbound: { host: 'sip.example.com', port: 5061 }, registration: { username: 'u', password: 'p' } },
        { name: 'gateway', matches: ['10.1.0.1'] },
      ],
    };

    it('carries signalling over TLS and audio over SRTP, or no call', () => {
      const tls = sections('pjsip.conf', secure).find(({ name }) => name === 'transport-tls')?.entries;
      expect(Object.fromEntries(tls ?? [])).toMatchObject({ protocol: 'tls', bind: '0.0.0.0:5061', cert_file: files.certFile, priv_key_file: files.keyFile, method: 'tlsv1_2' });
      for (const name of ['carrier', '1001']) {
        expect(valuesOf('pjsip.conf', name, 'transport', secure, 'endpoint')).toEqual(['transport-tls']);
        expect(valuesOf('pjsip.conf', name, 'media_encryption', secure, 'endpoint')).toEqual(['sdes']);
        expect(valuesOf('pjsip.conf', name, 'media_encryption_optimistic', secure, 'endpoint')).toEqual(['no']);
      }
      expect(valuesOf('pjsip.conf', 'carrier', 'contact', secure, 'aor')).toEqual(['sip:sip.example.com:5061;transport=tls']);
      expect(valuesOf('pjsip.conf', 'carrier', 'server_uri', secure, 'registration')).toEqual(['sip:sip.example.com:5061;transport=tls']);
      expect(valuesOf('pjsip.conf', 'gateway', 'transport', secure, 'endpoint')).toEqual(['transport-udp']);
      expect(valuesOf('pjsip.conf', 'gateway', 'media_encryption', secure, 'endpoint')).toEqual([]);
    });

    it('asks for certificates of the given authorities, and of those who come only when told so', () => {
      const proof = (more: object): unknown => {
        const given = { ...secure, sip: { ...BASE.sip, tls: { port: 5061, ...files, ...more } } };
        return ['ca_list_file', 'verify_server', 'verify_client', 'require_client_cert'].map((key) => valuesOf('pjsip.conf', 'transport-tls', key, given)[0]);
      };
      expect(proof({})).toEqual([undefined, undefined, undefined, undefined]);
      expect(proof({ caFile: '/etc/ssl/ca.pem' })).toEqual(['/etc/ssl/ca.pem', 'yes', undefined, undefined]);
      expect(proof({ caFile: '/etc/ssl/ca.pem', requireCertificate: true })).toEqual(['/etc/ssl/ca.pem', 'yes', 'yes', 'yes']);
    });

    it('serves ARI over TLS, without it on loopback only, and to the engine only', () => {
      expect(['bindaddr', 'tlsenable', 'tlsbindaddr', 'tlscertfile', 'tlsprivatekey'].map((key) => valuesOf('http.conf', 'general', key, secure)[0])).toEqual(['127.0.0.1', 'yes', '10.0.0.5:8089', files.certFile, files.keyFile]);
      expect(valuesOf('ari.conf', 'strowger', 'deny', secure)).toEqual(['0.0.0.0/0', '::/0']);
      expect(valuesOf('ari.conf', 'strowger', 'permit', secure)).toEqual(['10.0.0.9', '10.0.1.0/24']);
      expect(valuesOf('ari.conf', 'strowger', 'permit')).toEqual([]);
    });

    it.each<[string, Partial<AsteriskConfigOptions>]>([
      ['TLS without a certificate', { phones: { transport: 'tls' } }],
      ['SRTP whose key everybody reads', { phones: { srtp: true } }],
      ['certificates that nobody could judge', { sip: { ...BASE.sip, tls: { port: 5061, ...files, requireCertificate: true } } }],
      ['a file of two lines', { sip: { ...BASE.sip, tls: { port: 5061, certFile: '/a\n[evil]', keyFile: '/b' } } }],
      ['a network that is none', { ari: { ...BASE.ari, permit: ['0.0.0.0/0\npermit = all'] } }],
    ])('refuses %s', (_, changed) => expect(() => renderAsteriskConfig({ ...BASE, ...changed })).toThrowError(expect.objectContaining({ code: 'pbx.config' })));
  });
});
