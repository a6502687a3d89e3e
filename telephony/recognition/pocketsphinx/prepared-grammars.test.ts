import { spawnSync } from 'node:child_process';
import { fstatSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { phoneLoop } from './command-grammar.ts';
import { PreparedGrammar, PreparedGrammars } from './prepared-grammars.ts';

const isOpen = ({ fds }: PreparedGrammar) =>
  fds.every((fd) => {
    try {
      return fstatSync(fd).nlink === 0;
    } catch {
      return false;
    }
  });

describe('PreparedGrammar', () => {
  it('is read by programs, any number of times and from the beginning, without a file that has a name', () => {
    const prepared = new PreparedGrammar(phoneLoop(['AA']));
    for (let round = 0; round < 2; round += 1) {
      const { stdout } = spawnSync('cat', ['/dev/fd/4', '/dev/fd/4'], { stdio: ['ignore', 'pipe', 'inherit', ...prepared.fds], encoding: 'utf8' });
      expect(stdout).toBe('w0 AA\nw0 AA\n');
    }
    expect(isOpen(prepared)).toBe(true);
    prepared.close();
    expect(isOpen(prepared)).toBe(false);
    expect(() => prepared.close()).not.toThrow();
  });
});

describe('PreparedGrammars', () => {
  it('keeps those that were used last, and closes the others', () => {
    const grammars = new PreparedGrammars();
    const get = (key: string) => grammars.get(key, () => phoneLoop([key]));
    const [first, second] = [get('first'), get('second')];
    for (let at = 0; at < 98; at += 1) get(`more ${at}`);
    expect(get('first')).toBe(first);
    get('one too many');
    expect([isOpen(first), isOpen(second)]).toEqual([true, false]);
    expect(get('second')).not.toBe(second);
    grammars.close();
    expect(isOpen(first)).toBe(false);
  });
});
