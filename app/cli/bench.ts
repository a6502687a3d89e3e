import { resolve } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { Terminal } from './terminal.ts';

export interface BenchOptions {
  readonly quick?: boolean;
  readonly json?: boolean;
  readonly rate?: string;
  readonly minutes?: string;
  readonly bankLog?: string;
  readonly nluData?: string;
  readonly speechData?: string;
}

/** What a bench gives back: all figures as data, the same as a table, and whether something is wrong that is no matter of speed. */
interface BenchOutcome {
  readonly result: unknown;
  readonly report: readonly string[];
  readonly failed: boolean;
}

type Bench = (options: BenchOptions, onProgress: (text: string) => void) => Promise<BenchOutcome>;

/** Each loads its code when it runs: `--help` and a mistyped name answer at once. */
const BENCHES: Readonly<Record<string, Bench>> = {
  call: async ({ rate: given, quick }, onProgress) => {
    const rate = given === undefined ? 60 : Number(given);
    if (!(rate >= 1 && rate <= 300)) throw new StrowgerError('cli.usage', `--rate: ${given} is not allowed; allowed: 1 to 300 calls a second.`);
    const [{ runCallBench }, { reportOf }] = [await import('../../bench/call/call-bench.ts'), await import('../../bench/call/report.ts')];
    const size = quick ? { rounds: 2, roundSeconds: 2, warmUpCalls: 60 } : { rounds: 5, roundSeconds: 8, warmUpCalls: 300 };
    const result = await runCallBench({ rate, onProgress, ...size });
    const engine = result.contestants.find(({ contestant }) => contestant === 'engine');
    return { result, report: reportOf(result), failed: (engine?.failed ?? 0) > 0 || result.left.channels + result.left.bridges > 0 };
  },
  queue: async ({ quick = false }, onProgress) => {
    const [{ queueBench }, { reportOf }] = [await import('../../bench/queue/queue-bench.ts'), await import('../../bench/queue/report.ts')];
    const result = await queueBench({ quick, onProgress });
    const engine = result.contestants.find(({ contestant }) => contestant === 'engine');
    const wrong = engine === undefined || engine.served < engine.offered || engine.tooEarly.rings > 0;
    return { result, report: reportOf(result), failed: wrong || result.left.channels + result.left.bridges > 0 };
  },
  recovery: async ({ quick = false }, onProgress) => {
    const [{ recoveryBench }, { reportOf }] = [await import('../../bench/recovery/recovery-bench.ts'), await import('../../bench/recovery/report.ts')];
    const result = await recoveryBench({ quick, onProgress });
    const wrong = result.sizes.some(({ lost, notServed }) => lost + notServed > 0) || (result.journal?.failed ?? 0) > 0;
    return { result, report: reportOf(result), failed: wrong || result.left.channels + result.left.bridges > 0 };
  },
  soak: async ({ quick = false, minutes, rate }, onProgress) => {
    for (const [option, value] of Object.entries({ minutes, rate })) {
      if (value !== undefined && !(Number(value) > 0)) throw new StrowgerError('cli.usage', `--${option}: ${value} is not allowed; allowed: a number above 0.`);
    }
    const [{ soakBench }, { coursesOf }, { reportOf }] = [await import('../../bench/soak/soak-bench.ts'), await import('../../bench/soak/flatness.ts'), await import('../../bench/soak/report.ts')];
    const result = await soakBench({ quick, onProgress, ...(minutes === undefined ? {} : { minutes: Number(minutes) }), ...(rate === undefined ? {} : { rate: Number(rate) }) });
    return { result, report: reportOf(result), failed: result.failed > 0 || coursesOf(result).some(({ flat }) => !flat) };
  },
  router: async ({ quick = false }, onProgress) => {
    const [{ routerBench }, { reportOf }] = [await import('../../bench/router/router-bench.ts'), await import('../../bench/router/report.ts')];
    const result = routerBench({ quick, onProgress });
    return { result, report: reportOf(result), failed: false };
  },
  callback: async ({ quick = false }, onProgress) => {
    const [{ callbackBench, isWrong }, { reportOf }] = [await import('../../bench/callback/callback-bench.ts'), await import('../../bench/callback/report.ts')];
    const result = await callbackBench({ quick, onProgress });
    return { result, report: reportOf(result), failed: isWrong(result) };
  },
  nlu: async ({ quick = false, nluData = process.env['STROWGER_NLU_DATA'] }, onProgress) => {
    if (nluData === undefined) throw new StrowgerError('cli.usage', '--nlu-data (or STROWGER_NLU_DATA) names the folder with the data: <name>_train.csv, and <name>_oos_train.csv where there is.');
    const [{ nluBench }, { reportOf }] = [await import('../../bench/nlu/nlu-bench.ts'), await import('../../bench/nlu/report.ts')];
    const result = nluBench({ folder: resolve(process.env['STROWGER_INVOKED_FROM'] ?? '.', nluData), quick, onProgress });
    return { result, report: reportOf(result), failed: false };
  },
  'voice-activity': async ({ quick = false }, onProgress) => {
    const [{ otherSounds, speechSets }, { voiceActivityBench }, { reportOf }, { SileroDetector }] = [
      await import('../../bench/speech/sound-sets.ts'),
      await import('../../bench/speech/voice-activity-bench.ts'),
      await import('../../bench/speech/report.ts'),
      await import('../../telephony/voice-activity/silero-detector.ts'),
    ];
    const [{ sets, leftOut }, { sounds, leftOut: more }] = [await speechSets(quick), otherSounds(quick, process.env['STROWGER_MUSIC'])];
    const result = voiceActivityBench({ speech: sets, other: sounds, leftOut: [...leftOut, ...more] }, { detector: new SileroDetector(), onProgress });
    return { result, report: reportOf(result), failed: false };
  },
  speech: async ({ quick = false, speechData = process.env['STROWGER_SPEECH_DATA'] }, onProgress) => {
    const [{ spokenCallsBench }, { reportOf }] = [await import('../../bench/spoken-calls/spoken-calls-bench.ts'), await import('../../bench/spoken-calls/report.ts')];
    const folder = speechData === undefined ? undefined : resolve(process.env['STROWGER_INVOKED_FROM'] ?? '.', speechData);
    const result = await spokenCallsBench({ quick, speechData: folder, onProgress });
    return { result, report: reportOf(result), failed: result.left.channels + result.left.bridges > 0 };
  },
  oracles: async ({ quick = false, bankLog }, onProgress) => {
    const [{ runOracles }, { reportOf }] = [await import('./bench-oracles.ts'), await import('../../bench/oracles/report.ts')];
    const result = runOracles({ quick, bankLog: given(bankLog), onProgress });
    return { result, report: reportOf(result), failed: !result.ok };
  },
  'expected-wait': async ({ quick = false, bankLog }, onProgress) => {
    const [{ expectedWaitBench }, { reportOf }] = [
      await import('../../bench/expected-wait/expected-wait-bench.ts'),
      await import('../../bench/expected-wait/report.ts'),
    ];
    const dataPath = given(bankLog);
    const result = expectedWaitBench({ quick, onProgress, ...(dataPath === undefined ? {} : { dataPath }) });
    return { result, report: reportOf(result), failed: result.goals.some(({ reached }) => !reached) };
  },
};

/** `./strowger bench <name>`: a table, or the whole result as JSON. Exit code 1 when something is wrong that is no matter of speed. */
export async function bench(terminal: Terminal, name: string, options: BenchOptions): Promise<void> {
  const run = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined;
  if (run === undefined) throw new StrowgerError('cli.usage', `There is no benchmark '${name}'; there are: ${Object.keys(BENCHES).join(', ')}.`);
  const onProgress = (text: string): void => (terminal.isTty ? terminal.progress(`  ${text} …`) : terminal.note(text));
  const { result, report, failed } = await run(options, onProgress);
  if (options.json === true) terminal.line(JSON.stringify(result, undefined, 2));
  else for (const line of report) terminal.line(line);
  if (failed) process.exitCode = 1;
}

/** A file that was named, as seen from where the command was typed. */
function given(path: string | undefined): string | undefined {
  const named = path ?? process.env['STROWGER_BANK_LOG'];
  return named === undefined ? undefined : resolve(process.env['STROWGER_INVOKED_FROM'] ?? '.', named);
}
