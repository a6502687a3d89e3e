import fc from 'fast-check';
import { expect, it } from 'vitest';
import { dialString } from './dial-string.ts';

const TEMPLATE = 'PJSIP/{number}@carrier';

it('puts a number where the template says', () => {
  expect(dialString(TEMPLATE, '+8613800138000')).toBe('PJSIP/+8613800138000@carrier');
  expect(dialString('PJSIP/9{digits}@carrier', '+8613800138000')).toBe('PJSIP/98613800138000@carrier');
});

it.each(['', '13800138000', '+', '+0123', '+8613800138000@evil', '+86138&PJSIP/900', '+86138,120', '+86138^x', '+86138\n', '\n+86138', '+86{digits}', '+861380013800012345', '+８６１３８'])(
  'takes %j for no number',
  (number) => expect(() => dialString(TEMPLATE, number)).toThrowError(expect.objectContaining({ code: 'callback.refused' })),
);

it('never makes anything but the template with digits in it, whatever it is given', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.stringMatching(/^\+?[0-9@&,^/ \n]{0,20}$/)), (number) => {
      let dialled: string;
      try {
        dialled = dialString(TEMPLATE, number);
      } catch {
        return;
      }
      expect(dialled).toMatch(/^PJSIP\/\+[0-9]{2,15}@carrier$/);
    }),
    { numRuns: 2_000 },
  );
});
