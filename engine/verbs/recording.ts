import type { VerbImplementation } from './verb-context.ts';

export const recording: VerbImplementation<'recording'> = async ({ recorder }, { input }) => {
  await recorder.flow(input.what);
  return { outcome: 'done' };
};
