import type { VerbImplementation } from './verb-context.ts';

export const hours: VerbImplementation<'hours'> = async ({ calendar, clock }, { input }) => ({
  outcome: calendar.stateAt(input.calendar, clock.now()),
});
