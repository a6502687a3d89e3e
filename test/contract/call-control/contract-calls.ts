import { bridgeId, channelId, playbackId } from '../../../engine/domain/ids.ts';
import type { BridgeId, ChannelId, PlaybackId } from '../../../engine/domain/ids.ts';
import type { OriginateRequest } from '../../../engine/ports/call-control.ts';
import type { CallControlRig, Party, PhoneBehaviour } from '../call-control-rig.ts';
import { EventRecorder } from '../event-recorder.ts';

export const DIALLED = '95588';
const ids = { calls: 0, others: 0 };
const unique = (prefix: string): string => `${prefix}-${(ids.others += 1)}-${process.pid}`;
export const newPlayback = (): PlaybackId => playbackId(unique('playback'));
export const newBridge = (): BridgeId => bridgeId(unique('bridge'));

/** The switch that is held to the contract, everything that it told, and the calls that tests need of it. Usable once `open` has settled. */
export class ContractCalls {
  #opened: { readonly rig: CallControlRig; readonly events: EventRecorder } | undefined;

  async open(makeRig: () => Promise<CallControlRig>): Promise<void> {
    const rig = await makeRig();
    this.#opened = { rig, events: new EventRecorder(rig.events, (probe, what) => rig.until(probe, what)) };
    await rig.connect();
  }

  get rig(): CallControlRig {
    return this.#use().rig;
  }

  get events(): EventRecorder {
    return this.#use().events;
  }

  async callIn(): Promise<Party> {
    const callerNumber = `1380000${String((ids.calls += 1)).padStart(4, '0')}`;
    const far = await this.rig.inboundCall({ callerNumber, callerName: 'Zhang Wei', dialled: DIALLED });
    const { channel } = await this.events.entered(callerNumber);
    return { far, channelId: channel.id };
  }

  async answeredCall(): Promise<Party> {
    const party = await this.callIn();
    await this.rig.node.answer(party.channelId);
    await this.rig.until(() => party.far.wasAnswered || undefined, 'the caller to be answered');
    return party;
  }

  /** `made` is the request: it settles as the switch answers it. */
  async dial(behaviour: PhoneBehaviour, request: Partial<OriginateRequest> = {}) {
    const phone = await this.rig.phone(behaviour);
    const leg = channelId(unique('leg'));
    const made = this.rig.node.originate({ channelId: leg, endpoint: phone.endpoint, timeoutMs: 10_000, args: ['leg'], ...request });
    return { leg, phone, made };
  }

  async answeredLeg(): Promise<Party> {
    const { leg, phone, made } = await this.dial({ does: 'answer' });
    await made;
    await this.events.next('channel.entered', leg);
    const far = await this.rig.until(() => phone.party(), 'the phone to be dialled');
    return { far, channelId: leg };
  }

  /** Types of the events of a channel, in order. */
  types(id: ChannelId): readonly string[] {
    return this.events.typesOf(id);
  }

  #use(): { readonly rig: CallControlRig; readonly events: EventRecorder } {
    if (this.#opened === undefined) throw new Error('The switch of the contract is not open.');
    return this.#opened;
  }
}
