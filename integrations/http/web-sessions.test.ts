import { describe, expect, it } from 'vitest';
import type { Principal } from './principal.ts';
import { WebSessions } from './web-sessions.ts';

const HAN: Principal = { name: 'han', role: 'supervisor', via: 'session' };
const MINUTE = 60_000;

function rig() {
  let now = 1_000_000;
  return { sessions: new WebSessions({ idleMs: 30 * MINUTE, longestMs: 120 * MINUTE, now: () => now }), pass: (ms: number) => void (now += ms) };
}

describe('sessions of browsers', () => {
  it('are found by their id and by nothing else', () => {
    const { sessions } = rig();
    const { id, session } = sessions.begin(HAN);
    expect(id).toMatch(/^[\w-]{43}$/);
    expect(sessions.find(id)).toMatchObject({ principal: HAN, csrfToken: session.csrfToken });
    expect([sessions.find(`${id}x`), sessions.find(''), sessions.find(session.csrfToken)]).toEqual([undefined, undefined, undefined]);
    sessions.end(id);
    expect(sessions.find(id)).toBeUndefined();
  });

  it('end when nothing is asked, and after their time whatever is asked', () => {
    const { sessions, pass } = rig();
    const idle = sessions.begin(HAN).id;
    pass(30 * MINUTE + 1);
    expect(sessions.find(idle)).toBeUndefined();
    const busy = sessions.begin(HAN).id;
    for (let i = 0; i < 6; i += 1) {
      pass(20 * MINUTE);
      expect(sessions.find(busy)).toBeDefined();
    }
    pass(1);
    expect(sessions.find(busy)).toBeUndefined();
    expect(sessions.size).toBe(0);
  });

  it('are bounded: a person has eight, and the oldest goes', () => {
    const { sessions } = rig();
    const ids = Array.from({ length: 9 }, () => sessions.begin(HAN).id);
    expect(ids.map((id) => sessions.find(id) !== undefined)).toEqual([false, ...Array<boolean>(8).fill(true)]);
    for (let i = 0; i < 5_000; i += 1) sessions.begin({ ...HAN, name: `u${i}` });
    expect(sessions.size).toBe(2_000);
  });
});
