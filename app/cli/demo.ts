import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { agentId } from '../../engine/domain/ids.ts';
import { isLanguage, type Language } from '../../engine/domain/language.ts';
import { SAMPLE_CUSTOMERS, startSampleBankCore } from '../../flows/services/sample-bank-core.ts';
import { pinoLogger } from '../../integrations/log/pino-logger.ts';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { defaultCacheDir, ensurePrivateRoot, type InstallStep } from '../../telephony/pbx/private-packages.ts';
import type { PrivateRoot } from '../../telephony/pbx/private-root.ts';
import { ScriptedAgentPhone } from '../../telephony/phones/scripted-agent-phone.ts';
import { ScriptedCaller } from '../../telephony/phones/scripted-caller.ts';
import { assemble, type Assembly } from '../assemble.ts';
import { PROJECT_ROOT } from '../project-root.ts';
import { configSchema, type Config } from '../config/schema.ts';
import { demoCall, type DemoCheck } from './demo-call.ts';
import { demoCallback } from './demo-callback.ts';
import { demoSpeech } from './demo-speech.ts';
import { Spoken } from './spoken.ts';
import { storyTeller } from './story.ts';
import type { Terminal } from './terminal.ts';

export interface DemoOptions {
  readonly once?: boolean;
  readonly json?: boolean;
  readonly language: string;
}

const NUMBER = '95500';
const ENGLISH_NUMBER = '95501';
const AGENT = { id: '1001', password: 'demo-phone-1001' };
/** The caller's own phone, which is called back; the switch knows it by its number. */
const CUSTOMER = { id: '8613800138000', password: 'demo-phone-customer' };
const CUSTOMER_NUMBER = '13800138000';
const CALLER_HZ = 620;
const AGENT_HZ = 410;
const TALK_MS = 2000;

/** Ends what was started, last first, whatever happens on the way. */
class Cleanup {
  readonly #steps: (() => Promise<unknown>)[] = [];
  add(step: () => Promise<unknown>): void {
    this.#steps.push(step);
  }
  async run(): Promise<void> {
    for (const step of this.#steps.splice(0).reverse()) await step();
  }
}

/** The whole centre on this machine, one call through it, and then it stays up. */
export async function demo(terminal: Terminal, options: DemoOptions): Promise<void> {
  const { language } = options;
  if (!isLanguage(language)) throw new StrowgerError('cli.usage', `--language takes zh-CN or en, not '${language}'.`);
  const cleanup = new Cleanup();
  const interrupted = new Promise<'interrupted'>((resolve) => {
    process.once('SIGINT', () => resolve('interrupted'));
    process.once('SIGTERM', () => resolve('interrupted'));
  });
  try {
    await Promise.race([runDemo(terminal, options, language, cleanup, interrupted), interrupted]);
  } finally {
    await cleanup.run();
  }
}

async function runDemo(terminal: Terminal, options: DemoOptions, language: Language, cleanup: Cleanup, interrupted: Promise<unknown>): Promise<void> {
  const startedAt = Date.now();
  const root = await ensurePrivateRoot({ onProgress: (step) => terminal.progress(installText(step)) });
  const dir = await mkdtemp(join(tmpdir(), 'strowger-demo-'));
  cleanup.add(() => rm(dir, { recursive: true, force: true }));

  const existing = process.env['STROWGER_ARI_URL'];
  const pbx = existing === undefined ? await startPbx(terminal, root, cleanup) : undefined;
  const bank = await startSampleBankCore();
  cleanup.add(() => bank.close());
  const config = await demoConfig(dir, pbx, bank.url);
  const assembly = await assemble({
    config,
    environment: process.env,
    log: pinoLogger({ level: 'error' }),
    root,
    onPrompt: ({ done, total }) => terminal.progress(`rendering prompts ${done}/${total} (once)`),
  });
  cleanup.add(() => assembly.close());
  assembly.engine.onEvent(options.json ? (event) => terminal.line(JSON.stringify(event)) : storyTeller(terminal, startedAt));
  await connected(assembly, pbx);
  announceStart(terminal, assembly, pbx, startedAt);

  if (!pbx) {
    terminal.note(`The engine serves the Asterisk at ${existing}. Call ${NUMBER} on it; ${options.once ? 'the demo ends with that call' : 'Ctrl-C ends the demo'}.`);
    await Promise.race([interrupted, ...(options.once ? [firstCall(assembly)] : [])]);
    return;
  }
  const agentPhone = await ScriptedAgentPhone.start({ command: root.command('sipp', []), server: pbx.sip, user: AGENT.id, password: AGENT.password, source: { kind: 'tone', hz: AGENT_HZ } });
  cleanup.add(() => agentPhone.stop());
  const caller = await ScriptedCaller.start({ command: root.command('sipp', []), server: pbx.sip });
  cleanup.add(() => caller.stop());
  terminal.note(`A scripted caller dials ${NUMBER}; agent ${AGENT.id} has a registered phone.`);
  const [customer] = SAMPLE_CUSTOMERS;
  if (!customer) throw new StrowgerError('demo.failed', 'The sample bank has no customer.');
  const customerPhone = await ScriptedAgentPhone.start({ command: root.command('sipp', []), server: pbx.sip, user: CUSTOMER.id, password: CUSTOMER.password });
  cleanup.add(() => customerPhone.stop());
  const { engine } = assembly;
  const checks = await demoCall({
    number: NUMBER,
    language,
    account: customer.account,
    pin: customer.pin,
    caller,
    agentPhone,
    callerHz: CALLER_HZ,
    agentHz: AGENT_HZ,
    onEvent: (listener) => assembly.engine.onEvent(listener),
    talkMs: TALK_MS,
  });
  terminal.note('');
  terminal.note('The agent takes a break, and the caller dials again.');
  const callbackChecks = await demoCallback({
    number: NUMBER,
    language,
    callerNumber: CUSTOMER_NUMBER,
    caller,
    agentPhone,
    customerPhone,
    callerHz: CALLER_HZ,
    agentHz: AGENT_HZ,
    onEvent: (listener) => engine.onEvent(listener),
    setReady: (ready) => void (ready ? engine.distributor.setReady(agentId(AGENT.id)) : engine.distributor.setNotReady(agentId(AGENT.id), 'break')),
    talkMs: TALK_MS,
  });
  terminal.note('');
  terminal.note('A caller from abroad dials the English number, and speaks.');
  const voice = new Spoken(root);
  cleanup.add(() => voice.close());
  const speechChecks = await demoSpeech({
    number: ENGLISH_NUMBER,
    caller,
    agentPhone,
    agentHz: AGENT_HZ,
    onEvent: (listener) => engine.onEvent(listener),
    sound: await voice.sound('I lost my card', 'en'),
    talkMs: TALK_MS,
  });
  const left = [`${await pbx.channelCount()} channels`, `${await pbx.bridgeCount()} bridges`].join(', ');
  tellChecks(terminal, [...checks, ...callbackChecks, ...speechChecks, { what: 'nothing is left on the switch', ok: left === '0 channels, 0 bridges' }], options);
  if (options.once) return;
  await caller.stop();
  explainCallYourself(terminal, pbx, assembly);
  await interrupted;
}

/** Settles with the end of a call; rejects with `demo.failed` when it ended by a fault of ours. */
function firstCall({ engine }: Assembly): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = engine.onEvent((event) => {
      if (event.type !== 'call.ended') return;
      stop();
      const { result, reason } = event.termination;
      if (result === 'serverError') reject(new StrowgerError('demo.failed', `The call did not go as it should: ${reason}.`));
      else resolve();
    });
  });
}

function tellChecks(terminal: Terminal, checks: readonly DemoCheck[], options: DemoOptions): void {
  const { colors } = terminal;
  terminal.note('');
  for (const { what, ok } of checks) terminal.note(`${ok ? colors.green('✓') : colors.red('✗')} ${what}`);
  const failed = checks.filter(({ ok }) => !ok);
  if (failed.length === 0) return;
  const message = `The call did not go as it should: ${failed.map(({ what }) => what).join('; ')}.`;
  if (options.once) throw new StrowgerError('demo.failed', message);
  terminal.note(colors.red(message));
}

async function startPbx(terminal: Terminal, root: PrivateRoot, cleanup: Cleanup): Promise<PrivateAsterisk> {
  terminal.progress('starting Asterisk');
  const pbx = await PrivateAsterisk.start({
    root,
    config: {
      hotlines: [NUMBER, ENGLISH_NUMBER, '95502'].map((number) => ({ number, flow: 'demo' })),
      agents: [AGENT, { id: '1002', password: 'demo-phone-1002' }, CUSTOMER],
    },
  });
  cleanup.add(() => pbx.stop());
  return pbx;
}

async function demoConfig(dir: string, pbx: PrivateAsterisk | undefined, bankUrl: string): Promise<Config> {
  const always = ['00:00-24:00'];
  const week = { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always };
  const mandarinModel = process.env['STROWGER_MANDARIN_MODEL'];
  const { STROWGER_ARI_URL: url, STROWGER_ARI_USER: user, STROWGER_ARI_PASSWORD: password } = process.env;
  return configSchema.parse({
    engine: { id: 'demo', dataDir: dir },
    nodes: [{ id: 'pbx-1', ...(pbx ? pbx.ari : { url, user: user ?? 'strowger', password: password ?? '' }) }],
    hotlines: [
      { number: NUMBER, flow: 'bank' },
      { number: ENGLISH_NUMBER, flow: 'bank' },
      { number: '95502', flow: 'branch-hours' },
    ],
    flows: { dir: join(PROJECT_ROOT, 'flows') },
    // Rendered once a machine, not once a demo.
    prompts: { cacheDir: join(defaultCacheDir(), 'prompts'), recordingsDir: join(PROJECT_ROOT, 'flows/prompts/recordings') },
    queues: [
      { id: 'cardLoss', name: 'Card loss', wrapUpSeconds: 3 },
      { id: 'personal', name: 'Personal banking', wrapUpSeconds: 3, callbacks: { previewSeconds: 2 } },
      { id: 'business', name: 'Business banking', wrapUpSeconds: 3 },
    ],
    agents: [
      {
        id: AGENT.id,
        name: '李娜',
        endpoint: `PJSIP/${AGENT.id}`,
        skills: { 'lang.zh': 5, 'lang.en': 4, cardLoss: 5, accounts: 4, cards: 4, loans: 3, wealth: 3, business: 3, complaints: 4 },
        queues: ['cardLoss', 'personal', 'business'],
        signedIn: true,
      },
      { id: '1002', name: 'Wang Wei', endpoint: 'PJSIP/1002', skills: { 'lang.zh': 5, accounts: 3 }, queues: ['personal'] },
    ],
    callbacks: { dial: 'PJSIP/{digits}', displayedNumber: NUMBER, callingHours: 'any' },
    calendars: { bank: { publicHolidays: false, weekly: week }, branches: { publicHolidays: false, weekly: week } },
    services: { bankCore: { url: bankUrl } },
    // English without a server; Mandarin wants a model that the operator has.
    speech: { recognizers: [{ kind: 'commands', ...(mandarinModel === undefined ? {} : { mandarinModel }) }] },
    mqtt: { port: await freePort(1883), ...(process.env['MQTT_URL'] === undefined ? {} : { url: process.env['MQTT_URL'] }) },
    http: { port: await freePort(8080) },
  });
}

/** `wanted` if it is free, else one that is. */
function freePort(wanted: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () => (wanted === 0 ? reject(new Error('no port is free on loopback')) : resolve(freePort(0))));
    server.listen(wanted, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}

async function connected({ engine }: Assembly, pbx: PrivateAsterisk | undefined): Promise<void> {
  if (engine.switchboard.ready) return;
  await new Promise<void>((resolve, reject) => {
    const limit = setTimeout(() => {
      const { lastError } = engine.switchboard.node(engine.switchboard.nodeIds[0] ?? ('' as never)).status;
      reject(lastError ?? new StrowgerError('switch.unreachable', `There is no connection to ${pbx ? 'the private Asterisk' : String(process.env['STROWGER_ARI_URL'])}.`));
    }, 10_000);
    const stop = engine.switchboard.subscribe((event) => {
      if (event.type !== 'node.up') return;
      clearTimeout(limit);
      stop();
      resolve();
    });
  });
}

function announceStart(terminal: Terminal, assembly: Assembly, pbx: PrivateAsterisk | undefined, startedAt: number): void {
  const { colors } = terminal;
  const took = ((Date.now() - startedAt) / 1000).toFixed(1);
  terminal.note(`${colors.green('✓')} up in ${took} s: ${pbx ? `Asterisk on SIP ${pbx.sip.host}:${pbx.sip.port}` : 'your Asterisk'}, engine API ${assembly.api.url}, MQTT ${assembly.mqttUrl}, ${assembly.prompts.fragments} prompt fragments (${assembly.prompts.rendered} rendered now)`);
}

function explainCallYourself(terminal: Terminal, pbx: PrivateAsterisk, assembly: Assembly): void {
  const { host, port } = pbx.sip;
  terminal.note(`
It stays up. Call it yourself with any SIP phone on this machine (no registration needed):
  sip:${NUMBER}@${host}:${port}    the bank; account ${SAMPLE_CUSTOMERS[0]?.account}, PIN ${SAMPLE_CUSTOMERS[0]?.pin}
  sip:${ENGLISH_NUMBER}@${host}:${port}    the same in English: say what you want     sip:95502@${host}:${port}    appointments
Be an agent: register a phone as user 1002, password demo-phone-1002 at ${host}:${port}, then
  ./strowger agent sign-in 1002 --url ${assembly.api.url}
  ./strowger agent list --url ${assembly.api.url}
Agent 1001 is the scripted phone; it answers everything. Ctrl-C ends the demo.
`);
}

function installText({ name, done, total, detail }: InstallStep): string {
  const what = { wait: 'waiting for another installation', list: 'reading package lists', download: 'downloading Asterisk and its peers (once)', unpack: 'unpacking' }[name];
  return `${what}${total === undefined ? '' : ` ${done}/${total}`}${detail === undefined ? '' : ` ${detail}`}`;
}
