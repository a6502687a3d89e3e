import { describe, expect, it } from 'vitest';
import { agentId, contactId, queueId } from '../domain/ids.ts';
import type { RoutingStep, Skills } from '../domain/requirement.ts';
import type { ArrivingContact, RoutingConfig, RoutingDecision, RoutingEvent } from './routing-event.ts';
import { SkillRouter } from './skill-router.ts';

const loans = queueId('loans');
const forever: RoutingStep = { require: { all: [] }, forMs: 'untilServed' };

/** A router with agents who are signed in; short forms of what it is told and of what it decides. */
class Desk {
  readonly router = new SkillRouter();
  now = 0;

  constructor(agents: Readonly<Record<string, Skills>>, config: Partial<RoutingConfig> & { readonly signedIn?: readonly string[] } = {}) {
    this.configure(agents, config);
    for (const id of config.signedIn ?? Object.keys(agents)) this.tell({ type: 'agent.signedIn', agentId: agentId(id) });
  }

  configure(agents: Readonly<Record<string, Skills>>, config: Partial<RoutingConfig> = {}): readonly string[] {
    const configured = Object.entries(agents).map(([id, skills]) => ({ id: agentId(id), skills, queues: [loans] }));
    return this.tell({ type: 'configured', config: { agents: configured, queues: [{ id: loans, selection: 'leastSurplus' }], fairAfterMs: 60_000, ...config } });
  }

  tell(event: RoutingEvent): readonly string[] {
    return this.router.handle(event, this.now).map(short);
  }

  idle(id: string, idleSince = this.now): readonly string[] {
    return this.tell({ type: 'agent.idle', agentId: agentId(id), idleSince });
  }

  arrives(id: string, fields: Partial<ArrivingContact> = {}, offered = false): readonly string[] {
    const contact: ArrivingContact = {
      contactId: contactId(id),
      queueId: loans,
      priority: 5,
      enqueuedAt: this.now,
      ageBoostMs: 0,
      steps: [forever],
      afterSteps: 'strict',
      leaveAt: Infinity,
      noAgentsGraceMs: 0,
      ...fields,
    };
    return this.tell({ type: 'contact.arrived', contact, offered });
  }

  ends(contact: string, agent: string, notBefore?: number): readonly string[] {
    const rest = notBefore === undefined ? {} : { notBefore };
    return this.tell({ type: 'offer.ended', contactId: contactId(contact), agentId: agentId(agent), ...rest });
  }

  gone(contact: string): readonly string[] {
    return this.tell({ type: 'contact.gone', contactId: contactId(contact) });
  }

  tickAt(now: number): readonly string[] {
    this.now = now;
    return this.tell({ type: 'tick' });
  }
}

function short(decision: RoutingDecision): string {
  switch (decision.kind) {
    case 'step':
      return `${decision.contactId} step ${decision.openStep.index} at ${decision.openStep.openedAt}`;
    case 'promoted':
      return `${decision.contactId} promoted`;
    case 'offer':
      return `${decision.contactId} → ${decision.agentId}`;
    case 'overflow':
      return `${decision.contactId} ${decision.reason}`;
  }
}

describe('SkillRouter', () => {
  it('gives a freed agent the first in order whom it may serve: fairness, priority, virtual age, arrival', () => {
    const desk = new Desk({ a: { x: 1 } }, { fairAfterMs: 1_000 });
    desk.arrives('old', { enqueuedAt: -900 });
    desk.arrives('foreign', { priority: 1, steps: [{ require: { not: { skill: 'x' } }, forMs: 'untilServed' }], noAgentsGraceMs: 9_000 });
    desk.arrives('boosted', { ageBoostMs: 5_000, enqueuedAt: 2 });
    desk.arrives('urgent', { priority: 1, enqueuedAt: 3 });
    expect(desk.tickAt(100)).toEqual(['old promoted']);
    for (const expected of ['old', 'urgent', 'boosted']) {
      expect(desk.idle('a')).toEqual([`${expected} → a`]);
      desk.gone(expected);
    }
    expect(desk.idle('a')).toEqual([]);
  });

  it('gives a contact the best fit, then the one idle longest, then the first of the configuration', () => {
    const desk = new Desk({ expert: { x: 5, y: 5 }, b: { x: 3 }, c: { x: 3 }, d: { x: 3 } });
    desk.idle('expert', -100);
    desk.idle('d', -5);
    desk.idle('c', -5);
    desk.idle('b');
    const ask = (id: string) => desk.arrives(id, { steps: [{ require: { skill: 'x', atLeast: 2 }, forMs: 'untilServed' }] });
    expect(['1', '2', '3', '4'].flatMap(ask).filter((text) => text.includes('→'))).toEqual(['1 → c', '2 → d', '3 → b', '4 → expert']);
  });

  it('opens step after step, tries each at once, and says when time alone brings the next', () => {
    const desk = new Desk({ a: { x: 1 }, b: {} });
    desk.idle('b');
    const steps: RoutingStep[] = [
      { require: { skill: 'z' }, forMs: 5_000 },
      { require: { skill: 'x' }, forMs: 1_000 },
    ];
    expect(desk.arrives('c', { steps, afterSteps: 'any' })).toEqual(['c step 1 at 0']);
    expect(desk.router.dueAt).toBe(1_000);
    expect(desk.tickAt(999)).toEqual([]);
    expect(desk.tickAt(1_000)).toEqual(['c step 2 at 1000', 'c → b']);
  });

  it('tries a step of 0 ms once, in the same call', () => {
    const desk = new Desk({ a: { x: 1 }, b: {} });
    desk.idle('b');
    expect(desk.arrives('c', { steps: [{ require: { skill: 'x' }, forMs: 0 }], afterSteps: 'any' })).toEqual(['c step 0 at 0', 'c step 1 at 0', 'c → b']);
  });

  it('serves rather than sends away, and sends nobody away whose phone rings', () => {
    const desk = new Desk({ a: {} });
    desk.idle('a');
    expect(desk.arrives('late', { leaveAt: -1 })).toEqual(['late step 0 at 0', 'late → a']);
    expect(desk.tickAt(50)).toEqual([]);
    expect(desk.ends('late', 'a')).toEqual(['late timeout']);
    expect(desk.arrives('later', { leaveAt: 60 })).toEqual(['later step 0 at 50']);
    expect(desk.tickAt(60)).toEqual(['later timeout']);
  });

  it('waits for somebody to sign in as long as it is told, then overflows; while its phone rings it does not', () => {
    const desk = new Desk({ a: {} }, { signedIn: [] });
    expect(desk.arrives('1')).toEqual(['1 noAgents']);
    expect(desk.arrives('2', { noAgentsGraceMs: 100 })).toEqual([]);
    expect(desk.arrives('3', { noAgentsGraceMs: 200 })).toEqual([]);
    expect(desk.arrives('4', { noAgentsGraceMs: 100 }, true)).toEqual([]);
    expect(desk.tickAt(100)).toEqual(['2 noAgents']);
    expect(desk.tell({ type: 'agent.signedIn', agentId: agentId('a') })).toEqual(['3 step 0 at 0', '4 step 0 at 0']);
    expect(desk.tell({ type: 'agent.signedOut', agentId: agentId('a') })).toEqual([]);
    expect(desk.tickAt(300)).toEqual(['3 noAgents']);
    expect(desk.ends('4', 'whoever')).toEqual(['4 noAgents']);
  });

  it('asks an agent again only when its time has come', () => {
    const desk = new Desk({ a: {}, b: {} });
    desk.idle('a');
    desk.arrives('c');
    expect(desk.ends('c', 'a', 500)).toEqual([]);
    expect(desk.idle('a')).toEqual([]);
    expect(desk.router.contact(contactId('c'))?.notBefore).toEqual(new Map([['a', 500]]));
    expect(desk.arrives('d')).toEqual(['d step 0 at 0', 'd → a']);
    desk.gone('d');
    expect(desk.idle('a')).toEqual([]);
    expect(desk.tickAt(500)).toEqual(['c → a']);
  });

  it('keeps a reserve idle; when it grows, whoever waited for that gets the best agent, not the one just freed', () => {
    const desk = new Desk({ a: { x: 1 }, b: { x: 5 }, c: { x: 3 } });
    desk.arrives('vip-less', { steps: [{ require: { skill: 'x' }, forMs: 'untilServed', keepIdle: 1 }] });
    expect(desk.idle('a')).toEqual([]);
    expect(desk.idle('b')).toEqual(['vip-less → a']);
    expect(desk.arrives('next', { steps: [{ require: { skill: 'x' }, forMs: 'untilServed', keepIdle: 1 }] })).toEqual(['next step 0 at 0']);
    expect(desk.idle('c')).toEqual(['next → c']);
  });

  it('decides nothing while held, and then everything in order', () => {
    const desk = new Desk({ a: {}, b: {} }, { signedIn: [] });
    desk.tell({ type: 'held' });
    expect(desk.arrives('young', { enqueuedAt: 5, leaveAt: -1 })).toEqual([]);
    expect(desk.arrives('old', { enqueuedAt: 1 })).toEqual([]);
    expect(desk.tell({ type: 'agent.signedIn', agentId: agentId('a') })).toEqual([]);
    expect(desk.idle('a')).toEqual([]);
    expect(desk.router.dueAt).toBeUndefined();
    expect(desk.tell({ type: 'released' })).toEqual(['young step 0 at 5', 'old step 0 at 1', 'old → a', 'young timeout']);
    expect(desk.tell({ type: 'released' })).toEqual([]);
  });

  it('keeps contacts, idle times and offers through a new configuration', () => {
    const desk = new Desk({ a: { x: 1 }, b: {} });
    desk.idle('b', -7);
    const forX: RoutingStep[] = [{ require: { skill: 'x' }, forMs: 'untilServed' }];
    expect(desk.arrives('c', { steps: forX })).toEqual(['c step 0 at 0']);
    expect(desk.configure({ b: { x: 1 } })).toEqual(['c → b']);
    expect(desk.idle('b')).toEqual([]);
    expect(desk.configure({ d: {} })).toEqual([]);
    expect(desk.configure({ b: {} })).toEqual([]);
    desk.tell({ type: 'agent.signedIn', agentId: agentId('b') });
    // Its offer is still open.
    expect(desk.idle('b')).toEqual([]);
    expect(desk.router.idleAgents()).toEqual([]);
    expect(desk.router.contact(contactId('c'))).toMatchObject({ offered: true, offeredTo: 'b' });
  });

  it('sends contacts away whose queue is gone', () => {
    const desk = new Desk({ a: {} });
    desk.arrives('c');
    expect(desk.configure({ a: {} }, { queues: [] })).toEqual(['c noAgents']);
  });

  it('ignores what is told twice or of nobody', () => {
    const desk = new Desk({ a: {} });
    desk.arrives('c');
    expect(desk.arrives('c', { priority: 1 })).toEqual([]);
    expect(desk.idle('nobody')).toEqual([]);
    expect(desk.idle('a')).toEqual(['c → a']);
    expect(desk.idle('a')).toEqual([]);
    expect(desk.ends('c', 'nobody')).toEqual([]);
    expect(desk.gone('unknown')).toEqual([]);
    expect(desk.tell({ type: 'contact.changed', contactId: contactId('unknown'), priority: 1 })).toEqual([]);
    expect(desk.router.contact(contactId('c'))?.offeredTo).toBe('a');
  });

  it('stands a clock that jumps back', () => {
    const desk = new Desk({ a: {} });
    desk.now = 10_000;
    desk.arrives('c', { leaveAt: 11_000 });
    desk.now = 0;
    expect(desk.arrives('d', { priority: 1, leaveAt: 500 })).toEqual(['d step 0 at 0']);
    expect(desk.tickAt(500)).toEqual(['d timeout']);
    expect(desk.tickAt(11_000)).toEqual(['c timeout']);
  });

  it('tells how many who are signed in could serve a step', () => {
    const desk = new Desk({ a: { x: 1 }, b: { x: 1 }, c: { x: 3 } }, { signedIn: ['a', 'c'] });
    expect(desk.router.staffed(loans, { require: { skill: 'x' } })).toBe(2);
    expect(desk.router.staffed(loans, { require: { skill: 'x', atLeast: 2 } })).toBe(1);
    expect(desk.router.staffed(queueId('unknown'), { require: { all: [] } })).toBe(0);
  });
});
