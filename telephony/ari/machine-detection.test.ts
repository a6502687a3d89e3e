import { describe, expect, it } from 'vitest';
import { channelId } from '../../engine/domain/ids.ts';
import { readArgs } from './machine-detection.ts';
import { originateParams } from './originate-params.ts';

const LEG = { channelId: channelId('leg-1'), endpoint: 'PJSIP/1@trunk', timeoutMs: 30_000, args: ['leg', 'call-1'] };

describe('a leg that is listened to', () => {
  it.each([
    ['amd:HUMAN:HUMAN-800-800', 'person'],
    ['amd:MACHINE:LONGGREETING-2220-2200', 'machine'],
    ['amd:MACHINE:MAXWORDS-9-9', 'machine'],
    ['amd:MACHINE:INITIALSILENCE-2500-2500', 'unknown'],
    ['amd:NOTSURE:TOOLONG-5000', 'unknown'],
    ['amd:HANGUP:', 'unknown'],
    ['amd::', 'unknown'],
  ])('comes with the verdict %s, which means: %s', (verdict, answeredBy) => {
    expect(readArgs(['leg', 'call-1', verdict])).toEqual({ args: ['leg', 'call-1'], answeredBy });
  });

  it.each([[[]], [['leg', 'call-1']], [['inbound', '95500', 'amd']]])('is none with the arguments %j', (args) => {
    expect(readArgs(args)).toEqual({ args });
  });

  it.each([
    [false, 'no'],
    [true, 'yes'],
  ])('goes through the dialplan, which is told whether it waits for the greeting: %s', (waitForGreeting, told) => {
    const { app, appArgs, context, extension, variables } = originateParams({ ...LEG, detectMachine: { waitForGreeting } }, 'strowger');
    expect({ app, appArgs, context, extension }).toEqual({ app: undefined, appArgs: undefined, context: 'strowger-detect', extension: 's' });
    expect(variables).toEqual({ STROWGER_APP: 'strowger', STROWGER_ARGS: 'leg,call-1', STROWGER_WAIT_FOR_GREETING: told });
  });

  it('or does not, when nobody asks for it', () => {
    expect(originateParams(LEG, 'strowger')).toMatchObject({ app: 'strowger', appArgs: 'leg,call-1', variables: { STROWGER_APP: 'strowger' } });
  });
});
