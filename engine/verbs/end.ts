import type { VerbImplementation } from './verb-context.ts';

/** The session hangs up when the flow reaches its final state. */
export const end: VerbImplementation<'end'> = async ({ player }, { input, cancel }) => {
  if (input.prompts.length > 0) await player.play(input.prompts, input.languages, { bargeIn: false, cancel });
  return { outcome: 'ended' };
};
