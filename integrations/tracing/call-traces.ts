import type { DomainEvent } from '../../engine/domain/events.ts';
import type { CallId } from '../../engine/domain/ids.ts';
import type { Attributes, OpenSpan, SpanSink } from './span-sink.ts';

export interface CallTracesOptions {
  readonly sink: SpanSink;
  /** When a call began that an earlier process has begun; undefined: not known. */
  readonly startedAt?: (callId: CallId) => number | undefined;
  /** At most so many calls are followed at once. Default 20 000. */
  readonly maxCalls?: number;
}

interface Trace {
  readonly root: OpenSpan;
  /** An agent is connected with a customer: no flow, so no `call.ended`. */
  readonly isCallback: boolean;
  state: OpenSpan | undefined;
  prompt: OpenSpan | undefined;
  talk: OpenSpan | undefined;
  /** By contact, and by offer. */
  readonly waits: Map<string, OpenSpan>;
  readonly offers: Map<string, OpenSpan>;
}

type Of<Type extends DomainEvent['type']> = Extract<DomainEvent, { readonly type: Type }>;

/**
 * One trace a call, made of what is announced: call → states of its flow → prompts, services, wait in a queue → offers; conversation. Nothing in
 * it tells who called: attributes are taken one by one, and what stands under `pii` never is. Names of attributes follow OpenTelemetry's semantic
 * conventions where there are some (session.id, error.type, peer.service), else begin with `strowger.`.
 */
export class CallTraces {
  readonly #o: CallTracesOptions;
  readonly #maxCalls: number;
  readonly #open = new Map<CallId, Trace>();

  constructor(options: CallTracesOptions) {
    this.#o = options;
    this.#maxCalls = options.maxCalls ?? 20_000;
  }

  /** Calls whose traces have not ended. */
  get open(): number {
    return this.#open.size;
  }

  observe(event: DomainEvent): void {
    const { callId } = event;
    if (callId === undefined) return;
    switch (event.type) {
      case 'call.started':
        this.#begin(callId, `call ${event.flow}`, event.at, { 'strowger.flow.id': event.flow, 'strowger.flow.version': event.flowVersion, 'strowger.dialled': event.dialled });
        return;
      case 'call.rejected':
        this.#o.sink
          .root(callId, { name: 'call', kind: 'server', at: event.at, attributes: { 'session.id': callId, 'strowger.dialled': event.dialled } })
          .end(event.at, {}, event.reason);
        return;
      case 'call.resumed':
        this.#resumed(callId, event);
        return;
      case 'contact.queued':
        if (event.callbackId !== undefined && !this.#open.has(callId)) this.#begin(callId, 'callback', event.at, {}, true);
        break;
      default:
        break;
    }
    const trace = this.#open.get(callId);
    if (trace !== undefined) this.#follow(callId, trace, event);
  }

  #begin(callId: CallId, name: string, at: number, attributes: Attributes, isCallback = false): Trace | undefined {
    if (this.#open.size >= this.#maxCalls) return undefined;
    const root = this.#o.sink.root(callId, { name, kind: 'server', at, attributes: { 'session.id': callId, ...attributes } });
    const trace: Trace = { root, isCallback, state: undefined, prompt: undefined, talk: undefined, waits: new Map(), offers: new Map() };
    this.#open.set(callId, trace);
    return trace;
  }

  /** After a lost connection the trace goes on; after a restart its root begins anew, as the same span: what the dead process had not ended is lost. */
  #resumed(callId: CallId, { at, outageMs, state }: Of<'call.resumed'>): void {
    const known = this.#open.get(callId);
    const trace = known ?? this.#begin(callId, 'call', this.#o.startedAt?.(callId) ?? at - outageMs, { 'strowger.resumed': true });
    trace?.root.event('resumed', at, { 'strowger.outage_ms': outageMs });
    if (trace !== undefined && known === undefined && state !== '') this.#enter(trace, state, at);
  }

  #follow(callId: CallId, trace: Trace, event: DomainEvent): void {
    const { at } = event;
    const here = trace.state ?? trace.root;
    switch (event.type) {
      case 'call.state':
        this.#enter(trace, event.state, at);
        break;
      case 'call.language':
        trace.root.event('language', at, { 'strowger.language': event.language });
        break;
      case 'call.ended': {
        const { result, reason } = event.termination;
        const failed = result === 'serverError' || result === 'upstreamError' ? reason : undefined;
        this.#end(callId, trace, at, { 'strowger.call.result': result, 'strowger.call.reason': reason }, failed);
        break;
      }
      case 'prompt.started':
        trace.prompt?.end(at);
        trace.prompt = here.child({ name: 'prompt', kind: 'internal', at, attributes: { 'strowger.prompts': event.prompts, 'strowger.language': event.language } });
        break;
      case 'prompt.finished':
        trace.prompt?.end(at, { 'strowger.prompt.interrupted': event.interrupted });
        trace.prompt = undefined;
        break;
      case 'prompt.failed':
        (trace.prompt ?? here.child({ name: 'prompt', kind: 'internal', at, attributes: { 'strowger.prompts': event.prompts } })).end(at, {}, 'prompt.failed');
        trace.prompt = undefined;
        break;
      case 'menu.chosen':
        here.event('chosen', at, { 'strowger.prompt': event.prompt, 'strowger.choice': event.choice, 'strowger.by': event.by });
        break;
      case 'menu.missed':
        here.event('missed', at, { 'strowger.prompt': event.prompt, 'strowger.why': event.why, 'strowger.attempt': event.attempt });
        break;
      case 'speech.heard':
        here.event('heard', at, { 'strowger.prompt': event.prompt, 'strowger.decision': event.decision, 'strowger.confidence': event.confidence });
        break;
      case 'speech.failed':
        here.event('speech failed', at, { 'strowger.prompt': event.prompt, 'error.type': event.code });
        break;
      case 'digits.collected':
        here.event('collected', at, { 'strowger.prompt': event.prompt, 'strowger.digits': event.count });
        break;
      case 'service.called':
        here
          .child({ name: `service ${event.service}`, kind: 'client', at: at - event.durationMs, attributes: { 'peer.service': event.service } })
          .end(at, {}, event.outcome === 'failed' ? (event.code ?? 'service.failed') : undefined);
        break;
      case 'contact.queued':
        this.#queued(trace, here, event);
        break;
      case 'contact.step':
      case 'contact.promoted':
      case 'contact.changed':
        trace.waits.get(event.contactId)?.event(event.type.replace('contact.', ''), at, event.type === 'contact.step' ? { 'strowger.step': event.step } : {});
        break;
      case 'contact.left':
        trace.waits.get(event.contactId)?.end(at, { 'strowger.how': event.how, ...(event.reason === undefined ? {} : { 'strowger.why': event.reason }) });
        trace.waits.delete(event.contactId);
        if (trace.isCallback && event.how !== 'answered') this.#end(callId, trace, at, { 'strowger.how': event.how });
        break;
      case 'offer.made':
        trace.offers.set(event.offerId, (trace.waits.get(event.contactId) ?? here).child({ name: 'offer', kind: 'client', at, attributes: { 'strowger.queue.id': event.queueId } }));
        break;
      case 'offer.ended':
        trace.offers.get(event.offerId)?.end(at, { 'strowger.outcome': event.outcome });
        trace.offers.delete(event.offerId);
        break;
      case 'conversation.started':
        trace.talk?.end(at);
        trace.talk = trace.root.child({ name: 'conversation', kind: 'internal', at });
        break;
      case 'conversation.ended':
        trace.talk?.end(at, { 'strowger.ended_by': event.endedBy });
        trace.talk = undefined;
        break;
      case 'callback.attempted':
        if (trace.isCallback) this.#end(callId, trace, at, { 'strowger.outcome': event.outcome });
        break;
      default:
        break;
    }
  }

  #enter(trace: Trace, state: string, at: number): void {
    trace.state?.end(at);
    trace.state = trace.root.child({ name: `state ${state}`, kind: 'internal', at, attributes: { 'strowger.flow.state': state } });
  }

  /** A contact may come back to its place: the wait goes on. */
  #queued(trace: Trace, here: OpenSpan, { at, contactId, queueId, priority, position }: Of<'contact.queued'>): void {
    const waiting = trace.waits.get(contactId);
    if (waiting !== undefined) {
      waiting.event('back in its place', at);
      return;
    }
    const attributes = { 'strowger.queue.id': queueId, 'strowger.priority': priority, 'strowger.position': position };
    trace.waits.set(contactId, here.child({ name: `queue ${queueId}`, kind: 'internal', at, attributes }));
  }

  #end(callId: CallId, trace: Trace, at: number, attributes: Attributes, failed?: string): void {
    for (const span of [...trace.offers.values(), ...trace.waits.values(), trace.talk, trace.prompt, trace.state]) span?.end(at);
    trace.root.end(at, attributes, failed);
    this.#open.delete(callId);
  }
}
