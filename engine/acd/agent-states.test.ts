import { describe, expect, it } from 'vitest';
import { AGENT_STATES } from '../domain/agent.ts';
import { AGENT_EVENTS, moveOf } from './agent-states.ts';

/** Written down apart from the module, in the words of the comment that draws the table. */
const EXPECTED = `
                  loggedOut  ready      reserved       ringing        talking  held     wrapUp     notReady   notResponding
signIn            ready      =          =              =              =        =        =          =          =
signOut           =          loggedOut  loggedOut      loggedOut      later    later    loggedOut  loggedOut  loggedOut
ready             ·          =          =              =              =        =        ready      ready      ready
notReady          ·          notReady   notReady       notReady       later    later    notReady   notReady   notReady
finishWrapUp      ·          =          =              =              ·        ·        ready      =          =
offered           ·          reserved   ·              ·              reserved reserved ·          ·          ·
rings             ·          =          ringing        =              =        =        =          =          =
accepted          ·          ·          talking        talking        ·        ·        ·          ·          ·
givenBack         ·          ·          ready          ready          ·        ·        ·          ·          ·
undeliverable     ·          ·          notReady       notReady       ·        ·        ·          ·          ·
noAnswer          ·          ·          notResponding  notResponding  ·        ·        ·          ·          ·
rested            ·          ·          ·              ·              ·        ·        ·          ready      ·
hold              ·          =          =              =              held     =        =          =          =
unhold            ·          =          =              =              =        talking  =          =          =
over              ·          ·          ·              ·              wrapUp   wrapUp   ·          ·          ·
overAtOnce        ·          ·          ·              ·              ready    ready    ·          ·          ·
wrapUpLimit       ·          ·          ·              ·              ·        ·        ready      ·          ·
foundTalking      talking    talking    ·              ·              ·        ·        talking    talking    talking
`;
const [columns = [], ...rows] = EXPECTED.trim().split('\n').map((line) => line.trim().split(/\s+/));

describe('what happens to an agent', () => {
  it('has a row for each event and a column for each state', () => {
    expect([...columns].sort()).toEqual([...AGENT_STATES].sort());
    expect(rows.map(([event]) => event)).toEqual(AGENT_EVENTS);
  });

  for (const event of AGENT_EVENTS) {
    const row = rows.find(([name]) => name === event) ?? [];
    for (const state of AGENT_STATES) {
      const expected = row[columns.indexOf(state) + 1];
      it(`${state} -> ${event} -> ${expected}`, () => expect(moveOf(state, event)).toBe(expected));
    }
  }
});
