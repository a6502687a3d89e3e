import { beforeEach, describe, expect, it } from 'vitest';
import { channelId } from '../../engine/domain/ids.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { BackgroundSilence } from './background-silence.ts';

const ID = channelId('1700000000.1');
let asked: string[];
let silence: BackgroundSilence;

beforeEach(() => {
  asked = [];
  silence = new BackgroundSilence({ requests: { send: (operation) => (asked.push(operation.slice('channels.'.length)), Promise.resolve()) }, log: silentLogger });
});

describe('the silence behind a whisper', () => {
  it('begins once, and ends', () => {
    silence.want(ID, 'tap-1');
    silence.want(ID, 'tap-1');
    silence.dismiss(ID, 'tap-1');
    silence.dismiss(ID, 'tap-1');
    expect(asked).toEqual(['startSilence', 'stopSilence']);
  });

  it('goes on while another tap of the same call wants it', () => {
    silence.want(ID, 'tap-1');
    silence.want(ID, 'tap-2');
    silence.dismiss(ID, 'tap-1');
    silence.dismiss(ID, 'tap-1');
    expect(asked).toEqual(['startSilence']);
    silence.dismiss(ID, 'tap-2');
    expect(asked).toEqual(['startSilence', 'stopSilence']);
  });

  it('begins again after each playback, which ended it', () => {
    silence.playbackEnded(ID);
    silence.want(ID, 'tap-1');
    silence.playbackEnded(ID);
    expect(asked).toEqual(['startSilence', 'startSilence']);
  });

  it('makes way for music and bridges, and comes back when both have ended', () => {
    silence.want(ID, 'tap-1');
    silence.occupy(ID, 'music');
    silence.occupy(ID, 'bridge');
    silence.playbackEnded(ID);
    silence.free(ID, 'music');
    expect(asked).toEqual(['startSilence', 'stopSilence']);
    silence.free(ID, 'bridge');
    silence.free(ID, 'bridge');
    expect(asked).toEqual(['startSilence', 'stopSilence', 'startSilence']);
  });

  it('does not end the music that has taken its place', () => {
    silence.want(ID, 'tap-1');
    silence.occupy(ID, 'music');
    silence.dismiss(ID, 'tap-1');
    silence.free(ID, 'music');
    expect(asked).toEqual(['startSilence', 'stopSilence']);
  });

  it('is not begun under music, and forgets a channel that has gone', () => {
    silence.occupy(ID, 'music');
    silence.want(ID, 'tap-1');
    silence.gone(ID);
    silence.free(ID, 'music');
    silence.playbackEnded(ID);
    expect(asked).toEqual([]);
  });
});
