import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { agentId, callId, contactId, nodeId, queueId, recordingId } from '../../engine/domain/ids.ts';
import type { RecordingFacts } from '../../engine/domain/recording.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { RecordingFolder } from './recording-folder.ts';
import { RecordingKeys } from './recording-keys.ts';

const PART = 64 * 1024;
const FACTS: RecordingFacts = {
  recordingId: recordingId('rec-1'),
  nodeId: nodeId('pbx-1'),
  callId: callId('call-1'),
  startedAt: Date.UTC(2026, 0, 5, 9),
  endedAt: Date.UTC(2026, 0, 5, 9, 1),
  talks: [{ contactId: contactId('contact-1'), queueId: queueId('cards'), agentId: agentId('1001'), from: 1 }],
  pauses: [],
  deleteAt: Date.UTC(2026, 6, 5),
};
const KEYS = [{ id: '2026', key: randomBytes(32).toString('base64') }] as const;

async function* inPieces(sound: Uint8Array, size = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < sound.length; at += size) yield sound.subarray(at, at + size);
}

describe('RecordingFolder', () => {
  let dir: string;
  let folder: RecordingFolder;
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'strowger-recordings-'));
    folder = new RecordingFolder(dir, new RecordingKeys(KEYS));
  });
  afterEach(() => {
    chmodSync(dir, 0o700);
    rmSync(dir, { recursive: true });
  });

  const path = () => join(dir, '2026-01-05', 'rec-1.strowrec');
  const soundOf = async (from = folder): Promise<Buffer> => {
    const parts: Uint8Array[] = [];
    for await (const part of await from.open(FACTS)) parts.push(part);
    return Buffer.concat(parts);
  };
  const damage = (change: (file: Buffer) => Buffer): void => writeFileSync(path(), change(readFileSync(path())));

  it.each([0, 1, 999, PART - 1, PART, PART + 1, 2 * PART, 3 * PART + 17])('gives back %i bytes as they were put', async (size) => {
    const sound = randomBytes(size);
    const stored = await folder.put(FACTS, inPieces(sound));
    expect(stored).toEqual({ bytes: size, durationMs: Math.round(size / 8), sha256: createHash('sha256').update(sound).digest('hex'), keyId: '2026' });
    expect((await soundOf()).equals(sound)).toBe(true);
  });

  it('keeps it from everybody who has no key', async () => {
    const sound = Buffer.from('the caller says a secret, again and again. '.repeat(3_000));
    await folder.put(FACTS, inPieces(sound));
    const file = readFileSync(path());
    expect(file.includes('secret')).toBe(false);
    // Nothing of it can be pressed together: it looks like noise from the first part on.
    const distinct = new Set(file.subarray(-PART)).size;
    expect(distinct).toBe(256);
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(statSync(join(dir, '2026-01-05')).mode & 0o777).toBe(0o700);
    const stranger = new RecordingFolder(dir, new RecordingKeys([{ id: '2026', key: randomBytes(32).toString('hex') }]));
    await expect(stranger.open(FACTS)).rejects.toMatchObject({ code: 'recording.damaged' });
    const forgetful = new RecordingFolder(dir, new RecordingKeys([{ id: '2027', key: randomBytes(32).toString('hex') }]));
    await expect(forgetful.open(FACTS)).rejects.toMatchObject({ code: 'recording.key-missing' });
  });

  it('encrypts the same sound another way each time', async () => {
    const sound = Buffer.alloc(1_000);
    await folder.put(FACTS, inPieces(sound));
    const first = readFileSync(path());
    await folder.put(FACTS, inPieces(sound));
    expect(readFileSync(path()).subarray(-1_000).equals(first.subarray(-1_000))).toBe(false);
  });

  it('reads what was written before the key was changed', async () => {
    const sound = randomBytes(5_000);
    await folder.put(FACTS, inPieces(sound));
    const rotated = new RecordingFolder(dir, new RecordingKeys([{ id: '2027', key: randomBytes(32).toString('base64') }, ...KEYS]));
    expect((await soundOf(rotated)).equals(sound)).toBe(true);
    expect((await rotated.put(FACTS, inPieces(sound))).keyId).toBe('2027');
  });

  it.each<[string, (file: Buffer) => Buffer]>([
    ['a bit of its sound', (file) => flipped(file, file.length - 100)],
    ['a bit of its first part', (file) => flipped(file, file.length - 2 * PART)],
    ['a bit of its tag', (file) => flipped(file, file.length - 1)],
    ['its header', (file) => Buffer.from(file.toString('latin1').replace('"queueId":"cards"', '"queueId":"loans"'), 'latin1')],
    ['its length, by a byte', (file) => file.subarray(0, -1)],
    ['its length, by its whole last part', (file) => file.subarray(0, -(PART - 10))],
    ['its length, to the header', (file) => file.subarray(0, 100)],
    ['its beginning', (file) => flipped(file, 0)],
    ['its end', (file) => Buffer.concat([file, Buffer.alloc(1)])],
    ['the order of its parts', (file) => {
      const tail = file.length - (2 * (PART + 16) + 1_000 + 16);
      const [first, second] = [file.subarray(tail, tail + PART + 16), file.subarray(tail + PART + 16, tail + 2 * (PART + 16))];
      return Buffer.concat([file.subarray(0, tail), second, first, file.subarray(tail + 2 * (PART + 16))]);
    }],
    ['everything', () => Buffer.alloc(0)],
  ])('notices a change of %s, and hands out nothing of that part', async (_, change) => {
    const sound = randomBytes(2 * PART + 1_000);
    await folder.put(FACTS, inPieces(sound));
    damage(change);
    const got: Uint8Array[] = [];
    const reading = (async () => {
      for await (const part of await folder.open(FACTS)) got.push(part);
    })();
    await expect(reading).rejects.toMatchObject({ code: 'recording.damaged' });
    // What was handed out before is right.
    const handedOut = Buffer.concat(got);
    expect(sound.subarray(0, handedOut.length).equals(handedOut)).toBe(true);
  });

  it('does not take one recording for another', async () => {
    await folder.put(FACTS, inPieces(randomBytes(100)));
    const other = { ...FACTS, recordingId: recordingId('rec-2') };
    writeFileSync(join(dir, '2026-01-05', 'rec-2.strowrec'), readFileSync(path()));
    await expect(folder.open(other)).rejects.toMatchObject({ code: 'recording.damaged' });
  });

  it('leaves nothing behind when the sound breaks off, and what was there before stays', async () => {
    const sound = randomBytes(2_000);
    await folder.put(FACTS, inPieces(sound));
    const broken = (async function* () {
      yield randomBytes(100_000);
      throw new StrowgerError('switch.unreachable', 'cut');
    })();
    await expect(folder.put(FACTS, broken)).rejects.toMatchObject({ code: 'switch.unreachable' });
    expect((await soundOf()).equals(sound)).toBe(true);
    expect(readdirSync(join(dir, '2026-01-05'))).toEqual(['rec-1.strowrec']);
  });

  it('deletes for good, twice if need be', async () => {
    await folder.put(FACTS, inPieces(randomBytes(10)));
    await folder.delete(FACTS);
    await folder.delete(FACTS);
    expect(readdirSync(join(dir, '2026-01-05'))).toEqual([]);
    await expect(folder.open(FACTS)).rejects.toMatchObject({ code: 'recording.vault-failed' });
  });

  it('tells a disk that cannot be written by its code', async () => {
    writeFileSync(join(dir, '2026-01-05'), 'in the way');
    await expect(folder.put(FACTS, inPieces(randomBytes(10)))).rejects.toMatchObject({ code: 'recording.vault-failed' });
  });

  it('writes to no other place, whatever a switch calls its recordings', async () => {
    await expect(folder.put({ ...FACTS, recordingId: recordingId('rec-/../../x') }, inPieces(randomBytes(10)))).rejects.toMatchObject({ code: 'recording.vault-failed' });
  });
});

describe('RecordingKeys', () => {
  it.each([
    ['none', []],
    ['one that is too short', [{ id: 'a', key: 'c2hvcnQ=' }]],
    ['one that is no base64', [{ id: 'a', key: 'a password of mine' }]],
  ])('refuses %s', (_, keys) => {
    expect(() => new RecordingKeys(keys)).toThrow(expect.objectContaining({ code: 'recording.key-missing' }));
  });
});

function flipped(file: Buffer, at: number): Buffer {
  const copy = Buffer.from(file);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}
