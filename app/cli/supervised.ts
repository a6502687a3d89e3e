const HEARTBEAT_MS = 500;

/** What a supervised engine tells its supervisor: that its event loop turns, and that it serves calls. */
export type ToldToSupervisor = 'alive' | 'serving';

/** Tells that calls are served. Nothing happens where nobody supervises. */
export function tellSupervisor(what: ToldToSupervisor): void {
  process.send?.(what);
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
