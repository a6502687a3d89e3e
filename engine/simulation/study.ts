import type { Requirement } from '../domain/requirement.ts';
import type { ContactRouter } from '../routing/routing-event.ts';
import { differenceOf, estimateOf, type Estimate, type Series } from './estimate.ts';
import { CONTACT_MEASURES, GROUP_MEASURES, QUEUE_MEASURES, type Measure, type Ratio } from './measures.ts';
import type { SimulationModel } from './model.ts';
import { simulate, type SimulationResult } from './simulation.ts';
import { ContactTally, GroupTally, QueueTally, totalOf } from './tally.ts';

/** What a row of figures is about. */
export type RowKind = 'all' | 'queue' | 'type' | 'skill' | 'group' | 'period';

/** The figures of one queue, type, skill, agent group or period, of all repetitions. */
export interface Row {
  readonly kind: RowKind;
  readonly id: string;
  readonly series: ReadonlyMap<Measure, Series>;
}

export interface Study {
  readonly model: SimulationModel;
  readonly replications: number;
  readonly rows: readonly Row[];
}

export interface StudyOptions {
  readonly replications: number;
  readonly seed: number;
  readonly newRouter?: () => ContactRouter;
  /** Length of the periods of the day's course. */
  readonly periodMs: number;
  /** Called after each repetition. */
  readonly onReplication?: (done: number) => void;
}

/** Repeats the simulation with independent random numbers and gathers every figure. */
export function study(model: SimulationModel, { replications, seed, newRouter, periodMs, onReplication }: StudyOptions): Study {
  const rows = new Map<string, { readonly kind: RowKind; readonly id: string; readonly series: Map<Measure, GrowingSeries> }>();
  for (let replication = 0; replication < replications; replication += 1) {
    const result = simulate(model, { seed, replication, periodMs, keepWaits: true, ...(newRouter === undefined ? {} : { newRouter }) });
    for (const { kind, id, figures } of rowsOf(model, result)) {
      const key = `${kind} ${id}`;
      const row = rows.get(key) ?? { kind, id, series: new Map<Measure, GrowingSeries>() };
      rows.set(key, row);
      for (const [measure, [numerator, denominator]] of figures) {
        const series = row.series.get(measure) ?? { numerators: [], denominators: [] };
        row.series.set(measure, series);
        series.numerators.push(numerator);
        series.denominators.push(denominator);
      }
    }
    onReplication?.(replication + 1);
  }
  return { model, replications, rows: [...rows.values()] };
}

interface GrowingSeries extends Series {
  readonly numerators: number[];
  readonly denominators: number[];
}

/** The figure of a row with its interval; undefined when the row does not have it. */
export function figure(row: Row | undefined, measure: Measure): Estimate | undefined {
  const series = row?.series.get(measure);
  return series === undefined ? undefined : estimateOf(series);
}

/** `a - b` of two studies with the same seed and number of repetitions; undefined when one does not have the row. */
export function difference(a: Row | undefined, b: Row | undefined, measure: Measure): Estimate | undefined {
  const left = a?.series.get(measure);
  const right = b?.series.get(measure);
  return left === undefined || right === undefined ? undefined : differenceOf(left, right);
}

export function rowOf({ rows }: Study, kind: RowKind, id: string): Row | undefined {
  return rows.find((row) => row.kind === kind && row.id === id);
}

interface Figures {
  readonly kind: RowKind;
  readonly id: string;
  readonly figures: readonly (readonly [Measure, Ratio])[];
}

function rowsOf(model: SimulationModel, { periods }: SimulationResult): readonly Figures[] {
  const planned = periods.slice(0, -1);
  // Contacts of the whole simulation; time of agents and queues up to its planned end, where occupancy means something.
  const all = totalOf(periods);
  const day = totalOf(planned);
  const spanMs = day.toMs - day.fromMs;
  // As in reports, figures of callers do not count those whom we call back.
  const ofCallers = (types: readonly ContactTally[]): readonly ContactTally[] => types.filter((_, i) => !model.contactTypes[i]!.isCallback);
  return [
    { kind: 'all', id: 'all', figures: figuresOf(ofCallers(all.types), day.groups, spanMs, day.lengths) },
    ...model.queues.map((queue, i): Figures => ({ kind: 'queue', id: queue.id, figures: figuresOf([all.queues[i]!], [], spanMs, [day.lengths[i]!]) })),
    ...model.contactTypes.map((type, i): Figures => ({ kind: 'type', id: type.id, figures: figuresOf([all.types[i]!], [], spanMs) })),
    ...skillsOf(model).map((skill): Figures => {
      const types = all.types.filter((_, i) => model.contactTypes[i]!.steps.some(({ require }) => asksFor(require, skill)));
      const groups = day.groups.filter((_, i) => Object.hasOwn(model.groups[i]!.skills, skill));
      return { kind: 'skill', id: skill, figures: figuresOf(types, groups, spanMs) };
    }),
    ...model.groups.map((group, i): Figures => ({ kind: 'group', id: group.id, figures: figuresOf([], [day.groups[i]!], spanMs) })),
    ...planned.map((period): Figures => ({ kind: 'period', id: String(period.fromMs), figures: figuresOf(ofCallers(period.types), period.groups, period.toMs - period.fromMs, period.lengths) })),
  ];
}

function figuresOf(contacts: readonly ContactTally[], groups: readonly GroupTally[], spanMs: number, lines: readonly QueueTally[] = []): Figures['figures'] {
  const figures: (readonly [Measure, Ratio])[] = [];
  if (contacts.length > 0) {
    const tally = merged(contacts, () => new ContactTally());
    for (const [measure, of] of entriesOf(CONTACT_MEASURES)) figures.push([measure, of(tally)]);
  }
  if (lines.length > 0) {
    const tally = merged(lines, () => new QueueTally());
    for (const [measure, of] of entriesOf(QUEUE_MEASURES)) figures.push([measure, of(tally, spanMs)]);
  }
  if (groups.length > 0) {
    const tally = merged(groups, () => new GroupTally());
    for (const [measure, of] of entriesOf(GROUP_MEASURES)) figures.push([measure, of(tally, spanMs)]);
  }
  return figures;
}

function merged<T extends { add(other: T): void }>(tallies: readonly T[], empty: () => T): T {
  const [only, ...others] = tallies;
  if (only !== undefined && others.length === 0) return only;
  const sum = empty();
  for (const tally of tallies) sum.add(tally);
  return sum;
}

function entriesOf<K extends string, V>(record: Readonly<Record<K, V>>): readonly (readonly [K, V])[] {
  return Object.entries(record) as [K, V][];
}

/** Every skill that an agent has or a contact asks for, by name. */
function skillsOf({ groups, contactTypes }: SimulationModel): readonly string[] {
  const skills = new Set(groups.flatMap((group) => Object.keys(group.skills)));
  for (const { steps } of contactTypes) for (const { require } of steps) for (const skill of skillsIn(require)) skills.add(skill);
  return [...skills].sort();
}

/** The skills that a requirement names, those that it rules out included. */
export function skillsIn(requirement: Requirement): readonly string[] {
  if ('skill' in requirement) return [requirement.skill];
  if ('agent' in requirement) return [];
  if ('not' in requirement) return skillsIn(requirement.not);
  return ('all' in requirement ? requirement.all : requirement.any).flatMap(skillsIn);
}

function asksFor(requirement: Requirement, skill: string): boolean {
  if ('not' in requirement) return false;
  if ('all' in requirement) return requirement.all.some((part) => asksFor(part, skill));
  if ('any' in requirement) return requirement.any.some((part) => asksFor(part, skill));
  return 'skill' in requirement && requirement.skill === skill;
}
