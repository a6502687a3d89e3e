import { resolve } from 'node:path';
import type { AnyStateMachine } from 'xstate';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { LANGUAGES } from '../../engine/domain/language.ts';
import { checkFlow } from '../../engine/flow/check.ts';
import { mermaidDiagram } from '../../engine/flow/diagram.ts';
import { drawFlow } from '../flow/draw.ts';
import { readFlowFolder, type LoadedHotline } from '../flows/flow-folder.ts';
import type { Terminal } from './terminal.ts';

/** `./strowger flow check`: what would leave a caller in silence or in a circle. Exit code 1 when there is such a thing. */
export async function flowCheck(terminal: Terminal, ids: readonly string[], options: { readonly dir: string; readonly json?: boolean }): Promise<void> {
  const chosen = await chosenFlows(ids, options.dir);
  const results = chosen.map(({ hotline, file }) => ({ flow: hotline.id, file, findings: checkFlow(hotline.machine as AnyStateMachine, hotline.prompts), hotline }));
  if (results.some(({ findings }) => findings.some(({ severity }) => severity === 'error'))) process.exitCode = 1;
  if (options.json) {
    terminal.line(JSON.stringify(results.map(({ flow, file, findings }) => ({ flow, file, findings })), undefined, 2));
    return;
  }
  const { colors } = terminal;
  for (const { flow, file, findings, hotline } of results) {
    if (findings.length === 0) {
      const { queues, services } = hotline.requires;
      terminal.line(`${colors.green('✓')} ${flow}: ${Object.keys(hotline.prompts).length} prompts in ${LANGUAGES.length} languages, ${queues.length} queues, ${services.length} services, no findings`);
      continue;
    }
    terminal.line(`${colors.red('✗')} ${flow} (${file}): ${findings.length} findings`);
    for (const { code, path, message, hint } of findings) {
      terminal.line(`  ${path}: ${message}  ${colors.dim(code)}`);
      terminal.line(`  ${colors.dim('→')} ${hint}`);
    }
  }
}

/** `./strowger flow diagram`: the statechart as Mermaid text or SVG on standard output. */
export async function flowDiagram(terminal: Terminal, id: string, options: { readonly dir: string; readonly format: string }): Promise<void> {
  const [chosen] = await chosenFlows([id], options.dir);
  if (!chosen) return;
  if (options.format === 'mermaid') terminal.line(mermaidDiagram(chosen.hotline.machine as AnyStateMachine));
  else if (options.format === 'svg') terminal.line(await drawFlow(chosen.hotline, { language: 'en' }));
  else throw new StrowgerError('cli.usage', `--format takes mermaid or svg, not '${options.format}'.`);
}

async function chosenFlows(ids: readonly string[], dir: string): Promise<readonly LoadedHotline[]> {
  const all = await readFlowFolder(resolve(dir));
  if (ids.length === 0) return all;
  return ids.map((id) => {
    const found = all.find(({ hotline }) => hotline.id === id);
    if (!found) throw new StrowgerError('flow.unknown', `There is no flow '${id}'; there are: ${all.map(({ hotline }) => hotline.id).join(', ')}.`);
    return found;
  });
}
