import { setTimeout as passes } from 'node:timers/promises';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { DrainAnswer } from '../../integrations/http/engine-routes.ts';
import { askEngine, type EngineAddress } from './engine-api.ts';
import { printAnswer, type Terminal } from './terminal.ts';

export interface DrainCommandOptions extends EngineAddress {
  /** One switch; without it, the engine. */
  readonly switch?: string;
  /** Calls are taken again. */
  readonly undo?: boolean;
  /** False: does not wait until it is empty. */
  readonly wait?: boolean;
  /** Gives up waiting after so many seconds; what goes on goes on. */
  readonly timeout?: string;
  readonly json?: boolean;
}

const LOOK_EVERY_MS = 1_000;

/**
 * `./strowger drain`: no new calls, of the engine or of one switch, and waits until the last of those that are in has ended. Throws as `askEngine`,
 * `cli.usage`, `cli.not-empty` when the time was up, and `cli.drain-ended` when it was taken back meanwhile.
 */
export async function drain(terminal: Terminal, options: DrainCommandOptions): Promise<void> {
  const { switch: name, undo = false, wait = true, json } = options;
  const until = deadlineOf(options.timeout);
  const what = name ?? 'The engine';
  const body = { draining: !undo, ...(name === undefined ? {} : { switch: name }) };
  let answer = (await askEngine(options, { method: 'POST', path: '/api/v1/engine/drain', body })) as DrainAnswer;
  if (undo) {
    printAnswer(terminal, json, answer, () => [`${what} takes new calls again${scopeOf(answer, name).draining ? ', once what else holds them back is undone' : ''}.`]);
    return;
  }
  while (wait && scopeOf(answer, name).calls > 0) {
    const { calls } = scopeOf(answer, name);
    terminal.progress(`${what} takes no new calls; ${goOn(calls)}`);
    if (Date.now() >= until) throw new StrowgerError('cli.not-empty', `${what} takes no new calls, but ${goOn(calls)}.`, { fields: { calls } });
    await passes(LOOK_EVERY_MS);
    answer = (await askEngine(options, { method: 'GET', path: '/api/v1/engine/drain' })) as DrainAnswer;
    if (!scopeOf(answer, name).draining) throw new StrowgerError('cli.drain-ended', `${what} takes new calls again.`);
  }
  printAnswer(terminal, json, answer, () => [`${what} takes no new calls${scopeOf(answer, name).calls === 0 ? ', and is empty' : `; ${goOn(scopeOf(answer, name).calls)}`}.`]);
}

const goOn = (calls: number): string => (calls === 1 ? 'one goes on' : `${calls} go on`);

function scopeOf(answer: DrainAnswer, name: string | undefined): { readonly draining: boolean; readonly calls: number } {
  if (name === undefined) return answer;
  const found = answer.switches.find(({ nodeId }) => nodeId === name);
  if (found === undefined) throw new StrowgerError('switch.unknown', `There is no switch '${name}'.`, { fields: { nodeId: name } });
  return found;
}

function deadlineOf(text: string | undefined): number {
  if (text === undefined) return Infinity;
  const seconds = Number(text);
  if (text === '' || !Number.isFinite(seconds) || seconds < 0) throw new StrowgerError('cli.usage', `'${text}' is no number of seconds.`, { fields: { timeout: text } });
  return Date.now() + seconds * 1_000;
}
