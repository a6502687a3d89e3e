import { runCallBench } from '../../bench/call/call-bench.ts';
import { reportOf } from '../../bench/call/report.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { Terminal } from './terminal.ts';

const DEFAULT_RATE = 60;
const QUICK = { rounds: 2, roundSeconds: 2, warmUpCalls: 60 };
const FULL = { rounds: 5, roundSeconds: 8, warmUpCalls: 300 };

/** `./strowger bench call`: a table, or the whole result as JSON. Exit code 1 when a call of the engine failed. */
export async function bench(terminal: Terminal, name: string, options: { readonly quick?: boolean; readonly json?: boolean; readonly rate?: string }): Promise<void> {
  if (name !== 'call') throw new StrowgerError('cli.usage', `There is no benchmark '${name}'; there is: call.`);
  const rate = options.rate === undefined ? DEFAULT_RATE : Number(options.rate);
  if (!(rate >= 1 && rate <= 300)) throw new StrowgerError('cli.usage', `--rate: ${options.rate} is not allowed; allowed: 1 to 300 calls a second.`);
  const onProgress = (text: string): void => (terminal.isTty ? terminal.progress(`  ${text} …`) : terminal.note(text));
  const result = await runCallBench({ rate, onProgress, ...(options.quick === true ? QUICK : FULL) });
  if (options.json === true) terminal.line(JSON.stringify(result, undefined, 2));
  else for (const line of reportOf(result)) terminal.line(line);
  const engine = result.contestants.find(({ contestant }) => contestant === 'engine');
  if ((engine?.failed ?? 0) > 0 || result.left.channels + result.left.bridges > 0) process.exitCode = 1;
}
