import type { CentreSize } from './centre.ts';
import type { Speed } from './measurement.ts';
import type { AppQueueCost } from './peers.ts';
import type { ScenarioResult } from './scenarios.ts';

/** What was measured of one shape of centre. */
export interface ShapeResult {
  readonly size: CentreSize;
  readonly waiting: number;
  readonly backlog: ScenarioResult & { readonly scan: Speed; readonly appQueue: AppQueueCost };
  readonly idle: ScenarioResult & { readonly scan: Speed };
  readonly closedLoop: ScenarioResult & { readonly kinds: Readonly<Record<string, number>> };
}

/** How the time of one decision grows with the centre. */
export interface Growth {
  readonly of: 'waiting contacts' | 'agents';
  readonly scenario: 'S1' | 'S2';
  readonly rows: readonly { readonly size: number; readonly routerUs: number; readonly scanUs: number }[];
}
