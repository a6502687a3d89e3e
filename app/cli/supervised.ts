const HEARTBEAT_MS = 500;

/** What a supervised engine tells its supervisor: that its event loop turns, that it serves calls, and that it is loaded and waits for its turn. */
export type ToldToSupervisor = 'alive' | 'serving' | 'waiting';
/** What the supervisor tells one that waits. */
export const GO = 'go';

/** Tells that calls are served. Nothing happens where nobody supervises. */
export function tellSupervisor(what: ToldToSupervisor): void {
  process.send?.(what);
}

/** Resolves when it is the turn of this process, which has loaded all that it needs. Never where the supervisor has died: this process ends then. */
export function myTurn(): Promise<void> {
  return new Promise((resolve) => {
    const end = (): void => process.exit(0);
    process.once('disconnect', end);
    process.on('message', function hear(message) {
      if (message !== GO) return;
      process.off('message', hear);
      process.off('disconnect', end);
      resolve();
    });
    tellSupervisor('waiting');
  });
}

/** Tells the supervisor again and again that this process lives. When the supervisor dies this process ends, so that the next one finds its store free. */
export function liveUnderSupervisor(): void {
  if (process.send === undefined) return;
  const beat = setInterval(() => tellSupervisor('alive'), HEARTBEAT_MS);
  beat.unref();
  process.once('disconnect', () => {
    clearInterval(beat);
    process.kill(process.pid, 'SIGTERM');
  });
  // To hear of its end keeps the channel open, and with it this process, though it has nothing to do any more.
  process.channel?.unref();
}
