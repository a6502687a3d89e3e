import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bankResultOf } from './bank-bench.ts';
import { findBankLog, parseBankLog, readBankLog } from './bank-log.ts';
import { replayBankLog } from './bank-replay.ts';

const HEADER = 'month,vru_line,call_id,customer_id,priority,type,date,vru_entry,vru_exit,vru_time,q_start,q_exit,q_time,outcome,ser_start,ser_exit,ser_time,server';
/** Made up in the log's form. */
const LINES = [
  'jan,AA0101,1,0,0,PS,1999-01-03,08:00:00,08:00:10,10,00:00:00,00:00:00,0,AGENT,08:00:10,08:02:10,120,A01',
  'jan,AA0101,2,0,0,PS,1999-01-03,08:00:50,08:01:00,10,08:01:00,08:02:12,72,AGENT,08:02:10,08:03:10,60,A01',
  'jan,AA0101,3,7,2,NW,1999-01-03,08:01:20,08:01:30,10,08:01:30,08:03:10,100,HANG,00:00:00,00:00:00,0,',
  'jan,AA0101,4,0,0,PS,1999-01-03,08:03:00,08:03:05,5,08:03:05,08:03:06,1,PHANTOM,00:00:00,00:00:00,0,A01',
  'jan,AA0101,5,0,0,PS,1999-01-03,08:03:00,08:03:05,5,08:03:05,08:03:45,40,AGENT,08:03:44,08:03:40,0,A01',
];
const LOG = [HEADER, ...LINES, ''].join('\n');
const at = (time: string): number => Date.parse(`1999-01-03T${time}Z`);

describe("the bank's call log", () => {
  it('is read row by row, without phantom calls', () => {
    const calls = parseBankLog(LOG);
    expect(calls).toHaveLength(4);
    expect(calls[0]).toEqual({ type: 'PS', month: 'jan', urgent: false, wait: undefined, service: { from: at('08:00:10'), to: at('08:02:10'), agent: 'A01' } });
    expect(calls[1]?.wait).toEqual({ from: at('08:01:00'), to: at('08:02:12'), answered: true });
    expect(calls[2]).toMatchObject({ type: 'NW', urgent: true, wait: { answered: false }, service: undefined });
  });

  it('keeps the wait of a service that ends before it begins', () => {
    expect(parseBankLog(LOG)[3]).toMatchObject({ wait: { to: at('08:03:45') }, service: undefined });
  });

  it('is refused without the columns that are needed', () => {
    expect(() => parseBankLog('a,b\n1,2')).toThrow(/no column month/);
  });

  it('is read packed or not, and looked for where it is said to be', () => {
    const dir = mkdtempSync(join(tmpdir(), 'strowger-bank-'));
    try {
      expect(findBankLog(dir)).toEqual({ path: join(dir, 'anonymous_bank_1999_jan_feb.csv.gz'), found: false });
      writeFileSync(join(dir, 'anonymous_bank_1999_jan_feb.csv.gz'), gzipSync(LOG));
      writeFileSync(join(dir, 'plain.csv'), LOG);
      expect(findBankLog(dir).found).toBe(true);
      expect(readBankLog(findBankLog(dir).path)).toEqual(readBankLog(join(dir, 'plain.csv')));
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('the replay of the log', () => {
  it('tells what a distributor would have seen, in order', () => {
    const story: string[] = [];
    replayBankLog(parseBankLog(LOG), {
      entered: (contact, _call, now, view) => story.push(`${new Date(now).toISOString().slice(11, 19)} ${contact} enters behind ${view.ahead}, ${view.pool.ahead} of the pool, ${view.pool.servers} agent`),
      answered: (contact, _call, now) => story.push(`${new Date(now).toISOString().slice(11, 19)} ${contact} answered`),
      abandoned: (contact, _call, now) => story.push(`${new Date(now).toISOString().slice(11, 19)} ${contact} gave up`),
      handled: (_call, durationMs) => story.push(`handled ${durationMs / 1_000}`),
      waits: (contact, _call, _now, view) => story.push(`${contact} waits behind ${view.pool?.ahead}`),
    }, 45_000);
    expect(story).toEqual([
      '08:01:00 1 enters behind 0, 0 of the pool, 1 agent',
      // The customer of high priority stands as if it had come 90 s earlier.
      '08:01:30 2 enters behind 0, 0 of the pool, 1 agent',
      '1 waits behind 1',
      'handled 120',
      '08:02:12 1 answered',
      '2 waits behind 0',
      '08:03:05 3 enters behind 0, 1 of the pool, 1 agent',
      '08:03:10 2 gave up',
      // By the agent's clock, which was two seconds ahead of the queue's.
      'handled 60',
      '08:03:45 3 answered',
    ]);
  });
});

describe('the comparison on the log', () => {
  it('has a figure for every estimator', () => {
    // Thirty like minutes in each of two months.
    const lines = ['jan', 'feb'].flatMap((month, monthIndex) => Array.from({ length: 30 }, (_, n) => {
      const date = `1999-0${monthIndex + 1}-0${3 + Math.floor(n / 10)}`;
      const clock = (seconds: number): string => new Date(Date.UTC(1999, 0, 1, 9, n % 10, seconds)).toISOString().slice(11, 19);
      const wait = 10 + ((n * 7) % 40);
      return `${month},l,${n},0,0,PS,${date},${clock(0)},${clock(0)},0,${clock(0)},${clock(wait)},${wait},AGENT,${clock(wait)},${clock(wait + 60)},60,A0${n % 3}`;
    }));
    const result = bankResultOf(parseBankLog([HEADER, ...lines].join('\n')));
    expect(result).toMatchObject({ testMonth: 'feb', trained: 30, tested: 30, testedPs: 30 });
    for (const { all, ps } of result.rows) {
      expect(Number.isFinite(all)).toBe(true);
      expect(ps).toBe(all);
    }
    expect(result.rows.find(({ estimator }) => estimator === 'online')?.all).toBeLessThan(0.6);
  });
});
