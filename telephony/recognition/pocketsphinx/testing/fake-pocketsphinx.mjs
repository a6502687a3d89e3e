// Behaves as pocketsphinx does on its standard streams, or as FAKE_MODE says. FAKE_ANSWERS: for the grammar `commands` and for `anything`
// (the loop of phones), the words and the score of each.
import { appendFileSync, readFileSync } from 'node:fs';

const say = (stream, text) => stream.write(`${text}\n`);
const mode = process.env.FAKE_MODE ?? '';
const grammar = readFileSync('/dev/fd/3', 'utf8');
const dictionary = readFileSync('/dev/fd/4', 'utf8');
const isLoop = grammar.includes('grammar anything;');
if (process.env.FAKE_LOG !== undefined) appendFileSync(process.env.FAKE_LOG, `${JSON.stringify({ args: process.argv.slice(2), grammar, dictionary })}\n`);
const answers = JSON.parse(process.env.FAKE_ANSWERS ?? '{}');
const { words = [], score = 0 } = answers[isLoop ? 'anything' : 'commands'] ?? {};

if (mode === 'crash') {
  say(process.stderr, 'INFO: loading\nERROR: "mdef.c", line 1: No mdef-file\nFATAL: "pocketsphinx_main.c", line 492: PocketSphinx decoder init failed');
  process.exit(1);
}
if (mode === 'early') process.exit(0);
if (mode === 'crash of the loop' && isLoop) process.exit(3);

let bytes = 0;
for await (const chunk of process.stdin) bytes += chunk.length;
if (mode === 'hang') setInterval(() => undefined, 1_000);
else if (mode === 'prose') say(process.stdout, 'I heard nothing');
else if (mode === 'no text') say(process.stdout, '{"b":0.000}');
else {
  say(process.stdout, JSON.stringify({ b: 0, d: bytes / 16_000, p: 1, t: words.join(' '), w: [] }));
  const rows = words.map((word, at) => `${word}  ${10 * at} ${10 * at + 9} 0.933 ${at === 0 ? score : 0} -337 1`);
  if (mode !== 'no backtrace' && words.length > 0) say(process.stderr, ['INFO: pocketsphinx.c(1350): said', 'word                 start end   pprob ascr       lscr       lback', ...rows, 'INFO: done'].join('\n'));
}
