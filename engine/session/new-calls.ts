import type { ComingCall } from '../admission/admission.ts';
import type { Callback } from '../domain/callback.ts';
import { cleanName, cleanNumber } from '../domain/caller-id.ts';
import { messageOf } from '../domain/errors.ts';
import { callId, type CallId, type ChannelId, type NodeId } from '../domain/ids.ts';
import { HangupCause } from '../domain/termination.ts';
import type { ChannelInfo } from '../ports/call-events.ts';
import type { CallFacts, LoadedFlow } from './call-session.ts';
import { hangUp } from './hang-up.ts';
import type { LiveCalls } from './live-calls.ts';
import type { SessionsOptions } from './sessions-options.ts';
import { toFallback } from './to-fallback.ts';

/** How calls begin: those that come, and those that we placed. */
export class NewCalls {
  readonly #o: SessionsOptions;
  readonly #live: LiveCalls;

  constructor(options: SessionsOptions, live: LiveCalls) {
    this.#o = options;
    this.#live = live;
  }

  /** Takes a new call, tells it to call later, or refuses it. */
  admit(nodeId: NodeId, channel: ChannelInfo): void {
    const { admission, flows, overloadFlow, switchboard, log } = this.#o;
    const coming = comingCall(nodeId, channel);
    const verdict = admission?.decide(coming) ?? { as: 'call', listens: true };
    if (verdict.as === 'call') {
      this.begin(nodeId, channel, verdict.listens);
      return;
    }
    const control = switchboard.node(nodeId);
    if (verdict.as === 'refused') {
      // A carrier that hears 503 tries another way; for a caller who calls too often there shall be none.
      const isCallers = verdict.reason === 'callerCalls' || verdict.reason === 'callerRate';
      hangUp(control, channel.id, isCallers ? HangupCause.busy : HangupCause.congestion, log);
      return;
    }
    const found = overloadFlow === undefined ? undefined : flows.named(overloadFlow);
    if (found === undefined) {
      admission?.refuse(coming);
      hangUp(control, channel.id, HangupCause.congestion, log);
      return;
    }
    admission?.wasDiverted();
    this.#take({ nodeId, channel, flow: { id: found.id, version: found.version, machine: found.flow }, listens: false });
  }

  /** Takes a call that nobody may refuse any more. */
  begin(nodeId: NodeId, channel: ChannelInfo, listens = true): void {
    const { flows, switchboard, ids, log, announce } = this.#o;
    const id = callId(ids.next('call'));
    const control = switchboard.node(nodeId);
    const dialled = cleanNumber(channel.dialled);
    let found: ReturnType<typeof flows.forNumber>;
    try {
      found = flows.forNumber(dialled);
    } catch (error) {
      log.error({ dialled, error: messageOf(error) }, 'the flow of this number cannot be loaded');
      announce({ type: 'call.rejected', reason: 'flowBroken', dialled }, id);
      toFallback(control, channel.id, log);
      return;
    }
    if (!found) {
      announce({ type: 'call.rejected', reason: 'unknownNumber', dialled }, id);
      hangUp(control, channel.id, HangupCause.unallocated, log);
      return;
    }
    this.#take({ nodeId, channel, flow: { id: found.id, version: found.version, machine: found.flow }, listens, id });
  }

  /** A customer whom we called has answered. False when there is no such flow. */
  beginCallback(nodeId: NodeId, channelId: ChannelId, id: CallId, callback: Callback, flowId: string, displayedNumber: string): boolean {
    const { flows, clock } = this.#o;
    const found = flows.named(flowId);
    if (found === undefined) return false;
    const { callbackId, queueId, priority, steps, afterSteps, language, number, wish } = callback;
    const facts: CallFacts = {
      callId: id,
      nodeId,
      channelId,
      startedAt: clock.now(),
      // As if the customer had called the number that its phone displayed; its own is personal and stands where that of a caller stands.
      dialled: displayedNumber,
      callerNumber: number,
      callerName: '',
      callback: { callbackId, queueId, priority, steps, afterSteps, language, ...(wish === undefined ? {} : { wish }) },
    };
    this.#o.admission?.began(id, { nodeId, dialled: displayedNumber, callerNumber: '', trunk: undefined }, false);
    this.#live.add(facts, { id: found.id, version: found.version, machine: found.flow }).start(true);
    return true;
  }

  #take({ nodeId, channel, flow, listens, id }: { readonly nodeId: NodeId; readonly channel: ChannelInfo; readonly flow: LoadedFlow; readonly listens: boolean; readonly id?: CallId }): void {
    const { ids, clock, admission } = this.#o;
    const facts: CallFacts = {
      callId: id ?? callId(ids.next('call')),
      nodeId,
      channelId: channel.id,
      startedAt: clock.now(),
      dialled: cleanNumber(channel.dialled),
      callerNumber: cleanNumber(channel.callerNumber),
      callerName: cleanName(channel.callerName),
    };
    admission?.began(facts.callId, comingCall(nodeId, channel), true);
    this.#live.add(facts, flow, { listens }).start(channel.state === 'up');
  }
}

function comingCall(nodeId: NodeId, { dialled, callerNumber, trunk }: ChannelInfo): ComingCall {
  return { nodeId, dialled, callerNumber: cleanNumber(callerNumber), trunk };
}
