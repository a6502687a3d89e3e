import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { configSchema } from '../../app/config/schema.ts';
import { readFlowFolder } from '../../app/flows/flow-folder.ts';
import { loadPrompts, promptLibrary } from '../../app/prompts.ts';
import type { Language } from '../../engine/domain/language.ts';
import { promptParts } from '../../engine/domain/prompt.ts';
import { startSampleBankCore, type SampleBankCore } from '../../flows/services/sample-bank-core.ts';
import { PrivateAsterisk, type PrivateAsteriskOptions } from '../../telephony/pbx/private-asterisk.ts';
import { defaultCacheDir, ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import type { PrivateRoot } from '../../telephony/pbx/private-root.ts';
import { PromptMatcher } from '../../telephony/phones/audio-match.ts';
import { ScriptedAgentPhone, type AnswerBehaviour, type IncomingCall } from '../../telephony/phones/scripted-agent-phone.ts';
import { ScriptedCaller, type OutgoingCall } from '../../telephony/phones/scripted-caller.ts';
import { decodeWav } from '../../telephony/phones/wav.ts';
import { EngineProcess } from './engine-process.ts';
import { expectEmptySwitch } from './empty-switch.ts';

const ROOT = resolve(import.meta.dirname, '../..');
export const AGENT_HZ = 410;
export const CALLER_HZ = 620;
export const PHONE_PASSWORD = 'live-phone-1001';
const TOKEN = 'live-token';

export interface HotlineOptions {
  /** Sections of the configuration that are added. */
  readonly settings?: object;
  readonly answerInDialplan?: boolean;
  /** Another flow than the bank's, and its folder. */
  readonly flow?: { readonly id: string; readonly dir: string };
  /** Of the configuration. */
  readonly recording?: object;
  /** Of the switch, added. */
  readonly pbx?: PrivateAsteriskOptions['config'];
  /** Where the engine finds its switch, when it is not where the switch says. */
  readonly ariUrl?: string;
  /** Other switches of the engine, as in the configuration. */
  readonly moreNodes?: readonly object[];
  /** Added to the engine's. */
  readonly environment?: NodeJS.ProcessEnv;
}

/** A private Asterisk, the engine as a process, sipp as trunk and agent's phone: the whole way of a call. */
export class HotlineRig {
  readonly root: PrivateRoot;
  readonly pbx: PrivateAsterisk;
  readonly engine: EngineProcess;
  readonly bank: SampleBankCore;
  readonly caller: ScriptedCaller;
  readonly mqttUrl: string;
  readonly apiUrl: string;
  readonly dir: string;
  agentPhone: ScriptedAgentPhone;
  readonly #calls: OutgoingCall[] = [];
  readonly #matchers = new Map<Language, PromptMatcher>();
  readonly #references: ReadonlyMap<Language, readonly { key: string; pcm: Int16Array }[]>;

  private constructor(parts: {
    root: PrivateRoot;
    pbx: PrivateAsterisk;
    engine: EngineProcess;
    bank: SampleBankCore;
    caller: ScriptedCaller;
    agentPhone: ScriptedAgentPhone;
    dir: string;
    mqttPort: number;
    httpPort: number;
    references: ReadonlyMap<Language, readonly { key: string; pcm: Int16Array }[]>;
  }) {
    this.root = parts.root;
    this.pbx = parts.pbx;
    this.engine = parts.engine;
    this.bank = parts.bank;
    this.caller = parts.caller;
    this.agentPhone = parts.agentPhone;
    this.dir = parts.dir;
    this.mqttUrl = `mqtt://127.0.0.1:${parts.mqttPort}`;
    this.apiUrl = `http://127.0.0.1:${parts.httpPort}`;
    this.#references = parts.references;
  }

  /** `recognizers`: of the configuration; without any, flows ask for keys. */
  static async start(recognizers: readonly object[] = [], options: HotlineOptions = {}): Promise<HotlineRig> {
    const started: (() => Promise<unknown>)[] = [];
    try {
      return await HotlineRig.#start(recognizers, options, (stop) => started.unshift(stop));
    } catch (error) {
      // A rig that did not come up leaves nothing behind either.
      for (const stop of started) await stop();
      throw error;
    }
  }

  static async #start(
    recognizers: readonly object[],
    { settings = {}, answerInDialplan = true, flow = { id: 'bank', dir: join(ROOT, 'flows') }, recording, pbx: ofSwitch = {}, ariUrl, moreNodes = [], environment = {} }: HotlineOptions,
    onStarted: (stop: () => Promise<unknown>) => void,
  ): Promise<HotlineRig> {
    const root = await ensurePrivateRoot();
    const dir = await mkdtemp(join(tmpdir(), 'strowger-live-'));
    onStarted(() => rm(dir, { recursive: true, force: true }));
    const pbx = await PrivateAsterisk.start({
      root,
      config: {
        hotlines: ['95500', '95501', '95502'].map((number) => ({ number, flow: 'bank' })),
        answerInDialplan,
        ...ofSwitch,
        agents: [{ id: '1001', password: PHONE_PASSWORD }, ...(ofSwitch.agents ?? [])],
      },
    });
    onStarted(() => pbx.stop());
    const bank = await startSampleBankCore();
    onStarted(() => bank.close());
    const [mqttPort, httpPort] = [await freePort(), await freePort()];
    const always = ['00:00-24:00'];
    const week = { mon: always, tue: always, wed: always, thu: always, fri: always, sat: always, sun: always };
    const raw = {
      engine: { id: 'live', dataDir: dir },
      nodes: [{ id: 'pbx-1', ...pbx.ari, url: ariUrl ?? pbx.ari.url }, ...moreNodes],
      hotlines: [
        { number: '95500', flow: flow.id },
        { number: '95501', flow: flow.id },
      ],
      flows: { dir: flow.dir },
      ...(recording === undefined ? {} : { recording }),
      prompts: { cacheDir: join(defaultCacheDir(), 'prompts'), recordingsDir: join(ROOT, 'flows/prompts/recordings') },
      queues: [
        // Short, so that a ring-no-answer does not take the test twenty seconds.
        { id: 'cardLoss', name: 'Card loss', ringSeconds: 6, wrapUpSeconds: 1 },
        { id: 'personal', name: 'Personal', ringSeconds: 30, wrapUpSeconds: 1 },
        { id: 'business', name: 'Business', wrapUpSeconds: 1 },
      ],
      agents: [
        {
          id: '1001',
          name: 'Li',
          endpoint: 'PJSIP/1001',
          skills: { 'lang.zh': 5, 'lang.en': 5, cardLoss: 5, accounts: 5, cards: 5, loans: 5, wealth: 5, business: 5, complaints: 5 },
          queues: ['cardLoss', 'personal', 'business'],
          signedIn: true,
        },
      ],
      calendars: { bank: { publicHolidays: false, weekly: week }, branches: { publicHolidays: false, weekly: week } },
      speech: { recognizers },
      services: { bankCore: { url: bank.url, timeoutSeconds: 2 } },
      mqtt: { port: mqttPort },
      http: { port: httpPort, token: TOKEN },
      ...settings,
    };
    const configFile = join(dir, 'strowger.yaml');
    await writeFile(configFile, stringify(raw));
    const config = configSchema.parse(raw);
    // The same prompts as the engine's, as references to recognise them by.
    const library = promptLibrary({ config, environment: process.env, root });
    const hotlines = (await readFlowFolder(config.flows.dir)).filter(({ hotline }) => hotline.id === flow.id);
    await loadPrompts(library, hotlines);
    const references = new Map<Language, { key: string; pcm: Int16Array }[]>();
    for (const language of ['zh-CN', 'en'] as const) {
      const list: { key: string; pcm: Int16Array }[] = [];
      for (const [key, text] of Object.entries(hotlines[0]?.hotline.prompts ?? {})) {
        if (promptParts(text[language]).some(({ type }) => type === 'value')) continue;
        const [uri = ''] = library.media({ key }, language);
        list.push({ key, pcm: decodeWav(await readFile(`${uri.replace('sound:', '')}.wav`)).pcm });
      }
      references.set(language, list);
    }
    const engine = new EngineProcess(configFile, environment);
    onStarted(() => engine.kill());
    await engine.start();
    const command = root.command('sipp', []);
    const caller = await ScriptedCaller.start({ command, server: pbx.sip });
    onStarted(() => caller.stop());
    const agentPhone = await ScriptedAgentPhone.start({
      command,
      server: pbx.sip,
      user: '1001',
      password: PHONE_PASSWORD,
      source: { kind: 'tone', hz: AGENT_HZ },
    });
    return new HotlineRig({ root, pbx, engine, bank, caller, agentPhone, dir, mqttPort, httpPort, references });
  }

  /** Calls the hotline and waits for the answer. */
  async call(number = '95500', from: { readonly callerNumber?: string; readonly callerName?: string } = {}): Promise<OutgoingCall> {
    const call = await this.caller.dial({ number, callerNumber: '13800138000', ...from });
    this.#calls.push(call);
    await call.answered;
    return call;
  }

  /** Through the language menu to the main menu, in Chinese. */
  async toMainMenu(call: OutgoingCall): Promise<void> {
    await this.engine.prompt('language.menu');
    await call.media.sendDigits('1');
    await this.engine.prompt('main.menu', 30_000);
  }

  behave(behaviour: AnswerBehaviour): void {
    this.agentPhone.behaviour = behaviour;
  }

  /** The next call at the agent's phone that is not over: earlier tests may have left some unlooked at. */
  async agentCall(): Promise<IncomingCall> {
    for (;;) {
      const call = await this.agentPhone.nextCall();
      if (!call.isOver) return call;
    }
  }

  /** Prompts that a party heard, in order, recognised in the audio it received. */
  heard(call: OutgoingCall, language: Language): readonly string[] {
    let matcher = this.#matchers.get(language);
    if (!matcher) {
      matcher = new PromptMatcher([...(this.#references.get(language) ?? [])]);
      this.#matchers.set(language, matcher);
    }
    return matcher.find(call.media.recording()).map(({ key }) => key);
  }

  /** The API of the engine; throws the answer when it is no success. */
  async api(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  /** A file from the API. */
  async file(path: string): Promise<Buffer> {
    const response = await fetch(this.apiUrl + path, { headers: { authorization: `Bearer ${TOKEN}` } });
    if (!response.ok) throw new Error(await response.text());
    return Buffer.from(await response.arrayBuffer());
  }

  /** The agent ready and idle, whatever the test before left. */
  async readyAgent(): Promise<void> {
    this.behave({ do: 'answer', afterMs: 200 });
    await this.api('POST', '/api/v1/agents/1001/sign-out');
    await this.api('POST', '/api/v1/agents/1001/sign-in');
  }

  /** After a test, whatever became of it: everyone hangs up, the engine runs, the switch must hold nothing. */
  async cleanUp(): Promise<void> {
    if (!this.engine.running) await this.engine.start();
    await Promise.all(this.#calls.splice(0).map((call) => call.hangUp()));
    await Promise.all(this.agentPhone.calls.filter((call) => !call.isOver).map((call) => call.hangUp()));
    await this.expectEmptySwitch();
  }

  /** Waits until the switch holds nothing, and says what it holds when it does not get there. */
  expectEmptySwitch(): Promise<void> {
    return expectEmptySwitch(this.pbx, 5_000);
  }

  async stop(): Promise<void> {
    await this.caller.stop();
    await this.agentPhone.stop();
    await this.engine.stop();
    await this.bank.close();
    await this.pbx.stop();
    await rm(this.dir, { recursive: true, force: true });
  }
}

/** A TCP port of this machine that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((fulfil, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => fulfil(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
