import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseConfig } from '../config/load-config.ts';
import { checkRecording } from './check-recording.ts';

const KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=';
const HEAD = `
nodes: [{ id: pbx-1, url: "http://127.0.0.1:8088", user: strowger, password: x }]
hotlines: [{ number: "95500", flow: bank }]
queues: [{ id: a, name: A }]
`;

describe('checkRecording', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'strowger-doctor-'));
  });
  afterEach(() => rmSync(dir, { recursive: true }));
  const check = (recording: string, environment: Record<string, string> = {}) =>
    checkRecording(parseConfig(`${HEAD}${recording}`, 'f.yaml', {}), environment).map(({ state, text }) => `${state}: ${text}`);

  it('has nothing to say where nothing is recorded', () => {
    expect(check('')).toEqual([]);
  });

  it('finds keys and a folder that is there, or can be made', () => {
    const [keys, folder] = check(`recording: { dir: ${dir}/a/b, keys: [{ id: "2026", key: { env: KEY } }, { id: "2025", key: { env: KEY } }] }`, { KEY });
    expect(keys).toBe("ok: 2 keys are there; '2026' encrypts");
    expect(folder).toMatch(new RegExp(`^(ok|warning): ${dir}/a/b can be written, and has room for \\d+ hours$`));
  });

  it('tells of a key that is missing, and of one that is none', () => {
    const section = `recording: { dir: ${dir}, keys: [{ id: "2026", key: { env: KEY } }] }`;
    expect(check(section)[0]).toBe('failure: The environment variable KEY is not set.');
    expect(check(section, { KEY: 'c2hvcnQ=' })[0]).toBe("failure: The key '2026' of recording.keys has 5 bytes, not 32.");
  });

  it('tells of a folder that is none', () => {
    writeFileSync(join(dir, 'file'), '');
    expect(check(`recording: { dir: ${dir}/file/x, keys: [{ id: "2026", key: ${KEY} }] }`)[1]).toMatch(/^failure: /);
  });
});
