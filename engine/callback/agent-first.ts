import { dialAgent, offerOutcomeOf } from '../acd/agent-leg.ts';
import type { ContactOwner } from '../acd/distributor.ts';
import type { ContactRequest, Offer, OverflowReason } from '../domain/contact.ts';
import { bridgeId, channelId, playbackId, type BridgeId, type ChannelId, type PlaybackId } from '../domain/ids.ts';
import { HangupCause } from '../domain/termination.ts';
import type { CallControl, SwitchSnapshot } from '../ports/call-control.ts';
import type { AnsweredBy } from '../ports/call-events.ts';
import type { TimerHandle } from '../ports/clock.ts';
import { BRIDGE_PREFIX, bridgeOf, LEG_PREFIX } from '../ports/legs.ts';
import { noRecorder, type CallRecorder } from '../recording/call-recorder.ts';
import type { Placing } from './callback-record.ts';
import { dialCustomer } from './customer-leg.ts';
import { fire, missedBy, queuedPlacing, type Placement, type PlacementHost } from './placement.ts';

/** After an overflow that is no verdict (nobody is signed in, the queue is closed) it stands in the queue again. */
const QUEUE_AGAIN_MS = 60_000;
/** After there was no switch to call from. */
const NO_SWITCH_AGAIN_MS = 5_000;

type Stage<S extends Placing['stage']> = Extract<Placing, { readonly stage: S }>;
type AgentStage = Stage<'queued' | 'offered' | 'preview' | 'dialling' | 'talking'>;

/**
 * Agent first: the callback stands in the queue in its customer's place. The agent whose phone it rings reads the story, and only then is
 * the customer dialled, with the agent on the line; so a customer who answers never hears silence.
 * Long, because each stage is what the one before has left: both phones, the taking back and the restart change the same few fields.
 */
export class AgentFirst implements Placement, ContactOwner {
  readonly #host: PlacementHost;
  #placing: AgentStage;
  readonly #watched = new Set<() => void>();
  #timer: TimerHandle;
  #recorder: CallRecorder | undefined;
  #over = false;

  constructor(host: PlacementHost, resumed?: AgentStage) {
    this.#host = host;
    this.#placing = resumed ?? queuedPlacing(host);
  }

  begin(): void {
    this.#keep(this.#placing);
    this.#enqueue();
  }

  // What the distributor decides

  offerMade(offer: Offer): void {
    if (this.#over) return;
    const { legs, ids, clock, log, switchboard, callback } = this.#host;
    const nodeId = legs.nodeForCalls();
    const agentLeg = channelId(ids.next(LEG_PREFIX));
    if (nodeId === undefined) {
      // The agent is not to rest for it, nor to be bound again at once. Not from inside the distributor's own turn.
      this.#timer = clock.setTimeout(() => {
        if (this.cancel()) this.#host.putBack(clock.now() + NO_SWITCH_AGAIN_MS);
      }, 0);
      return;
    }
    const { callId: call, contact } = this.#placing as Stage<'queued'>;
    this.#keep({ stage: 'offered', callId: call, contact, nodeId, offer, agentLeg });
    this.#watchOffered(offer, agentLeg);
    dialAgent({
      control: switchboard.node(nodeId),
      ...{ clock, log, offer, leg: agentLeg, callId: call },
      callerNumber: callback().number,
      callerName: 'Callback',
      language: callback().language,
      refused: () => this.#offerFailed(offer, 'failed'),
      onTimer: (timer) => (this.#timer = timer),
    });
  }

  offerTakenBack(offer: Offer): void {
    if (this.#isOffered(offer)) this.#dropAgentLeg();
  }

  contactChanged(contact: ContactRequest): void {
    if (!this.#over) this.#keep({ ...this.#placing, contact });
  }

  overflowed(reason: OverflowReason): void {
    if (this.#over) return;
    this.release();
    if (reason === 'queueUnknown') this.#host.giveUp('impossible');
    else this.#host.putBack(this.#host.clock.now() + QUEUE_AGAIN_MS);
  }

  // The agent's phone

  #watchOffered(offer: Offer, leg: ChannelId): void {
    const { legs, distributor } = this.#host;
    this.#watch(legs.watch(leg, {
      rings: () => distributor.offerRinging(offer.offerId),
      entered: () => this.#agentAnswered(offer),
      gone: (cause) => this.#offerFailed(offer, offerOutcomeOf(cause)),
    }));
  }

  #offerFailed(offer: Offer, outcome: 'rejected' | 'busy' | 'unreachable' | 'failed'): void {
    if (!this.#isOffered(offer)) return;
    this.#dropAgentLeg();
    this.#host.distributor.offerEnded(offer.offerId, outcome);
  }

  #agentAnswered(offer: Offer): void {
    const placing = this.#placing;
    if (!this.#isOffered(offer) || placing.stage !== 'offered') return;
    if (!this.#host.distributor.offerEnded(offer.offerId, 'accepted')) {
      this.#dropAgentLeg();
      return;
    }
    const { callId: call, contact, nodeId, agentLeg } = placing;
    this.#keep({ stage: 'preview', callId: call, contact, nodeId, agentId: offer.agentId, agentLeg, since: this.#host.clock.now() });
    this.#preview();
  }

  #preview(): void {
    const placing = this.#placing;
    if (placing.stage !== 'preview') return;
    const { clock, policy } = this.#host;
    this.#watchAgent(placing.agentLeg);
    const readMs = Math.max(0, placing.since + policy().previewMs - clock.now());
    this.#timer = clock.setTimeout(() => this.#dial(), readMs);
  }

  #watchAgent(leg: ChannelId): void {
    const { legs, distributor } = this.#host;
    this.#unwatch();
    this.#watch(legs.watch(leg, {
      entered: () => undefined,
      held: (held) => {
        this.#recorder?.held(held);
        distributor.conversationHeld(this.#placing.contact.contactId, held);
      },
      gone: () => this.#agentGone(),
    }));
  }

  // The customer's phone

  #dial(): void {
    const placing = this.#placing;
    if (placing.stage !== 'preview' || this.#over) return;
    const { clock, ids, log, permission, detection, missed, putBack, giveUp } = this.#host;
    const allowed = permission();
    if (allowed !== 'dial') {
      this.#partFromAgent('system');
      if (typeof allowed === 'object') putBack(allowed.notBefore);
      else giveUp(allowed);
      return;
    }
    const { nodeId, callId: call, agentId, agentLeg } = placing;
    const customerLeg = channelId(ids.next(LEG_PREFIX));
    const tone = playbackId(ids.next('play'));
    const detectMachine = detection();
    const message = detectMachine?.waitForGreeting === true ? ({ message: true } as const) : {};
    this.#keep({ ...placing, stage: 'dialling', customerLeg, dialledAt: clock.now(), tone, ...message });
    void dialCustomer(this.#host, {
      ...{ nodeId, leg: customerLeg, callId: call, agentId, detectMachine },
      isCurrent: () => !this.#over && this.#placing.stage === 'dialling',
      notKept: () => {
        this.#partFromAgent('system');
        putBack(clock.now() + QUEUE_AGAIN_MS);
      },
      untimely: () => {
        this.#partFromAgent('system');
        missed('interrupted', { agentId });
      },
      dialling: () => {
        this.#watchCustomer(customerLeg);
        fire(log, this.#control().play(agentLeg, tone, ['tone:ring']), 'ringing tone');
      },
      refused: () => this.#customerGone(HangupCause.temporaryFailure),
      onTimer: (timer) => (this.#timer = timer),
    });
  }

  #watchCustomer(leg: ChannelId): void {
    this.#watch(this.#host.legs.watch(leg, {
      entered: (answeredBy) => this.#customerAnswered(answeredBy),
      gone: (cause) => this.#customerGone(cause),
    }));
  }

  /** `found`: they were put together, and the engine died before it could keep that. */
  #customerAnswered(answeredBy: AnsweredBy | undefined, found?: BridgeId): void {
    const placing = this.#placing;
    if (placing.stage !== 'dialling' || this.#over) return;
    if (answeredBy === 'machine' && found === undefined) {
      this.#machineAnswered(placing);
      return;
    }
    const { ids, reached } = this.#host;
    const bridge = found ?? bridgeId(ids.next(BRIDGE_PREFIX));
    const { callId: call, contact, nodeId, agentId, agentLeg, since, customerLeg, tone } = placing;
    this.#keep({ stage: 'talking', callId: call, contact, nodeId, agentId, agentLeg, since, customerLeg, bridge });
    reached(agentId);
    this.#record();
    this.#connect(found === undefined, tone);
  }

  #record(): void {
    const placing = this.#placing;
    if (placing.stage !== 'talking') return;
    const { recordings, distributor } = this.#host;
    const { callId, nodeId, customerLeg, agentId, contact } = placing;
    this.#recorder ??= recordings?.ofCall({ callId, nodeId, channelId: customerLeg }) ?? noRecorder;
    this.#recorder.talk({ contactId: contact.contactId, queueId: contact.queueId, agentId }, distributor.queue(contact.queueId)?.recording);
  }

  /** The conversation is over; not when the process merely lets go of it. */
  #recorded(): void {
    this.#recorder?.talkEnded();
    this.#recorder?.close();
  }

  #machineAnswered({ callId: call, nodeId, agentId, customerLeg, dialledAt, message }: Stage<'dialling'>): void {
    const { log, missed, leaveMessage } = this.#host;
    const control = this.#control();
    this.#partFromAgent('system');
    if (message) leaveMessage({ stage: 'inFlow', callId: call, nodeId, customerLeg, dialledAt, machine: true, agentId });
    else {
      fire(log, control.hangup(customerLeg, HangupCause.normal), 'hang up customer');
      missed('machine', { agentId });
    }
  }

  #connect(create: boolean, tone?: PlaybackId): void {
    const placing = this.#placing;
    if (placing.stage !== 'talking') return;
    const { bridge, agentLeg, customerLeg } = placing;
    const control = this.#control();
    const connected = (async () => {
      if (tone !== undefined) await control.stopPlayback(agentLeg, tone);
      if (create) await control.createBridge(bridge, customerLeg);
      await Promise.all([control.addToBridge(bridge, customerLeg), control.addToBridge(bridge, agentLeg)]);
    })();
    fire(this.#host.log, connected, 'bridge customer and agent');
  }

  #customerGone(cause: number): void {
    const placing = this.#placing;
    if (this.#over) return;
    if (placing.stage === 'dialling') {
      this.#partFromAgent('system');
      this.#host.missed(cause === 0 ? 'interrupted' : missedBy(cause), { agentId: placing.agentId });
    } else if (placing.stage === 'talking') {
      this.#partFromAgent('caller');
      this.#host.over();
    }
  }

  #agentGone(): void {
    const placing = this.#placing;
    if (this.#over || (placing.stage !== 'preview' && placing.stage !== 'dialling' && placing.stage !== 'talking')) return;
    const { log, distributor, clock, missed, putBack, over } = this.#host;
    this.release();
    this.#recorded();
    distributor.conversationEnded(placing.contact.contactId, 'agent');
    if (placing.stage !== 'preview') fire(log, this.#control().hangup(placing.customerLeg, HangupCause.normal), 'hang up customer');
    if (placing.stage === 'talking') fire(log, this.#control().destroyBridge(placing.bridge, placing.customerLeg), 'destroy bridge');
    // Who hangs up before the customer is dialled has declined: that is no attempt.
    if (placing.stage === 'preview') putBack(clock.now());
    else if (placing.stage === 'dialling') missed('interrupted', { agentId: placing.agentId });
    else over();
  }

  // Taking back, and after a restart

  cancel(): boolean {
    const placing = this.#placing;
    const { distributor, legs, log } = this.#host;
    const { contactId: id } = placing.contact;
    switch (placing.stage) {
      case 'queued':
        this.release();
        distributor.withdraw(id, 'withdrawn');
        return true;
      case 'offered':
        this.release();
        legs.partFrom(placing.agentLeg, () => distributor.withdraw(id, 'withdrawn'));
        fire(log, this.#control().hangup(placing.agentLeg, HangupCause.normal), 'hang up agent leg');
        return true;
      case 'preview':
        this.#partFromAgent('system');
        return true;
      case 'dialling':
      case 'talking':
        return false;
    }
  }

  reconcile({ channels, bridges }: SwitchSnapshot): void {
    const placing = this.#placing;
    if (this.#over) return;
    const find = (leg: ChannelId): SwitchSnapshot['channels'][number] | undefined => channels.find(({ id }) => id === leg);
    const { distributor, log } = this.#host;
    if (placing.stage === 'queued') return;
    const agent = find(placing.agentLeg);
    this.#unwatch();
    if (placing.stage === 'offered') {
      const { offer, contact } = placing;
      const known = distributor.position(contact.contactId) !== undefined;
      if (agent === undefined || !(known || distributor.adoptOffer(contact, offer, this))) {
        if (agent !== undefined) fire(log, this.#control().hangup(agent.id, HangupCause.normal), 'hang up agent leg');
        if (known) this.#offerEndedUnseen(offer);
        else this.#standAgain();
        return;
      }
      this.#watchOffered(offer, placing.agentLeg);
      if (agent.inApplication && agent.state === 'up') this.#agentAnswered(offer);
      return;
    }
    distributor.adoptConversation(placing.contact, { agentId: placing.agentId, since: placing.since });
    if (agent === undefined) {
      this.#agentGone();
      return;
    }
    if (placing.stage === 'preview') {
      this.#preview();
      return;
    }
    this.#watchAgent(placing.agentLeg);
    const customer = find(placing.customerLeg);
    if (customer === undefined) {
      this.#customerGone(0);
      return;
    }
    this.#watchCustomer(placing.customerLeg);
    this.#record();
    if (placing.stage === 'talking') this.#connect(!bridges.some(({ id }) => id === placing.bridge));
    else if (customer.inApplication && customer.state === 'up') this.#customerAnswered(customer.answeredBy, bridgeOf(bridges, customer.id));
  }

  /** After a restart of the engine: a callback that only stood in the queue needs no switch to stand there again. */
  resume(): void {
    if (this.#placing.stage === 'queued') this.#enqueue();
  }

  release(): void {
    this.#over = true;
    this.#unwatch();
    this.#host.clock.clearTimeout(this.#timer);
  }

  // State

  #enqueue(): void {
    this.#host.distributor.enqueue(this.#placing.contact, this, true);
  }

  #standAgain(): void {
    const { callId: call, contact } = this.#placing;
    this.#keep({ stage: 'queued', callId: call, contact });
    this.#enqueue();
  }

  /** The phone stopped ringing while nobody listened. */
  #offerEndedUnseen(offer: Offer): void {
    this.#dropAgentLeg();
    this.#host.distributor.offerEnded(offer.offerId, 'unreachable');
  }

  #isOffered(offer: Offer): boolean {
    return !this.#over && this.#placing.stage === 'offered' && this.#placing.offer.offerId === offer.offerId;
  }

  #dropAgentLeg(): void {
    const placing = this.#placing;
    if (placing.stage !== 'offered') return;
    this.#unwatch();
    fire(this.#host.log, this.#control().hangup(placing.agentLeg, HangupCause.normal), 'hang up agent leg');
    this.#keep({ stage: 'queued', callId: placing.callId, contact: placing.contact });
  }

  /** Ends the agent's part; the agent is free for others only when its phone is. */
  #partFromAgent(endedBy: 'caller' | 'system'): void {
    const placing = this.#placing;
    if (placing.stage === 'queued' || placing.stage === 'offered') return;
    const { legs, log, distributor } = this.#host;
    const control = this.#control();
    this.release();
    this.#recorded();
    legs.partFrom(placing.agentLeg, () => distributor.conversationEnded(placing.contact.contactId, endedBy));
    fire(log, control.hangup(placing.agentLeg, HangupCause.normal), 'hang up agent leg');
    if (placing.stage === 'talking') fire(log, control.destroyBridge(placing.bridge, placing.agentLeg), 'destroy bridge');
  }

  #control(): CallControl {
    const placing = this.#placing;
    if (placing.stage === 'queued') throw new Error('a callback that stands in the queue has no node');
    return this.#host.switchboard.node(placing.nodeId);
  }

  #keep(placing: AgentStage): void {
    this.#placing = placing;
    this.#host.keep(placing);
  }

  #watch(forget: () => void): void {
    this.#watched.add(forget);
  }

  #unwatch(): void {
    for (const forget of this.#watched) forget();
    this.#watched.clear();
  }
}
