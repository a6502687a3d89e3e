import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';

import { PrivateAsterisk } from '../pbx/private-asterisk.ts';
import { ensurePrivateRoot } from '../pbx/private-packages.ts';
import type { PrivateRoot } from '../pbx/private-root.ts';
import { menuScript, runLoad } from './load-caller.ts';
import { ScriptedCaller } from './scripted-caller.ts';
import { sine } from './tone.ts';
import { encodeWav } from './wav.ts';

/** A busy machine takes its time. */
const eventually = <T>(get: () => T) => expect.poll(get, { timeout: 10_000 });

let root: PrivateRoot;
let pbx: PrivateAsterisk;
let sounds: string;

beforeAll(async () => {
  root = await ensurePrivateRoot();
  sounds = await mkdtemp(join(tmpdir(), 'strowger-tones-'));
  await writeFile(join(sounds, 'first.wav'), encodeWav(sine(440, 4000)));
  await writeFile(join(sounds, 'second.wav'), encodeWav(sine(880, 300)));
  pbx = await PrivateAsterisk.start({
    root,
    config: {
      extraDialplan: `
[strowger-inbound]
exten => 7100,1,Answer()
 same => n,Goto(load-menu,s,1)
exten => 7101,1,Hangup(17)
[load-menu]
exten => s,1,Background(${sounds}/first)
 same => n,WaitExten(5)
exten => 1,1,Playback(${sounds}/second)
 same => n,Hangup(16)
`,
    },
  });
}, 300_000);

afterAll(async () => {
  await pbx.stop();
  await rm(sounds, { recursive: true });
});

async function startCaller(): Promise<ScriptedCaller> {
  const caller = await ScriptedCaller.start({ command: root.command('sipp', []), server: pbx.sip });
  onTestFinished(() => caller.stop());
  return caller;
}

it('places calls at a rate and measures what each met', async () => {
  const result = await runLoad(await startCaller(), {
    number: '7100',
    callsPerSecond: 20,
    calls: 40,
    script: menuScript({ digit: '1', pressAfterMs: 100, nextToneHz: 880, then: 'wait' }),
  });
  expect(result.failures).toEqual([]);
  expect(result).toMatchObject({ started: 40, succeeded: 40 });
  expect(result.maxConcurrent).toBeGreaterThan(1);
  for (const name of ['answer', 'answerToAudio', 'digitToAudio']) {
    const percentiles = result.percentiles.get(name);
    expect(percentiles?.count).toBe(40);
    expect(percentiles?.p50).toBeGreaterThan(0);
    expect(percentiles?.p99).toBeGreaterThanOrEqual(percentiles?.p50 ?? NaN);
  }
  await eventually(() => pbx.channelCount()).toBe(0);
});

it('says why calls failed', async () => {
  const caller = await startCaller();
  const refused = await runLoad(caller, { number: '7101', callsPerSecond: 50, calls: 3, script: async (call) => void (await call.answered) });
  expect(refused.succeeded).toBe(0);
  expect(refused.failures.map(({ n, end }) => [n, end.status])).toEqual([
    [0, 486],
    [1, 486],
    [2, 486],
  ]);
  const slow = await runLoad(caller, { number: '7100', callsPerSecond: 50, calls: 2, callTimeoutMs: 300, script: () => new Promise(() => undefined) });
  expect(slow.failures.map(({ why }) => why)).toEqual(['took longer than 300 ms', 'took longer than 300 ms']);
  // On a busy machine they were not even answered by then.
  for (const { end } of slow.failures) expect(['bye', 'cancelled']).toContain(end.how);
  await eventually(() => pbx.channelCount()).toBe(0);
});
