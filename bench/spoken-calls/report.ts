import type { ChannelCost } from './listening-cost.ts';
import type { Delay, RecognizerFigures, Row, SpokenCallsResult } from './spoken-calls-bench.ts';

/** The tables for people; lines without line breaks. */
export function reportOf({ machine, callers, endSilenceMs, recognizers, keyBargeInMs, costs, leftOut, left }: SpokenCallsResult): readonly string[] {
  return [
    `callers who speak, ${callers} at once; Node ${machine.node}, ${machine.cores} cores, load ${machine.load1Before.toFixed(1)} before, ${machine.load1After.toFixed(1)} after`,
    ...recognizers.flatMap((figures) => tableOf(figures, endSilenceMs)),
    '',
    `from the begin of a key to silence, p50 / p95: ${delay(keyBargeInMs)}`,
    '',
    ...costTable(costs),
    ...leftOut.map((reason) => `! ${reason}`),
    ...(left.channels + left.bridges > 0 ? [`✗ left on the switch: ${left.channels} channels, ${left.bridges} bridges`] : []),
  ];
}

function tableOf({ recognizer, language, model, conditions, voices, outOfGrammar, outOfScope, keysOnly, bargeInMs, promptMs }: RecognizerFigures, endSilenceMs: number): readonly string[] {
  const rest = promptMs.p50 - endSilenceMs;
  return [
    '',
    `${recognizer}, ${language}, model ${model}`,
    row(['', 'said', 'right', 'wrong', 'asked again', 'asked back', 'not noticed']),
    ...[...conditions, ...voices, outOfGrammar].map(counts),
    row(['nothing of it is meant', 'said', '', 'taken', 'asked again', 'asked back', 'not noticed']),
    ...outOfScope.map(counts),
    ...(keysOnly > 0 ? [`! ${keysOnly} times the hotline gave up listening and read out its keys: the recogniser was too slow, or failed`] : []),
    `from the begin of speech to silence, p50 / p95: ${delay(bargeInMs)}`,
    `from the end of speech to the next prompt, p50 / p95: ${delay(promptMs)}; ${endSilenceMs} ms of it is the silence that ends an utterance, ${rest.toFixed(0)} ms (p50) the rest`,
  ];
}

function counts({ what, turns, right, wrong, again, confirmed, unnoticed }: Row): string {
  const percent = (count: number): string => `${((100 * count) / Math.max(1, turns)).toFixed(0)} %`;
  return row([what, `${turns}`, percent(right), percent(wrong), percent(again), percent(confirmed), percent(unnoticed)]);
}

function costTable(costs: readonly ChannelCost[]): readonly string[] {
  return [
    row(['CPU of one channel, of a core', 'calls', 'Asterisk', 'engine', 'pocketsphinx', 'an utterance']),
    ...costs.map(({ what, channels, asterisk, engine, pocketsphinx, msAnUtterance }) => row([what, `${channels}`, share(asterisk), share(engine), share(pocketsphinx), msAnUtterance === 0 ? '–' : `${msAnUtterance.toFixed(0)} ms`])),
  ];
}

const WIDTHS = [38, 6, 9, 8, 12, 12, 12];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[index] ?? 0) : cell.padStart(WIDTHS[index] ?? 0)))
    .join(' ')
    .trimEnd();
}

const share = (value: number): string => `${(value * 100).toFixed(2)} %`;

const delay = ({ p50, p95, count }: Delay): string => `${p50.toFixed(0)} / ${p95.toFixed(0)} ms (${count})`;
