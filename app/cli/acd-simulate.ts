import { resolve } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { RecordedLog } from '../../engine/simulation/recorded-log.ts';
import { study, type Study } from '../../engine/simulation/study.ts';
import { recordedReport } from '../simulate/recorded-report.ts';
import { comparisonJson, comparisonReport, studyJson, studyReport } from '../simulate/simulation-report.ts';
import { modelOfFile, readLog, rearranged, recordedModel, type StudiedModel } from '../simulate/studied-model.ts';
import type { Terminal } from './terminal.ts';

const DEFAULT_REPLICATIONS = 20;
const MOST_REPLICATIONS = 10_000;

export interface AcdSimulateOptions {
  readonly compare?: string;
  readonly log?: string;
  readonly replications?: string;
  readonly seed?: string;
  /** Time zone of the log's days. */
  readonly zone?: string;
  readonly json?: boolean;
}

/** `./strowger acd simulate [scenario]`: what a day would be like, alone or against another configuration with the same callers. */
export async function acdSimulate(terminal: Terminal, scenario: string | undefined, options: AcdSimulateOptions): Promise<void> {
  const replications = whole('--replications', options.replications, DEFAULT_REPLICATIONS, 1, MOST_REPLICATIONS);
  const seed = whole('--seed', options.seed, 1, 0, 2 ** 32 - 1);
  const log = options.log === undefined ? undefined : await readLog(inFolder(options.log));
  const models = modelsOf(scenario, options, log);
  const studies = models.map(({ model, title, periodMs }): Study =>
    study(model, {
      replications,
      seed,
      periodMs,
      onReplication: (done) => terminal.progress(`  ${title}: day ${done} of ${replications} …`),
    }),
  );
  if (options.json === true) printJson(terminal, models, studies, { replications, seed });
  else print(terminal, models, studies, log, { replications, seed });
}

function modelsOf(scenario: string | undefined, { compare, zone = 'Asia/Shanghai' }: AcdSimulateOptions, log: RecordedLog | undefined): readonly StudiedModel[] {
  if (log === undefined) {
    if (scenario === undefined) throw new StrowgerError('cli.usage', 'Which scenario? ./strowger acd simulate <scenario.yaml>, or --log <events>.');
    return [scenario, ...(compare === undefined ? [] : [compare])].map((file) => modelOfFile(inFolder(file)));
  }
  const files = [...(scenario === undefined ? [] : [scenario]), ...(compare === undefined ? [] : [compare])];
  const others = files.map((file) => rearranged(log, inFolder(file), zone));
  // One arrangement is compared with the centre as it was.
  return others.length < 2 ? [recordedModel(log, zone), ...others] : others;
}

interface Setting {
  readonly replications: number;
  readonly seed: number;
}

function print(terminal: Terminal, models: readonly StudiedModel[], studies: readonly Study[], log: RecordedLog | undefined, { replications, seed }: Setting): void {
  const { colors } = terminal;
  if (log !== undefined) {
    terminal.line(colors.bold('The log itself'));
    for (const line of recordedReport(log)) terminal.line(line);
    terminal.line();
  }
  studies.forEach((one, index) => {
    const { title, labels } = models[index]!;
    const name = studies.length === 1 ? title : `${'AB'[index] ?? ''}: ${title}`;
    terminal.line(`${colors.bold(name)}  ${replications} days, seed ${seed}, ± 95 %`);
    terminal.line();
    for (const line of studyReport(one, labels)) terminal.line(line);
  });
  const [a, b] = studies;
  if (a === undefined || b === undefined) return;
  terminal.line(colors.bold('B against A, the same callers for both (* the interval does not hold 0)'));
  terminal.line();
  const labels = { ...models[0]!.labels, nameOf: nameIn(models) };
  for (const line of comparisonReport(a, b, labels)) terminal.line(line);
}

function nameIn(models: readonly StudiedModel[]): StudiedModel['labels']['nameOf'] {
  return (kind, id) => models.map(({ labels }) => labels.nameOf(kind, id)).find((name) => name !== id) ?? id;
}

function printJson(terminal: Terminal, models: readonly StudiedModel[], studies: readonly Study[], setting: Setting): void {
  const [a, b] = studies;
  const result = {
    ...setting,
    scenarios: studies.map((one, index) => ({ name: models[index]!.title, ...studyJson(one) })),
    ...(a === undefined || b === undefined ? {} : { difference: comparisonJson(a, b) }),
  };
  terminal.line(JSON.stringify(result, undefined, 2));
}

/** The launcher changes no folder, but a caller of it may stand elsewhere. */
function inFolder(file: string): string {
  return resolve(process.env['STROWGER_INVOKED_FROM'] ?? '.', file);
}

function whole(option: string, text: string | undefined, otherwise: number, least: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) throw new StrowgerError('cli.usage', `${option}: ${text} is not allowed; allowed: ${least} to ${most}.`);
  return value;
}
