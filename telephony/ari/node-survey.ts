import { isStrowgerError } from '../../engine/domain/errors.ts';
import { bridgeId, channelId } from '../../engine/domain/ids.ts';
import type { ChannelId } from '../../engine/domain/ids.ts';
import type { SwitchSnapshot } from '../../engine/ports/call-control.ts';
import type { AnsweredBy } from '../../engine/ports/call-events.ts';
import type { AriTransport } from './ari-transport.ts';
import { channelInfoOf } from './event-mapping.ts';
import type { Bridge, Channel } from './generated/models.ts';
import { DETECTION_CONTEXT, readArgs } from './machine-detection.ts';
import { OWNER_VARIABLE } from './originate-params.ts';
import { recordingOfChannel } from './recording-names.ts';
import { isTapBridge, tapOfChannel } from './tap-names.ts';
import { isBridge, isChannel } from './well-formed.ts';

type Requests = Pick<AriTransport, 'request' | 'send'>;

/** The name that `createBridge` gives, so that our bridges can be told from those of other applications. */
export const bridgeNameOf = (app: string, owner: ChannelId): string => `${app}:${owner}`;

const isBridgeOf = (bridge: Bridge, app: string): boolean => bridge.name.startsWith(`${app}:`);

/** True for a channel that runs our Stasis application now. */
function isInside(channel: Channel, app: string): boolean {
  const { app_name: name, app_data: data } = channel.dialplan;
  return name === 'Stasis' && (data === app || data.startsWith(`${app},`));
}

/** True for a channel that only carries the sound of another one's call: to a recogniser, or to a recording. */
const isBeside = (id: string): boolean => tapOfChannel(id) !== undefined || recordingOfChannel(id) !== undefined;

// Of chan_pjsip: 1 while the phone holds the other side (seen on 22.10). ARI's own model of a channel does not tell it.
const HOLD_FUNCTION = 'CHANNEL(rtp,hold)';

/** What exists now. `isDialled` tells which of the channels outside the application are legs of ours. */
export async function takeSnapshot(requests: Requests, app: string, isDialled: (id: ChannelId) => boolean): Promise<SwitchSnapshot> {
  // Bridges first: a channel that enters the application in between is missing from no list that follows.
  const bridges = await requests.request('bridges.list', {});
  const channels = await requests.request('channels.list', {});
  // All or nothing: a channel that is left out would pass for one that has ended.
  if (!bridges.every(isBridge) || !channels.every(isChannel)) throw new TypeError('a channel or a bridge lacks what is read of it');
  const ourBridges = bridges.filter((bridge) => isBridgeOf(bridge, app) && !isTapBridge(bridge.id));
  const bridged = new Set(ourBridges.flatMap((bridge) => bridge.channels));
  const ours = channels
    .filter(({ id }) => !isBeside(id))
    .map((channel) => ({ ...channelInfoOf(channel), inApplication: isInside(channel, app), ...answeredByOf(channel) }))
    .filter((channel) => channel.inApplication || isDialled(channel.id));
  return {
    channels: await Promise.all(ours.map(async (channel) => (bridged.has(channel.id) ? { ...channel, ...(await holdOf(requests, channel.id)) } : channel))),
    bridges: ourBridges.map((bridge) => ({ id: bridgeId(bridge.id), channelIds: bridge.channels.map(channelId) })),
  };
}

/** Nothing for a channel that is no SIP call, or gone meanwhile. */
async function holdOf(requests: Requests, id: ChannelId): Promise<{ readonly held?: boolean }> {
  const answer = await requests.request('channels.getChannelVar', { channelId: id, variable: HOLD_FUNCTION }).catch(refusedAsUndefined);
  return answer?.value === '0' || answer?.value === '1' ? { held: answer.value === '1' } : {};
}

/** Finds our channels on a switch that was just connected. */
export async function findOurChannels(requests: Requests, app: string, isDialled: (id: ChannelId) => boolean): Promise<ReadonlySet<ChannelId>> {
  const channels = await requests.request('channels.list', {});
  const ours = new Set<ChannelId>();
  await Promise.all(
    channels.map(async (channel) => {
      if (isBeside(channel.id)) return;
      const id = channelId(channel.id);
      if (isInside(channel, app) || isDialled(id) || (await isMarked(requests, channel, app))) ours.add(id);
    }),
  );
  return ours;
}

export interface FoundTaps {
  readonly channels: readonly string[];
  readonly bridges: readonly string[];
  /** Channels of calls that are in a bridge of ours. */
  readonly bridged: readonly string[];
}

/** What taps are made of, of this application: whoever made them, this process or one that has died. */
export async function findTaps(requests: Requests, app: string): Promise<FoundTaps> {
  const [channels, bridges] = await Promise.all([requests.request('channels.list', {}), requests.request('bridges.list', {})]);
  const ourBridges = bridges.filter((bridge) => isBridgeOf(bridge, app));
  const taps = channels.filter(({ id }) => tapOfChannel(id) !== undefined);
  // The media channel is dialled: until its WebSocket is open, it is in no application.
  const isOurs = await Promise.all(taps.map(async (channel) => isInside(channel, app) || (await isMarked(requests, channel, app))));
  return {
    channels: taps.filter((_, i) => isOurs[i]).map(({ id }) => id),
    bridges: ourBridges.filter(({ id }) => isTapBridge(id)).map(({ id }) => id),
    bridged: ourBridges.filter(({ id }) => !isTapBridge(id)).flatMap((bridge) => bridge.channels),
  };
}

function answeredByOf(channel: Channel): { readonly answeredBy?: AnsweredBy } {
  const { answeredBy } = readArgs(channel.dialplan.app_data.split(','));
  return answeredBy === undefined ? {} : { answeredBy };
}

/** True for a leg that an engine of this application dialled, and that rings or is listened to. Only ringing legs run AppDial2 (ARI originate). */
async function isMarked(requests: Requests, channel: Channel, app: string): Promise<boolean> {
  const { app_name: name, context } = channel.dialplan;
  if (name !== 'AppDial2' && context !== DETECTION_CONTEXT) return false;
  const variable = await requests.request('channels.getChannelVar', { channelId: channel.id, variable: OWNER_VARIABLE }).catch(goneAsUndefined);
  return variable?.value === app;
}

function goneAsUndefined(error: unknown): undefined {
  if (isStrowgerError(error, 'switch.gone')) return undefined;
  throw error;
}

/** A snapshot lives without what the switch refuses to tell; a lost connection still fails it. */
function refusedAsUndefined(error: unknown): undefined {
  if (isStrowgerError(error, 'switch.refused')) return undefined;
  return goneAsUndefined(error);
}
