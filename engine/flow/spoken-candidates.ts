import type { Candidate } from '../navigation/bands.ts';
import type { SpokenChoices } from './verb.ts';

/** A choice of all flows, as a candidate beside those of the menu. No choice of a menu has a space in its name. */
export const GLOBAL = 'global ';

/** What somebody who speaks into a menu may mean. */
export function candidatesOf({ intents, globals, bandsOf, winsAt }: SpokenChoices): readonly Candidate[] {
  return [
    ...Object.entries(intents).map(([choice, meaning]) => ({
      choice,
      intents: meaning,
      ...(bandsOf[choice] === undefined ? {} : { bands: bandsOf[choice] }),
      ...(winsAt[choice] === undefined ? {} : { winsAt: winsAt[choice] }),
    })),
    ...Object.entries(globals).map(([name, intent]) => ({ choice: `${GLOBAL}${name}`, intents: [intent] })),
  ];
}
