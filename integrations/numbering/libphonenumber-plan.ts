import { getCountryCallingCode, isSupportedCountry, parsePhoneNumberFromString, validatePhoneNumberLength, type CountryCode, type PhoneNumber } from 'libphonenumber-js/max';
import type { NumberingPlan, NumberReading, NumberType, PlannedNumber } from '../../engine/ports/numbering-plan.ts';

/** Longer than any text with a number in it, `(+86) 138 - 0013 - 8000` and the like. What is longer is not even looked at. */
const LONGEST_TEXT = 64;
/** 15 digits of E.164, and the longest international and carrier prefixes before them. */
const LONGEST_DIGITS = 24;
/** What people and systems put between digits. */
const SEPARATORS = /[\s\p{Cf}\p{Dash_Punctuation}−().·/]/gu;
/** Of no country: CLDR and libphonenumber use the UN's code for the world. */
const WORLD = '001';

type LibraryType = NonNullable<ReturnType<PhoneNumber['getType']>>;

const TYPES: Readonly<Record<LibraryType, NumberType>> = {
  MOBILE: 'mobile',
  FIXED_LINE: 'fixedLine',
  FIXED_LINE_OR_MOBILE: 'fixedLineOrMobile',
  TOLL_FREE: 'tollFree',
  PREMIUM_RATE: 'premiumRate',
  SHARED_COST: 'sharedCost',
  VOIP: 'voip',
  PERSONAL_NUMBER: 'personal',
  PAGER: 'pager',
  UAN: 'uan',
  VOICEMAIL: 'voicemail',
};

/** Numbering plans as Google's libphonenumber knows them (docs/adr/0015). They change a few times a year: upgrade the library with them. */
export const libphonenumberPlan: NumberingPlan = {
  read: (text, { country }) => {
    if (text.length > LONGEST_TEXT) return { problem: 'invalid' };
    // Full-width digits, as Chinese input methods type them, become ASCII.
    const plain = text.normalize('NFKC').replace(SEPARATORS, '');
    if (isWithheld(plain)) return { problem: 'withheld' };
    // The library would find numbers in texts, read letters as keys and cut off extensions. A number is asked for, not a guess.
    if (!/^\+?\d+$/.test(plain) || plain.length > LONGEST_DIGITS) return { problem: 'invalid' };
    return readDigits(plain, isSupportedCountry(country) ? country : undefined);
  },
};

/** Trunks write a word of any language, nothing or zeros instead of a number, some with `@anonymous.invalid` (RFC 3323) behind it. */
function isWithheld(plain: string): boolean {
  const [user = ''] = plain.split('@', 1);
  return !/\p{Nd}/u.test(user) || /^0+$/.test(user);
}

function readDigits(digits: string, country: CountryCode | undefined): NumberReading {
  const found = withoutPlus(digits, country) ?? validNumber(digits, country);
  if (found) return found;
  return { problem: validatePhoneNumberLength(digits, country) === 'TOO_SHORT' ? 'tooShort' : 'invalid' };
}

/**
 * `8613800138000`: E.164 whose `+` the trunk left out. The library reads it so too, but only where it can be nothing else; in Germany, 49… may
 * also be Emden's area code without its 0, which nobody can dial.
 */
function withoutPlus(digits: string, country: CountryCode | undefined): PlannedNumber | undefined {
  return country !== undefined && digits.startsWith(getCountryCallingCode(country)) ? validNumber(`+${digits}`, country) : undefined;
}

function validNumber(digits: string, country: CountryCode | undefined): PlannedNumber | undefined {
  const found = parsePhoneNumberFromString(digits, { ...(country !== undefined && { defaultCountry: country }), extract: false });
  if (!found?.isValid()) return undefined;
  return { number: found.number, country: found.country ?? WORLD, type: typeOf(found) };
}

/** The digits of a Chinese subscriber, with the area code and without the 0. */
const CHINESE_SUBSCRIBER_DIGITS = 10;

function typeOf(found: PhoneNumber): NumberType {
  const type = found.getType();
  if (!type) return 'unknown';
  // 010 95588, 021 10086: service numbers behind an area code. For the library they are fixed lines, but no customer lives there.
  if (found.country === 'CN' && type === 'FIXED_LINE' && found.nationalNumber.length < CHINESE_SUBSCRIBER_DIGITS) return 'uan';
  return TYPES[type];
}
