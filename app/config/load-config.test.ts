import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { parseConfig, readSecret } from './load-config.ts';

const MINIMAL = `
nodes:
  - { id: pbx-1, url: "http://127.0.0.1:8088", user: strowger, password: { env: ARI_PASSWORD } }
hotlines:
  - { number: "95500", flow: bank }
queues:
  - { id: service, name: Service }
agents:
  - { id: "1001", name: Li, endpoint: PJSIP/1001, queues: [service] }
`;

function problem(text: string, environment = {}): string {
  try {
    parseConfig(text, 'strowger.yaml', environment);
  } catch (error) {
    if (error instanceof StrowgerError) return error.message;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('parseConfig', () => {
  it('fills in defaults', () => {
    const config = parseConfig(MINIMAL, 'strowger.yaml', {});
    expect(config.queues[0]).toMatchObject({ ringSeconds: 20, maxWaitSeconds: 600, serviceLevelSeconds: 20 });
    expect(config.http).toMatchObject({ host: '127.0.0.1', port: 8080 });
    expect(config.nodes[0]?.transport).toBe('auto');
  });

  it('names path, what was found and what is allowed', () => {
    expect(problem(MINIMAL.replace('name: Service }', 'name: Service, ringSeconds: -3 }'))).toContain('queues[0].ringSeconds: found -3; allowed: 0 or more');
    expect(problem(MINIMAL.replace('user: strowger,', 'user: strowger, transport: sip,'))).toContain(
      'nodes[0].transport: found "sip"; allowed: "auto", "ws", "ari-client"',
    );
  });

  it('tells every problem at once', () => {
    const message = problem(MINIMAL.replace('number: "95500"', 'number: "hotline"').replace('endpoint: PJSIP/1001', 'endpoint: 1001'));
    expect(message).toContain('hotlines[0].number');
    expect(message).toContain('agents[0].endpoint');
  });

  it('refuses settings that do not exist', () => {
    expect(problem(`${MINIMAL}\nhtpp: { port: 1 }`)).toContain('htpp: found a setting that does not exist');
  });

  it('refuses an agent of a queue that does not exist', () => {
    expect(problem(MINIMAL.replace('queues: [service] }', 'queues: [sales] }'))).toContain('agents[0].queues: found "sales"; allowed: service');
  });

  it('refuses to ask for certificates that nobody could judge', () => {
    expect(problem(`${MINIMAL}\npbx: { sip: { tls: { certFile: a, keyFile: b, requireCertificate: true } } }`)).toContain('pbx.sip.tls.requireCertificate: found true; allowed: false, or true with `caFile`');
  });

  it('refuses a proxy that is no address, and the whole world as one', () => {
    const proxies = (all: string): string => `${MINIMAL}\nhttp: { trustedProxies: [${all}] }`;
    expect(parseConfig(proxies('10.0.0.1, 10.1.0.0/16, "::1", "fd00::/8"'), 'strowger.yaml', {}).http.trustedProxies).toHaveLength(4);
    for (const wrong of ['proxy.example', '10.0.0.0/33', '0.0.0.0/0', '"::/0"']) expect(problem(proxies(wrong)), wrong).toMatch(/http\.trustedProxies\[0\]: found .*; allowed: an address or a network such as 10\.0\.0\.0\/8/);
  });

  it('refuses a user of the broker that stands twice', () => {
    const user = '{ name: crm, password: x }';
    expect(problem(`${MINIMAL}\nmqtt: { users: [${user}, ${user}] }`)).toContain('mqtt.users[1]: found "crm"; allowed: a value that stands once');
  });

  it('refuses a recogniser behind a server without an address, and an address for the one without a server', () => {
    const speech = (recognizer: string): string => `${MINIMAL}\nspeech: { recognizers: [${recognizer}] }`;
    expect(problem(speech('{ kind: funasr }'))).toContain('speech.recognizers[0].url');
    expect(problem(speech('{ kind: commands, url: "ws://127.0.0.1:1" }'))).toContain('speech.recognizers[0].url');
    expect(problem(speech('{ kind: vosk, url: "http://127.0.0.1:1" }'))).toContain('ws:// or wss://');
    expect(problem(speech('{ kind: funasr, url: "ws://127.0.0.1:1", codec: ulaw }'))).toContain('speech.recognizers[0].codec: found a setting that does not exist');
    expect(problem(speech('{ kind: sherpaModel }'))).toContain('speech.recognizers[0].model');
    expect(problem(speech('{ kind: whisper }'))).toMatch(/recognizers\[0\].kind: found "whisper"; allowed: "commands", .*"aeap"/);
    expect(parseConfig(speech('{ kind: aeap, url: "ws://asr:9099" }'), 'strowger.yaml', {}).speech.recognizers[0]).toMatchObject({ codec: 'ulaw', fullScore: 100 });
    expect(parseConfig(speech('{ kind: vosk, url: "wss://asr:2700" }, { kind: commands }'), 'strowger.yaml', {}).speech.recognizers).toHaveLength(2);
  });

  it('refuses what is no YAML, with its line', () => {
    expect(problem('nodes: [')).toMatch(/strowger\.yaml:\d+:\d+/);
  });

  it('never shows a password', () => {
    expect(problem(MINIMAL.replace('{ env: ARI_PASSWORD }', '[hunter2]'))).not.toContain('hunter2');
  });

  it('takes overrides from the environment', () => {
    const config = parseConfig(MINIMAL, 'strowger.yaml', {
      STROWGER_HTTP__PORT: '9000',
      STROWGER_LOG__SHOW_PERSONAL_DATA: 'true',
      STROWGER_ARI_URL: 'http://127.0.0.1:9088',
      STROWGER_ARI_PASSWORD: '12345',
      MQTT_URL: 'mqtt://127.0.0.1:1884',
    });
    expect(config.http.port).toBe(9000);
    expect(config.log.showPersonalData).toBe(true);
    expect(config.nodes[0]).toMatchObject({ url: 'http://127.0.0.1:9088', password: '12345' });
    expect(config.mqtt.url).toBe('mqtt://127.0.0.1:1884');
  });

  it('refuses a bad override by its path', () => {
    expect(problem(MINIMAL, { STROWGER_HTTP__PORT: 'eighty' })).toContain('http.port: found "eighty"; allowed: a number');
  });
});

describe('readSecret', () => {
  it('reads the environment, and says which variable is missing', () => {
    expect(readSecret({ env: 'X' }, { X: 'y' })).toBe('y');
    expect(() => readSecret({ env: 'X' }, {})).toThrow('The environment variable X is not set.');
  });

  it('reads a file, and takes none that is empty for a password', () => {
    const folder = mkdtempSync(join(tmpdir(), 'strowger-secret-'));
    const file = join(folder, 'secret');
    try {
      writeFileSync(file, 'y\n');
      expect(readSecret({ file }, {})).toBe('y');
      writeFileSync(file, '\n');
      expect(() => readSecret({ file }, {})).toThrow(`The secret file ${file} is empty.`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
