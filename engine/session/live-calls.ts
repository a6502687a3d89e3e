import type { CallbackId, CallId, ChannelId, NodeId } from '../domain/ids.ts';
import type { FlowEnd } from '../callback/customer-first.ts';
import type { TerminationReason } from '../domain/termination.ts';
import { CallSession, type CallFacts, type LoadedFlow } from './call-session.ts';
import type { LegRegistry } from './leg-registry.ts';
import type { SessionRecord } from './session-record.ts';
import type { SessionsOptions } from './sessions-options.ts';

/** The calls that this process serves, from the moment in which their sessions are made to their ends. */
export class LiveCalls {
  readonly #o: SessionsOptions;
  readonly #legs: LegRegistry;
  readonly #byCaller = new Map<ChannelId, CallSession>();
  readonly #byCall = new Map<CallId, CallSession>();

  constructor(options: SessionsOptions, legs: LegRegistry) {
    this.#o = options;
    this.#legs = legs;
  }

  /** A copy: what is done to one of them may end it. */
  get all(): readonly CallSession[] {
    return [...this.#byCaller.values()];
  }

  on(nodeId: NodeId): readonly CallSession[] {
    return this.all.filter(({ facts }) => facts.nodeId === nodeId);
  }

  ofCaller(id: ChannelId): CallSession | undefined {
    return this.#byCaller.get(id);
  }

  get(id: CallId): CallSession | undefined {
    return this.#byCall.get(id);
  }

  /** Callbacks whose customers are here. */
  get callbacks(): ReadonlySet<CallbackId> {
    return new Set(this.all.flatMap(({ facts }) => facts.callback?.callbackId ?? []));
  }

  /** Makes the session of a call; it neither starts nor resumes it. `kept`: what an earlier process kept of its recording. */
  add(facts: CallFacts, flow: LoadedFlow, { listens = true, kept }: { readonly listens?: boolean; readonly kept?: SessionRecord['recording'] } = {}): CallSession {
    const session = new CallSession({
      ...(kept === undefined ? {} : { kept }),
      services: this.#o,
      control: this.#o.switchboard.node(facts.nodeId),
      flow,
      facts,
      listens,
      watchLeg: this.#legs.watch,
      partFrom: this.#legs.partFrom,
      talks: () => {
        if (facts.callback !== undefined) this.#o.callbacks?.connected(facts.callback.callbackId);
      },
      ended: (reason, hadFault) => {
        this.#forget(facts);
        if (facts.callback !== undefined) this.#o.callbacks?.flowEnded(facts.callback.callbackId, flowEndOf(reason, hadFault));
      },
    });
    this.#byCaller.set(facts.channelId, session);
    this.#byCall.set(facts.callId, session);
    return session;
  }

  /** Lets go of calls without touching them. `handedOver`: all that their switch told is in what is journaled now. */
  release(sessions: readonly CallSession[], { handedOver }: { readonly handedOver: boolean }): void {
    for (const session of sessions) {
      session.release({ handedOver });
      this.#forget(session.facts);
    }
  }

  #forget({ callId, channelId }: CallFacts): void {
    this.#byCaller.delete(channelId);
    this.#byCall.delete(callId);
    this.#o.admission?.ended(callId);
  }
}

function flowEndOf(reason: TerminationReason, hadFault: boolean): FlowEnd {
  switch (reason) {
    case 'served':
      return 'served';
    case 'abandoned':
      return 'leftQueue';
    case 'callerHungUp':
    case 'goneBeforeAnswer':
      return 'hungUp';
    case 'flowEnded':
      // A fault of ours that led to the flow's end says nothing of who was on the line.
      return hadFault ? 'failed' : 'notConfirmed';
    case 'flowFailed':
    case 'mediaFailed':
    case 'switchLost':
    case 'unknown':
      return 'failed';
  }
}
