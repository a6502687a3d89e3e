import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { Spoken } from '../../app/cli/spoken.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { RandomStream } from '../../engine/simulation/random-stream.ts';
import { startSampleBankCore, type SampleBankCore, type SampleKnobs } from '../../flows/services/sample-bank-core.ts';
import { startEmbeddedBroker, type EmbeddedBroker } from '../../integrations/mqtt/embedded-broker.ts';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { defaultCacheDir, ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { ScriptedAgentPhone, type AnswerBehaviour } from '../../telephony/phones/scripted-agent-phone.ts';
import { ScriptedCaller } from '../../telephony/phones/scripted-caller.ts';
import { FunasrPeer } from '../../telephony/recognition/testing/funasr-peer.ts';
import type { Manner } from '../../telephony/recognition/testing/speech-peer.ts';
import { EngineProcess } from '../live/engine-process.ts';
import { freePort } from '../live/hotline-rig.ts';
import { AriProxy } from './ari-proxy.ts';
import { Crowd } from './crowd.ts';
import { Promises } from './promises.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const TOKEN = 'chaos-token';
const AGENTS = ['2001', '2002', '2003', '2004'] as const;
const QUEUES = ['cardLoss', 'personal', 'business'];
const HOTLINE = '95500';
/** Telephones of those who want to be called back, as `callbacks.dial` writes them. */
const CUSTOMERS = Array.from({ length: 6 }, (_, index) => `861380013800${index + 1}`);
/** For one of a thousand things that go wrong: tried again as soon as the product allows. */
const RETRY_SECONDS = 60;
/** A machine that does a lot besides, and an engine that has just been killed, and a switch that comes back. */
const PEACE_MS = 45_000;

/** What the recogniser makes of what is said: something else each time, and now and then nothing. */
const UNDERSTOOD = ['我要挂失', '查一下余额', '转人工', '我想买理财', '是的', '第二个', '今天天气不错', ''];
const BAD_MANNERS: readonly Manner[] = ['refuses', 'stalls', 'silent', 'drops', 'leaves', 'drops-at-end', { says: '{' }];
const BAD_ANSWERS: readonly SampleKnobs['answer'][] = ['error', 'nonsense', 'html', 'drop', 'hang'];

interface Channel {
  readonly id: string;
  readonly name: string;
  readonly caller: { readonly number: string };
  readonly dialplan: { readonly context: string };
}
interface Bridge {
  readonly id: string;
  readonly channels: readonly string[];
}
interface Place {
  readonly contactId: string;
  readonly callId: string;
  readonly enqueuedAt: number;
}

/** Callers, agents, a bank, a broker, a switch behind a proxy, and a supervised engine. */
export class ChaosWorld {
  readonly pbx: PrivateAsterisk;
  readonly proxy: AriProxy;
  readonly engine: EngineProcess;
  readonly crowd: Crowd;
  readonly promises: Promises;
  readonly storeFile: string;
  readonly #random: RandomStream;
  readonly #apiUrl: string;
  readonly #mqttPort: number;
  readonly #startPhone: (agent: string) => Promise<ScriptedAgentPhone>;
  readonly #phones: Map<string, ScriptedAgentPhone>;
  readonly #stop: () => Promise<void>;
  readonly #bank: SampleBankCore;
  readonly #recogniser: FunasrPeer;
  #broker: EmbeddedBroker | undefined;

  private constructor(parts: {
    pbx: PrivateAsterisk;
    proxy: AriProxy;
    engine: EngineProcess;
    crowd: Crowd;
    storeFile: string;
    random: RandomStream;
    apiUrl: string;
    mqttPort: number;
    startPhone: (agent: string) => Promise<ScriptedAgentPhone>;
    phones: Map<string, ScriptedAgentPhone>;
    stop: () => Promise<void>;
    broker: EmbeddedBroker;
    bank: SampleBankCore;
    recogniser: FunasrPeer;
  }) {
    this.pbx = parts.pbx;
    this.proxy = parts.proxy;
    this.engine = parts.engine;
    this.crowd = parts.crowd;
    this.storeFile = parts.storeFile;
    this.#random = parts.random;
    this.#apiUrl = parts.apiUrl;
    this.#mqttPort = parts.mqttPort;
    this.#startPhone = parts.startPhone;
    this.#phones = parts.phones;
    this.#stop = parts.stop;
    this.#broker = parts.broker;
    this.#bank = parts.bank;
    this.#recogniser = parts.recogniser;
    this.promises = new Promises((method, path, body) => this.#api(path, method, body), CUSTOMERS.map((digits) => `+${digits}`));
  }

  static async start(seed: number, callers: number): Promise<ChaosWorld> {
    const started: (() => Promise<unknown>)[] = [];
    const stop = async (): Promise<void> => {
      for (const one of started.splice(0)) await one();
    };
    const onStop = (one: () => Promise<unknown>): void => void started.unshift(one);
    try {
      const root = await ensurePrivateRoot();
      const dir = await mkdtemp(join(tmpdir(), 'strowger-chaos-'));
      onStop(() => rm(dir, { recursive: true, force: true }));
      const accounts = [...AGENTS, ...CUSTOMERS].map((id) => ({ id, password: `chaos-phone-${id}` }));
      const pbx = await PrivateAsterisk.start({ root, config: { hotlines: [{ number: HOTLINE, flow: 'bank' }], agents: accounts }, rtpPorts: 800 });
      onStop(() => pbx.stop());
      const proxy = await AriProxy.start(pbx.ari.url, new RandomStream(seed, 'proxy'));
      onStop(() => proxy.stop());
      const bank = await startSampleBankCore();
      const recogniser = await new FunasrPeer((samples, isEnd) => (isEnd ? (UNDERSTOOD[samples.length % UNDERSTOOD.length] ?? '') : '')).listen();
      const voice = new Spoken(root);
      const words = await Promise.all([voice.sound('I lost my card', 'en'), voice.sound('account balance please', 'en'), voice.sound('我要挂失', 'zh-CN')]);
      await voice.close();
      const [mqttPort, httpPort] = [await freePort(), await freePort()];
      const broker = await startEmbeddedBroker({ port: mqttPort, logger: silentLogger, topicPrefix: 'nobody-elses' });
      const always = ['00:00-24:00'];
      const week = { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always };
      const configFile = join(dir, 'strowger.yaml');
      await writeFile(
        configFile,
        stringify({
          engine: { id: 'chaos', dataDir: dir },
          nodes: [{ id: 'pbx-1', ...pbx.ari, url: proxy.url }],
          hotlines: [{ number: HOTLINE, flow: 'bank' }],
          flows: { dir: join(ROOT, 'flows') },
          prompts: { cacheDir: join(defaultCacheDir(), 'prompts'), recordingsDir: join(ROOT, 'flows/prompts/recordings') },
          queues: QUEUES.map((id) => ({
            id,
            name: id,
            ringSeconds: 6,
            wrapUpSeconds: 1,
            noAgentsGraceSeconds: 600,
            callbacks: { previewSeconds: 1, ringSeconds: 8, attempts: 3, expires: 7_200, retrySeconds: { machine: RETRY_SECONDS, busy: RETRY_SECONDS, refused: RETRY_SECONDS, noAnswer: RETRY_SECONDS, interrupted: RETRY_SECONDS } },
          })),
          callbacks: { dial: 'PJSIP/{digits}', displayedNumber: HOTLINE, callingHours: 'any', caps: { perNumber: 900, perCaller: 900, dialsPerNumber: 900 } },
          agents: AGENTS.map((id) => ({
            id,
            name: id,
            endpoint: `PJSIP/${id}`,
            skills: { 'lang.zh': 5, 'lang.en': 5, cardLoss: 5, accounts: 5, cards: 5, loans: 5, wealth: 5, business: 5, complaints: 5 },
            queues: QUEUES,
            signedIn: true,
          })),
          calendars: { bank: { publicHolidays: false, weekly: week }, branches: { publicHolidays: false, weekly: week } },
          services: { bankCore: { url: bank.url, timeoutSeconds: 2 } },
          speech: { recognizers: [{ kind: 'funasr', url: recogniser.url }] },
          mqtt: { url: broker.url },
          http: { port: httpPort, token: TOKEN },
          // Numbers are compared with those of the callers.
          log: { showPersonalData: true },
        }),
      );
      const engine = new EngineProcess(configFile);
      onStop(() => engine.stop());
      await engine.start('--supervised');
      const command = root.command('sipp', []);
      const caller = await ScriptedCaller.start({ command, server: pbx.sip });
      onStop(() => caller.stop());
      const phones = new Map<string, ScriptedAgentPhone>();
      onStop(() => Promise.all([...phones.values()].map((phone) => phone.stop())));
      const random = new RandomStream(seed, 'agents');
      const startPhone = async (user: string): Promise<ScriptedAgentPhone> =>
        ScriptedAgentPhone.start({ command, server: pbx.sip, user, password: `chaos-phone-${user}`, media: { record: false }, behaviour: () => moodOf(random) });
      await Promise.all([...AGENTS, ...CUSTOMERS].map(async (id) => phones.set(id, await startPhone(id))));
      const crowd = new Crowd({ caller, hotline: HOTLINE, size: callers, random: new RandomStream(seed, 'crowd'), words });
      return new ChaosWorld({ pbx, proxy, engine, crowd, storeFile: join(dir, 'strowger.db'), random, apiUrl: `http://127.0.0.1:${httpPort}`, mqttPort, startPhone, phones, stop, broker, bank, recogniser });
    } catch (error) {
      await stop();
      throw error;
    }
  }

  // What goes wrong

  /** The broker is away for so long. */
  async withoutBroker(forMs: number): Promise<void> {
    await this.#broker?.close();
    this.#broker = undefined;
    await lasting(forMs);
    this.#broker = await startEmbeddedBroker({ port: this.#mqttPort, logger: silentLogger, topicPrefix: 'nobody-elses' });
  }

  /** The phone of an agent loses its power, and its registration lives on. */
  async withoutPhone(forMs: number): Promise<void> {
    const agent = AGENTS[this.#random.index(AGENTS.length)] ?? AGENTS[0];
    const phone = this.#phones.get(agent);
    this.#phones.delete(agent);
    await phone?.stop();
    await lasting(forMs);
    this.#phones.set(agent, await this.#startPhone(agent));
  }

  /** The switch dies with all its calls, and comes back. Who was on the line has nobody left to talk to, and hangs up. */
  async withoutSwitch(forMs: number): Promise<void> {
    await this.pbx.kill();
    const ringing = [...this.#phones.values()].flatMap((phone) => phone.calls.filter(({ isOver }) => !isOver));
    await Promise.all([lasting(forMs), this.crowd.leave(), ...ringing.map((call) => call.hangUp())]);
    await this.pbx.restart();
    await Promise.all([...this.#phones.values()].map((phone) => phone.register()));
    this.crowd.act();
  }

  /** The back office answers errors, nonsense, or not at all. */
  async withoutBank(forMs: number): Promise<void> {
    this.#bank.set({ answer: BAD_ANSWERS[this.#random.index(BAD_ANSWERS.length)] ?? 'error' });
    await lasting(forMs);
    this.#bank.set({ answer: 'normal' });
  }

  /** The recogniser refuses, falls silent, hangs up, or speaks another language. */
  async withoutRecogniser(forMs: number): Promise<void> {
    this.#recogniser.manner = BAD_MANNERS[this.#random.index(BAD_MANNERS.length)] ?? 'refuses';
    await lasting(forMs);
    this.#recogniser.manner = 'well';
  }

  /** No file of the engine can grow: to it, that is a full disk (EFBIG where a full one says ENOSPC). */
  async withoutDisk(forMs: number): Promise<void> {
    const limit = (bytes: string) => promisify(execFile)('prlimit', ['--pid', String(this.engine.enginePid), `--fsize=${bytes}:`]);
    await limit('0');
    await lasting(forMs);
    await limit('unlimited');
  }

  // What must hold

  /** Where those who wait stand. */
  async places(): Promise<readonly Place[]> {
    const { queues } = (await this.#api('/api/v1/queues')) as { readonly queues: readonly { readonly contacts: readonly Place[] }[] };
    return queues.flatMap(({ contacts }) => contacts);
  }

  /** Waits until books, switch and callers agree. Throws what they disagree about when they do not get there. */
  async expectPeace(before: readonly Place[]): Promise<void> {
    const until = Date.now() + PEACE_MS;
    for (;;) {
      let wrong: readonly string[];
      try {
        wrong = await this.#disagreements(before);
      } catch (error) {
        wrong = [String(error)];
      }
      if (wrong.length === 0) return;
      if (Date.now() > until) throw new Error(wrong.join('\n'));
      await lasting(250);
    }
  }

  async stop(): Promise<void> {
    await this.crowd.leave();
    await this.#stop();
    await this.#broker?.close();
    await this.#bank.close();
    await this.#recogniser.close();
  }

  async #disagreements(before: readonly Place[]): Promise<readonly string[]> {
    const [channels, bridges, booked] = [await this.#ari<readonly Channel[]>('channels'), await this.#ari<readonly Bridge[]>('bridges'), await this.#booked()];
    const onTheLine = this.crowd.onTheLine;
    const wrong: string[] = [];
    const ofCallers = channels.filter(({ name }) => name.startsWith('PJSIP/demo'));
    const served = ofCallers.filter(({ dialplan }) => dialplan.context !== 'strowger-fallback').map(({ caller }) => caller.number);
    for (const number of missing(onTheLine, ofCallers.map(({ caller }) => caller.number))) wrong.push(`on the line, not on the switch: ${this.crowd.storyOf(number)}`);
    for (const number of missing(ofCallers.map(({ caller }) => caller.number), onTheLine)) wrong.push(`on the switch, not on the line: ${number}`);
    for (const number of missing(served, booked)) wrong.push(`on the switch, not in the books: ${number}`);
    for (const number of missing(booked, served)) wrong.push(`in the books, not on the switch: ${number}`);
    const rung = [...this.#phones.values()].flatMap((phone) => phone.calls.filter(({ isOver }) => !isOver)).length;
    const legs = channels.filter(({ name }) => [...AGENTS, ...CUSTOMERS].some((id) => name.startsWith(`PJSIP/${id}-`)));
    if (legs.length !== rung) wrong.push(`${rung} calls at the phones of agents and customers, legs on the switch: ${legs.map(({ name }) => name).join(', ') || 'none'}`);
    const known = new Set(channels.map(({ id }) => id));
    for (const { id, channels: inside } of bridges) if (inside.length < 2 || inside.some((one) => !known.has(one))) wrong.push(`bridge ${id} holds ${inside.join(', ') || 'nobody'}`);
    // Who waits now and waited before has kept its place.
    const after = await this.places();
    for (const { callId, contactId, enqueuedAt } of after) {
      const was = before.find((place) => place.contactId === contactId);
      if (was !== undefined && was.enqueuedAt !== enqueuedAt) wrong.push(`${callId} had its place since ${was.enqueuedAt}, and now since ${enqueuedAt}`);
    }
    wrong.push(...(await this.promises.forgotten()));
    return wrong;
  }

  async #booked(): Promise<readonly string[]> {
    const { calls } = (await this.#api('/api/v1/calls')) as { readonly calls: readonly { readonly callerNumber: string }[] };
    return calls.flatMap(({ callerNumber }) => (CUSTOMERS.some((digits) => callerNumber.endsWith(digits)) ? [] : [callerNumber]));
  }

  async #api(path: string, method: 'GET' | 'POST' = 'GET', body?: object): Promise<unknown> {
    const ready = await fetch(`${this.#apiUrl}/readyz`, { signal: AbortSignal.timeout(5_000) });
    if (!ready.ok) throw new Error(`not ready: ${await ready.text()}`);
    const response = await fetch(this.#apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(5_000),
    });
    if (!response.ok) throw new Error(await response.text());
    return response.json();
  }

  /** Asks the switch itself, not through the proxy. */
  async #ari<T>(what: string): Promise<T> {
    const { url, user, password } = this.pbx.ari;
    const response = await fetch(`${url}/ari/${what}`, { headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }, signal: AbortSignal.timeout(5_000) });
    return (await response.json()) as T;
  }
}

function moodOf(random: RandomStream): AnswerBehaviour {
  const luck = random.uniform();
  if (luck < 0.1) return { do: 'busy' };
  if (luck < 0.2) return { do: 'decline' };
  if (luck < 0.3) return { do: 'ring' };
  return { do: 'answer', afterMs: 200 + random.index(1_500), hangUpAfterMs: 2_000 + random.index(20_000) };
}

/** Those of `these` that are not among `those`, counted. */
function missing(these: readonly string[], those: readonly string[]): readonly string[] {
  const left = [...those];
  return these.filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

export function lasting(ms: number): Promise<void> {
  return new Promise((fulfil) => setTimeout(fulfil, ms));
}
