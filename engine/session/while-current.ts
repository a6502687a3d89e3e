import type { Player } from '../verbs/verb-context.ts';

/** The player as a verb sees it that may have been let go of. */
export function whileCurrent(player: Player, current: () => boolean): Player {
  return {
    play: (...asked) => (current() ? player.play(...asked) : new Promise(() => undefined)),
    stop: () => void (current() && player.stop()),
    silenceForKeys: (cancel) => (current() ? player.silenceForKeys(cancel) : () => undefined),
    startMusic: (musicClass) => void (current() && player.startMusic(musicClass)),
    stopMusic: () => void (current() && player.stopMusic()),
  };
}
