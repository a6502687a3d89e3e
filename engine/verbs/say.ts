import type { VerbImplementation } from './verb-context.ts';

export const say: VerbImplementation<'say'> = async ({ player }, { input, cancel }) => {
  const { interrupted } = await player.play(input.prompts, input.languages, { bargeIn: input.bargeIn, cancel });
  return { outcome: 'said', interrupted };
};
