import { isStrowgerError, messageOf } from '../domain/errors.ts';
import type { ChannelId } from '../domain/ids.ts';
import { HangupCause } from '../domain/termination.ts';
import type { CallControl } from '../ports/call-control.ts';
import type { Logger } from '../ports/logger.ts';
import { hangUp } from './hang-up.ts';

/** A caller whom no flow can serve, through no fault of its own, goes to the switch's fallback. One that the switch refuses to take there is hung up: nobody sits in silence. */
export function toFallback(control: CallControl, channelId: ChannelId, log: Logger): void {
  control.sendToFallback(channelId).catch((error: unknown) => {
    if (isStrowgerError(error, 'switch.gone')) return;
    log.warn({ channelId, error: messageOf(error) }, 'the fallback was not given the caller');
    // Not answered, or not reached: it may be there yet. If not, it is found as a channel that nobody looks after.
    if (isStrowgerError(error, 'switch.refused')) hangUp(control, channelId, HangupCause.temporaryFailure, log);
  });
}
