import type { AgentStatus } from '../../engine/domain/agent.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { Terminal } from './terminal.ts';

const ACTIONS = ['sign-in', 'sign-out', 'ready', 'not-ready', 'finish-wrap-up'];

interface AgentCommandOptions {
  readonly reason?: string;
  readonly url: string;
  readonly token?: string;
  readonly json?: boolean;
}

interface AgentRow {
  readonly agent: { readonly id: string; readonly name: string; readonly queues: readonly string[]; readonly skills: Readonly<Record<string, number>> };
  readonly status: AgentStatus;
}

/** `./strowger agent list|sign-in|…`: talks to the API of a running engine. */
export async function agentCommand(terminal: Terminal, action: string, agent: string | undefined, options: AgentCommandOptions): Promise<void> {
  if (action === 'list') {
    const { agents } = (await request(options, 'GET', '/api/v1/agents')) as { agents: readonly AgentRow[] };
    if (options.json) terminal.line(JSON.stringify(agents));
    else printAgents(terminal, agents);
    return;
  }
  if (!ACTIONS.includes(action)) {
    throw new StrowgerError('cli.usage', `There is no action '${action}'; there are: list, ${ACTIONS.join(', ')}.`);
  }
  if (agent === undefined) throw new StrowgerError('cli.usage', `Which agent? ./strowger agent ${action} <agent id>`);
  const body = action === 'not-ready' ? { reason: options.reason ?? 'unspecified' } : {};
  const status = (await request(options, 'POST', `/api/v1/agents/${encodeURIComponent(agent)}/${action}`, body)) as AgentStatus;
  if (options.json) terminal.line(JSON.stringify(status));
  else terminal.line(`${agent} is ${stateText(status)}`);
}

function printAgents(terminal: Terminal, agents: readonly AgentRow[]): void {
  const rows = agents.map(({ agent, status }) => [
    agent.id,
    agent.name,
    stateText(status),
    duration(Date.now() - status.since),
    agent.queues.join(' '),
    Object.entries(agent.skills)
      .map(([skill, level]) => `${skill}:${level}`)
      .join(' '),
  ]);
  const header = ['AGENT', 'NAME', 'STATE', 'SINCE', 'QUEUES', 'SKILLS'];
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => width(row[column] ?? ''))));
  for (const row of [header, ...rows]) {
    terminal.line(row.map((cell, column) => cell + ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)))).join('  ').trimEnd());
  }
}

/** Columns on a terminal: Chinese characters take two. */
function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u.test(character) ? 2 : 1), 0);
}

function stateText({ state, reason }: AgentStatus): string {
  return reason === undefined ? state : `${state} (${reason})`;
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}

async function request(options: AgentCommandOptions, method: string, path: string, body?: object): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(new URL(path, options.url), {
      method,
      headers: {
        ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5000),
    });
  } catch (error) {
    throw new StrowgerError('cli.engine-unreachable', `No engine answers at ${options.url}.`, { cause: error });
  }
  const answer: unknown = await response.json();
  if (!response.ok) {
    const { code, message, hint } = answer as { code?: string; message?: string; hint?: string };
    throw new StrowgerError('cli.refused', message ?? `The engine answered ${response.status}.`, { fields: { code }, ...(hint === undefined ? {} : { hint }) });
  }
  return answer;
}
