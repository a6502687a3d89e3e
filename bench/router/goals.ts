import type { Growth, ShapeResult } from './shape-result.ts';

/** Something that the router is meant to reach, and whether it did. */
export interface RouterGoal {
  readonly what: string;
  readonly found: number;
  readonly limit: number;
  readonly reached: boolean;
}

/** The worst of all shapes and scenarios counts. */
export function goalsOf(shapes: readonly ShapeResult[], growth: readonly Growth[]): readonly RouterGoal[] {
  const scenarios = shapes.flatMap((shape) => [shape.backlog, shape.idle, shape.closedLoop]);
  const ratios = shapes.flatMap(({ backlog, idle }) => [backlog, idle].map(({ speed, scan }) => speed.decisionsPerSecond / scan.decisionsPerSecond));
  return [
    least('offers a second, median batch', Math.min(...scenarios.map(({ speed }) => speed.medianPerSecond)), 300_000),
    most('p99 from event to offer, µs', Math.max(...scenarios.map(({ speed }) => speed.latencyUs.p99)), 10),
    most('memory, MB', Math.max(...scenarios.map(({ memoryMb }) => memoryMb)), 300),
    least("offers a second, × the scan's (S1)", Math.min(...ratios.filter((_, index) => index % 2 === 0)), 100),
    ...growth.map(({ of, rows }) => most(`slower with ${span(rows)} × the ${of}, times`, growthOf(rows), 1 + Math.log2(span(rows)))),
  ];
}

/** How many times as long a decision takes with the most as with the fewest. */
export function growthOf(rows: Growth['rows']): number {
  return (rows.at(-1)?.routerUs ?? NaN) / (rows[0]?.routerUs ?? NaN);
}

function span(rows: Growth['rows']): number {
  return (rows.at(-1)?.size ?? NaN) / (rows[0]?.size ?? NaN);
}

function least(what: string, found: number, limit: number): RouterGoal {
  return { what, found, limit, reached: found >= limit };
}

function most(what: string, found: number, limit: number): RouterGoal {
  return { what, found, limit, reached: found <= limit };
}
