import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CanarySearch } from './canary-search.ts';

const SECRET = '739518';
const finds = (content: string | Buffer, before?: string): number => {
  const search = new CanarySearch();
  search.add('x', content);
  return search.find(SECRET, before).length;
};

it.each([
  ['alone', SECRET],
  ['in JSON', `{"pin":"${SECRET}"}`],
  ['as a number', `{"pin":${SECRET}}`],
  ['in UTF-16', Buffer.from(`x${SECRET}y`, 'utf16le')],
  ['in hexadecimal', Buffer.from(SECRET).toString('hex')],
  ['in base64', Buffer.from(`{"pin":"${SECRET}"}`).toString('base64')],
  ['in base64, moved by one', Buffer.from(`a{"pin":"${SECRET}"}`).toString('base64')],
  ['in base64, moved by two', Buffer.from(`ab{"pin":"${SECRET}"}`).toString('base64')],
  ['between bytes that are no text', Buffer.concat([Buffer.from([0, 255]), Buffer.from(SECRET), Buffer.from([1])])],
])('finds a secret %s', (_, content) => expect(finds(content)).toBeGreaterThan(0));

it('finds it behind what was typed before', () => {
  expect(finds(`6299990000010015${SECRET}`)).toBe(0);
  expect([finds(`6299990000010015${SECRET}`, '6299990000010015'), finds(`6299990000010015#${SECRET}`, '6299990000010015')]).toEqual([1, 2]);
});

it.each([['in a time', `17${SECRET}23456`], ['in a duration', `1234.${SECRET}`], ['in a version', `${SECRET}.25`], ['in part', '73951 8']])('takes no number for it that has it %s', (_, content) => expect(finds(content)).toBe(0));

it('reads every file of a folder, and tells which', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-canary-'));
  try {
    mkdirSync(join(folder, 'deep/er'), { recursive: true });
    writeFileSync(join(folder, 'deep/er/store.db-wal'), Buffer.concat([Buffer.alloc(5_000), Buffer.from(`"${SECRET}"`)]));
    writeFileSync(join(folder, 'plain.log'), 'nothing');
    const search = new CanarySearch();
    search.addFolder(folder);
    expect(search.find(SECRET).map(({ where }) => where)).toEqual([join(folder, 'deep/er/store.db-wal')]);
    expect(search.placesOf('nothing')).toEqual([join(folder, 'plain.log')]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
