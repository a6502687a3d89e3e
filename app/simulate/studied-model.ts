import { agentId } from '../../engine/domain/ids.ts';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { Zone } from '../../engine/domain/zone.ts';
import { satisfies } from '../../engine/routing/shortfall.ts';
import { stepsOf } from '../../engine/routing/steps.ts';
import type { SimulationModel } from '../../engine/simulation/model.ts';
import { contactTypesOfLog, modelOfLog } from '../../engine/simulation/model-of-log.ts';
import { readRecordedLog, type RecordedLog } from '../../engine/simulation/recorded-log.ts';
import type { RowKind } from '../../engine/simulation/study.ts';
import { loadScenario } from './load-scenario.ts';
import { readEvents } from './read-events.ts';
import { groupsOf, modelOf, queuesOf } from './scenario-model.ts';
import type { Scenario } from './scenario-schema.ts';
import type { Labels } from './simulation-report.ts';
import { msOfDay } from './time-of-day.ts';

const DAY_MS = 86_400_000;
const DEFAULT_PERIOD_MS = 1_800_000;

/** A model with what the report needs to name its parts. */
export interface StudiedModel {
  readonly title: string;
  readonly model: SimulationModel;
  readonly periodMs: number;
  readonly labels: Labels;
}

/** Throws `config.unreadable` or `config.invalid`. */
export function modelOfFile(file: string): StudiedModel {
  const scenario = loadScenario(file);
  return { title: scenario.name, model: modelOf(scenario), periodMs: scenario.periodMinutes * 60_000, labels: labelsOf(scenario) };
}

/** Throws `config.unreadable`, and `config.invalid` when nobody called. */
export async function readLog(file: string): Promise<RecordedLog> {
  const log = readRecordedLog(await readEvents(file));
  if (log.contacts.length === 0) throw new StrowgerError('config.invalid', `No contact was queued in ${file}.`, { fields: { file }, hint: 'A log of at least one day of calls is needed.' });
  return log;
}

/** The centre of the log as it was recorded. */
export function recordedModel(log: RecordedLog, zone: string): StudiedModel {
  return { title: 'as recorded', model: modelOfLog(log), periodMs: DEFAULT_PERIOD_MS, labels: { nameOf: (_, id) => id, opensAt: timeOfDay(log.fromMs, zone) } };
}

/** The callers of the log with the queues and agents of a scenario, who come every day of the log. Throws as `modelOfFile`. */
export function rearranged(log: RecordedLog, file: string, zone: string): StudiedModel {
  const scenario = loadScenario(file, 'log');
  const opensAt = timeOfDay(log.fromMs, zone);
  const days = Array.from({ length: Math.ceil((opensAt + log.toMs - log.fromMs) / DAY_MS) }, (_, day) => day * DAY_MS);
  const contactTypes = contactTypesOfLog(log);
  const groups = groupsOf(scenario, opensAt, days);
  const problems = contactTypes.flatMap((type) => {
    if (!scenario.queues.some(({ id }) => id === type.queue)) return [`  the log has calls for queue ${type.queue}, which is not among \`queues\``];
    const fits = stepsOf(type).some(({ require }) => groups.some(({ skills, queues }) => queues.includes(type.queue) && satisfies({ id: agentId(''), skills }, require)));
    return fits ? [] : [`  nobody of \`groups\` can serve what calls for queue ${type.queue} ask for: ${JSON.stringify(type.steps)}`];
  });
  if (problems.length > 0) throw new StrowgerError('config.invalid', `${file} does not fit the log:\n${[...new Set(problems)].join('\n')}`, { fields: { file } });
  const { trunks, fairAfterSeconds } = scenario;
  const model: SimulationModel = {
    lengthMs: log.toMs - log.fromMs,
    contactTypes,
    groups,
    queues: queuesOf(scenario),
    ...(trunks === undefined ? {} : { trunks }),
    ...(fairAfterSeconds === undefined ? {} : { fairAfterMs: fairAfterSeconds * 1000 }),
  };
  return { title: scenario.name, model, periodMs: scenario.periodMinutes * 60_000, labels: { ...labelsOf(scenario), opensAt } };
}

function labelsOf(scenario: Scenario): Labels {
  const named: Partial<Record<RowKind, readonly { readonly id: string; readonly name?: string | undefined }[]>> = {
    queue: scenario.queues,
    type: scenario.callTypes,
    group: scenario.groups,
  };
  return { nameOf: (kind, id) => named[kind]?.find((one) => one.id === id)?.name ?? id, opensAt: msOfDay(scenario.day.from) };
}

/** Milliseconds since local midnight. */
function timeOfDay(at: number, zone: string): number {
  const found = Zone.of(zone);
  if (found === undefined) throw new StrowgerError('cli.usage', `--zone: there is no time zone ${zone}; an example: Asia/Shanghai.`);
  return at - found.startOfDay(at);
}
