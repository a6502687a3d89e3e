import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { withItem, withoutItem } from './edit-config.ts';

const TEXT = `# A contact centre.
queues:
    - { id: a, name: A,   ringSeconds: 20 } # the first

    - { id: b, name: B } # the last

agents: # who works here
    # the boss
    - id: "1"
      name: Li Na
      endpoint: PJSIP/1   # upstairs
      skills: { loans: 3,  cards: 1 }  # asks for more
      queues: [a, b]
      phonePassword: { env: X }
    - id: "2"
      name: Wang
      endpoint: PJSIP/2
      queues:
        - a
# the end
log: { level:   info }
`;
const AGENT = ['name', 'endpoint', 'skills', 'queues'];
const changed = (after: string, before = TEXT): readonly string[] => {
  const [old, now] = [before.split('\n'), after.split('\n')];
  return [...old.filter((line) => !now.includes(line)).map((line) => `- ${line.trim()}`), ...now.filter((line) => !old.includes(line)).map((line) => `+ ${line.trim()}`)];
};

describe('withItem', () => {
  it('touches only the lines that change, and keeps comments and other settings', () => {
    const after = withItem(TEXT, 'agents', '1', { name: 'Li Na', endpoint: 'PJSIP/1', skills: { loans: 5 }, queues: ['a', 'b'] }, AGENT);
    expect(changed(after)).toEqual(['- skills: { loans: 3,  cards: 1 }  # asks for more', '+ skills: { loans: 5 } # asks for more']);
  });

  it('changes nothing when nothing is different', () => {
    expect(withItem(TEXT, 'agents', '1', { name: 'Li Na', endpoint: 'PJSIP/1', skills: { loans: 3, cards: 1 }, queues: ['a', 'b'] }, AGENT)).toBe(TEXT);
  });

  it('takes out what is not given, and notices spaces that count', () => {
    const after = withItem(TEXT, 'agents', '1', { name: 'LiNa', endpoint: 'PJSIP/1', queues: ['b'] }, AGENT);
    expect(parse(after)).toMatchObject({ agents: [{ id: '1', name: 'LiNa', endpoint: 'PJSIP/1', queues: ['b'], phonePassword: { env: 'X' } }, { id: '2' }] });
    expect(after).not.toContain('loans');
    expect(after).toContain('# upstairs');
    expect(after).toContain('# the boss');
  });

  it('adds at the end of the list, written as the others are', () => {
    expect(changed(withItem(TEXT, 'queues', 'c', { name: 'C', announcements: { position: false } }, []))).toEqual(['+ - { id: c, name: C, announcements: { position: false } }']);
    expect(changed(withItem(TEXT, 'agents', '3', { name: '赵', endpoint: 'PJSIP/3', queues: ['a'] }, AGENT))).toEqual([
      '+ - id: "3"',
      '+ name: 赵',
      '+ endpoint: PJSIP/3',
      '+ queues: [ a ]',
    ]);
  });

  it('makes a list that is not there, and copes with lists on one line', () => {
    expect(parse(withItem('queues: [{ id: a, name: A }]\n', 'agents', '1', { name: 'L' }, []))).toEqual({ queues: [{ id: 'a', name: 'A' }], agents: [{ id: '1', name: 'L' }] });
    expect(parse(withItem('queues: [{ id: a, name: A }]\n', 'queues', 'a', { name: 'B' }, ['name']))).toEqual({ queues: [{ id: 'a', name: 'B' }] });
  });

  it('copes with anchors', () => {
    const text = 'base: &skills { loans: 1 }\nagents:\n  - id: "1"\n    skills: *skills\n    name: L\n';
    expect(parse(withItem(text, 'agents', '1', { name: 'M', skills: { loans: 2 } }, ['name', 'skills']))).toEqual({ base: { loans: 1 }, agents: [{ id: '1', name: 'M', skills: { loans: 2 } }] });
    expect(parse(withItem(text, 'agents', '1', { name: 'M' }, ['name']))).toMatchObject({ agents: [{ name: 'M', skills: { loans: 1 } }] });
  });

  it('refuses what is no YAML', () => {
    expect(() => withItem('a: [', 'agents', '1', {}, [])).toThrow(expect.objectContaining({ code: 'acd.refused' }));
  });
});

describe('withoutItem', () => {
  it('takes out the lines of one', () => {
    expect(changed(withoutItem(TEXT, 'queues', 'b'))).toEqual(['- - { id: b, name: B } # the last']);
    expect(parse(withoutItem(TEXT, 'agents', '1'))).toMatchObject({ agents: [{ id: '2' }] });
    expect(() => withoutItem(TEXT, 'agents', '9')).toThrow(expect.objectContaining({ code: 'acd.unknown' }));
  });
});
