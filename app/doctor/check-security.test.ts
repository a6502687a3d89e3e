import { expect, it } from 'vitest';
import { configSchema } from '../config/schema.ts';
import { checkSecurity } from './check-security.ts';

const HERE = {
  nodes: [{ id: 'pbx-1', url: 'http://127.0.0.1:8088', user: 'u', password: { env: 'ARI' } }],
  hotlines: [{ number: '95500', flow: 'bank' }],
  queues: [{ id: 'q', name: 'Q' }],
  services: { core: { url: 'http://localhost:9000' } },
};
const told = (more: object) => checkSecurity(configSchema.parse({ ...HERE, ...more })).map(({ state, text }) => `${state} ${text}`);

it('is content with what stays on the machine, and with what is encrypted', () => {
  const content = ['ok what leaves this machine is encrypted, and no secret stands in the configuration'];
  expect(told({})).toEqual(content);
  expect(
    told({
      nodes: [{ id: 'pbx-1', url: 'https://pbx.bank.example', user: 'u', password: { file: '/run/secrets/ari' } }],
      services: { core: { url: 'https://core.bank.example' } },
      mqtt: { url: 'mqtts://broker.bank.example', username: 'u', password: { env: 'MQTT' } },
      http: { host: '0.0.0.0', token: { env: 'TOKEN' }, tls: { certFile: 'c', keyFile: 'k' } },
    }),
  ).toEqual(content);
  expect(told({ http: { host: '0.0.0.0', token: { env: 'TOKEN' }, publicUrl: 'https://strowger.bank.example', trustedProxies: ['10.0.0.1'] } })).toEqual(content);
});

it.each([
  ['switch', { nodes: [{ id: 'pbx-2', url: 'http://10.0.0.2:8088', user: 'u', password: { env: 'ARI' } }] }, 'the password of the switch pbx-2 and all that it tells go over the network in the clear'],
  ['service', { services: { core: { url: 'http://core.bank.example' } } }, 'what callers type goes to the service core in the clear, PINs too if it is asked about them'],
  ['broker', { mqtt: { url: 'mqtt://broker.bank.example', username: 'u', password: { env: 'MQTT' } } }, 'events and a password go to the broker mqtt://broker.bank.example in the clear'],
  ['embedded broker', { mqtt: { host: '0.0.0.0', users: [{ name: 'wall', password: { env: 'WALL' } }] } }, 'whoever uses the broker at 0.0.0.0 sends its password in the clear'],
  ['API', { http: { host: '0.0.0.0', token: { env: 'TOKEN' } } }, 'whoever uses the API at 0.0.0.0 sends its password or token in the clear'],
  ['traces', { tracing: { url: 'http://traces.bank.example' } }, 'traces go over the network in the clear'],
  ['log', { log: { showPersonalData: true } }, 'numbers, names and what callers say stand in log, events and API unmasked'],
])('tells of what others can read: %s', (_, more, text) => {
  expect(told(more)).toEqual([`warning ${text}`]);
});

it('names secrets that stand in the configuration, and not what they are', () => {
  const nodes = ['a', 'b', 'c', 'd'].map((id) => ({ id, url: 'http://127.0.0.1:8088', user: 'u', password: 'hunter2' }));
  expect(told({ nodes, http: { token: 'hunter2hunter2' } })).toEqual([
    'warning secrets stand in the configuration itself: nodes[0].password, nodes[1].password, nodes[2].password, nodes[3].password and 1 more',
  ]);
});
