import { describe, expect, it } from 'vitest';
import { choose, runFlow, type Script } from '../test/fakes/scripted-verbs.ts';
import calledBack from './called-back.ts';
import callbackMessage from './callback-message.ts';

describe.each([
  ['who is called back', calledBack, 'greeting'],
  ['a machine that is left a message', callbackMessage, 'message'],
] as const)('%s', (_who, { machine }, first) => {
  const run = (script: Script) => runFlow(machine, script, { dialled: '95500' });

  it('is led to an agent by the key', async () => {
    const { states } = await run({ [first]: choose('here'), agent: { outcome: 'served', agentId: '1001' } });
    expect(states).toEqual([first, 'connecting', 'agent', 'over']);
  });

  it('hears it to its end, and nothing else, when nobody presses a key', async () => {
    const { verbs, states } = await run({ [first]: { outcome: 'noInput' } });
    expect(verbs.prompts()).toEqual([`calledBack.${first}`, 'calledBack.goodbye']);
    expect(states).toEqual([first, 'goodbye', 'over']);
  });

  it('is told when no agent can be had after all', async () => {
    const { verbs } = await run({ [first]: choose('here'), agent: { outcome: 'overflow', reason: 'noAgents' } });
    expect(verbs.prompts()).toEqual([`calledBack.${first}`, 'calledBack.connecting', 'calledBack.sorry', 'calledBack.goodbye']);
  });
});
