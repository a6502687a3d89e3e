import type { AgentStateName } from '../domain/agent.ts';

/**
 * What can happen to an agent. The first five are asked for by people, the others follow from what the agent does and
 * what becomes of an offer or a conversation.
 *
 * ```
 *                   loggedOut  ready      reserved       ringing        talking  held     wrapUp     notReady   notResponding
 * signIn            ready      =          =              =              =        =        =          =          =
 * signOut           =          loggedOut  loggedOut (1)  loggedOut (1)  later    later    loggedOut  loggedOut  loggedOut
 * ready             ·          =          =              =              =  (2)   =  (2)   ready      ready      ready
 * notReady          ·          notReady   notReady  (1)  notReady  (1)  later    later    notReady   notReady   notReady
 * finishWrapUp      ·          =          =              =              ·        ·        ready (3)  =          =
 * offered           ·          reserved   ·              ·              reserved reserved ·          ·          ·
 * rings             ·          =          ringing        =              =        =        =          =          =
 * accepted          ·          ·          talking        talking        ·        ·        ·          ·          ·
 * givenBack         ·          ·          ready          ready          ·        ·        ·          ·          ·
 * undeliverable     ·          ·          notReady (4)   notReady (4)   ·        ·        ·          ·          ·
 * noAnswer          ·          ·          notResponding  notResponding  ·        ·        ·          ·          ·
 * rested            ·          ·          ·              ·              ·        ·        ·          ready      ·
 * hold              ·          =          =              =              held     =        =          =          =
 * unhold            ·          =          =              =              =        talking  =          =          =
 * over              ·          ·          ·              ·              wrapUp   wrapUp   ·          ·          ·
 * overAtOnce        ·          ·          ·              ·              ready(3) ready(3) ·          ·          ·
 * wrapUpLimit       ·          ·          ·              ·              ·        ·        ready (3)  ·          ·
 * foundTalking      talking    talking    ·              ·              ·        ·        talking    talking    talking
 * ```
 * `=` nothing to do · `·` refused · `later` after the conversation and its wrap-up
 * `offered` while talking or held is for a capacity above one. The agent then comes back to what it left where the table says ready,
 * notReady, notResponding or loggedOut: see roster.ts.
 * (1) the open offer is canceled (2) what waits for later is dropped (3) or the state that waits for later
 * (4) rejected, busy, unreachable, failed: ready again by itself after a rest
 */
const TABLE = {
  signIn: row('ready', '=', '=', '=', '=', '=', '=', '=', '='),
  signOut: row('=', 'loggedOut', 'loggedOut', 'loggedOut', 'later', 'later', 'loggedOut', 'loggedOut', 'loggedOut'),
  ready: row('·', '=', '=', '=', '=', '=', 'ready', 'ready', 'ready'),
  notReady: row('·', 'notReady', 'notReady', 'notReady', 'later', 'later', 'notReady', 'notReady', 'notReady'),
  finishWrapUp: row('·', '=', '=', '=', '·', '·', 'ready', '=', '='),
  offered: row('·', 'reserved', '·', '·', 'reserved', 'reserved', '·', '·', '·'),
  rings: row('·', '=', 'ringing', '=', '=', '=', '=', '=', '='),
  accepted: row('·', '·', 'talking', 'talking', '·', '·', '·', '·', '·'),
  givenBack: row('·', '·', 'ready', 'ready', '·', '·', '·', '·', '·'),
  undeliverable: row('·', '·', 'notReady', 'notReady', '·', '·', '·', '·', '·'),
  noAnswer: row('·', '·', 'notResponding', 'notResponding', '·', '·', '·', '·', '·'),
  rested: row('·', '·', '·', '·', '·', '·', '·', 'ready', '·'),
  hold: row('·', '=', '=', '=', 'held', '=', '=', '=', '='),
  unhold: row('·', '=', '=', '=', '=', 'talking', '=', '=', '='),
  over: row('·', '·', '·', '·', 'wrapUp', 'wrapUp', '·', '·', '·'),
  overAtOnce: row('·', '·', '·', '·', 'ready', 'ready', '·', '·', '·'),
  wrapUpLimit: row('·', '·', '·', '·', '·', '·', 'ready', '·', '·'),
  foundTalking: row('talking', 'talking', '·', '·', '·', '·', 'talking', 'talking', 'talking'),
} as const;

export type AgentEvent = keyof typeof TABLE;

/** A new state, or: `=` stays as it is, `later` takes effect after the conversation, `·` refused. */
export type AgentMove = AgentStateName | '=' | 'later' | '·';

export const AGENT_EVENTS = Object.keys(TABLE) as readonly AgentEvent[];

/** The one place that decides where an agent goes. */
export function moveOf(state: AgentStateName, event: AgentEvent): AgentMove {
  return TABLE[event][state];
}

function row(
  loggedOut: AgentMove,
  ready: AgentMove,
  reserved: AgentMove,
  ringing: AgentMove,
  talking: AgentMove,
  held: AgentMove,
  wrapUp: AgentMove,
  notReady: AgentMove,
  notResponding: AgentMove,
): Readonly<Record<AgentStateName, AgentMove>> {
  return { loggedOut, ready, reserved, ringing, talking, held, wrapUp, notReady, notResponding };
}
