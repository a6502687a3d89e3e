import { REFUSAL_GRACE_MS } from '../acd/agent-leg.ts';
import { messageOf } from '../domain/errors.ts';
import type { AgentId, CallId, ChannelId, NodeId } from '../domain/ids.ts';
import type { OriginateRequest } from '../ports/call-control.ts';
import type { TimerHandle } from '../ports/clock.ts';
import { LEG_PREFIX } from '../ports/legs.ts';
import type { PlacementHost } from './placement.ts';

export interface CustomerDial {
  readonly nodeId: NodeId;
  readonly leg: ChannelId;
  readonly callId: CallId;
  /** Who waits for the customer. */
  readonly agentId?: AgentId;
  readonly detectMachine: OriginateRequest['detectMachine'];
  /** Whether this is still what the placement does: the disk takes its time. */
  readonly isCurrent: () => boolean;
  /** The store cannot keep the attempt: there is none. */
  readonly notKept: () => void;
  /** Its time is over, or has not come: the disk took long, or the clock was set. */
  readonly untimely: () => void;
  /** The phone is about to ring: the leg is to be watched from here on. */
  readonly dialling: () => void;
  /** The switch refused the dial, and nobody told the end of the leg. */
  readonly refused: () => void;
  /** Told of the timer that waits for that. */
  readonly onTimer: (timer: TimerHandle) => void;
}

/** Rings the customer. The attempt must be kept already; it is dialled when the disk has it, so that nobody is dialled twice for one. */
export async function dialCustomer(host: PlacementHost, dial: CustomerDial): Promise<void> {
  const { clock, log, announce, callback, durable, isInTime, policy, switchboard, endpointOf, displayedNumber } = host;
  const { nodeId, leg, callId, agentId, detectMachine } = dial;
  const { callbackId, queueId, attempts, number, language } = callback();
  announce({ type: 'callback.dialled', callbackId, queueId, attempt: attempts.length + 1, ...(agentId === undefined ? {} : { agentId }) }, callId);
  try {
    await durable();
  } catch (error) {
    log.error({ callbackId, error: messageOf(error) }, 'A callback is not placed, because the store cannot keep that it is.');
    if (dial.isCurrent()) dial.notKept();
    return;
  }
  if (!dial.isCurrent()) return;
  if (!isInTime()) {
    dial.untimely();
    return;
  }
  dial.dialling();
  // What is thrown at once (no dial string can be made of the number) ends like what the switch refuses.
  const originate = async (): Promise<void> =>
    switchboard.node(nodeId).originate({
      channelId: leg,
      endpoint: endpointOf(number),
      callerNumber: displayedNumber(callback()),
      timeoutMs: policy().ringMs,
      args: [LEG_PREFIX, callId],
      language,
      ...(detectMachine === undefined ? {} : { detectMachine }),
    });
  originate().catch((error: unknown) => {
    log.warn({ callbackId, error: messageOf(error) }, 'customer could not be dialled');
    dial.onTimer(clock.setTimeout(dial.refused, REFUSAL_GRACE_MS));
  });
}
