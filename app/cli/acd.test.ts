import { describe, expect, it } from 'vitest';
import { boardLines } from './acd-board.ts';
import { LiveScreen } from './live-screen.ts';
import { clockTime, shortDuration } from './moments.ts';
import { shortfallText, whyLines, type Why } from './why-text.ts';

const NOW = 1_800_000_000_000;
const at = (seconds: number): number => NOW + seconds * 1000;

describe('boardLines', () => {
  const agent = (id: string, state: 'ready' | 'ringing' | 'held' | 'wrapUp' | 'notReady' | 'loggedOut', queues = ['a'], more = {}) => ({
    agent: { id, name: `N${id}`, queues, skills: { loans: 3 } },
    status: { state, since: at(-125), ...more },
  });

  it('counts agents by queue and lists those who wait, the oldest first', () => {
    const lines = boardLines(
      {
        agents: [
          agent('1', 'ready'),
          agent('2', 'held', ['a', 'b']),
          agent('3', 'wrapUp', ['b'], { wrapUpUntil: at(9) }),
          agent('4', 'notReady', ['a'], { reason: 'lunch' }),
          agent('5', 'loggedOut'),
          agent('6', 'ringing'),
        ],
        queues: [
          { id: 'a', name: '个人', expectedWaitMs: 90_000, contacts: [{ contactId: 'c2', priority: 1, enqueuedAt: at(-5), step: 1, offerId: 'o' }, { contactId: 'c1', callId: 'k', priority: 5, enqueuedAt: at(-65), step: 2, promoted: true, wish: { choice: 'loans' } }] },
          { id: 'b', name: 'B', contacts: [] },
        ],
      },
      NOW,
    );
    expect(lines).toEqual([
      'QUEUE  NAME  WAITING  LONGEST  EXPECTED  READY  RINGING  TALKING  WRAP-UP  NOT READY',
      'a      个人        2     1:05      1:30      1        1        1        0          1',
      'b      B           0        –         ?      0        0        1        1          0',
      '',
      'CONTACT  CALL  QUEUE  WAITS  PRIORITY  STEP',
      'c1       k     a       1:05         5     2  wants loans, promoted',
      'c2             a        5 s         1     1  an agent rings',
      '',
      'AGENT  NAME  STATE                  SINCE  SKILLS   QUEUES',
      '1      N1    ready                   2:05  loans:3  a',
      '2      N2    held                    2:05  loans:3  a b',
      `3      N3    wrapUp until ${clockTime(at(9))}   2:05  loans:3  b`,
      '4      N4    notReady (lunch)        2:05  loans:3  a',
      '5      N5    loggedOut               2:05  loans:3  a',
      '6      N6    ringing                 2:05  loans:3  a',
    ]);
  });

  it('says that nobody waits', () => {
    expect(boardLines({ agents: [], queues: [] }, NOW)).toContain('nobody waits');
  });
});

describe('whyLines', () => {
  const require = { all: [{ skill: 'lang.en' }, { skill: 'loans', atLeast: 3 }] };
  const counts = { mayServe: 0, rings: 0, waits: 0, busy: 2, signedOut: 0, nearly: 1, otherQueue: 0, far: 40 };
  const agents: NonNullable<Why['waiting']>['agents'] = [
    { agentId: '1003', mayServe: false, closeness: 'busy', obstacles: [{ kind: 'state', state: 'wrapUp', since: at(-20), until: at(11) }] },
    { agentId: '1004', mayServe: false, closeness: 'nearly', obstacles: [{ kind: 'lacks', missing: [{ kind: 'tooLow', skill: 'loans', has: 2, atLeast: 3 }] }] },
  ];

  it('explains a wait', () => {
    const lines = whyLines({
      waiting: {
        contactId: 'c',
        callId: 'k',
        queueId: 'a',
        at: NOW,
        priority: 5,
        ageBoostMs: 60_000,
        enqueuedAt: at(-65),
        wish: { choice: 'loans', confidence: 0.93, text: 'a loan' },
        promoted: false,
        held: false,
        steps: [
          { step: 1, require, keepIdle: 0, state: 'open', openedAt: at(-65), until: at(12), agents: { configured: 2, signedIn: 2, idle: 0 } },
          { step: 2, require: { all: [] }, keepIdle: 1, state: 'later', opensAt: at(12), agents: { configured: 43, signedIn: 5, idle: 3 } },
        ],
        agents,
        agentCounts: counts,
        ahead: { contacts: 4, competing: 2, first: ['x', 'y'] },
        changes: [
          { kind: 'goBefore', contacts: 2 },
          { kind: 'agentFree', agentId: '1003', at: at(11), after: 'wrapUp' },
          { kind: 'conversationEnds', agents: 1 },
          { kind: 'stepOpens', step: 2, at: at(12), more: 3, idle: 1 },
          { kind: 'skill', agentId: '1004', missing: { kind: 'tooLow', skill: 'loans', has: 2, atLeast: 3 } },
          { kind: 'overflow', at: at(535) },
        ],
      },
    });
    // How wide the columns are depends on nothing that matters here.
    expect(lines.map((line) => line.replace(/(\S) {2,}/g, '$1 | '))).toEqual([
      'c of k waits in a for 1:05; priority 5, as if it had come 1:00 earlier',
      'The caller wants loans, said "a loan" (0.93)',
      '',
      'STEP | ASKS FOR | AGENTS | SIGNED IN | IDLE',
      `1 | lang.en and loans ≥ 3 | open since ${clockTime(at(-65))} until ${clockTime(at(12))} | 2 | 2 | 0`,
      `2 | anyone of the queue, keeps 1 idle | opens ${clockTime(at(12))} | 43 | 5 | 3`,
      '',
      'AGENT | WHY NOT',
      `1003 | wrapUp for 20 s, until ${clockTime(at(11))} at the latest`,
      '1004 | loans 2 < 3',
      'others: 1 qualify but are busy, 40 do not qualify',
      '',
      '4 contacts stand before it; 2 wait for some of the same agents: x, y.',
      '',
      'What would change it:',
      '  - 2 contacts go before it',
      `  - 1003 ends wrap-up in 11 s (${clockTime(at(11))}) at the latest`,
      '  - the agent who qualifies becomes free',
      `  - step 2 opens in 12 s (${clockTime(at(12))}): 3 more agents, 1 of them idle now`,
      '  - if 1004 had loans ≥ 3, not 2',
      `  - it overflows in 8:55 (${clockTime(at(535))}) unless it is served`,
    ]);
  });

  it('tells a past', () => {
    const lines = whyLines({
      history: {
        contactId: 'c',
        queueId: 'a',
        enqueuedAt: NOW,
        ended: true,
        entries: [
          { at: NOW, kind: 'queued', again: false, position: 2, priority: 5, ageBoostMs: 0 },
          { at: NOW, kind: 'step', step: 1, require, skipped: true, agents, agentCounts: { ...counts, busy: 1, far: 0 } },
          { at: at(5), kind: 'offered', offerId: 'o', agentId: '1003', alsoFree: ['7'] },
          { at: at(25), kind: 'offerEnded', offerId: 'o', agentId: '1003', outcome: 'noAnswer', rangMs: 20_000 },
          { at: at(30), kind: 'left', how: 'overflowed', reason: 'timeout', waitedMs: 30_000 },
        ],
      },
    });
    expect(lines.map((line) => line.replace(/^\d\d:\d\d:\d\d/, 'T'))).toEqual([
      'c in a',
      '',
      'T  queued: position 2, priority 5',
      'T  step 1 skipped: nobody signed in qualifies: lang.en and loans ≥ 3',
      '          AGENT  WHY NOT',
      `          1003   wrapUp for 20 s, until ${clockTime(at(11))} at the latest`,
      '          1004   loans 2 < 3',
      'T  offered to 1003; also free: 7',
      'T  1003: noAnswer after 20 s',
      'T  left the queue: overflowed (timeout) after 30 s',
    ]);
  });

  it('has words for every lack', () => {
    expect(shortfallText({ kind: 'noneOf', alternatives: [[{ kind: 'noSkill', skill: 'a' }], [{ kind: 'tooHigh', skill: 'b', has: 3, atMost: 2 }]] })).toBe('neither (no a) nor (b 3 > 2)');
    expect(shortfallText({ kind: 'ruledOut', by: { any: [{ skill: 'a' }, { skill: 'b', atLeast: 1, atMost: 2 }] } })).toBe('ruled out by not (a or b 1 to 2)');
  });
});

describe('LiveScreen', () => {
  it('overwrites one picture with the next in one write, and gives the terminal back', () => {
    const written: string[] = [];
    const screen = new LiveScreen({ isTty: true, size: () => ({ rows: 3 }), write: (text) => void written.push(text) });
    screen.show(['a', 'b']);
    screen.show(['1', '2', '3', '4']);
    screen.close();
    screen.close();
    expect(written).toHaveLength(3);
    expect(written[0]).toContain('\u001b[?1049h');
    expect(written[1]).toBe('\u001b[H1\u001b[K\r\n2\u001b[K\r\n… 2 more lines\u001b[K\u001b[J');
    expect(written[2]).toContain('\u001b[?1049l');
  });

  it('is plain where there is no terminal', () => {
    const written: string[] = [];
    const screen = new LiveScreen({ isTty: false, size: () => ({ rows: 1 }), write: (text) => void written.push(text) });
    screen.show(['a', 'b']);
    screen.close();
    expect(written).toEqual(['a\nb\n\n']);
  });
});

it('shortDuration is short', () => {
  expect([0, 999, 59_400, 60_000, 3_599_000, 3_725_000, -5].map(shortDuration)).toEqual(['0 s', '1 s', '59 s', '1:00', '59:59', '1:02:05', '0 s']);
});
