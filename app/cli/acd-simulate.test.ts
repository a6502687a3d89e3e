import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createColors } from 'picocolors';
import { afterAll, describe, expect, it } from 'vitest';
import { acdSimulate, type AcdSimulateOptions } from './acd-simulate.ts';
import type { Terminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'simulate-'));
afterAll(() => rmSync(folder, { recursive: true }));

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const scenario = (agents: number): string => `
name: ${agents} agents
day: { from: "08:00", to: "09:00" }
queues: [{ id: cards, name: 信用卡 }]
callTypes:
  - id: zh
    queue: cards
    steps: [{ require: { skill: zh }, forSeconds: untilServed }]
    arrivals: { perHour: [{ from: "08:00", to: "09:00", calls: 120 }] }
    talkSeconds: { exponential: 120 }
    patienceSeconds: { exponential: 60 }
groups:
  - { id: all, skills: { zh: 5 }, queues: [cards], levels: [{ from: "08:00", agents: ${agents} }] }
`;

async function run(name: string | undefined, options: AcdSimulateOptions): Promise<{ readonly lines: readonly string[]; readonly progress: readonly string[] }> {
  const lines: string[] = [];
  const progress: string[] = [];
  const terminal: Terminal = { isTty: true, colors: createColors(false), line: (text = '') => lines.push(text), note: () => undefined, progress: (text) => progress.push(text) };
  await acdSimulate(terminal, name, options);
  return { lines, progress };
}

describe('acd simulate', () => {
  it('prints tables by queue, type, skill, agents and time of day', async () => {
    const { lines, progress } = await run(file('four.yaml', scenario(4)), { replications: '3' });
    const text = lines.join('\n');
    for (const part of ['4 agents  3 days, seed 1', 'QUEUE', '信用卡', 'CALL TYPE', 'SKILL', 'zh', 'AGENTS', 'FROM', '08:30']) expect(text).toContain(part);
    expect(progress.at(-1)).toContain('day 3 of 3');
  });

  it('compares two, the same callers for both', async () => {
    const { lines } = await run(file('four.yaml', scenario(4)), { replications: '6', compare: file('six.yaml', scenario(6)) });
    const level = lines.find((line) => /^all calls +service level/.test(line)) ?? '';
    expect(level).toMatch(/\+\d+\.\d %.*\*$/);
  });

  it('prints JSON, the same for the same seed', async () => {
    const path = file('four.yaml', scenario(4));
    const once = await run(path, { replications: '2', seed: '9', json: true });
    const result = JSON.parse(once.lines.join('\n')) as { readonly scenarios: readonly { readonly name: string; readonly rows: readonly { readonly kind: string; readonly figures: object }[] }[] };
    expect(result).toMatchObject({ replications: 2, seed: 9 });
    expect(result.scenarios[0]?.name).toBe('4 agents');
    expect(result.scenarios[0]?.rows[0]).toMatchObject({ kind: 'all', figures: { offered: { value: expect.any(Number) as number } } });
    expect((await run(path, { replications: '2', seed: '9', json: true })).lines).toEqual(once.lines);
  });

  it('replays a log, as recorded and with other agents', async () => {
    const at = Date.UTC(2026, 0, 5, 0);
    const steps = [{ require: { skill: 'zh' }, forMs: 'untilServed' }];
    const events: object[] = [
      { type: 'acd.configured', at, agents: [{ agentId: 'anna', skills: { zh: 5 }, queues: ['cards'] }], queues: [{ queueId: 'cards', serviceLevelMs: 20_000, shortAbandonMs: 0, selection: 'longestIdle' }] },
      { type: 'agent.state', at, agentId: 'anna', state: 'ready' },
    ];
    for (let i = 0; i < 40; i += 1) {
      const t = at + i * 80_000;
      events.push({ type: 'contact.queued', at: t, contactId: `c${i}`, queueId: 'cards', priority: 5, ageBoostMs: 0, enqueuedAt: t, position: 1, steps, afterSteps: 'strict' });
      events.push({ type: 'contact.left', at: t + 1000, contactId: `c${i}`, queueId: 'cards', how: 'answered', waitedMs: 1000 });
      events.push({ type: 'conversation.ended', at: t + 61_000, contactId: `c${i}`, agentId: 'anna', endedBy: 'caller', talkMs: 60_000 });
    }
    const log = file('events.jsonl', events.map((event, seq) => JSON.stringify({ seq, event: { v: 1, id: `e${seq}`, ...event } })).join('\n'));
    const { lines } = await run(file('six.yaml', scenario(6)), { replications: '2', log });
    const text = lines.join('\n');
    expect(text).toContain('The log itself');
    expect(text).toContain('A: as recorded');
    expect(text).toContain('B: 6 agents');
    expect(lines.find((line) => line.startsWith('cards'))).toMatch(/^cards +40 +100\.0 %/);
    // 08:00 in Shanghai.
    expect(text).toContain('08:00');
    await expect(run(undefined, { log: file('none.jsonl', '{"type":"x"}') })).rejects.toMatchObject({ code: 'config.invalid' });
    await expect(run(file('other.yaml', scenario(6).replaceAll('cards', 'loans')), { log })).rejects.toThrow(/queue cards, which is not among/);
  });

  it('refuses what it cannot do', async () => {
    await expect(run(undefined, {})).rejects.toMatchObject({ code: 'cli.usage' });
    await expect(run('x.yaml', { replications: '0' })).rejects.toMatchObject({ code: 'cli.usage' });
    await expect(run(undefined, { log: '/nowhere' })).rejects.toMatchObject({ code: 'config.unreadable' });
    await expect(run(undefined, { log: file('bad.jsonl', '{"a":1}\n{') })).rejects.toThrow(/line 2 is no JSON/);
  });
});
