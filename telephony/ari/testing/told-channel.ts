import type { Channel } from '../generated/models.ts';

/** A channel as Asterisk's events describe it, called by 13800138000 for 95588. */
export function toldChannel(id: string, state: Channel['state'] = 'Up'): Channel {
  return {
    id,
    name: `PJSIP/${id}`,
    state,
    protocol_id: '',
    caller: { number: '13800138000', name: 'Zhang' },
    connected: { number: '', name: '' },
    accountcode: '',
    dialplan: { context: 'in', exten: '95588', priority: 1, app_name: 'Stasis', app_data: 'hotline,inbound' },
    creationtime: '2026-01-01T08:00:00.000+0800',
    language: 'zh',
  };
}
