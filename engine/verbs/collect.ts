import type { PromptRef } from '../domain/prompt.ts';
import type { CollectOutcome, VerbRun } from '../flow/verb.ts';
import { maskSpeech } from '../domain/personal-data.ts';
import { digitsOf } from '../navigation/spoken-numbers.ts';
import { Ear } from './ear.ts';
import type { VerbContext, VerbImplementation } from './verb-context.ts';

interface Progress {
  readonly noInput: number;
  readonly noMatch: number;
  /** What was typed so far. Absent for a secret: it is typed anew after a restart. */
  readonly typed?: string;
  /** When the caller had been asked, while nothing is typed yet. */
  readonly askedAt?: number;
}

/** So many keys without a meaning are no slips of a finger any more: the entry counts as wrong, so that it comes to an end. */
const MOST_SLIPS = 20;

/** Asks for a string of digits: an account, an amount, a PIN. What is no secret may be said as well. */
export const collect: VerbImplementation<'collect'> = async (context, run) => {
  const { input, cancel } = run;
  const resumed = run.resume as Progress | undefined;
  const missed = { noInput: resumed?.noInput ?? 0, noMatch: resumed?.noMatch ?? 0 };
  const apology = { noInput: input.noInputPrompt, noMatch: input.noMatchPrompt };
  let typed = resumed?.typed ?? '';
  let askedAt = context.handedOver ? resumed?.askedAt : undefined;
  const heard = input.speech === undefined || input.sensitivity === 'secret' ? undefined : { phrases: [], ...input.speech };
  const secrecy = input.sensitivity === 'plain' ? undefined : context.recorder.secrecy();
  if (secrecy !== undefined) cancel.onCancel(() => secrecy.end());
  const ear = new Ear(context, cancel, { prompt: input.prompt.key, heard });
  const play = (prompt: PromptRef): Promise<void> =>
    ear.play(() => context.player.play([prompt], input.languages, { bargeIn: input.bargeIn, cancel }), input.bargeIn);
  try {
    // Not before: a caller may answer the question while it is being asked.
    await secrecy?.silent;
    for (;;) {
      // A caller who was half-way through when the engine restarted goes on typing and is not asked again.
      if (typed === '' && askedAt === undefined) {
        await play(input.prompt);
        askedAt = context.clock.now();
        run.progress({ ...missed, askedAt });
      }
      const firstLimitMs = Math.max(0, (askedAt ?? 0) + input.firstDigitTimeoutMs - context.clock.now());
      askedAt = undefined;
      const silenceEnds = context.player.silenceForKeys(cancel);
      const answer = await readDigits(context, run, ear, { typed, firstLimitMs }, (soFar) => {
        if (input.sensitivity !== 'secret') run.progress({ ...missed, typed: soFar });
      });
      silenceEnds();
      if (typeof answer === 'object') return answer;
      typed = '';
      missed[answer] += 1;
      run.progress({ ...missed });
      context.announce({ type: 'menu.missed', prompt: input.prompt.key, why: answer, attempt: missed[answer] });
      if (missed[answer] >= input.tries[answer]) return { outcome: answer };
      const sorry = apology[answer];
      if (sorry) await play(sorry);
    }
  } finally {
    ear.close();
    secrecy?.end();
  }
};

async function readDigits(
  { digits, vault, announce }: VerbContext,
  { input, cancel }: VerbRun<'collect'>,
  ear: Ear,
  already: { readonly typed: string; readonly firstLimitMs: number },
  keep: (typed: string) => void,
): Promise<CollectOutcome | 'noInput' | 'noMatch'> {
  let { typed } = already;
  let slips = 0;
  while (typed.length < input.maxDigits) {
    let digit: string | undefined;
    if (typed === '') {
      const answer = await ear.next(already.firstLimitMs);
      if (answer.by === 'voice') return said(answer.transcripts[0]?.text ?? '');
      digit = answer.by === 'key' ? answer.digit : undefined;
    } else digit = await digits.next(input.interDigitTimeoutMs, cancel);
    if (digit === undefined || digit === input.terminator) {
      if (typed === '') return digit === undefined ? 'noInput' : 'noMatch';
      if (typed.length >= input.minDigits) return collected();
      digits.clear();
      return 'noMatch';
    }
    if (digit === input.cancelKey) return { outcome: 'cancelled' };
    // A slip of the finger: `*` or `#` without a meaning here.
    if (!/[0-9]/.test(digit)) {
      slips += 1;
      if (slips <= MOST_SLIPS) continue;
      digits.clear();
      return 'noMatch';
    }
    typed += digit;
    keep(typed);
  }
  if (input.terminator !== undefined) digits.ignoreNext(input.terminator, input.interDigitTimeoutMs);
  return collected();

  /** All at once: a number that is said in two parts is asked for again, for nobody can tell where it ends. */
  function said(text: string): CollectOutcome | 'noMatch' {
    const heard = digitsOf(text) ?? '';
    const fits = heard.length >= input.minDigits && heard.length <= input.maxDigits;
    announce({ type: 'speech.heard', prompt: input.prompt.key, decision: fits ? 'accept' : 'again', confidence: fits ? 1 : 0, pii: { text: maskSpeech(text) } });
    if (!fits) return 'noMatch';
    typed = heard;
    return collected();
  }

  function collected(): CollectOutcome {
    announce({ type: 'digits.collected', prompt: input.prompt.key, count: typed.length });
    return { outcome: 'collected', digits: input.sensitivity === 'secret' ? vault.put(typed) : typed };
  }
}
