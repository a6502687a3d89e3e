import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { ensurePrivateRoot } from '../pbx/private-packages.ts';
import { PromptMatcher, type PromptReference } from './audio-match.ts';
import { PCMU } from './g711.ts';
import { readPrompt } from './wav.ts';

// Sentences of one synthetic voice, many with the same words in them: what a hotline's prompts are like in development.
const MANDARIN = [
  '欢迎致电银行客户服务中心',
  '账户余额查询请按一',
  '信用卡业务请按二',
  '信用卡挂失请按三',
  '贷款业务请按四',
  '您的输入有误，请重新输入',
  '请输入您的账号，以井号键结束',
  '请输入您的密码，以井号键结束',
  '正在为您转接人工服务，请稍候',
  ...'一二三四五六七八九零',
];
const ENGLISH = [
  'For account balance press one',
  'For card loss press three',
  'For loans press four',
  'That was not a valid choice. Please try again',
  'Please enter your account number followed by the hash key',
  'Please enter your password followed by the hash key',
  'You are being connected to an agent. Please hold',
  'one',
  'two',
  'three',
];

const run = promisify(execFile);
let directory: string;
let references: PromptReference[];
let matcher: PromptMatcher;

beforeAll(async () => {
  const root = await ensurePrivateRoot();
  directory = await mkdtemp(join(tmpdir(), 'strowger-voices-'));
  references = [];
  for (const [i, text] of [...MANDARIN, ...ENGLISH].entries()) {
    const path = join(directory, `${i}.wav`);
    const { file, args, env } = i < MANDARIN.length ? root.command('espeak-ng', ['-v', 'cmn+f3', '-w', path, text]) : root.command('flite', ['-voice', 'slt', '-t', text, '-o', path]);
    await run(file, args, { env });
    references.push({ key: text, pcm: await readPrompt(path) });
  }
  matcher = new PromptMatcher(references);
}, 300_000);
afterAll(() => rm(directory, { recursive: true, force: true }));

/** The audio as a telephone at half volume hears it. */
function overTheLine(...parts: Int16Array[]): Int16Array {
  const all = parts.flatMap((part) => [new Int16Array(1003), part]);
  const line = new Int16Array(all.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of all) {
    line.set(part.map((sample) => sample / 2), at);
    at += part.length;
  }
  return PCMU.decode(PCMU.encode(line));
}

describe('recognising the sentences of one synthetic voice', () => {
  it('finds each as itself and nothing else', () => {
    for (const { key, pcm } of references) {
      const found = matcher.find(overTheLine(pcm));
      expect(found.map((match) => [match.key, match.complete, match.alsoFits])).toEqual([[key, true, []]]);
    }
  });

  it('finds a whole call in order', () => {
    const keys = [0, 2, 5, 20, 22, 12, 18, 25].flatMap((i) => references[i]?.key ?? []);
    const heard = overTheLine(...keys.map((key) => references.find((each) => each.key === key)?.pcm ?? new Int16Array(0)));
    expect(matcher.find(heard).map(({ key }) => key)).toEqual(keys);
  });

  it('knows each by its first 1.5 s, or names those that begin alike', () => {
    for (const { key, pcm } of references.filter((each) => each.pcm.length > 14_000)) {
      const [match, ...more] = matcher.find(overTheLine(pcm.subarray(0, 12_000)));
      expect(more).toEqual([]);
      expect([match?.key, ...(match?.alsoFits ?? [])]).toContain(key);
      expect(match?.complete).toBe(false);
      expect(match?.heardMs).toBeGreaterThan(1_100);
      expect(match?.heardMs).toBeLessThanOrEqual(1_520);
    }
  });
});
