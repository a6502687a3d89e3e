import { describe, expect, it } from 'vitest';
import { choose, collected, failed, ok, runFlow, type Script } from '../test/fakes/scripted-verbs.ts';
import branchHours from './branch-hours.ts';

const run = (script: Script) => runFlow(branchHours.machine, script, { dialled: '95502' });
const appointment: Script = {
  main: choose('appointment'),
  'identify/account': collected('6299990000010015'),
  'identify/standing': ok({ outcome: 'free' }),
  'identify/pin': collected('vault:1'),
  'identify/check': ok({ outcome: 'verified', customerId: 'c-1' }),
};

describe('the branch service', () => {
  it.each(['open', 'closed'])('says when it is %s, and the hours', async (state) => {
    const { verbs, states } = await run({ main: choose('hours'), hours: { outcome: state } });
    expect(verbs.prompts().slice(-3)).toEqual([`branch.${state}`, 'branch.hours', 'branch.goodbye']);
    expect(states.at(-1)).toBe('over');
  });

  it('is closed on a holiday', async () => {
    expect((await run({ main: choose('hours'), hours: { outcome: 'holiday' } })).states).toContain('closed');
  });

  it('tells the next appointment by the sub-flow that the hotline uses, too', async () => {
    const { verbs } = await run({ ...appointment, appointment: ok({ outcome: 'booked', at: 1_788_228_000_000 }) });
    expect(verbs.inputs('call').at(-1)).toMatchObject({ service: 'nextAppointment', input: { customerId: 'c-1' } });
    expect(verbs.inputs('say').at(-1)?.prompts).toEqual([{ key: 'branch.appointment', values: { day: 1_788_228_000_000, hour: 1_788_228_000_000 } }]);
  });

  it.each([
    ['there is no appointment', { appointment: ok({ outcome: 'none' }) }, 'noAppointment'],
    ['the answer is nonsense', { appointment: ok({ outcome: 'perhaps' }) }, 'unavailable'],
    ['there is no answer', { appointment: failed() }, 'unavailable'],
    ['the PIN is wrong three times', { 'identify/check': ok({ outcome: 'refused' }) }, 'refused'],
    ['the caller is silent', { 'identify/pin': { outcome: 'noInput' } }, 'goodbye'],
    ['the first question is met by silence', { main: { outcome: 'noInput' } }, 'goodbye'],
  ] satisfies [string, Script, string][])('when %s', async (_what, script, state) => {
    const { states } = await run({ ...appointment, ...script });
    expect(states).toContain(state);
    expect(states.at(-1)).toBe('over');
  });

  it('says sorry and goodbye at a fault of ours, for it has no agents', async () => {
    const { verbs, states } = await run({ main: { fail: 'no media' } });
    expect(verbs.prompts().slice(-2)).toEqual(['branch.sorry', 'branch.goodbye']);
    expect(states.at(-1)).toBe('over');
  });
});
