import { callId, channelId } from '../domain/ids.ts';
import { HangupCause } from '../domain/termination.ts';
import type { SwitchSnapshot } from '../ports/call-control.ts';
import type { AnsweredBy } from '../ports/call-events.ts';
import type { TimerHandle } from '../ports/clock.ts';
import { LEG_PREFIX } from '../ports/legs.ts';
import type { Placing } from './callback-record.ts';
import { dialCustomer } from './customer-leg.ts';
import { fire, missedBy, type Placement, type PlacementHost } from './placement.ts';

/** After a dial that could not even be begun: no switch is connected, or the store cannot keep that it is. */
const DIAL_AGAIN_MS = 60_000;

type Stage<S extends Placing['stage']> = Extract<Placing, { readonly stage: S }>;
type CustomerStage = Stage<'calling' | 'inFlow'>;

/** How the call of a customer ended who had answered: told by the session that had it. */
export type FlowEnd =
  /** Talked to an agent. */
  | 'served'
  /** Pressed the key, stood in the queue, and hung up there. */
  | 'leftQueue'
  /** Hung up before that. */
  | 'hungUp'
  /** The flow came to its end: nobody pressed the key. */
  | 'notConfirmed'
  /** The flow or the switch failed. */
  | 'failed';

export interface CustomerFirstHost extends PlacementHost {
  /** The customer has answered: a flow greets, asks for the key and routes. Its channel is the session's from now on. False when there is no such flow. */
  readonly startFlow: (placing: Stage<'inFlow'>) => boolean;
}

/**
 * A customer's call that is a flow's once it is answered. Customer first: the customer is dialled when an agent will soon be free. The answered call is a session like any other, with a flow that
 * greets and asks for a key; it stands at the head of the queue then. A machine that answers the last attempt gets a flow that leaves a message.
 */
export class CustomerFirst implements Placement {
  readonly #host: CustomerFirstHost;
  #placing: CustomerStage | undefined;
  #forget: () => void = () => undefined;
  #timer: TimerHandle;
  #over = false;

  constructor(host: CustomerFirstHost, resumed?: CustomerStage) {
    this.#host = host;
    this.#placing = resumed;
  }

  begin(): void {
    const { clock, ids, legs, detection, missed, putBack } = this.#host;
    const nodeId = legs.nodeForCalls();
    if (nodeId === undefined) {
      this.release();
      putBack(clock.now() + DIAL_AGAIN_MS);
      return;
    }
    const customerLeg = channelId(ids.next(LEG_PREFIX));
    const call = callId(ids.next('call'));
    const detectMachine = detection();
    const message = detectMachine?.waitForGreeting === true ? ({ message: true } as const) : {};
    this.#keep({ stage: 'calling', callId: call, nodeId, customerLeg, dialledAt: clock.now(), ...message });
    void dialCustomer(this.#host, {
      ...{ nodeId, leg: customerLeg, callId: call, detectMachine },
      isCurrent: () => !this.#over,
      notKept: () => {
        this.release();
        putBack(clock.now() + DIAL_AGAIN_MS);
      },
      untimely: () => {
        this.release();
        missed('interrupted');
      },
      dialling: () => this.#watch(),
      refused: () => this.#gone(HangupCause.temporaryFailure),
      onTimer: (timer) => (this.#timer = timer),
    });
  }

  #watch(): void {
    const leg = this.#placing?.customerLeg;
    if (leg === undefined) return;
    this.#forget = this.#host.legs.watch(leg, { entered: (answeredBy) => this.#answered(answeredBy), gone: (cause) => this.#gone(cause) });
  }

  #answered(answeredBy: AnsweredBy | undefined): void {
    const placing = this.#placing;
    if (this.#over || placing?.stage !== 'calling') return;
    this.#forget();
    const { message, ...dialled } = placing;
    const inFlow: Stage<'inFlow'> = { ...dialled, stage: 'inFlow' };
    if (answeredBy !== 'machine') this.enterFlow(inFlow);
    else if (message) this.enterFlow({ ...inFlow, machine: true });
    else {
      this.#hangUp(placing);
      this.release();
      this.#host.missed('machine');
    }
  }

  /** The leg is answered, and a flow is to have it. */
  enterFlow(placing: Stage<'inFlow'>): void {
    this.#keep(placing);
    if (this.#host.startFlow(placing)) return;
    this.#hangUp(placing);
    this.flowEnded('failed');
  }

  #hangUp({ nodeId, customerLeg }: CustomerStage): void {
    const { switchboard, log } = this.#host;
    fire(log, switchboard.node(nodeId).hangup(customerLeg, HangupCause.normal), 'hang up customer');
  }

  #gone(cause: number): void {
    if (this.#over || this.#placing?.stage !== 'calling') return;
    this.release();
    this.#host.missed(cause === 0 ? 'interrupted' : missedBy(cause));
  }

  /** The session says that an agent talks to the customer. */
  connected(): void {
    if (!this.#over) this.#host.reached();
  }

  flowEnded(how: FlowEnd): void {
    if (this.#over) return;
    const placing = this.#placing;
    const { machine, agentId } = placing?.stage === 'inFlow' ? placing : {};
    const who = agentId === undefined ? {} : { agentId };
    this.release();
    if (how === 'served') this.#host.over();
    else if (how === 'failed') this.#host.missed('interrupted', who);
    else if (machine && how !== 'leftQueue') this.#host.missed('machine', { ...who, messageLeft: how === 'notConfirmed' });
    else this.#host.missed(how === 'notConfirmed' ? 'machine' : 'hungUp', who);
  }

  /** Whether its customer is, or may become, one who waits for an agent. */
  get wantsAgent(): boolean {
    return this.#placing?.stage !== 'inFlow' || this.#placing.machine !== true;
  }

  /** Sessions take up those that are in a flow before this is asked. */
  reconcile({ channels }: SwitchSnapshot): void {
    const placing = this.#placing;
    if (this.#over || placing?.stage !== 'calling') return;
    const customer = channels.find(({ id }) => id === placing.customerLeg);
    this.#forget();
    if (customer === undefined) this.#gone(0);
    else {
      this.#watch();
      if (customer.inApplication && customer.state === 'up') this.#answered(customer.answeredBy);
    }
  }

  cancel(): boolean {
    // The customer's phone rings already, or is about to.
    return false;
  }

  release(): void {
    this.#over = true;
    this.#forget();
    this.#host.clock.clearTimeout(this.#timer);
  }

  #keep(placing: CustomerStage): void {
    this.#placing = placing;
    this.#host.keep(placing);
  }
}
