import { beforeEach, describe, expect, it } from 'vitest';
import { callId, channelId } from '../domain/ids.ts';
import { silentLogger } from '../ports/logger.ts';
import { ManualSwitch } from '../../test/fakes/manual-switch.ts';
import { VirtualClock } from '../../test/fakes/virtual-clock.ts';
import { DigitBuffer } from './digit-buffer.ts';
import { PromptPlayer } from './prompt-player.ts';

let clock: VirtualClock;
let pbx: ManualSwitch;
let player: PromptPlayer;
const asked = (): readonly string[] => pbx.requests.map(({ what }) => what);

beforeEach(() => {
  clock = new VirtualClock();
  pbx = new ManualSwitch(clock);
  const nothing = (): void => undefined;
  player = new PromptPlayer({
    ...{ callId: callId('call-1'), channelId: channelId('caller-1'), control: pbx, clock, digits: new DigitBuffer(clock), prompts: { media: () => [] } },
    ...{ log: silentLogger, announce: nothing, fire: nothing, lost: nothing, changed: nothing },
  });
});

describe('music that a process which was killed had started', () => {
  it('is started again without a gap by the verb that begins again', async () => {
    player.silence({ music: 'waiting', plays: 3 });
    player.startMusic('waiting');
    await clock.advanceBy(10_000);
    expect(asked()).toEqual(['stopPlayback', 'startMusic']);
  });

  it('is ended when no verb starts any', async () => {
    player.silence({ music: 'waiting', plays: 3 });
    expect(asked()).toEqual(['stopPlayback']);
    await clock.advanceBy(3_000);
    expect(asked()).toEqual(['stopPlayback', 'stopMusic']);
  });

  it('goes on untouched after a hand-over, of which nothing is unknown', async () => {
    player.adopt({ music: 'waiting', plays: 3 });
    player.startMusic('waiting');
    await clock.advanceBy(10_000);
    expect(asked()).toEqual([]);
  });
});
