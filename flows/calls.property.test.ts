import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VerbRun } from '../engine/flow/verb.ts';
import { runFlow, settled, type Answer } from '../test/fakes/scripted-verbs.ts';
import bank from './bank.ts';
import branchHours from './branch-hours.ts';
import callbackMessage from './callback-message.ts';
import calledBack from './called-back.ts';

/** Whatever happens for a while; then the caller falls silent, services fail and no agent answers. */
const HAPPENINGS = 25;
/** A silent caller is through with any flow after so many verbs. */
const SILENT_VERBS = 12;

const SILENCE: { readonly [verb: string]: Answer } = {
  say: { outcome: 'said', interrupted: false },
  menu: { outcome: 'noInput' },
  collect: { outcome: 'noInput' },
  call: { outcome: 'failed', code: 'service.timeout' },
  route: { outcome: 'overflow', reason: 'timeout' },
  hours: { outcome: 'closed' },
  end: { outcome: 'ended' },
};

/** Any answer that a verb may give, picked by `n`. */
function anyAnswer(run: VerbRun, n: number): Answer {
  const pick = (answers: readonly Answer[]): Answer => answers[n % answers.length] ?? 'pending';
  if (n % 13 === 12) return { fail: 'a fault of ours' };
  const { input, verb } = run;
  switch (verb) {
    case 'menu': {
      const choices = 'choices' in input ? Object.keys(input.choices) : [];
      return pick([
        ...choices.map((choice) => ({ outcome: 'choice', choice })),
        { outcome: 'noInput' },
        { outcome: 'noMatch' },
        { tell: { type: 'key.operator' } },
        { tell: { type: 'key.back' } },
      ]);
    }
    case 'collect':
      return pick([{ outcome: 'collected', digits: '1' }, { outcome: 'collected', digits: 'vault:1' }, { outcome: 'cancelled' }, { outcome: 'noInput' }, { outcome: 'noMatch' }]);
    case 'call':
      return pick([
        { outcome: 'ok', result: { outcome: 'verified', customerId: 'c' } },
        { outcome: 'ok', result: { balanceCents: 1, outcome: 'booked', at: 1 } },
        { outcome: 'ok', result: { outcome: 'refused' } },
        { outcome: 'ok', result: null },
        { outcome: 'ok', result: [] },
        { outcome: 'failed', code: 'service.invalid' },
        { outcome: 'secretLost' },
      ]);
    case 'route':
      return pick([{ outcome: 'served', agentId: 'a' }, { outcome: 'overflow', reason: 'noAgents' }]);
    case 'hours':
      return pick([{ outcome: 'open' }, { outcome: 'closed' }, { outcome: 'holiday' }]);
    default:
      return SILENCE[verb] ?? 'pending';
  }
}

/** A key that nobody handles changes nothing: the verb goes on, and the caller says nothing more. */
function orSilence(run: VerbRun, answer: Answer): Answer {
  if (typeof answer === 'string' || !('tell' in answer)) return answer;
  const globals = 'globals' in run.input ? run.input.globals : {};
  const known = (answer.tell as { readonly type: string }).type === 'key.operator' ? globals.operator : globals.back;
  return known === undefined ? { outcome: 'noInput' } : answer;
}

describe.each([bank, branchHours, calledBack, callbackMessage])('any call to $id', ({ machine, numbers }) => {
  it('ends soon after the caller falls silent, and never stands still', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { maxLength: HAPPENINGS }), fc.constantFrom(...(numbers.length === 0 ? ['95500'] : numbers)), async (happenings, dialled) => {
        const left = [...happenings];
        let silent = 0;
        const { actor, verbs } = await runFlow(
          machine,
          (run) => {
            const n = left.shift();
            if (n !== undefined) return orSilence(run, anyAnswer(run, n));
            silent += 1;
            return SILENCE[run.verb] ?? 'pending';
          },
          { dialled },
        );
        await settled();
        expect({ status: actor.getSnapshot().status, last: verbs.runs.at(-1)?.id }).toMatchObject({ status: 'done' });
        expect(silent).toBeLessThanOrEqual(SILENT_VERBS);
      }),
      { numRuns: 300 },
    );
  });

  it('ends at once when the caller hangs up, whenever that is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(1000), { maxLength: HAPPENINGS }), async (happenings) => {
        const left = [...happenings];
        const { actor, verbs } = await runFlow(machine, (run) => {
          const n = left.shift();
          return n === undefined ? 'pending' : orSilence(run, anyAnswer(run, n));
        });
        if (actor.getSnapshot().status === 'done') return;
        const last = verbs.runs.at(-1);
        actor.send({ type: 'call.hangup' });
        expect(actor.getSnapshot()).toMatchObject({ status: 'done', value: 'hungUp' });
        expect(last?.cancel.cancelled).toBe(true);
      }),
      { numRuns: 150 },
    );
  });
});
