import { StrowgerError } from '../domain/errors.ts';

/** E.164 with its `+` and nothing else (ITU-T E.164 §6: at most 15 digits). */
const E164 = /^\+[1-9][0-9]{1,14}$/;

/**
 * What the switch dials for a customer: `template` with `{number}` (E.164 with its `+`) or `{digits}` (without). Throws `callback.refused`
 * (`numberInvalid`) for anything but an E.164 number: the rules let nothing else pass, but this is where text becomes a dial string, and a `@`, `&`
 * or `,` in it would dial somebody else.
 */
export function dialString(template: string, number: string): string {
  if (!E164.test(number)) {
    throw new StrowgerError('callback.refused', 'What is to be dialled is no E.164 number.', { fields: { refusal: 'numberInvalid' } });
  }
  return template.replaceAll('{number}', number).replaceAll('{digits}', number.slice(1));
}
