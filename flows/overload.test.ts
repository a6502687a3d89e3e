import { describe, expect, it } from 'vitest';
import { choose, runFlow, type Script } from '../test/fakes/scripted-verbs.ts';
import overload from './overload.ts';

const run = (script: Script, callerNumber?: string) => runFlow(overload.machine, script, { dialled: '95500', ...(callerNumber === undefined ? {} : { callerNumber }) });

describe('a caller while all lines are busy', () => {
  it('hears one prompt, and is asked to call later', async () => {
    const { verbs } = await run({ sorry: { outcome: 'noInput' } });
    expect(verbs.prompts()).toEqual(['overload.sorry', 'overload.later']);
  });

  it('may leave a callback with one key', async () => {
    const { verbs } = await run({ sorry: choose('callback'), request: { outcome: 'ok', result: { outcome: 'taken', callbackId: 'cb-1' } } });
    expect(verbs.prompts()).toEqual(['overload.sorry', 'overload.taken']);
  });

  it.each(['badNumber', 'notAllowed', 'tooMany', 'windowGone', 'unavailable'])('is told to call later when a callback is refused (%s)', async (outcome) => {
    const { verbs } = await run({ sorry: choose('callback'), request: { outcome: 'ok', result: { outcome } } });
    expect(verbs.prompts()).toEqual(['overload.sorry', 'overload.later']);
  });

  it('whose number is withheld cannot be called back', async () => {
    const { states } = await run({ sorry: choose('callback') }, '');
    expect(states).not.toContain('request');
  });
});
