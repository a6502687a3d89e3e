import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AgentStatus } from '../domain/agent.ts';
import { agentId, contactId, queueId, type AgentId } from '../domain/ids.ts';
import type { Requirement, RoutingStep, Skills } from '../domain/requirement.ts';
import { satisfies } from '../routing/shortfall.ts';
import { SkillRouter } from '../routing/skill-router.ts';
import { stepsOf } from '../routing/steps.ts';
import type { AgentView } from './agent-verdict.ts';
import type { ContactView } from './contact-explanation.ts';
import { explainContact } from './explanation.ts';

/** More for a soak: STROWGER_PROPERTY_RUNS=100000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 200);
const NOW = 1_000_000;
const bank = queueId('bank');

function agent(id: string, skills: Skills, status: Partial<AgentStatus> = {}, queues = [bank]): AgentView {
  const whole: AgentStatus = { agentId: agentId(id), state: 'ready', since: NOW - 5000, idleSince: NOW - 5000, ...status };
  return { agent: { id: agentId(id), skills, queues }, status: whole, free: whole.state === 'ready' };
}
function contact(steps: readonly RoutingStep[], fields: Partial<ContactView> = {}): ContactView {
  return {
    contactId: contactId('c'),
    queueId: bank,
    priority: 5,
    ageBoostMs: 0,
    enqueuedAt: NOW - 20_000,
    promoted: false,
    steps,
    openStep: { index: 0, openedAt: NOW - 20_000 },
    notBefore: new Map(),
    leaveAt: Infinity,
    ...fields,
  };
}
const explain = (own: ContactView, agents: readonly AgentView[], rest: Partial<Parameters<typeof explainContact>[0]> = {}) =>
  explainContact({ contact: own, agents, ahead: [], fairAfterMs: 1_200_000, now: NOW, ...rest });

describe('explainContact', () => {
  it('says of each agent why it does not get the contact', () => {
    const why = explain(contact([{ require: { skill: 'loans', atLeast: 3 }, forMs: 'untilServed' }], { notBefore: new Map([[agentId('excluded'), NOW + 3000]]) }), [
      agent('elsewhere', { loans: 5 }, {}, [queueId('other')]),
      agent('beginner', { loans: 2 }),
      agent('gone', { loans: 3 }, { state: 'loggedOut' }),
      agent('talks', { loans: 3 }, { state: 'talking', contactId: contactId('d') }),
      agent('wraps', { loans: 3 }, { state: 'wrapUp', wrapUpUntil: NOW + 9000 }),
      agent('lunch', { loans: 3 }, { state: 'notReady', reason: 'lunch' }),
      agent('excluded', { loans: 3 }),
      agent('stranger', {}, { state: 'notResponding' }),
    ]);
    expect(why.agents.map(({ agentId: id, closeness }) => [id, closeness])).toEqual([
      ['excluded', 'waits'],
      ['wraps', 'busy'],
      ['talks', 'busy'],
      ['lunch', 'busy'],
      ['gone', 'signedOut'],
      ['beginner', 'nearly'],
      ['stranger', 'nearly'],
      ['elsewhere', 'otherQueue'],
    ]);
    expect(Object.fromEntries(why.agents.map(({ agentId: id, obstacles }) => [id, obstacles]))).toEqual({
      excluded: [{ kind: 'excluded', until: NOW + 3000 }],
      wraps: [{ kind: 'state', state: 'wrapUp', since: NOW - 5000, until: NOW + 9000 }],
      talks: [{ kind: 'state', state: 'talking', since: NOW - 5000, contactId: 'd' }],
      lunch: [{ kind: 'state', state: 'notReady', since: NOW - 5000, reason: 'lunch' }],
      gone: [{ kind: 'state', state: 'loggedOut', since: NOW - 5000 }],
      beginner: [{ kind: 'lacks', missing: [{ kind: 'tooLow', skill: 'loans', has: 2, atLeast: 3 }] }],
      stranger: [{ kind: 'lacks', missing: [{ kind: 'noSkill', skill: 'loans' }] }, { kind: 'state', state: 'notResponding', since: NOW - 5000 }],
      elsewhere: [{ kind: 'notInQueue', queueId: 'bank' }],
    });
    expect(why.changes).toEqual([
      { kind: 'agentFree', agentId: 'excluded', at: NOW + 3000, after: 'exclusion' },
      { kind: 'agentFree', agentId: 'wraps', at: NOW + 9000, after: 'wrapUp' },
      { kind: 'conversationEnds', agents: 1 },
      { kind: 'comesBack', agents: ['lunch'] },
      { kind: 'signsIn', agents: ['gone'] },
      { kind: 'skill', agentId: 'beginner', missing: { kind: 'tooLow', skill: 'loans', has: 2, atLeast: 3 } },
      { kind: 'joinsQueue', agentId: 'elsewhere' },
    ]);
  });

  it('says which steps are over, open and to come, and what they bring', () => {
    const steps = stepsOf({
      steps: [
        { require: { skill: 'loans', atLeast: 4 }, forMs: 10_000 },
        { require: { skill: 'nobody' }, forMs: 10_000 },
        { require: { skill: 'loans', atLeast: 3 }, forMs: 20_000 },
        { require: { skill: 'nobody either' }, forMs: 20_000 },
      ],
      afterSteps: 'any',
    });
    const opened = [
      { index: 0, openedAt: NOW - 20_000 },
      { index: 2, openedAt: NOW - 10_000 },
    ];
    const agents = [agent('1', { loans: 4 }, { state: 'talking' }), agent('2', { loans: 3 }, { state: 'talking' }), agent('3', { loans: 1 }), agent('4', {}, { state: 'held' })];
    const why = explain(contact(steps, { openStep: opened[1], opened, leaveAt: NOW + 60_000 }), agents);
    expect(why.steps.map(({ step, state, openedAt, until, opensAt, agents: counts }) => ({ step, state, openedAt, until, opensAt, ...counts }))).toEqual([
      { step: 1, state: 'over', openedAt: NOW - 20_000, configured: 1, signedIn: 1, idle: 0 },
      { step: 2, state: 'skipped', configured: 0, signedIn: 0, idle: 0 },
      { step: 3, state: 'open', openedAt: NOW - 10_000, until: NOW + 10_000, configured: 2, signedIn: 2, idle: 0 },
      { step: 4, state: 'later', configured: 0, signedIn: 0, idle: 0 },
      { step: 5, state: 'later', opensAt: NOW + 10_000, configured: 4, signedIn: 4, idle: 1 },
    ]);
    expect(why.changes).toEqual([
      { kind: 'conversationEnds', agents: 2 },
      { kind: 'stepOpens', step: 5, at: NOW + 10_000, more: 2, idle: 1 },
      { kind: 'skill', agentId: '3', missing: { kind: 'tooLow', skill: 'loans', has: 1, atLeast: 3 } },
      { kind: 'overflow', at: NOW + 60_000 },
    ]);
    // Without the history of its steps it is not known which were skipped.
    expect(explain(contact(steps, { openStep: opened[1] }), agents).steps.map(({ state }) => state)).toEqual(['passed', 'passed', 'open', 'later', 'later']);
  });

  it('counts those who go before it for the same agents', () => {
    const loans: RoutingStep = { require: { skill: 'loans' }, forMs: 'untilServed' };
    const cards: RoutingStep = { require: { skill: 'cards' }, forMs: 'untilServed' };
    const before = (id: string, step: RoutingStep, fields = {}) => ({ ...contact([step]), contactId: contactId(id), ...fields });
    const why = explain(contact([loans]), [agent('1', { loans: 1 }, { state: 'talking' }), agent('2', { cards: 1 }, { state: 'talking' })], {
      ahead: [before('a', loans), before('b', cards), before('r', loans, { offeredTo: { agentId: agentId('1'), ringUntil: NOW } }), before('d', { require: { all: [] }, forMs: 1 })],
    });
    expect(why.ahead).toEqual({ contacts: 4, competing: 2, first: ['a', 'd'] });
    expect(why.changes).toContainEqual({ kind: 'goBefore', contacts: 2 });
    expect(why.changes).toContainEqual({ kind: 'promotion', at: NOW + 1_180_000 });
  });

  it('says when nobody could ever serve it, and who would if signed in', () => {
    const steps: readonly RoutingStep[] = [{ require: { skill: 'loans' }, forMs: 1000 }, { require: { skill: 'cards' }, forMs: 'untilServed' }];
    const lost = explain(contact(steps, { openStep: undefined }), [agent('1', {})]);
    expect(lost.changes).toContainEqual({ kind: 'nobodyQualifies', require: { any: [{ skill: 'loans' }, { skill: 'cards' }] } });
    const early = explain(contact(steps, { openStep: undefined }), [agent('1', {}), agent('2', { cards: 3 }, { state: 'loggedOut' })]);
    expect(early.changes).toContainEqual({ kind: 'signsIn', agents: ['2'] });
    expect(early.agentCounts).toMatchObject({ mayServe: 0, signedOut: 1 });
  });

  it('names a ringing agent first, and only so many', () => {
    const many = Array.from({ length: 50 }, (_, index) => agent(`a${index}`, {}, { state: 'talking' }));
    const why = explain(contact([{ require: { all: [] }, forMs: 1 }], { offeredTo: { agentId: agentId('a7'), ringUntil: NOW + 1 } }), many, { mostAgents: 3 });
    expect(why.agents.map(({ agentId: id }) => id)).toEqual(['a7', 'a0', 'a1']);
    expect(why.agentCounts).toMatchObject({ rings: 1, busy: 49 });
  });
});

const requirement: fc.Arbitrary<Requirement> = fc.oneof(
  fc.constant<Requirement>({ all: [] }),
  fc.record({ skill: fc.constantFrom('a', 'b'), atLeast: fc.integer({ min: 1, max: 3 }) }),
  fc.record({ not: fc.record({ skill: fc.constantFrom('a', 'b') }) }),
  fc.record({ any: fc.constant<readonly Requirement[]>([{ skill: 'b' }, { agent: agentId('p1') }]) }),
);
const world = fc.record({
  people: fc.array(
    fc.record({
      skills: fc.dictionary(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 3 }), { maxKeys: 2 }),
      queue: fc.constantFrom('bank', 'bank', 'other'),
    }),
    { minLength: 1, maxLength: 5 },
  ),
  require: requirement,
  keepIdle: fc.integer({ min: 0, max: 2 }),
  happenings: fc.array(fc.record({ who: fc.nat(4), what: fc.constantFrom('idle', 'idle', 'busy', 'pass') }), { maxLength: 25 }),
});

describe('an agent may serve a contact', () => {
  it('if and only if the router says so, whatever happens', () => {
    fc.assert(
      fc.property(world, ({ people, require, keepIdle, happenings }) => {
        const router = new SkillRouter();
        const agents = people.map(({ skills, queue }, index) => ({ id: agentId(`p${index}`), skills, queues: [queueId(queue)] }));
        const queues = ['bank', 'other'].map((id) => ({ id: queueId(id), selection: 'longestIdle' as const }));
        let now = NOW;
        router.handle({ type: 'configured', config: { agents, queues, fairAfterMs: 1e9 } }, now);
        for (const { id } of agents) router.handle({ type: 'agent.signedIn', agentId: id }, now);
        const own = contactId('c');
        const steps: readonly RoutingStep[] = [{ require, forMs: 'untilServed', keepIdle }];
        router.handle(
          {
            type: 'contact.arrived',
            contact: { contactId: own, queueId: bank, priority: 5, enqueuedAt: now, ageBoostMs: 0, steps, afterSteps: 'strict', leaveAt: Infinity, noAgentsGraceMs: Infinity },
          },
          now,
        );
        const idle = new Set<string>();
        const notBefore = new Map<AgentId, number>();
        for (const { who, what } of happenings) {
          const member = agents[who % agents.length] ?? expect.fail('nobody');
          if (what === 'pass') now += 4000;
          else if (what === 'idle') idle.add(member.id);
          else idle.delete(member.id);
          // What is told before the router decides.
          const { offeredTo: _, ...view } = router.contact(own) ?? expect.fail('the contact is gone');
          const why = explainContact({
            contact: { ...view, leaveAt: Infinity, notBefore: new Map(notBefore) },
            agents: agents.map((one) => ({
              agent: one,
              status: { agentId: one.id, state: idle.has(one.id) ? 'ready' : 'talking', since: now, idleSince: now } as const,
              free: idle.has(one.id),
            })),
            ahead: [],
            fairAfterMs: 1e9,
            now,
          });
          const may = why.agents.filter(({ mayServe }) => mayServe).map(({ agentId: id }) => String(id));
          const fitting = agents.filter((one) => one.queues.includes(bank) && satisfies(one, require) && idle.has(one.id));
          const byRule = fitting.filter(({ id }) => (notBefore.get(id) ?? 0) <= now && fitting.length > keepIdle).map(({ id }) => String(id));
          expect(may.toSorted()).toEqual(byRule.toSorted());
          const event = what === 'pass' ? ({ type: 'tick' } as const) : what === 'idle' ? ({ type: 'agent.idle', agentId: member.id, idleSince: now } as const) : ({ type: 'agent.busy', agentId: member.id } as const);
          const offersOf = (decisions: ReturnType<typeof router.handle>) => decisions.filter((decision) => decision.kind === 'offer');
          let offers = offersOf(router.handle(event, now));
          expect(offers).toHaveLength(may.length > 0 ? 1 : 0);
          // The agent rejects it and rests; several whose rests end together have it one after another, as far as the reserve lets them.
          for (const left = new Set(may); offers.length > 0; ) {
            const [offer] = offers;
            if (offer === undefined || offers.length > 1) throw new Error(`${offers.length} offers at once`);
            expect(left).toContain(offer.agentId);
            left.delete(offer.agentId);
            idle.delete(offer.agentId);
            notBefore.set(offer.agentId, now + 5000);
            offers = offersOf(router.handle({ type: 'offer.ended', contactId: own, agentId: offer.agentId, notBefore: now + 5000 }, now));
            const stillIdle = fitting.filter(({ id }) => idle.has(id)).length;
            expect(offers).toHaveLength(left.size > 0 && stillIdle > keepIdle ? 1 : 0);
          }
        }
      }),
      { numRuns: RUNS },
    );
  }, 10_000 + RUNS * 10);
});
