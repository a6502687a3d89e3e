import type { Holding, SoakResult } from './soak-bench.ts';

/** One figure over the run: its median in the second fifth of it and in the last, and how much more that may be. */
export interface Course {
  readonly what: string;
  readonly early: number;
  readonly late: number;
  readonly limit: number;
  readonly flat: boolean;
}

/** What a heap may differ by that keeps nothing of its calls: caches, compiled code. */
const HEAP_SLACK_BYTES = 5e6;
/** Fragments of memory, and buffers that grew once. */
const RESIDENT_SLACK_BYTES = 60e6;
const COUNT_SLACK = 4;

/** The first fifth of a run fills caches and is left out. */
export function coursesOf({ holdings }: Pick<SoakResult, 'holdings'>): readonly Course[] {
  const part = (from: number, to: number) => holdings.slice(Math.floor(from * holdings.length), Math.max(Math.floor(from * holdings.length) + 1, Math.ceil(to * holdings.length)));
  const [early, late] = [part(0.2, 0.4), part(0.8, 1)];
  const course = (what: string, of: (holding: Holding) => number, slack: number): Course => {
    const [before, after] = [median(early.map(of)), median(late.map(of))];
    return { what, early: before, late: after, limit: before + slack, flat: after <= before + slack };
  };
  return [
    course('heap, bytes', ({ heapBytes }) => heapBytes, HEAP_SLACK_BYTES),
    course('resident, bytes', ({ residentBytes }) => residentBytes, RESIDENT_SLACK_BYTES),
    course('handles', ({ handles }) => handles, COUNT_SLACK),
    course('files', ({ files }) => files, COUNT_SLACK),
    course("Asterisk's files", ({ switchFiles }) => switchFiles, COUNT_SLACK),
    course("Asterisk's resident, bytes", ({ switchResidentBytes }) => switchResidentBytes, RESIDENT_SLACK_BYTES),
    course('channels', ({ channels }) => channels, 0),
    course('bridges', ({ bridges }) => bridges, 0),
  ];
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
