import { resolve } from 'node:path';
import { isStrowgerError, messageOf } from '../../engine/domain/errors.ts';
import { findPrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { checkLimits } from '../config/check-limits.ts';
import { checkRoutes, computedRoutes } from '../config/check-routes.ts';
import { checkConfig, readConfig } from '../config/load-config.ts';
import type { Config } from '../config/schema.ts';
import { checkApi, checkBroker, checkServices, checkStore } from '../doctor/check-surroundings.ts';
import { checkRecording } from '../doctor/check-recording.ts';
import { checkSecurity } from '../doctor/check-security.ts';
import { checkSpeech } from '../doctor/check-speech.ts';
import { checkSwitch } from '../doctor/check-switch.ts';
import { failure, ok, warning, type Finding } from '../doctor/finding.ts';
import { readFlowFolder, type LoadedHotline } from '../flows/flow-folder.ts';
import { loadPrompts, promptLibrary } from '../prompts.ts';
import type { Terminal } from './terminal.ts';

/** Checks each part of an installation; exit code 1 when one has failed. Changes nothing but the cache of prompts. */
export async function doctor(terminal: Terminal, options: { readonly config: string; readonly json?: boolean }): Promise<void> {
  const file = resolve(process.env['STROWGER_INVOKED_FROM'] ?? '.', options.config);
  const { config, warnings: doubts } = checkConfig(readConfig(file), file, process.env);
  const findings: Finding[] = [];
  const report = (found: readonly Finding[]): void => {
    findings.push(...found);
    if (!options.json) for (const finding of found) print(terminal, finding);
  };
  report([ok('config', `${file} is valid: ${config.hotlines.length} hotlines, ${config.queues.length} queues, ${config.agents.length} agents`)]);
  report(doubts.map(({ path, found, allowed }) => warning('config', `${path}: found ${found}`, `Better: ${allowed}.`)));
  for (const node of config.nodes) report(await checkSwitch(node, config, process.env));
  report(await checkFlowsAndPrompts(terminal, config));
  report([await checkStore(config), await checkBroker(config, process.env)]);
  report(await checkApi(config, process.env));
  report(await checkServices(config));
  report(await checkSpeech(config));
  report(checkRecording(config, process.env));
  report(checkSecurity(config));
  const failures = findings.filter(({ state }) => state === 'failure').length;
  const warnings = findings.filter(({ state }) => state === 'warning').length;
  if (options.json) terminal.line(JSON.stringify({ ok: failures === 0, findings }, undefined, 2));
  else terminal.line(`\n${findings.length} checks: ${failures} failed, ${warnings} to look at`);
  if (failures > 0) process.exitCode = 1;
}

async function checkFlowsAndPrompts(terminal: Terminal, config: Config): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  let used: readonly LoadedHotline[];
  try {
    const all = await readFlowFolder(resolve(config.flows.dir));
    const missing = config.hotlines.filter(({ flow }) => !all.some(({ hotline }) => hotline.id === flow));
    for (const { number, flow } of missing) {
      findings.push(failure('flows', `hotline ${number} names the flow '${flow}', which is not there`, `There are: ${all.map(({ hotline }) => hotline.id).join(', ')}.`));
    }
    used = all.filter(({ hotline }) => hotline.id === config.limits.overloadFlow || config.hotlines.some(({ flow }) => flow === hotline.id));
    findings.push(...checkLimits(config, all.map(({ hotline }) => hotline.id)).map(({ text, mend }) => warning('limits', text, mend)));
    findings.push(...used.flatMap((loaded) => [...checkRequirements(loaded, config), ...checkRoutes(loaded.hotline, config)]));
  } catch (error) {
    return [failure('flows', messageOf(error), isStrowgerError(error) ? error.hint : 'Mend the file that the message names.')];
  }
  try {
    const root = findPrivateRoot();
    const library = promptLibrary({
      config,
      environment: process.env,
      ...(root ? { root } : {}),
      onProgress: ({ done, total }) => terminal.progress(`rendering prompts ${done}/${total}`),
    });
    const { fragments } = await loadPrompts(library, used);
    findings.push(ok('prompts', `${fragments} fragments of ${used.length} flows are recorded or rendered, in every language`));
  } catch (error) {
    findings.push(failure('prompts', messageOf(error), isStrowgerError(error) ? error.hint : 'Read the message.'));
  }
  return findings;
}

/** What a flow names must be configured: calendars, services. Its queues and routing steps are looked at by checkRoutes. */
function checkRequirements({ hotline }: LoadedHotline, config: Config): readonly Finding[] {
  const findings: Finding[] = [];
  const lacking = (kind: string, wanted: readonly string[], there: readonly string[]): void => {
    const missing = wanted.filter((name) => !there.includes(name));
    if (missing.length > 0) {
      findings.push(failure(`flow ${hotline.id}`, `uses the ${kind} ${missing.join(', ')}, not configured`, `Configure them, or change the flow. There are: ${there.join(', ') || 'none'}.`));
    }
  };
  lacking('calendars', hotline.requires.calendars, Object.keys(config.calendars));
  const computed = computedRoutes(hotline);
  const unseen = computed.length === 0 ? '' : `; the routing steps of ${computed.join(', ')} are computed, only a call tells them`;
  return findings.length > 0 ? findings : [ok(`flow ${hotline.id}`, `its calendars are there; it routes to ${hotline.requires.queues.join(', ') || 'no queue'}${unseen}`)];
}

function print(terminal: Terminal, { part, state, text, mend }: Finding): void {
  const { colors } = terminal;
  const mark = { ok: colors.green('✓'), warning: colors.yellow('!'), failure: colors.red('✗') }[state];
  terminal.line(`${mark} ${part.padEnd(18)} ${text}`);
  if (mend !== undefined) terminal.line(`  ${' '.repeat(18)} ${colors.dim('→')} ${mend}`);
}
