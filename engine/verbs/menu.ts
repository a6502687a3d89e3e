import type { MenuInput, MenuOutcome, VerbRun } from '../flow/verb.ts';
import { untilCancelled, type VerbContext, type VerbImplementation } from './verb-context.ts';

type Tries = { noInput: number; noMatch: number };

/**
 * Asks for a key. Silence and wrong keys are counted apart, as callers who cannot press and callers who press wrongly
 * need different help. A wrong key clears what was typed ahead, so that one mistake does not become three.
 */
export const menu: VerbImplementation<'menu'> = async (context, run) => {
  const { input, cancel } = run;
  const missed: Tries = { noInput: 0, noMatch: 0, ...(run.resume as Tries | undefined) };
  const apology = { noInput: input.noInputPrompt, noMatch: input.noMatchPrompt };
  for (;;) {
    await context.player.play([input.prompt], input.languages, { bargeIn: input.bargeIn, cancel });
    const answer = await readAnswer(context, run);
    if (answer === 'repeat') continue;
    if (typeof answer === 'object') return answer;
    missed[answer] += 1;
    run.progress({ ...missed });
    context.announce({ type: 'menu.missed', prompt: input.prompt.key, why: answer, attempt: missed[answer] });
    if (missed[answer] >= input.tries[answer]) return { outcome: answer };
    const sorry = apology[answer];
    if (sorry) await context.player.play([sorry], input.languages, { bargeIn: input.bargeIn, cancel });
  }
};

async function readAnswer(
  { digits, announce }: VerbContext,
  { input, cancel, tell }: VerbRun<'menu'>,
): Promise<MenuOutcome | 'repeat' | 'noInput' | 'noMatch'> {
  const first = await digits.next(input.firstDigitTimeoutMs, cancel);
  if (first === undefined) return 'noInput';
  let typed: string = first;
  while (isBeginOfLonger(input, typed)) {
    const next = await digits.next(input.interDigitTimeoutMs, cancel);
    if (next === undefined) break;
    typed += next;
  }
  announce({ type: 'digit.pressed', digit: typed });
  const choice = Object.entries(input.choices).find(([, keys]) => keys === typed)?.[0];
  if (choice !== undefined) {
    announce({ type: 'menu.chosen', prompt: input.prompt.key, choice, by: 'dtmf' });
    return { outcome: 'choice', choice };
  }
  if (typed === input.globals.repeat) return 'repeat';
  if (typed === input.globals.operator && tell({ type: 'key.operator' })) return untilCancelled();
  if (typed === input.globals.back && tell({ type: 'key.back' })) return untilCancelled();
  digits.clear();
  return 'noMatch';
}

function isBeginOfLonger(input: MenuInput, typed: string): boolean {
  return Object.values(input.choices).some((keys) => keys.length > typed.length && keys.startsWith(typed));
}
