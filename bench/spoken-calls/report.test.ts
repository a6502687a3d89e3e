import { describe, expect, it } from 'vitest';
import { reportOf } from './report.ts';
import type { SpokenCallsResult } from './spoken-calls-bench.ts';

const row = { what: 'clean', turns: 8, right: 6, wrong: 0, again: 2, confirmed: 1, unnoticed: 0 };
const result: SpokenCallsResult = {
  at: '2026-11-26T00:00:00.000Z',
  machine: { cores: 2, node: 'v20.20.2', load1Before: 1, load1After: 2 },
  callers: 6,
  endSilenceMs: 700,
  recognizers: [
    {
      recognizer: 'commands',
      language: 'en',
      model: 'en-us of Debian',
      conditions: [row],
      voices: [],
      outOfGrammar: { ...row, what: 'in other words', right: 0, again: 8 },
      outOfScope: [{ ...row, what: 'other sentences', right: 0, wrong: 1, again: 7 }],
      keysOnly: 2,
      bargeInMs: { p50: 330, p95: 420, count: 8 },
      promptMs: { p50: 1_050, p95: 1_300, count: 8 },
    },
  ],
  keyBargeInMs: { p50: 140, p95: 160, count: 5 },
  costs: [{ what: 'listening, all silent', channels: 20, seconds: 4, asterisk: 0.01, engine: 0.008, pocketsphinx: 0, msAnUtterance: 0 }],
  leftOut: ['no Mandarin'],
  left: { channels: 1, bridges: 0 },
};

describe('the report of the speech bench', () => {
  it('has a table a recogniser, the delays, the cost, and what is missing', () => {
    const report = reportOf(result).join('\n');
    expect(report).toMatch(/clean +8 +75 % +0 % +25 % +13 % +0 %/);
    expect(report).toMatch(/other sentences +8 +0 % +13 %/);
    expect(report).toContain('begin of speech to silence, p50 / p95: 330 / 420 ms (8)');
    expect(report).toContain('700 ms of it is the silence that ends an utterance, 350 ms (p50) the rest');
    expect(report).toMatch(/listening, all silent +20 +1\.00 % +0\.80 % +0\.00 % +–/);
    expect(report).toContain('! 2 times the hotline gave up listening');
    expect(report).toContain('! no Mandarin');
    expect(report).toContain('✗ left on the switch: 1 channels, 0 bridges');
  });
});
