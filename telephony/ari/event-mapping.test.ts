import { expect, it } from 'vitest';
import { causeOf, channelInfoOf, channelStateOf } from './event-mapping.ts';

const named = (name: string) =>
  channelInfoOf({
    ...{ id: '1.1', name, state: 'Up', protocol_id: '', accountcode: '', language: 'zh', creationtime: '2026-01-01T08:00:00.000+0800' },
    ...{ caller: { number: '138', name: '' }, connected: { number: '', name: '' }, dialplan: { context: 'in', exten: '95588', priority: 1, app_name: '', app_data: '' } },
  });

it.each([
  ['PJSIP/carrier-0000012f', 'carrier'],
  ['PJSIP/carrier-eu-1-0000000a', 'carrier-eu-1'],
])('the name %s tells the trunk %s', (name, trunk) => expect(named(name).trunk).toBe(trunk));

// Local channels have two ends, and no trunk.
it.each(['Local/100@phones-00000001;1', 'PJSIP/carrier', ''])('the name %j tells none', (name) => expect(named(name)).not.toHaveProperty('trunk'));

// What every object has is no state and no cause.
it.each(['constructor', '__proto__', 'toString', ''])('the word %j is none that is known', (word) => {
  expect(channelStateOf(word)).toBe('other');
  expect(causeOf(0, word)).toBe(0);
});
