import { dialAgent, offerOutcomeOf } from '../acd/agent-leg.ts';
import type { ContactOwner, Distributor } from '../acd/distributor.ts';
import type { ContactRequest, Offer } from '../domain/contact.ts';
import { agentId, bridgeId, channelId, contactId, queueId } from '../domain/ids.ts';
import type { AgentId, BridgeId, ChannelId } from '../domain/ids.ts';
import type { Json } from '../domain/json.ts';
import type { PromptRef } from '../domain/prompt.ts';
import type { Queue } from '../domain/queue.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import { HangupCause } from '../domain/termination.ts';
import type { RouteInput, RouteOutcome, VerbRun } from '../flow/verb.ts';
import { BRIDGE_PREFIX, bridgeOf, LEG_PREFIX } from '../ports/legs.ts';
import type { Announcement } from '../routing/expected-wait/announcement.ts';
import type { CallbackPlace, VerbContext, VerbImplementation } from './verb-context.ts';
import { WaitingComfort } from './waiting-comfort.ts';


/** An agent's phone that answers and hangs up within this time served nobody: the caller keeps the place. */
const LEAST_CONVERSATION_MS = 1000;
const MOST_RETURNS = 3;
/** A wait for a key is begun anew after this; it ends with the state anyhow. */
const LISTEN_MS = 3_600_000;
/** A shorter caller id is withheld, an extension or a word: it names no customer. */
const LEAST_NUMBER_LENGTH = 5;

/** What a restart needs: the contact and, if there is one, the agent's leg. */
type Progress = { contact: ContactRequest; returns: number; told?: Announcement } & (
  | { phase: 'queued' }
  | { phase: 'offered'; offer: Offer; leg: ChannelId }
  | { phase: 'talking'; agent: AgentId; leg: ChannelId; bridge: BridgeId; since: number }
);

/** Queues the caller, rings agents as the distributor decides, bridges, and stays until the conversation is over. */
export const route: VerbImplementation<'route'> = (context, run) =>
  new Promise<RouteOutcome>((resolve, reject) => {
    const routing = new Routing(context, run, resolve);
    run.cancel.onCancel(() => routing.leave());
    routing.begin().catch(reject);
  });

class Routing implements ContactOwner {
  readonly #context: VerbContext;
  readonly #run: VerbRun<'route'>;
  readonly #resolve: (outcome: RouteOutcome) => void;
  #progress: Progress;
  #unwatch: () => void = () => undefined;
  readonly #comfort: WaitingComfort;
  /** The caller's keys are waited for. */
  #listening = false;
  #over = false;

  constructor(context: VerbContext, run: VerbRun<'route'>, resolve: (outcome: RouteOutcome) => void) {
    this.#context = context;
    this.#run = run;
    this.#resolve = resolve;
    this.#progress = (run.resume as unknown as Progress | undefined) ?? { phase: 'queued', returns: 0, contact: newContact(context, run.input) };
    this.#comfort = new WaitingComfort({
      context,
      run,
      contact: () => this.#progress.contact,
      waiting: () => this.#waiting(),
      told: () => this.#progress.told,
      keepTold: (told) => this.#keep({ ...this.#progress, told }),
    });
  }

  async begin(): Promise<void> {
    const { player, language } = this.#context;
    // Also who comes back from being asked whether it wants a callback has its place still.
    const returns = this.#run.resume === undefined && this.#context.left?.contactId === this.#progress.contact.contactId;
    const resumed = this.#run.resume !== undefined || returns;
    if (!returns && resumed && this.#takeUp()) {
      this.#listenForKey();
      return;
    }
    this.#keep({ ...this.#place(), phase: 'queued' });
    this.#standInQueue();
    this.#context.distributor.enqueue(this.#progress.contact, this, resumed);
    const said = resumed ? [] : this.#greeting();
    if (said.length > 0) await player.play(said, [language], { bargeIn: false, cancel: this.#run.cancel });
    if (this.#waiting()) this.#comfort.start();
    this.#listenForKey();
  }

  /** What a caller is told at the entrance: first that the conversation may be recorded. */
  #greeting(): readonly PromptRef[] {
    const { recordingNotice, welcome } = this.#run.input;
    const recording = this.#queueNow()?.recording;
    const mayBeRecorded = recording !== undefined && recording.record !== 'never';
    return [...(mayBeRecorded && recordingNotice !== undefined ? [recordingNotice] : []), ...(welcome === undefined ? [] : [welcome])];
  }

  #queueNow(): Queue | undefined {
    return this.#context.distributor.queue(this.#progress.contact.queueId);
  }

  /** The key with which a waiting caller asks for a callback. Other keys mean nothing here. */
  #listenForKey(): void {
    const { callback } = this.#run.input;
    const { digits } = this.#context;
    const isOffered = callback !== undefined && this.#queueNow()?.callbacks !== undefined;
    if (!isOffered || this.#listening || !this.#waiting()) return;
    this.#listening = true;
    void digits.next(LISTEN_MS, this.#run.cancel).then((digit) => {
      this.#listening = false;
      if (digit === callback.key && this.#waiting()) this.#stepAside();
      else this.#listenForKey();
    });
  }

  #stepAside(): void {
    const { distributor, partFrom, stand } = this.#context;
    const progress = this.#progress;
    const { contact } = progress;
    this.#over = true;
    this.#unwatch();
    this.#comfort.stop();
    stand({ at: 'flow', left: contact });
    if (progress.phase === 'offered') {
      partFrom(progress.leg, () => distributor.withdraw(contact.contactId, 'stepsAside'));
      this.#context.fire(this.#context.control.hangup(progress.leg, HangupCause.normal), 'hang up agent leg');
    } else distributor.withdraw(contact.contactId, 'stepsAside');
    this.#resolve({ outcome: 'callback' });
  }

  // What the distributor decides

  offerMade(offer: Offer): void {
    if (this.#over) return;
    const { ids, control, clock, log, callId, caller, language } = this.#context;
    const leg = channelId(ids.next(LEG_PREFIX));
    this.#keep({ ...this.#place(), phase: 'offered', offer, leg });
    this.#watchOffered(offer, leg);
    dialAgent({
      ...{ control, clock, log, offer, leg, callId, language },
      callerNumber: caller.number,
      callerName: caller.name,
      refused: () => this.#offerFailed(offer, 'failed'),
    });
  }

  offerTakenBack(offer: Offer): void {
    if (this.#isOffered(offer)) this.#dropLeg();
  }

  contactChanged(contact: ContactRequest): void {
    if (!this.#over) this.#keep({ ...this.#progress, contact });
  }

  overflowed(reason: Extract<RouteOutcome, { outcome: 'overflow' }>['reason']): void {
    if (this.#over) return;
    this.#comfort.stop();
    this.#context.stand({ at: 'flow' });
    this.#finish({ outcome: 'overflow', reason });
  }

  // What happens to the agent's leg

  #watchOffered(offer: Offer, leg: ChannelId): void {
    this.#unwatch = this.#context.watchLeg(leg, {
      rings: () => this.#context.distributor.offerRinging(offer.offerId),
      entered: () => this.#answered(offer, leg),
      gone: (cause) => this.#offerFailed(offer, offerOutcomeOf(cause)),
    });
  }

  #offerFailed(offer: Offer, outcome: 'rejected' | 'busy' | 'unreachable' | 'failed'): void {
    if (!this.#isOffered(offer)) return;
    this.#dropLeg();
    this.#context.distributor.offerEnded(offer.offerId, outcome);
  }

  /** `found`: the two were put together, and the engine died before it could keep that. */
  #answered(offer: Offer, leg: ChannelId, found?: BridgeId): void {
    if (!this.#isOffered(offer)) return;
    if (!this.#context.distributor.offerEnded(offer.offerId, 'accepted')) {
      this.#dropLeg();
      return;
    }
    this.#comfort.stop();
    const bridge = found ?? bridgeId(this.#context.ids.next(BRIDGE_PREFIX));
    this.#keep({ ...this.#place(), phase: 'talking', agent: offer.agentId, leg, bridge, since: this.#context.clock.now() });
    this.#context.stand({ at: 'talking' });
    this.#record();
    this.#watchTalking();
    this.#connect(leg, bridge, found === undefined);
  }

  #record(): void {
    const talking = this.#progress;
    if (talking.phase !== 'talking') return;
    const { contactId: id, queueId: queue } = talking.contact;
    this.#context.recorder.talk({ contactId: id, queueId: queue, agentId: talking.agent }, this.#queueNow()?.recording);
  }

  #connect(leg: ChannelId, bridge: BridgeId, create: boolean): void {
    const { control, channelId: caller, fire } = this.#context;
    const connected = (async () => {
      if (create) await control.createBridge(bridge, caller);
      await Promise.all([control.addToBridge(bridge, caller), control.addToBridge(bridge, leg)]);
    })();
    fire(connected, 'bridge caller and agent');
  }

  #watchTalking(): void {
    const talking = this.#progress;
    if (talking.phase !== 'talking') return;
    this.#unwatch();
    this.#unwatch = this.#context.watchLeg(talking.leg, {
      entered: () => undefined,
      held: (held) => {
        this.#context.recorder.held(held);
        this.#context.distributor.conversationHeld(talking.contact.contactId, held);
      },
      gone: () => this.#agentHungUp(),
    });
  }

  #agentHungUp(): void {
    const talking = this.#progress;
    if (talking.phase !== 'talking' || this.#over) return;
    const { control, channelId: caller, clock, distributor, fire, recorder } = this.#context;
    this.#unwatch();
    recorder.talkEnded();
    distributor.conversationEnded(talking.contact.contactId, 'agent');
    fire(control.destroyBridge(talking.bridge, caller), 'destroy bridge');
    this.#context.stand({ at: 'flow' });
    const servedNobody = clock.now() - talking.since < LEAST_CONVERSATION_MS;
    if (!servedNobody || talking.returns >= MOST_RETURNS) {
      this.#finish({ outcome: 'served', agentId: talking.agent });
      return;
    }
    this.#keep({ ...this.#place(), phase: 'queued', returns: talking.returns + 1 });
    this.#standInQueue();
    distributor.enqueue(talking.contact, this, true);
    this.#comfort.start();
    this.#listenForKey();
  }

  /** The caller hung up, or a key took the caller elsewhere. */
  leave(): void {
    if (this.#over) return;
    this.#over = true;
    const { control, distributor, fire, channelId: caller, partFrom, recorder } = this.#context;
    const progress = this.#progress;
    const { contactId: id } = progress.contact;
    this.#unwatch();
    this.#comfort.stop();
    recorder.talkEnded();
    // The agent is free for the next contact only when its phone is.
    if (progress.phase === 'queued') distributor.withdraw(id, 'abandoned');
    else if (progress.phase === 'offered') partFrom(progress.leg, () => distributor.withdraw(id, 'abandoned'));
    else partFrom(progress.leg, () => distributor.conversationEnded(id, 'caller'));
    if (progress.phase !== 'queued') fire(control.hangup(progress.leg, HangupCause.normal), 'hang up agent leg');
    if (progress.phase === 'talking') fire(control.destroyBridge(progress.bridge, caller), 'destroy bridge');
  }

  // After a restart

  /** Takes up the ringing phone or the conversation. False: the caller simply waits on, at the same place. */
  #takeUp(): boolean {
    const progress = this.#progress;
    const { resumedFrom, distributor, clock, control, fire } = this.#context;
    if (progress.phase === 'queued') return false;
    const leg = resumedFrom?.channels.find((channel) => channel.id === progress.leg);
    if (progress.phase === 'talking') {
      distributor.adoptConversation(progress.contact, { agentId: agentId(progress.agent), since: progress.since });
      this.#context.stand({ at: 'talking' });
      if (!leg) {
        this.#agentHungUp();
        return true;
      }
      this.#record();
      this.#watchTalking();
      const bridged = resumedFrom?.bridges.find(({ id }) => id === progress.bridge);
      this.#connect(progress.leg, progress.bridge, bridged === undefined);
      return true;
    }
    // The offer's time may have run out while nobody watched: the distributor decides.
    if (!leg || !distributor.adoptOffer(progress.contact, progress.offer, this)) {
      if (leg) fire(control.hangup(progress.leg, HangupCause.normal), 'hang up agent leg');
      return false;
    }
    this.#standInQueue();
    this.#watchOffered(progress.offer, progress.leg);
    if (leg.inApplication && leg.state === 'up') this.#answered(progress.offer, progress.leg, bridgeOf(resumedFrom?.bridges ?? [], progress.leg));
    else if (progress.offer.ringUntil > clock.now()) this.#comfort.start();
    return true;
  }

  // State

  #waiting(): boolean {
    return !this.#over && this.#progress.phase !== 'talking';
  }

  #isOffered(offer: Offer): boolean {
    return !this.#over && this.#progress.phase === 'offered' && this.#progress.offer.offerId === offer.offerId;
  }

  #dropLeg(): void {
    const progress = this.#progress;
    if (progress.phase !== 'offered') return;
    this.#unwatch();
    this.#context.fire(this.#context.control.hangup(progress.leg, HangupCause.normal), 'hang up agent leg');
    this.#keep({ ...this.#place(), phase: 'queued' });
  }

  /** What stays the same whatever the contact's phase. */
  #place(): Pick<Progress, 'contact' | 'returns' | 'told'> {
    const { contact, returns, told } = this.#progress;
    return { contact, returns, ...(told === undefined ? {} : { told }) };
  }

  #standInQueue(): void {
    const { contactId: id, queueId: queue, enqueuedAt } = this.#progress.contact;
    this.#context.stand({ at: 'queue', contactId: id, queueId: queue, enqueuedAt });
  }

  #keep(progress: Progress): void {
    this.#progress = progress;
    this.#run.progress(progress as unknown as Json);
  }

  #finish(outcome: RouteOutcome): void {
    this.#over = true;
    this.#resolve(outcome);
  }
}

/** The contact of a caller who enters the queue now. */
function newContact(context: VerbContext, input: RouteInput): ContactRequest {
  const { ids, callId, clock, caller, distributor, callback, left, wish } = context;
  if (callback !== undefined) return contactOfCallback(context, callback);
  const queue = queueId(input.queue);
  const customer = caller.number.length >= LEAST_NUMBER_LENGTH ? caller.number : undefined;
  // A caller who hung up in this queue a moment ago takes up the place; the wait that is reported is that of this call.
  const owedMs = customer === undefined ? 0 : distributor.takePlace(customer, queue);
  const preferred = preferredAgent(input, customer, distributor);
  // Back from being asked whether it wants a callback: the old place, for what is asked for now.
  const place = left?.queueId === queue ? left : undefined;
  return {
    contactId: place?.contactId ?? contactId(ids.next('contact')),
    callId,
    queueId: queue,
    priority: input.priority,
    enqueuedAt: place?.enqueuedAt ?? clock.now(),
    ageBoostMs: place?.ageBoostMs ?? Math.max(owedMs, input.ageBoostMs ?? 0),
    ...(customer === undefined ? {} : { customer }),
    ...(wish === undefined ? {} : { wish }),
    steps: preferred === undefined ? input.steps : [preferred, ...input.steps],
    afterSteps: input.afterSteps,
  };
}

/** The customer has waited elsewhere: it stands at the head of those of its priority. */
function contactOfCallback({ ids, callId, clock, caller, wish }: VerbContext, callback: CallbackPlace): ContactRequest {
  const now = clock.now();
  return { contactId: contactId(ids.next('contact')), callId, customer: caller.number, enqueuedAt: now, ageBoostMs: now, ...(wish === undefined ? {} : { wish }), ...callback };
}

/** The first step of a caller who has an agent of its own: the relationship manager if there is one, else who served it last. */
function preferredAgent({ sticky }: RouteInput, customer: string | undefined, distributor: Distributor): RoutingStep | undefined {
  if (sticky === undefined) return undefined;
  const last = sticky.lastAgent && customer !== undefined ? distributor.lastAgent(customer) : undefined;
  const agent = sticky.agent === undefined || sticky.agent === '' ? last : agentId(sticky.agent);
  return agent === undefined ? undefined : { require: { agent }, forMs: sticky.forMs };
}
