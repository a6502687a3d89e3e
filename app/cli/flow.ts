import { relative, resolve } from 'node:path';
import type { AnyStateMachine } from 'xstate';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { isLanguage } from '../../engine/domain/language.ts';
import { checkFlow } from '../../engine/flow/check.ts';
import { mermaidDiagram } from '../../engine/flow/diagram.ts';
import type { Finding } from '../../engine/flow/finding.ts';
import { flowGraph } from '../../engine/flow/flow-graph.ts';
import { readFlowFolder, type LoadedHotline } from '../flows/flow-folder.ts';
import type { Terminal } from './terminal.ts';

export interface FlowCheckOptions {
  readonly dir: string;
  readonly json?: boolean;
}

export interface FlowDiagramOptions {
  readonly dir: string;
  readonly format: string;
  /** Of the prompts in an SVG; English when absent. */
  readonly language?: string;
  /** Also what happens at a fault of ours. */
  readonly failures?: boolean;
}

/** What `./strowger flow check --json` prints, one for each flow. */
interface FlowReport {
  readonly flow: string;
  readonly file: string;
  readonly version: string;
  /** Those of its sub-flows among them. */
  readonly states: number;
  readonly services: readonly string[];
  readonly languages: readonly string[];
  readonly findings: readonly Finding[];
}

/** Checks flows of a folder, all of them when none is named, and prints what it finds. Exit code 1 when there are errors. */
export async function flowCheck(terminal: Terminal, ids: readonly string[], options: FlowCheckOptions): Promise<void> {
  const loaded = await loadFlows(options.dir);
  const chosen = ids.length === 0 ? loaded : ids.map((id) => flowOf(loaded, id, options.dir));
  const reports = chosen.map(reportOn);
  if (options.json) terminal.line(JSON.stringify(reports));
  else for (const report of reports) printReport(terminal, report);
  if (reports.some(({ findings }) => findings.some(({ severity }) => severity === 'error'))) process.exitCode = 1;
}

/** Prints the statechart of a flow, as Mermaid or SVG. */
export async function flowDiagram(terminal: Terminal, id: string, options: FlowDiagramOptions): Promise<void> {
  const { format, language = 'en', failures = false } = options;
  if (format !== 'mermaid' && format !== 'svg') throw new StrowgerError('cli.usage', `--format takes mermaid or svg, not '${format}'.`);
  if (!isLanguage(language)) throw new StrowgerError('cli.usage', `--language takes zh-CN or en, not '${language}'.`);
  const { hotline } = flowOf(await loadFlows(options.dir), id, options.dir);
  if (format === 'mermaid') {
    terminal.line(mermaidDiagram(hotline.machine, { failures }).trimEnd());
    return;
  }
  // The layout engine takes a moment to load: only who wants a picture waits for it.
  const { drawFlow } = await import('../flow/draw.ts');
  terminal.line((await drawFlow(hotline, { language, failures })).trimEnd());
}

/** Loads all flows of a folder, as the caller of the command line names it. */
export async function loadFlows(dir: string): Promise<readonly LoadedHotline[]> {
  return readFlowFolder(resolve(process.env['STROWGER_INVOKED_FROM'] ?? '.', dir));
}

/** The flow with an id. Throws `flow.unknown`. */
export function flowOf(loaded: readonly LoadedHotline[], id: string, dir: string): LoadedHotline {
  const found = loaded.find(({ hotline }) => hotline.id === id);
  if (found) return found;
  const known = loaded.map(({ hotline }) => hotline.id).join(', ');
  throw new StrowgerError('flow.unknown', `There is no flow '${id}' in ${dir}.`, {
    fields: { flow: id, dir },
    hint: known === '' ? 'The folder holds no flow: give another one with --dir.' : `There are: ${known}. Another folder is given with --dir.`,
  });
}

function reportOn({ hotline, file, version }: LoadedHotline): FlowReport {
  const { id, machine, prompts, requires } = hotline;
  return {
    flow: id,
    file,
    version,
    states: countStates(machine),
    services: requires.services,
    languages: [...new Set(Object.values(prompts).flatMap((texts) => Object.keys(texts)))].sort(),
    findings: checkFlow(machine, prompts),
  };
}

function countStates(machine: AnyStateMachine): number {
  const nodes = [...flowGraph(machine).nodes.values()].filter(({ path }) => path !== '');
  const inner = nodes.flatMap(({ actors }) => actors.flatMap(({ logic }) => (logic && 'root' in logic ? [countStates(logic as AnyStateMachine)] : [])));
  return inner.reduce((sum, count) => sum + count, nodes.length);
}

function printReport(terminal: Terminal, { flow, file, states, services, languages, findings }: FlowReport): void {
  const { colors } = terminal;
  const where = relative(process.env['STROWGER_INVOKED_FROM'] ?? '.', file);
  for (const { severity, path, message, code, hint } of findings) {
    const sign = severity === 'error' ? colors.red('✗') : colors.yellow('!');
    terminal.line(`${sign} ${where}: ${colors.bold(path)}: ${message}`);
    terminal.line(`  ${colors.dim(code)}  ${hint}`);
  }
  const parts = [count(states, 'state'), count(services.length, 'service'), count(languages.length, 'language'), findingsText(findings)];
  const bad = findings.some(({ severity }) => severity === 'error');
  terminal.line(`${bad ? colors.red('✗') : colors.green('✓')} ${flow}: ${parts.join(', ')}`);
}

function findingsText(findings: readonly Finding[]): string {
  if (findings.length === 0) return 'no findings';
  const errors = findings.filter(({ severity }) => severity === 'error').length;
  const warnings = findings.length - errors;
  return [errors > 0 ? count(errors, 'error') : '', warnings > 0 ? count(warnings, 'warning') : ''].filter((part) => part !== '').join(', ');
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
