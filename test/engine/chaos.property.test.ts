import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import { learnHotline } from '../../engine/navigation/hotline-language.ts';
import bank from '../../flows/bank.ts';
import { answers, isBusy, isNotRegistered, neverAnswers, rejects, type PhoneBehaviour } from '../../telephony/sim/phone-behaviour.ts';
import type { SimulatedCaller } from '../../telephony/sim/simulated-caller.ts';
import { VirtualEngine } from './virtual-engine.ts';

type Step =
  | { readonly do: 'call' }
  | { readonly do: 'press'; readonly who: number; readonly keys: string }
  | { readonly do: 'say'; readonly who: number; readonly text: string; readonly heard: number }
  | { readonly do: 'hangUp'; readonly who: number }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'agent'; readonly who: string; readonly command: 'signIn' | 'signOut' | 'setReady' | 'finishWrapUp' }
  | { readonly do: 'phone'; readonly who: string; readonly behaviour: number }
  | { readonly do: 'agentHangsUp'; readonly who: string }
  | { readonly do: 'kill'; readonly outageMs: number }
  | { readonly do: 'handOver'; readonly takesMs: number }
  | { readonly do: 'disconnect'; readonly forMs: number };

const PHONES: readonly PhoneBehaviour[] = [answers(500), answers(3_000), answers(100, 0), neverAnswers(), isBusy(), rejects(300), isNotRegistered()];

const SENTENCES = ['我要挂失', '查余额，还要贷款', '不是，我想买理财', '是的', '第二个', '转人工', 'main menu', 'repeat that', '今天天气不错', ''];
const language = learnHotline(bank.intents);

const who = fc.nat(7);
const agent = fc.constantFrom('1001', '1002');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({ do: 'call' } as const) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('press' as const), who, keys: fc.stringMatching(/^[0-9*#]{1,8}$/) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('say' as const), who, text: fc.constantFrom(...SENTENCES), heard: fc.nat(10) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('hangUp' as const), who }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat(12_000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('agent' as const),
      who: agent,
      command: fc.constantFrom('signIn' as const, 'signOut' as const, 'setReady' as const, 'finishWrapUp' as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('phone' as const), who: agent, behaviour: fc.nat(PHONES.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('agentHangsUp' as const), who: agent }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('kill' as const), outageMs: fc.nat(15_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('handOver' as const), takesMs: fc.nat(2_000) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('disconnect' as const), forMs: fc.nat(15_000) }) },
);

/** Plays the steps, lets everyone hang up, and returns what is left and what was wrong on the way. */
async function play(steps: readonly Step[]): Promise<readonly string[]> {
  const engine = await VirtualEngine.start(bank, undefined, { record: 'always', share: 1, retentionMs: 86_400_000 });
  engine.language = language;
  engine.services = async ({ service }) => (service === 'authenticate' ? { outcome: 'verified', customerId: 'c' } : { balanceCents: 1 });
  const phones = ['1001', '1002'].map((id) => engine.sim.phone(`PJSIP/${id}`, answers(1_000)));
  for (const id of ['1001', '1002']) engine.distributor.signIn(agentId(id));
  const callers: SimulatedCaller[] = [];
  const wrong: string[] = [];
  for (const one of steps) {
    const caller = 'who' in one && typeof one.who === 'number' ? callers[one.who % Math.max(1, callers.length)] : undefined;
    switch (one.do) {
      case 'call':
        if (callers.length < 6) callers.push(engine.sim.call({ number: '95500', answeredByDialplan: true }));
        break;
      case 'press':
        await caller?.press(one.keys, { paceMs: 50 });
        break;
      case 'say':
        // Recognisers break down, understand nothing, or are not sure.
        if (caller === undefined) break;
        if (one.heard === 0) engine.speech.breakDown(caller.channelId);
        else engine.speech.say(caller.channelId, one.text, one.heard === 1 ? { heardAs: [] } : { heardAs: [{ text: one.text, confidence: one.heard / 10 }] });
        break;
      case 'hangUp':
        caller?.hangUp();
        break;
      case 'pass':
        await engine.clock.advanceBy(one.ms);
        break;
      case 'agent':
        try {
          engine.distributor[one.command](agentId(one.who));
        } catch (error) {
          // A command that does not fit the agent's state is refused with a code; anything else is a fault.
          if ((error as { code?: string }).code !== 'agent.conflict') wrong.push(String(error));
        }
        break;
      case 'phone':
        engine.sim.phone(`PJSIP/${one.who}`, PHONES[one.behaviour] ?? answers(0));
        break;
      case 'agentHangsUp':
        engine.sim.phone(`PJSIP/${one.who}`).hangUp();
        break;
      case 'kill':
        await engine.killAndRestart(one.outageMs);
        break;
      case 'handOver':
        await engine.handOver(one.takesMs);
        break;
      case 'disconnect':
        engine.sim.disconnect();
        await engine.clock.advanceBy(one.forMs);
        engine.sim.connect();
        break;
    }
    await engine.clock.settle();
    // A caller in conversation is never left with prompts or music over the agent's voice, nor with two agents.
    for (const { connectedTo, name } of callers) if (connectedTo.length > 1) wrong.push(`${name} hears ${connectedTo.join(' and ')}`);
    // No call is lost: whoever is on the line is in a session, or in the dialplan's fallback.
    const sessions = engine.sessions.calls().length;
    const onTheLine = callers.filter(({ ended, inFallback }) => !ended && !inFallback).length;
    if (sessions < onTheLine) wrong.push(`${onTheLine} callers on the line, ${sessions} sessions after ${one.do}`);
  }
  for (const caller of callers) caller.hangUp();
  await engine.clock.settle();
  for (const phone of phones) {
    // A phone that still rings for nobody is what leftovers would miss if its channel were gone.
    if (phone.isRinging) wrong.push(`${phone.name} rings for nobody`);
  }
  await engine.clock.advanceBy(300_000);
  wrong.push(...wrongInRecordings(engine));
  // It looks for what is to be deleted once an hour.
  engine.recordings?.close();
  if (engine.clock.pending > 0) wrong.push(`${engine.clock.pending} timers left`);
  return [...wrong, ...engine.leftovers(), ...engine.complaints.errors];
}

/** The evidence must hold together: what was begun has ended, and was put away, each once. */
function wrongInRecordings({ log, archive }: VirtualEngine): readonly string[] {
  const of = (type: 'recording.started' | 'recording.stopped' | 'recording.stored'): readonly string[] => log.of(type).map(({ recordingId }) => recordingId).toSorted();
  const [started, stopped, stored] = [of('recording.started'), of('recording.stopped'), of('recording.stored')];
  const wrong = JSON.stringify(started) === JSON.stringify(stopped) && JSON.stringify(started) === JSON.stringify(stored) ? [] : [`recordings started ${started.join()}, stopped ${stopped.join()}, stored ${stored.join()}`];
  const kept = [...archive.rows.keys()].map(String).toSorted();
  return JSON.stringify(kept) === JSON.stringify(stored) ? wrong : [...wrong, `recordings stored ${stored.join()}, kept ${kept.join()}`];
}

describe('the engine under random events', () => {
  it('loses no call and leaves nothing behind', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        expect(await play(steps)).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  }, 120_000);
});
