import { nodeId } from '../../engine/domain/ids.ts';
import { callControlContract } from '../../test/contract/call-control.ts';
import type { FarEnd, PhoneBehaviour } from '../../test/contract/call-control-rig.ts';
import { callRecordingContract, type CallRecordingRig } from '../../test/contract/call-recording.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { answers, isBusy, isMachine, isNotRegistered, neverAnswers, rejects, type PhoneBehaviour as Behaviour } from './phone-behaviour.ts';
import type { SimulatedAgentPhone } from './simulated-agent-phone.ts';
import { SimulatedCaller } from './simulated-caller.ts';
import { SIMULATED_SILENCE } from './simulated-recorder.ts';
import { SimulatedSwitch } from './simulated-switch.ts';
import type { SwitchLatency } from './switch-knobs.ts';

const PATIENCE_MS = 10_000;
const LENGTHS: Readonly<Record<string, number>> = { 'sound:short': 300, 'sound:long': 8000 };

class SimulatedFarEnd implements FarEnd {
  readonly party: SimulatedCaller | SimulatedAgentPhone;
  wasAnswered = false;
  readonly #sim: SimulatedSwitch;

  constructor(party: SimulatedCaller | SimulatedAgentPhone, sim: SimulatedSwitch) {
    this.party = party;
    this.#sim = sim;
    sim.until(() => (party.isTalking ? true : undefined), 'an answer').then(
      () => (this.wasAnswered = true),
      () => undefined, // Never answered: so be it.
    );
  }

  get isOver(): boolean {
    return this.party.ended !== undefined;
  }

  /** Simulated phones are silent once the switch has heard enough. */
  get isSpeaking(): boolean {
    return this.party.channel?.inApplication === false;
  }

  async sendDigits(digits: string, pace?: 'fast'): Promise<void> {
    if (this.party instanceof SimulatedCaller) await this.party.press(digits, pace === 'fast' ? { paceMs: 120, heldMs: 60 } : {});
  }

  async hangUp(): Promise<void> {
    this.party.hangUp();
  }

  async hears(other: FarEnd): Promise<void> {
    const { party } = other as SimulatedFarEnd;
    await this.#sim.until(() => this.party.connectedTo.includes(party.name) || undefined, `to hear ${party.name}`, PATIENCE_MS);
  }

  async hold(): Promise<void> {
    this.party.hold();
  }

  async unhold(): Promise<void> {
    this.party.unhold();
  }

  async hearsMusic(): Promise<void> {
    const hears = () => this.party.ear.now?.media.startsWith('music:') === true && this.party.connectedTo.length === 0;
    await this.#sim.until(() => hears() || undefined, 'to hear music', PATIENCE_MS);
  }
}

async function makeRig(latency: SwitchLatency, eventsFirst: boolean): Promise<CallRecordingRig> {
  const clock = new VirtualClock();
  const sim = new SimulatedSwitch({
    nodeId: nodeId('simulated'),
    clock,
    mediaDurationMs: (uri) => LENGTHS[uri],
    advance: (durationMs) => clock.advanceBy(durationMs),
  });
  sim.knobs.latency = latency;
  sim.knobs.eventsFirst = eventsFirst;
  // Requests that take time need somebody who lets it pass: the contract awaits them without moving the clock. What is
  // waited for never comes; the time that the wait takes is the point.
  const takesTime = latency.requestMs + latency.responseMs > 0;
  const tick = (): void => void sim.until(() => undefined, 'the next tick', 50).catch(() => undefined);
  const ticking = takesTime ? setInterval(tick, 1) : undefined;
  let phones = 0;
  return {
    node: sim,
    events: sim,
    recorder: sim.recorder,
    loudness: (sound) => sound.reduce((sum, byte) => sum + (byte === SIMULATED_SILENCE ? 0 : 1), 0) / sound.length,
    pass: (ms) => clock.advanceBy(ms),
    media: { short: 'sound:short', long: 'sound:long', missing: 'sound:missing' },
    connect: async () => {
      sim.connect();
      await clock.settle();
    },
    inboundCall: async ({ callerNumber, callerName, dialled }) =>
      new SimulatedFarEnd(sim.call({ number: dialled, callerNumber, callerName, flow: 'contract' }), sim),
    phone: async (behaviour) => {
      phones += 1;
      const phone = sim.phone(`PJSIP/agent${phones}`, behaviourOf(behaviour));
      const far = new SimulatedFarEnd(phone, sim);
      return { endpoint: phone.name, party: () => (phone.rings.length > 0 ? far : undefined) };
    },
    until: (probe, what) => sim.until(probe, what, PATIENCE_MS),
    close: async () => clearInterval(ticking),
  };
}

function behaviourOf(behaviour: PhoneBehaviour): Behaviour {
  switch (behaviour.does) {
    case 'answer':
      return answers(50, behaviour.hangUpAfterMs);
    case 'speak':
      return answers(50);
    case 'greet':
      return isMachine(50);
    case 'busy':
      return isBusy();
    case 'decline':
      return rejects(50);
    case 'ring':
      return neverAnswers();
    case 'beAbsent':
      return isNotRegistered();
  }
}

const AT_ONCE: SwitchLatency = { requestMs: 0, responseMs: 0, eventMs: 0 };

callControlContract('the simulated switch', () => makeRig(AT_ONCE, false));
callControlContract('the simulated switch that tells events before answers', () => makeRig(AT_ONCE, true));
callControlContract('the simulated switch on a slow network', () => makeRig({ requestMs: 20, responseMs: 60, eventMs: 30 }, false));

callRecordingContract('the simulated switch', () => makeRig(AT_ONCE, false));
callRecordingContract('the simulated switch that tells events before answers', () => makeRig(AT_ONCE, true));
callRecordingContract('the simulated switch on a slow network', () => makeRig({ requestMs: 20, responseMs: 60, eventMs: 30 }, false));
