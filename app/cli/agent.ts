import type { AgentStatus } from '../../engine/domain/agent.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { askEngine, type EngineAddress } from './engine-api.ts';
import { printTable } from './table.ts';
import type { Terminal } from './terminal.ts';

const ACTIONS = ['sign-in', 'sign-out', 'ready', 'not-ready', 'finish-wrap-up', 'code'];

interface AgentCommandOptions extends EngineAddress {
  readonly reason?: string;
  /** For `code`. */
  readonly code?: string;
  readonly json?: boolean;
}

interface AgentRow {
  readonly agent: { readonly id: string; readonly name: string; readonly queues: readonly string[]; readonly skills: Readonly<Record<string, number>> };
  readonly status: AgentStatus;
}

/** `./strowger agent list|sign-in|…`: talks to the API of a running engine. */
export async function agentCommand(terminal: Terminal, action: string, agent: string | undefined, options: AgentCommandOptions): Promise<void> {
  if (action === 'list') {
    const { agents } = (await askEngine(options, { method: 'GET', path: '/api/v1/agents' })) as { agents: readonly AgentRow[] };
    if (options.json) terminal.line(JSON.stringify(agents));
    else printAgents(terminal, agents);
    return;
  }
  if (!ACTIONS.includes(action)) {
    throw new StrowgerError('cli.usage', `There is no action '${action}'; there are: list, ${ACTIONS.join(', ')}.`);
  }
  if (agent === undefined) throw new StrowgerError('cli.usage', `Which agent? ./strowger agent ${action} <agent id>`);
  if (action === 'code') {
    if (options.code === undefined) throw new StrowgerError('cli.usage', `Which code? ./strowger agent code ${agent} <code>`);
    const entered = await askEngine(options, { method: 'POST', path: `/api/v1/agents/${encodeURIComponent(agent)}/wrap-up-code`, body: { code: options.code } });
    terminal.line(options.json ? JSON.stringify(entered) : `${agent}: ${options.code}`);
    return;
  }
  const body = action === 'not-ready' ? { reason: options.reason ?? 'unspecified' } : {};
  const status = (await askEngine(options, { method: 'POST', path: `/api/v1/agents/${encodeURIComponent(agent)}/${action}`, body })) as AgentStatus;
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
  const titles = ['AGENT', 'NAME', 'STATE', 'SINCE', 'QUEUES', 'SKILLS'];
  printTable(terminal, titles.map((title) => ({ title })), rows);
}

function stateText({ state, reason }: AgentStatus): string {
  return reason === undefined ? state : `${state} (${reason})`;
}

function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : seconds < 3600 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3600)} h`;
}
