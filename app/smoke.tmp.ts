import { ensurePrivateRoot } from '../telephony/pbx/private-packages.ts';
import { PrivateAsterisk } from '../telephony/pbx/private-asterisk.ts';
import { ScriptedCaller } from '../telephony/phones/scripted-caller.ts';
import { ScriptedAgentPhone } from '../telephony/phones/scripted-agent-phone.ts';
import { startEngine } from './engine.ts';
import { parseConfig } from './config/load-config.ts';
import { readFlowFolder } from './flows/flow-folder.ts';
import { pinoLogger } from '../integrations/log/pino-logger.ts';
import { rmSync } from 'node:fs';

const root = await ensurePrivateRoot({});
const pbx = await PrivateAsterisk.start({ root, config: { hotlines: [{ number: '95500', flow: 'bank' }], agents: [{ id: '1001', password: 'secret1001' }], trunks: [{ name: 'demo', matches: ['127.0.0.1'] }], sip: undefined } as never });
console.log('pbx', pbx.sip, pbx.ari.url);
const agent = await ScriptedAgentPhone.start({ command: root.command('sipp', []), server: pbx.sip, user: '1001', password: 'secret1001', source: { kind: 'tone', hz: 440 } as never });
rmSync('/tmp/smoke/s.db', { force: true });
const config = parseConfig(`
engine: { dataDir: /tmp/smoke }
nodes: [{ id: pbx-1, url: "${pbx.ari.url}", user: ${pbx.ari.user}, password: "${pbx.ari.password}" }]
hotlines: [{ number: "95500", flow: bank }]
queues: [{ id: personal, name: P }, { id: business, name: B }, { id: cardLoss, name: C }]
agents: [{ id: "1001", name: Li, endpoint: PJSIP/1001, skills: { cardLoss: 5, lang.zh: 5, accounts: 3 }, queues: [personal, cardLoss], signedIn: true }]
`, 'smoke', {});
const engine = await startEngine({ config, environment: {}, log: pinoLogger({ level: 'debug' }), hotlines: await readFlowFolder('flows'),
  prompts: { media: () => ['sound:hello-world'] }, preparePrompts: async () => undefined,
  services: { request: async () => ({}) }, calendar: { stateAt: () => 'open' } });
const t0 = Date.now(); engine.switchboard.subscribe((e) => console.log('   SW', JSON.stringify(e).slice(0,150)));
engine.onEvent((e) => console.log(((e.at - t0) / 1000).toFixed(3), JSON.stringify({ ...e, id: undefined, v: undefined, at: undefined, callId: undefined })));
await new Promise((r) => setTimeout(r, 1000));
const caller = await ScriptedCaller.start({ command: root.command('sipp', []), server: pbx.sip });
const call = await caller.dial({ number: '95500', callerNumber: '13800138000', callerName: '小明', media: { source: { kind: 'tone', hz: 700 } as never } });
await call.answered;
console.log('answered', Date.now() - t0);
await new Promise((r) => setTimeout(r, 1500));
await call.media.sendDigits('1');
await new Promise((r) => setTimeout(r, 3500));
await call.media.sendDigits('1');
await new Promise((r) => setTimeout(r, 5000));
await call.hangUp();
await new Promise((r) => setTimeout(r, 500));
console.log(await pbx.cli('core show channels'), await pbx.bridgeCount());
console.log(pbx.log.slice(-2000));
await engine.close(); await caller.stop(); await agent.stop(); await pbx.stop();
