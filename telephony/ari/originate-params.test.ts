import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelId } from '../../engine/domain/ids.ts';
import type { OriginateRequest } from '../../engine/ports/call-control.ts';
import { originateParams, quoteArgs } from './originate-params.ts';

/** More for a soak: STROWGER_PROPERTY_RUNS=100000. */
const RUNS = Number(process.env['STROWGER_PROPERTY_RUNS'] ?? 2_000);
const LEG = { channelId: channelId('leg-1'), endpoint: 'PJSIP/1001', timeoutMs: 1_000, args: ['leg', 'call-1'] } as const;
const params = (changed: Partial<OriginateRequest>) => originateParams({ ...LEG, ...changed }, 'strowger');

describe('what is dialled', () => {
  it.each(['PJSIP/1001', 'PJSIP/+8613800138000@carrier', 'PJSIP/carrier/sip:+86138@10.0.0.1:5060;transport=tls', 'Local/100@phones/n', 'PJSIP/*67138@carrier'])('may be %s', (endpoint) =>
    expect(params({ endpoint }).endpoint).toBe(endpoint),
  );

  it.each([
    'PJSIP/1001&PJSIP/00900@carrier',
    'PJSIP/1001,60,g',
    'PJSIP/1001^evil',
    'PJSIP/1001|60',
    'PJSIP/1001\nAction: Originate',
    'PJSIP/${SHELL(id)}',
    'PJSIP/1001 ',
    'PJSIP/',
    '/1001',
    '1001',
    '',
    `PJSIP/${'9'.repeat(300)}`,
    'PJSIP/１００１',
    'PJSIP/1001"',
    'PJSIP/1001\\',
  ])('is refused as %j', (endpoint) => expect(() => params({ endpoint })).toThrowError(expect.objectContaining({ code: 'switch.refused' })));

  it('says nothing of the number that was refused', () => {
    expect(() => params({ endpoint: 'PJSIP/13800138000&x' })).toThrowError(expect.not.objectContaining({ message: expect.stringContaining('138') as string }));
  });
});

describe('variables of a leg', () => {
  it.each(['SHELL(rm -rf /)', 'FILE(/etc/passwd)', 'CHANNEL(hangup_handler_push)', '__X Y', '', 'X=Y', '1X', 'X\n'])('are refused with the name %j', (name) =>
    expect(() => params({ variables: { [name]: 'v' } })).toThrowError(expect.objectContaining({ code: 'switch.refused' })),
  );

  it('are plain text of a bounded length, and never take the place of our own', () => {
    const { variables } = params({ variables: { X: `a\r\nb\0${'c'.repeat(5_000)}`, STROWGER_APP: 'another' } });
    expect(variables).toMatchObject({ X: `ab${'c'.repeat(998)}`, STROWGER_APP: 'strowger' });
    expect(params({ variables: { X: `${'c'.repeat(999)}😀` } }).variables).toMatchObject({ X: 'c'.repeat(999) });
  });
});

describe('the caller id of a leg', () => {
  // As long as it may be: what fast-check thinks a fair size would never come near the limits.
  const anyText = fc.string({ unit: 'binary', maxLength: 200, size: 'max' });

  it('is one name and one number, whatever was in them', () => {
    fc.assert(
      fc.property(anyText, anyText, (callerName, callerNumber) => {
        const { callerId = '' } = params({ callerName, callerNumber });
        expect(callerId).toMatch(/^("(?:[^"\\\p{Cc}]|\\["\\])+")? ?(<[0-9A-Za-z+*#._~-]{1,40}>)?$/u);
        expect(callerId.length).toBeLessThanOrEqual(2 * 64 + 2 + 1 + 42);
        expect(callerId).not.toMatch(/\p{Cs}/u);
      }),
      { numRuns: RUNS },
    );
  });
});

/** As ast_app_separate_args does it (main/app.c): at commas outside quotes, brackets and parentheses, and backslashes dropped. */
function separated(text: string): string[] {
  const args = [''];
  let [depth, quoted] = [0, false];
  const add = (character: string): void => void (args[args.length - 1] += character);
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? '';
    if (character === '\\') add(text[(at += 1)] ?? '');
    else if (character === '"') quoted = !quoted;
    else if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character)) depth -= 1;
    else if (character === ',' && depth === 0 && !quoted) args.push('');
    else add(character);
  }
  return args;
}

it('arguments come back as they were, whatever is in them', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 40 }), { minLength: 1, maxLength: 5 }), (args) => {
      expect(separated(quoteArgs(args))).toEqual(args);
    }),
    { numRuns: RUNS },
  );
});
