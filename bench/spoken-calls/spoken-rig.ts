import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { defaultCacheDir } from '../../telephony/pbx/private-packages.ts';
import type { PrivateRoot } from '../../telephony/pbx/private-root.ts';
import { ScriptedCaller } from '../../telephony/phones/scripted-caller.ts';
import { EngineProcess } from '../../test/live/engine-process.ts';
import { freePort } from '../../test/live/hotline-rig.ts';
import { CallStory } from './call-story.ts';
import type { SpokenCall } from './spoken-call.ts';

/** The numbers of the flow: its question in both languages, a short question with a long patience, the same with keys only, and choices of two keys. */
export const NUMBERS = { en: '7101', 'zh-CN': '7102', listening: '7103', keysOnly: '7104', twoKeys: '7105' } as const;

const FIRST_EVENT_MS = 15_000;

/** A private Asterisk, the engine as a process with one recogniser, and callers. */
export class SpokenRig {
  readonly pbx: PrivateAsterisk;
  readonly engine: EngineProcess;
  readonly #caller: ScriptedCaller;
  readonly #stops: readonly (() => Promise<unknown>)[];
  readonly #stories = new Set<string>();
  /** Calls are placed one after the other: the log tells them apart by the order in which they came. */
  #placing: Promise<unknown> = Promise.resolve();

  private constructor(parts: { pbx: PrivateAsterisk; engine: EngineProcess; caller: ScriptedCaller; stops: readonly (() => Promise<unknown>)[] }) {
    this.pbx = parts.pbx;
    this.engine = parts.engine;
    this.#caller = parts.caller;
    this.#stops = parts.stops;
  }

  /** `recognizer`: as in the configuration. */
  static async start(root: PrivateRoot, recognizer: object): Promise<SpokenRig> {
    const stops: (() => Promise<unknown>)[] = [];
    try {
      const dir = await mkdtemp(join(tmpdir(), 'strowger-spoken-'));
      stops.unshift(() => rm(dir, { recursive: true, force: true }));
      const hotlines = Object.values(NUMBERS).map((number) => ({ number, flow: 'spoken' }));
      const pbx = await PrivateAsterisk.start({ root, config: { hotlines } });
      stops.unshift(() => pbx.stop());
      const configFile = join(dir, 'strowger.yaml');
      const config = {
        engine: { id: 'bench', dataDir: dir },
        nodes: [{ id: 'pbx-1', ...pbx.ari }],
        hotlines,
        flows: { dir: join(import.meta.dirname, 'flow') },
        prompts: { cacheDir: join(defaultCacheDir(), 'prompts') },
        queues: [{ id: 'none', name: 'None' }],
        speech: { recognizers: [recognizer] },
        mqtt: { port: await freePort() },
        http: { port: await freePort() },
      };
      await writeFile(configFile, stringify(config));
      const engine = new EngineProcess(configFile);
      stops.unshift(() => engine.stop());
      await engine.start();
      const caller = await ScriptedCaller.start({ command: root.command('sipp', []), server: pbx.sip });
      stops.unshift(() => caller.stop());
      return new SpokenRig({ pbx, engine, caller, stops });
    } catch (error) {
      for (const stop of stops) await stop();
      throw error;
    }
  }

  /** Calls, and returns when the engine has answered. */
  call(number: string): Promise<SpokenCall> {
    const placed = this.#placing.then(() => this.#call(number));
    this.#placing = placed.catch(() => undefined);
    return placed;
  }

  async stop(): Promise<void> {
    for (const stop of this.#stops) await stop();
  }

  async #call(number: string): Promise<SpokenCall> {
    const from = this.engine.lines.length;
    const call = await this.#caller.dial({ number, callerNumber: '13900139000' });
    await call.answered;
    const callId = await CallStory.firstCall(this.engine, from, this.#stories, FIRST_EVENT_MS);
    this.#stories.add(callId);
    return { call, story: new CallStory(this.engine, callId, from) };
  }
}
