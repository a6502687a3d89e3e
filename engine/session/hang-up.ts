import { messageOf } from '../domain/errors.ts';
import type { ChannelId } from '../domain/ids.ts';
import type { CallControl } from '../ports/call-control.ts';
import type { Logger } from '../ports/logger.ts';

/** Of a channel that no session looks after; nobody waits for it. `cause`: Q.850. */
export function hangUp(control: CallControl, channelId: ChannelId, cause: number, log: Logger): void {
  control.hangup(channelId, cause).catch((error: unknown) => log.warn({ channelId, error: messageOf(error) }, 'hang-up failed'));
}
