import type { Config } from './schema.ts';

/** What works, but is hardly meant, and what to do. */
export interface Doubt {
  readonly text: string;
  readonly mend: string;
}

/** Looks at the limits with what they are about: flows and trunks. */
export function checkLimits({ limits, pbx, queues, callbacks }: Pick<Config, 'limits' | 'pbx' | 'queues' | 'callbacks'>, flows: readonly string[]): readonly Doubt[] {
  const doubts: Doubt[] = [];
  if (!flows.includes(limits.overloadFlow)) {
    doubts.push({
      text: `the flow '${limits.overloadFlow}', which tells callers to call later, is not there: they are refused instead`,
      mend: 'Add it to the folder of flows (flows/overload.ts is one to start from), or name another in limits.overloadFlow.',
    });
  }
  const known = pbx?.trunks.map(({ name }) => name);
  for (const name of Object.keys(limits.trunks)) {
    if (known !== undefined && !known.includes(name)) doubts.push({ text: `limits.trunks names '${name}', which is not among pbx.trunks`, mend: `There are: ${known.join(', ') || 'none'}. A limit counts by the name that the switch gives the trunk.` });
  }
  const single = [...Object.values(limits.trunks), limits.perTrunk, limits.perCaller].some(({ calls, perMinute }) => calls !== undefined || perMinute !== undefined);
  if (single && pbx?.answerInDialplan) {
    doubts.push({
      text: 'calls that a limit by trunk or by number refuses are answered first, and may be charged',
      mend: 'Set pbx.answerInDialplan to false and render the dialplan again: they get 503 or 486 then.',
    });
  }
  if (limits.calls === undefined && !limits.byLoad) {
    doubts.push({ text: 'nothing limits the number of calls: neither limits.calls nor the load', mend: 'Set limits.calls to what ./strowger bench calls shows for your machines, or limits.byLoad to true.' });
  }
  const canCallBack = callbacks.dial !== undefined && queues.some((queue) => queue.callbacks !== undefined);
  if (limits.calls !== undefined && !canCallBack) {
    doubts.push({ text: 'callers who are told to call later cannot leave a callback: no queue has callbacks', mend: 'See docs/callbacks.md: queues[].callbacks and callbacks.dial.' });
  }
  return doubts;
}
