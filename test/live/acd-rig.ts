import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { z } from 'zod';
import { configSchema } from '../../app/config/schema.ts';
import { readFlowFolder } from '../../app/flows/flow-folder.ts';
import { loadPrompts, promptLibrary } from '../../app/prompts.ts';
import type { Language } from '../../engine/domain/language.ts';
import type { PromptRef } from '../../engine/domain/prompt.ts';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { defaultCacheDir, ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import type { PrivateRoot } from '../../telephony/pbx/private-root.ts';
import { ScriptedAgentPhone, type IncomingCall, type ScriptedAgentPhoneOptions } from '../../telephony/phones/scripted-agent-phone.ts';
import { ScriptedCaller, type OutgoingCall } from '../../telephony/phones/scripted-caller.ts';
import { decodeWav } from '../../telephony/phones/wav.ts';
import type { RenderedPromptLibrary } from '../../telephony/speech/rendered-prompt-library.ts';
import { EngineProcess, type LogLine } from './engine-process.ts';
import { freePort } from './hotline-rig.ts';
import { expectEmptySwitch } from './empty-switch.ts';

export type RawConfig = z.input<typeof configSchema>;

export interface AcdRigOptions {
  readonly flow: string;
  readonly numbers: readonly string[];
  readonly queues: RawConfig['queues'];
  readonly agents: NonNullable<RawConfig['agents']>;
  /** Agents whose phones are there, but who are not configured yet. */
  readonly spareAgents?: readonly string[];
  readonly phone?: Pick<ScriptedAgentPhoneOptions, 'media' | 'source'>;
  /** What else stands in the configuration. */
  readonly config?: Partial<RawConfig>;
}

/** A caller in the queue. */
export interface Visitor {
  readonly call: OutgoingCall;
  readonly callId: string;
  readonly contactId: string;
  /** The event `contact.queued`. */
  readonly queued: LogLine;
}

/** What the API tells of a contact that waits. */
export interface WaitingRow {
  readonly contactId: string;
  readonly enqueuedAt: number;
  readonly position: number;
  readonly priority: number;
  readonly step: number;
}

interface AgentRow {
  readonly agent: { readonly id: string };
  readonly status: { readonly state: string; readonly readyAgainAt?: number };
}

const TOKEN = 'live-token';
/** For a machine that does a lot besides. */
const PATIENCE_MS = 20_000;

/** The routing of calls on a private Asterisk: the engine as a process and a phone for each of several agents. */
export class AcdRig {
  readonly root: PrivateRoot;
  readonly pbx: PrivateAsterisk;
  readonly engine: EngineProcess;
  readonly caller: ScriptedCaller;
  readonly phones: ReadonlyMap<string, ScriptedAgentPhone>;
  readonly #startPhone: (agent: string) => Promise<void>;
  #library: RenderedPromptLibrary | undefined;
  readonly #raw: RawConfig;
  readonly #dir: string;
  readonly #apiUrl: string;
  #calls: OutgoingCall[] = [];
  #count = 0;
  /** Lines of the log before this belong to earlier tests. */
  #mark = 0;

  private constructor(parts: {
    root: PrivateRoot;
    pbx: PrivateAsterisk;
    engine: EngineProcess;
    caller: ScriptedCaller;
    phones: ReadonlyMap<string, ScriptedAgentPhone>;
    startPhone: (agent: string) => Promise<void>;
    raw: RawConfig;
    dir: string;
    apiUrl: string;
  }) {
    this.root = parts.root;
    this.pbx = parts.pbx;
    this.engine = parts.engine;
    this.caller = parts.caller;
    this.phones = parts.phones;
    this.#startPhone = parts.startPhone;
    this.#raw = parts.raw;
    this.#dir = parts.dir;
    this.#apiUrl = parts.apiUrl;
  }

  static async start(options: AcdRigOptions): Promise<AcdRig> {
    const started: (() => Promise<unknown>)[] = [];
    try {
      return await AcdRig.#start(options, (stop) => started.unshift(stop));
    } catch (error) {
      // A rig that did not come up leaves nothing behind either.
      for (const stop of started) await stop();
      throw error;
    }
  }

  static async #start(options: AcdRigOptions, onStarted: (stop: () => Promise<unknown>) => void): Promise<AcdRig> {
    const { flow, numbers, queues, agents, spareAgents = [] } = options;
    const root = await ensurePrivateRoot();
    const dir = await mkdtemp(join(tmpdir(), 'strowger-acd-'));
    onStarted(() => rm(dir, { recursive: true, force: true }));
    const accounts = [...agents.map(({ id }) => id), ...spareAgents].map((id) => ({ id, password: passwordOf(id) }));
    const pbx = await PrivateAsterisk.start({ root, config: { hotlines: numbers.map((number) => ({ number, flow })), agents: accounts } });
    onStarted(() => pbx.stop());
    const [mqttPort, httpPort] = [await freePort(), await freePort()];
    const raw: RawConfig = {
      engine: { id: 'live', dataDir: dir },
      nodes: [{ id: 'pbx-1', ...pbx.ari }],
      hotlines: numbers.map((number) => ({ number, flow })),
      flows: { dir: resolve(import.meta.dirname, 'flows') },
      prompts: { cacheDir: join(defaultCacheDir(), 'prompts') },
      queues,
      agents,
      mqtt: { port: mqttPort },
      http: { port: httpPort, token: TOKEN },
      ...options.config,
    };
    const configFile = join(dir, 'strowger.yaml');
    await writeFile(configFile, stringify(raw));
    const engine = new EngineProcess(configFile);
    onStarted(() => engine.kill());
    await engine.start();
    const command = root.command('sipp', []);
    const caller = await ScriptedCaller.start({ command, server: pbx.sip });
    onStarted(() => caller.stop());
    const phones = new Map<string, ScriptedAgentPhone>();
    onStarted(() => Promise.all([...phones.values()].map((phone) => phone.stop())));
    const startPhone = async (user: string): Promise<void> => {
      phones.set(user, await ScriptedAgentPhone.start({ command, server: pbx.sip, user, password: passwordOf(user), ...options.phone }));
    };
    await Promise.all(accounts.map(({ id }) => startPhone(id)));
    return new AcdRig({ root, pbx, engine, caller, phones, startPhone, raw, dir, apiUrl: `http://127.0.0.1:${httpPort}/api/v1` });
  }

  phone(agent: string): ScriptedAgentPhone {
    const phone = this.phones.get(agent);
    if (phone === undefined) throw new Error(`no phone ${agent}`);
    return phone;
  }

  /** The first call to this phone in this test, or that of that number, once it is there. */
  async rings(agent: string, index = 0): Promise<IncomingCall> {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
      const call = this.phone(agent).calls[index];
      if (call !== undefined) return call;
      await new Promise((fulfil) => setTimeout(fulfil, 5)); // `nextCall` may hold calls of earlier tests
    }
    throw new Error(`phone ${agent} did not ring`);
  }

  /** A new phone for an agent whose old one was unplugged. */
  plugIn(agent: string): Promise<void> {
    return this.#startPhone(agent);
  }

  // Callers and agents

  /** Calls, and waits until the caller stands in the queue. */
  async visit(number: string): Promise<Visitor> {
    this.#count += 1;
    const callerNumber = `1380000${String(this.#count).padStart(4, '0')}`;
    const call = await this.caller.dial({ number, callerNumber });
    this.#calls.push(call);
    const { callId } = await this.sees('call.started', ({ pii }) => (pii as { callerNumber: string }).callerNumber === `*******${callerNumber.slice(-4)}`);
    const queued = await this.sees('contact.queued', { callId });
    return { call, callId: String(callId), contactId: String(queued['contactId']), queued };
  }

  /** Signs agents in; who is named first has been idle longest. */
  async signIn(...agents: readonly string[]): Promise<void> {
    for (const agent of agents) {
      await this.agent(agent, 'sign-in');
      await this.sees('agent.state', { agentId: agent, state: 'ready' });
      // The next one is idle since a later millisecond.
      await new Promise((fulfil) => setTimeout(fulfil, 2));
    }
  }

  agent(agent: string, command: string, body?: object): Promise<unknown> {
    return this.api('POST', `/agents/${agent}/${command}`, body);
  }

  /** Waits until an agent talks with a caller. */
  talks({ contactId }: Visitor, agent: string): Promise<LogLine> {
    return this.sees('conversation.started', { contactId, agentId: agent });
  }

  /** Waits until an agent gets into a state; `after`: later than that event. */
  becomes(agent: string, state: string, after?: LogLine): Promise<LogLine> {
    const afterIndex = after === undefined ? -1 : this.engine.lines.indexOf(after);
    return this.sees('agent.state', (line) => line['agentId'] === agent && line['state'] === state && (afterIndex < 0 || this.engine.lines.indexOf(line) > afterIndex));
  }

  async statusOf(agent: string): Promise<AgentRow['status'] | undefined> {
    const { agents } = (await this.api('GET', '/agents')) as { agents: AgentRow[] };
    return agents.find((row) => row.agent.id === agent)?.status;
  }

  /** Who waits, head first. */
  async waiting(): Promise<readonly WaitingRow[]> {
    const { queues } = (await this.api('GET', '/queues')) as { queues: { contacts: WaitingRow[] }[] };
    return queues.flatMap(({ contacts }) => contacts);
  }

  // The engine

  /** The sounds that make up a prompt, one after another. */
  async sounds(prompt: PromptRef, language: Language): Promise<readonly Int16Array[]> {
    if (this.#library === undefined) {
      const config = configSchema.parse(this.#raw);
      this.#library = promptLibrary({ config, environment: process.env, root: this.root });
      await loadPrompts(this.#library, await readFlowFolder(config.flows.dir));
    }
    const uris = this.#library.media(prompt, language);
    return Promise.all(uris.map(async (uri) => decodeWav(await readFile(`${uri.replace('sound:', '')}.wav`)).pcm));
  }

  /** Writes the configuration file anew; what was there at the start, changed by `edit`. The engine does not know of it yet. */
  async rewrite(edit: (raw: RawConfig) => RawConfig = (raw) => raw): Promise<void> {
    await writeFile(join(this.#dir, 'strowger.yaml'), stringify(edit(structuredClone(this.#raw))));
  }

  /** The API of the engine; throws the answer when it is no success. */
  async api(method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
    const response = await fetch(this.#apiUrl + path, {
      method,
      headers: { authorization: `Bearer ${TOKEN}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  /** What this test has seen of a type of event so far. */
  seen(type: string, wanted: Wanted = {}): readonly LogLine[] {
    return this.engine.lines.slice(this.#mark).filter((line) => line.event === type && fits(line, wanted));
  }

  /** The first event of this test that fits, now or when it comes. Unlike the waits of the engine process it takes nothing from other waits. */
  async sees(type: string, wanted: Wanted = {}, timeoutMs = PATIENCE_MS): Promise<LogLine> {
    const until = Date.now() + timeoutMs;
    for (let from = this.#mark; ; ) {
      const lines = this.engine.lines.slice(from);
      const found = lines.find((line) => line.event === type && fits(line, wanted));
      if (found !== undefined) return found;
      from += lines.length;
      if (Date.now() > until || !this.engine.running) {
        const tail = this.engine.lines.slice(-15).map((line) => JSON.stringify(line));
        throw new Error([`the test waited for ${type} ${typeof wanted === 'function' ? '' : JSON.stringify(wanted)}`, ...tail].join('\n'));
      }
      await new Promise((fulfil) => setTimeout(fulfil, 10)); // lines come from another process
    }
  }

  // Life

  /** Nobody is signed in and each phone answers, whatever the test before left. */
  begin(): void {
    this.#mark = this.engine.lines.length;
    for (const phone of this.phones.values()) phone.behaviour = { do: 'answer', afterMs: 100 };
  }

  /** After a test, whatever became of it: everyone hangs up and signs out, and the switch must hold nothing. */
  async cleanUp(): Promise<void> {
    await Promise.all(this.#calls.splice(0).map((call) => call.hangUp()));
    await Promise.all([...this.phones.values()].flatMap(({ calls }) => calls.filter((call) => !call.isOver).map((call) => call.hangUp())));
    await this.expectEmptySwitch();
    await this.rewrite();
    await this.api('POST', '/acd/reload');
    const { agents } = (await this.api('GET', '/agents')) as { agents: AgentRow[] };
    for (const { agent } of agents) await this.agent(agent.id, 'sign-out');
    for (const phone of this.phones.values()) phone.calls.splice(0);
    if ((await this.waiting()).length > 0) throw new Error('somebody still waits');
  }

  /** Waits until the switch holds nothing, and says what it holds when it does not get there. */
  expectEmptySwitch(): Promise<void> {
    return expectEmptySwitch(this.pbx, 10_000);
  }

  /** Ends everything. Throws when a process is left. */
  async stop(): Promise<void> {
    const pids = [this.engine.pid, this.pbx.pid, this.caller.stack.pid, ...[...this.phones.values()].map(({ stack }) => stack.pid)];
    await this.caller.stop();
    await Promise.all([...this.phones.values()].map((phone) => phone.stop()));
    await this.engine.stop();
    await this.pbx.stop();
    await rm(this.#dir, { recursive: true, force: true });
    const left = pids.filter((pid) => pid !== undefined && isAlive(pid));
    if (left.length > 0) throw new Error(`processes are left: ${left.join(', ')}`);
  }
}

const passwordOf = (agent: string): string => `live-phone-${agent}`;

type Wanted = Readonly<Record<string, unknown>> | ((line: LogLine) => boolean);

function fits(line: LogLine, wanted: Wanted): boolean {
  return typeof wanted === 'function' ? wanted(line) : Object.entries(wanted).every(([field, value]) => line[field] === value);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // no such process
  }
}
