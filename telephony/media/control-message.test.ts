import { describe, expect, it } from 'vitest';
import { readControlMessage, writeCommand } from './control-message.ts';

describe('control messages of chan_websocket', () => {
  it.each([
    ['MEDIA_START connection_id:a channel:WebSocket/INCOMING/0x1 channel_id:tap-1-media format:slin optimal_frame_size:320 ptime:20', 'MEDIA_START', 'plain'],
    ['{"event":"MEDIA_START","connection_id":"a","format":"slin"}', 'MEDIA_START', 'json'],
    ['MEDIA_XOFF', 'MEDIA_XOFF', 'plain'],
    ['{"event":"MEDIA_XON","channel_id":"tap-1-media"}', 'MEDIA_XON', 'json'],
    ['{"event":5}', '', 'json'],
    ['{"event"', '', 'json'],
    ['', '', 'plain'],
    ['what?', '', 'plain'],
  ])('%s', (text, event, format) => {
    expect(readControlMessage(text)).toMatchObject({ event, format });
  });

  it('are written as the switch spells them', () => {
    expect(writeCommand('FLUSH_MEDIA', 'plain')).toBe('FLUSH_MEDIA');
    expect(writeCommand('FLUSH_MEDIA', 'json')).toBe('{"command":"FLUSH_MEDIA"}');
  });
});
