import type { CollectOutcome, VerbRun } from '../flow/verb.ts';
import type { VerbContext, VerbImplementation } from './verb-context.ts';

interface Progress {
  readonly noInput: number;
  readonly noMatch: number;
  /** What was typed so far. Absent for a secret: it is typed anew after a restart. */
  readonly typed?: string;
}

/** Asks for a string of digits: an account, an amount, a PIN. */
export const collect: VerbImplementation<'collect'> = async (context, run) => {
  const { input, cancel } = run;
  const resumed = run.resume as Progress | undefined;
  const missed = { noInput: resumed?.noInput ?? 0, noMatch: resumed?.noMatch ?? 0 };
  const apology = { noInput: input.noInputPrompt, noMatch: input.noMatchPrompt };
  let typed = resumed?.typed ?? '';
  for (;;) {
    // A caller who was half-way through when the engine restarted goes on typing and is not asked again.
    if (typed === '') await context.player.play([input.prompt], input.languages, { bargeIn: input.bargeIn, cancel });
    const answer = await readDigits(context, run, typed, (soFar) => {
      if (input.sensitivity !== 'secret') run.progress({ ...missed, typed: soFar });
    });
    if (typeof answer === 'object') return answer;
    typed = '';
    missed[answer] += 1;
    run.progress({ ...missed });
    context.announce({ type: 'menu.missed', prompt: input.prompt.key, why: answer, attempt: missed[answer] });
    if (missed[answer] >= input.tries[answer]) return { outcome: answer };
    const sorry = apology[answer];
    if (sorry) await context.player.play([sorry], input.languages, { bargeIn: input.bargeIn, cancel });
  }
};

async function readDigits(
  { digits, vault, announce }: VerbContext,
  { input, cancel }: VerbRun<'collect'>,
  already: string,
  keep: (typed: string) => void,
): Promise<CollectOutcome | 'noInput' | 'noMatch'> {
  let typed = already;
  while (typed.length < input.maxDigits) {
    const timeoutMs = typed === '' ? input.firstDigitTimeoutMs : input.interDigitTimeoutMs;
    const digit = await digits.next(timeoutMs, cancel);
    if (digit === undefined || digit === input.terminator) {
      if (typed === '') return digit === undefined ? 'noInput' : 'noMatch';
      if (typed.length >= input.minDigits) return collected();
      digits.clear();
      return 'noMatch';
    }
    if (digit === input.cancelKey) return { outcome: 'cancelled' };
    if (!/[0-9]/.test(digit)) continue; // a slip of the finger: `*` or `#` without a meaning here
    typed += digit;
    keep(typed);
  }
  if (input.terminator !== undefined) digits.ignoreNext(input.terminator, input.interDigitTimeoutMs);
  return collected();

  function collected(): CollectOutcome {
    announce({ type: 'digits.collected', prompt: input.prompt.key, count: typed.length });
    return { outcome: 'collected', digits: input.sensitivity === 'secret' ? vault.put(typed) : typed };
  }
}
