import type { NluBenchResult } from './nlu-bench.ts';

/** The table for people; lines without line breaks. */
export function reportOf({ node, sets }: NluBenchResult): readonly string[] {
  const lines = [`intents by cross-validation; Node ${node}`, `${'set'.padEnd(20)} ${'examples'.padStart(8)} ${'intents'.padStart(7)}  ${'by'.padEnd(16)} ${'accuracy'.padStart(8)} ${'macro F1'.padStart(8)} ${'µs each'.padStart(8)}  AUROC out of scope, calibration error, CPU s a training`];
  for (const { name, examples, intents, folds, contestants, calibrationError, outOfScopeAuroc, trainingCpuSeconds } of sets) {
    contestants.forEach((contestant, i) => {
      const set = i === 0 ? `${name.padEnd(20)} ${String(examples).padStart(8)} ${String(intents).padStart(7)}` : ' '.repeat(37);
      const figures = `${contestant.name.padEnd(16)} ${percent(contestant.accuracy)} ${percent(contestant.macroF1)} ${contestant.microsecondsEach.toFixed(0).padStart(8)}`;
      const more = i === 0 ? `  ${outOfScopeAuroc === undefined ? '–' : outOfScopeAuroc.toFixed(3)}, ${percent(calibrationError).trim()}, ${trainingCpuSeconds.toFixed(1)}${folds < 5 ? ` (${folds} fold)` : ''}` : '';
      lines.push(`${set}  ${figures}${more}`);
    });
  }
  return lines;
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(8);
