import type { VerbImplementation } from './verb-context.ts';
import { deadlineOf, untilTime } from './wait.ts';

export const music: VerbImplementation<'music'> = async ({ player, digits, clock }, run) => {
  const { input, cancel } = run;
  const deadlineAt = deadlineOf(clock, input.forMs, run);
  player.startMusic(input.musicClass);
  cancel.onCancel(() => player.stopMusic());
  let interrupted = false;
  if (input.bargeIn) interrupted = await digits.pressedWithin(deadlineAt - clock.now(), cancel);
  else await untilTime(clock, deadlineAt, cancel);
  player.stopMusic();
  return { outcome: 'done', interrupted };
};
