import type { VoiceActivityResult } from './voice-activity-bench.ts';

/** The tables for people; lines without line breaks. */
export function reportOf({ node, speech, other, cpu, leftOut }: VoiceActivityResult): readonly string[] {
  return [
    `voice activity over a telephone line (300 to 3400 Hz, G.711); Node ${node}`,
    '',
    row(['speech', 'disturbed by', 'of', 'speech right', 'silence right', 'found', 'begin, median', '90 %', 'end, median', '90 %', 'splits']),
    ...speech.map(({ set, condition, recordings, speechRight, silenceRight, found, beginDelayMs, endDelayMs, splits }) =>
      row([set, condition, `${recordings}`, percent(speechRight), percent(silenceRight), percent(found), `${beginDelayMs.median} ms`, `${beginDelayMs.p90} ms`, `${endDelayMs.median} ms`, Number.isFinite(endDelayMs.p90) ? `${endDelayMs.p90} ms` : 'later', `${splits}`]),
    ),
    '',
    row(['no speech', 'minutes', '', 'false starts', 'a minute', 'windows']),
    ...other.map(({ sound, minutes, falseStarts, falseWindows }) => row([sound, minutes.toFixed(1), '', `${falseStarts}`, (falseStarts / minutes).toFixed(2), percent(falseWindows)])),
    '',
    row(['CPU of one channel', 'of a core', '', 'a window', '99 % of packets']),
    ...cpu.map(({ sound, share, msAWindow, p99Ms }) => row([sound, `${(share * 100).toFixed(2)} %`, '', `${msAWindow.toFixed(3)} ms`, `${p99Ms.toFixed(2)} ms`])),
    ...leftOut.map((reason) => `! ${reason}`),
  ];
}

const WIDTHS = [30, 20, 4, 13, 13, 9, 13, 8, 12, 8, 6];

function row(cells: readonly string[]): string {
  return cells
    .map((cell, index) => (index < 2 ? cell.padEnd(WIDTHS[index] ?? 0) : cell.padStart(WIDTHS[index] ?? 0)))
    .join(' ')
    .trimEnd();
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
