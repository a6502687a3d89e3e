import { StrowgerError } from '../../engine/domain/errors.ts';
import type { ReloadResult } from '../../integrations/http/acd-schemas.ts';
import { boardLines, type AcdBoard, type BoardAgent, type BoardQueue } from './acd-board.ts';
import { askEngine, type EngineAddress } from './engine-api.ts';
import { LiveScreen } from './live-screen.ts';
import { explain, type Terminal } from './terminal.ts';
import { whyLines, type Why } from './why-text.ts';

export interface AcdCommandOptions extends EngineAddress {
  readonly json?: boolean;
}

const REFRESH_MS = 1_000;
/** The past is read from the event log. */
const WHY_TIMEOUT_MS = 60_000;

/** `./strowger acd status`: queues, who waits and agents; with `watch` again each second until it is interrupted. */
export async function acdStatus(terminal: Terminal, options: AcdCommandOptions & { readonly watch?: boolean }): Promise<void> {
  const print = (board: AcdBoard): readonly string[] => (options.json ? [JSON.stringify(board)] : boardLines(board, Date.now()));
  if (!options.watch) {
    for (const line of print(await boardOf(options))) terminal.line(line);
    return;
  }
  const screen = new LiveScreen({
    isTty: terminal.isTty && !options.json,
    size: () => ({ rows: process.stdout.rows || 24 }),
    write: (text) => void process.stdout.write(text),
  });
  let stopped = false;
  const stop = new Promise<void>((resolve) => {
    const end = (): void => {
      stopped = true;
      resolve();
    };
    process.once('SIGINT', end);
    process.once('SIGTERM', end);
  });
  try {
    while (!stopped) {
      screen.show(await boardOf(options).then(print, (error: unknown) => failureLines(terminal, error)));
      await Promise.race([stop, new Promise((resolve) => setTimeout(resolve, REFRESH_MS))]);
    }
  } finally {
    screen.close();
  }
}

/** `./strowger acd why`: of a contact, or of the contact of a call. */
export async function acdWhy(terminal: Terminal, id: string, options: AcdCommandOptions): Promise<void> {
  const why = (await askEngine(options, { method: 'GET', path: `/api/v1/contacts/${encodeURIComponent(id)}/why`, timeoutMs: WHY_TIMEOUT_MS })) as Why;
  if (options.json) terminal.line(JSON.stringify(why));
  else for (const line of whyLines(why)) terminal.line(line);
}

/** `./strowger acd reload`: the engine reads agents, queues and skills again. */
export async function acdReload(terminal: Terminal, options: AcdCommandOptions): Promise<void> {
  const report = (await askEngine(options, { method: 'POST', path: '/api/v1/acd/reload' })) as ReloadResult;
  if (options.json) {
    terminal.line(JSON.stringify(report));
    return;
  }
  const { agents, queues, settings, needRestart, warnings } = report;
  const named = (what: string, ids: readonly string[]): void => {
    if (ids.length > 0) terminal.line(`${what}: ${ids.join(', ')}`);
  };
  for (const [kind, { added, changed, removed }] of [['agents', agents], ['queues', queues]] as const) {
    named(`${kind} added`, added);
    named(`${kind} changed`, changed);
    named(`${kind} removed`, removed);
  }
  named('settings changed', settings);
  if ([agents, queues].every((one) => one.added.length + one.changed.length + one.removed.length === 0) && settings.length === 0) terminal.line('nothing has changed');
  for (const warning of warnings) terminal.line(`${terminal.colors.yellow('!')} ${warning}`);
  named(`${terminal.colors.yellow('!')} needs a restart`, needRestart);
}

/** `./strowger acd priority`: another priority for a contact that waits. */
export async function acdPriority(terminal: Terminal, contact: string, priority: string, options: AcdCommandOptions & { readonly ageBoost?: string }): Promise<void> {
  const body = { priority: numberOf(priority, 'The priority'), ...(options.ageBoost === undefined ? {} : { ageBoostSeconds: numberOf(options.ageBoost, '--age-boost') }) };
  const answer = await askEngine(options, { method: 'POST', path: `/api/v1/contacts/${encodeURIComponent(contact)}/priority`, body });
  if (options.json) terminal.line(JSON.stringify(answer));
  else terminal.line(`${contact} has priority ${body.priority} now`);
}

async function boardOf(options: EngineAddress): Promise<AcdBoard> {
  const [{ agents }, { queues }] = (await Promise.all([
    askEngine(options, { method: 'GET', path: '/api/v1/agents' }),
    askEngine(options, { method: 'GET', path: '/api/v1/queues' }),
  ])) as [{ agents: readonly BoardAgent[] }, { queues: readonly BoardQueue[] }];
  return { agents, queues };
}

/** While watching, an engine that is away for a moment is told and asked again. */
function failureLines(terminal: Terminal, error: unknown): readonly string[] {
  const lines: string[] = [];
  explain(error, { ...terminal, note: (text) => void lines.push(text) });
  return lines;
}

function numberOf(text: string, what: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new StrowgerError('cli.usage', `${what} is a number, not '${text}'.`);
  return value;
}
