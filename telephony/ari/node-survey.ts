import { isStrowgerError } from '../../engine/domain/errors.ts';
import { bridgeId, channelId } from '../../engine/domain/ids.ts';
import type { ChannelId } from '../../engine/domain/ids.ts';
import type { SwitchSnapshot } from '../../engine/ports/call-control.ts';
import type { AriTransport } from './ari-transport.ts';
import { channelInfoOf } from './event-mapping.ts';
import type { Channel } from './generated/models.ts';
import { OWNER_VARIABLE } from './originate-params.ts';

type Requests = Pick<AriTransport, 'request' | 'send'>;

/** The name that `createBridge` gives, so that our bridges can be told from those of other applications. */
export const bridgeNameOf = (app: string, owner: ChannelId): string => `${app}:${owner}`;

/** True for a channel that runs our Stasis application now. */
function isInside(channel: Channel, app: string): boolean {
  const { app_name: name, app_data: data } = channel.dialplan;
  return name === 'Stasis' && (data === app || data.startsWith(`${app},`));
}

/** What exists now. `isDialled` tells which of the channels outside the application are legs of ours. */
export async function takeSnapshot(requests: Requests, app: string, isDialled: (id: ChannelId) => boolean): Promise<SwitchSnapshot> {
  // Bridges first: a channel that enters the application in between is missing from no list that follows.
  const bridges = await requests.request('bridges.list', {});
  const channels = await requests.request('channels.list', {});
  return {
    channels: channels
      .map((channel) => ({ ...channelInfoOf(channel), inApplication: isInside(channel, app) }))
      .filter((channel) => channel.inApplication || isDialled(channel.id)),
    bridges: bridges
      .filter((bridge) => bridge.name.startsWith(`${app}:`))
      .map((bridge) => ({ id: bridgeId(bridge.id), channelIds: bridge.channels.map(channelId) })),
  };
}

/** Finds our channels on a switch that was just connected. */
export async function findOurChannels(requests: Requests, app: string, isDialled: (id: ChannelId) => boolean): Promise<ReadonlySet<ChannelId>> {
  const channels = await requests.request('channels.list', {});
  const ours = new Set<ChannelId>();
  await Promise.all(
    channels.map(async (channel) => {
      const id = channelId(channel.id);
      if (isInside(channel, app) || isDialled(id) || (await isMarked(requests, channel, app))) ours.add(id);
    }),
  );
  return ours;
}

/** True for a leg that rings and that an engine of this application dialled. Only such legs run AppDial2 (ARI originate). */
async function isMarked(requests: Requests, channel: Channel, app: string): Promise<boolean> {
  if (channel.dialplan.app_name !== 'AppDial2') return false;
  const variable = await requests.request('channels.getChannelVar', { channelId: channel.id, variable: OWNER_VARIABLE }).catch(goneAsUndefined);
  return variable?.value === app;
}

function goneAsUndefined(error: unknown): undefined {
  if (isStrowgerError(error, 'switch.gone')) return undefined;
  throw error;
}
