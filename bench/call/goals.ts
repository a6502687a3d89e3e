import type { Figures } from './figures.ts';

/** Something that the engine is meant to reach, and whether it did. */
export interface Goal {
  readonly what: string;
  readonly found: number;
  readonly limit: number;
  readonly reached: boolean;
}

/** How a contestant compares with the dialplan and with the bare program; 2 is twice as much. Undefined: not measured. */
export interface Ratios {
  readonly switchCpuToDialplan: number | undefined;
  readonly programCpuToBare: number | undefined;
  readonly digitToAudioP95ToDialplan: number | undefined;
  readonly digitToAudioP95ToBare: number | undefined;
}

export function ratiosOf(figures: Figures, all: readonly Figures[]): Ratios {
  const dialplan = all.find(({ contestant }) => contestant === 'dialplan');
  const bare = all.find(({ contestant }) => contestant === 'bare');
  return {
    switchCpuToDialplan: ratio(figures.switchCpuMs.mean, dialplan?.switchCpuMs.mean),
    programCpuToBare: ratio(figures.programCpuMs?.mean, bare?.programCpuMs?.mean),
    digitToAudioP95ToDialplan: ratio(figures.digitToAudioMs.p95, dialplan?.digitToAudioMs.p95),
    digitToAudioP95ToBare: ratio(figures.digitToAudioMs.p95, bare?.digitToAudioMs.p95),
  };
}

/** From this rate on the goals are those of an overloaded evening: nothing fails, and answers stay quick enough. */
const BUSY_RATE = 80;

/** What the engine should reach at `rate` calls a second. Empty when it was not measured. */
export function goalsOf(all: readonly Figures[], rate: number): readonly Goal[] {
  const engine = all.find(({ contestant }) => contestant === 'engine');
  if (engine === undefined) return [];
  const ratios = ratiosOf(engine, all);
  const goal = (what: string, found: number | undefined, limit: number): readonly Goal[] =>
    found === undefined ? [] : [{ what, found, limit, reached: found <= limit }];
  const failed = goal('failed calls', engine.failed, 0);
  if (rate >= BUSY_RATE) return [...failed, ...goal('digit → next audio, p95 ms', engine.digitToAudioMs.p95, 20)];
  return [
    ...failed,
    ...goal('engine CPU, ms a call', engine.programCpuMs?.mean, 2),
    ...goal("Asterisk CPU, × dialplan's", ratios.switchCpuToDialplan, 1.15),
    ...goal('digit → next audio, p95 ms', engine.digitToAudioMs.p95, 6),
    ...goal("digit → next audio p95, × bare program's", ratios.digitToAudioP95ToBare, 2),
  ];
}

function ratio(of: number | undefined, to: number | undefined): number | undefined {
  return of === undefined || to === undefined || !(to > 0) ? undefined : of / to;
}
