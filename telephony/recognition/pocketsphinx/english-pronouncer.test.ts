import { describe, expect, it } from 'vitest';
import { EnglishPronouncer } from './english-pronouncer.ts';
import { unpronounceable } from './pronouncer.ts';

const DICTIONARY = [
  'a AH', 'a(2) EY', 'a. EY', 'balance B AE L AH N S', 'call K AO L', "don't D OW N T", 'four F AO R', 'm. EH M', 'p. P IY', 's. EH S', 'twenty T W EH N T IY', 'twenty(2) T W EH N IY', 'center S EH N T ER',
].join('\n');
const english = new EnglishPronouncer(DICTIONARY);
const said = (phrase: string) => english.words(phrase).map(({ written, pronunciations }) => `${written}: ${pronunciations.join(' | ')}`);

describe('EnglishPronouncer', () => {
  it('knows words whatever their case, with all their pronunciations', () => {
    expect(said('A Balance')).toEqual(['a: AH | EY', 'balance: B AE L AH N S']);
  });

  it('does not take the beginning or the end of another word for a word', () => {
    expect(said('all bal cal enter')).toEqual(['all: ', 'bal: ', 'cal: ', 'enter: ']);
  });

  it('spells numbers out, and acronyms by their letters', () => {
    expect(said('24 SMS')).toEqual(['twenty: T W EH N T IY | T W EH N IY', 'four: F AO R', 's.: EH S', 'm.: EH M', 's.: EH S']);
  });

  it('takes either apostrophe, and parts words at hyphens', () => {
    expect(said('don’t call-center')).toEqual(["don't: D OW N T", 'call: K AO L', 'center: S EH N T ER']);
  });

  it('drops signs that are not spoken, and nothing else', () => {
    expect(said('balance, please? (call) 余额 & €')).toEqual(['balance: B AE L AH N S', 'please: ', 'call: K AO L', '余额: ', '&: ', '€: ']);
  });
});

describe('unpronounceable', () => {
  it('names each word without a sound', () => {
    expect(unpronounceable(english.words('balance'))).toBeUndefined();
    expect(unpronounceable(english.words('blargh balance foo'))).toBe("the model has no sound for 'blargh', 'foo'");
    expect(unpronounceable(english.words('…'))).toBe('it has no word');
  });
});
