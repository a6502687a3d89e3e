import type { Transcript } from '../ports/recognizer.ts';
import { decide, type Bands, type Candidate, type Decision } from './bands.ts';
import type { IntentGuess, Understanding } from './intent-model.ts';
import { wishesOf } from './wishes.ts';

/** Tells what was meant. */
export type Understand = (text: string) => Understanding;

/** What somebody who speaks may choose from. */
export interface SpokenQuestion {
  readonly candidates: readonly Candidate[];
  readonly bands: Bands;
}

/** Decides what to do about what a recogniser has understood, in one way or in several. */
export function choose(transcripts: readonly Transcript[], question: SpokenQuestion, understand: Understand): Decision {
  const [best] = transcripts;
  if (best === undefined) return { kind: 'again', confidence: 0 };
  const decision = decide(guessesOf(transcripts, understand), question.candidates, question.bands);
  if (decision.kind === 'accept') return decision;
  return twoWishes(best, question, understand) ?? decision;
}

/** Several ways to understand one utterance count by how sure the recogniser is of each; without a word from it, the first counts alone. */
function guessesOf(transcripts: readonly Transcript[], understand: Understand): readonly IntentGuess[] {
  const told = transcripts.filter(({ confidence }) => confidence !== undefined);
  if (told.length === 0) return understand(transcripts[0]?.text ?? '').guesses;
  const all = told.reduce((sum, { confidence = 0 }) => sum + confidence, 0);
  const sums = new Map<string, number>();
  for (const { text, confidence: heard = 0 } of told) {
    for (const { intent, confidence } of understand(text).guesses) sums.set(intent, (sums.get(intent) ?? 0) + (heard / Math.max(1, all)) * confidence);
  }
  return [...sums].map(([intent, confidence]) => ({ intent, confidence }));
}

/** Two wishes at once: what must not be missed goes first; else the caller is asked which. */
function twoWishes(said: Transcript, { candidates, bands }: SpokenQuestion, understand: Understand): Decision | undefined {
  const wishes = wishesOf(said.text);
  if (wishes.length < 2) return undefined;
  const sure = wishes.map((text) => decide(guessesOf([{ ...said, text }], understand), candidates, bands)).filter((decision): decision is Extract<Decision, { kind: 'accept' | 'confirm' }> => decision.kind === 'accept');
  const wanted = [...new Set(sure.map(({ choice }) => choice))];
  const [first, second] = wanted;
  if (first === undefined) return undefined;
  const urgent = sure.find(({ choice }) => candidates.some((candidate) => candidate.choice === choice && candidate.winsAt !== undefined));
  if (urgent !== undefined) return urgent;
  if (second === undefined) return sure[0];
  return { kind: 'either', choices: [first, second], confidence: Math.min(...sure.map(({ confidence }) => confidence)) };
}
