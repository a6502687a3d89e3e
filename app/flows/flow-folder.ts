import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { AnyStateMachine } from 'xstate';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { Intents } from '../../engine/domain/intent.ts';
import type { PromptTexts } from '../../engine/domain/prompt.ts';
import { isHotline, type Hotline } from '../../engine/flow/hotline.ts';
import type { HotlineLanguage } from '../../engine/navigation/hotline-language.ts';
import type { FlowLibrary } from '../../engine/ports/flow-library.ts';
import { bundleFlow, evaluateBundle, type FlowBundle } from './flow-bundle.ts';

/** Where bundles are kept, so that a call journaled on an old version finds it after a restart. */
export interface BundleStore {
  put(flowId: string, version: string, code: string): Promise<void>;
  get(flowId: string, version: string): Promise<string | undefined>;
}

export interface LoadedHotline extends FlowBundle {
  readonly file: string;
  readonly hotline: Hotline;
}

/** Loads every hotline of a folder: each file at its top whose default export was made by `flow`. */
export async function readFlowFolder(dir: string): Promise<readonly LoadedHotline[]> {
  let names: string[];
  try {
    names = readdirSync(dir);
  } catch (error) {
    throw new StrowgerError('flow.unknown', `The folder of flows ${dir} cannot be read.`, { cause: error, fields: { dir } });
  }
  const files = names
    .filter((name) => name.endsWith('.ts') && !/\.(test|prompts|d)\.ts$/.test(name))
    .map((name) => join(dir, name))
    .filter((file) => /^export default\b/m.test(readFileSync(file, 'utf8')));
  const loaded = await Promise.all(
    files.map(async (file) => {
      const bundle = await bundleFlow(file);
      return { ...bundle, file, hotline: await hotlineOf(basename(file, '.ts'), bundle.code) };
    }),
  );
  for (const { hotline, file } of loaded) {
    const twin = loaded.find((other) => other.hotline.id === hotline.id && other.file !== file);
    if (twin) throw new StrowgerError('flow.broken', `${file} and ${twin.file} both define the flow '${hotline.id}'.`);
  }
  return loaded;
}

async function hotlineOf(name: string, code: string): Promise<Hotline> {
  const { default: hotline } = await evaluateBundle(name, code);
  if (!isHotline(hotline)) throw new StrowgerError('flow.broken', `The default export of ${name} is no flow: make it with \`flow({…})\` of the kit.`);
  return hotline;
}

export interface FlowFolderOptions {
  readonly loaded: readonly LoadedHotline[];
  readonly hotlines: readonly { readonly number: string; readonly flow: string }[];
  readonly store: BundleStore;
  /** Renders the prompts of a flow before calls run on it. */
  readonly prepare: (prompts: PromptTexts) => Promise<void>;
  /** Learns the intents of a flow; absent where nobody listens. */
  readonly learn?: (intents: Intents) => HotlineLanguage;
}

/** The flows that calls run on: those of the folder for new calls, kept bundles for calls of before. */
export class FlowFolder implements FlowLibrary<AnyStateMachine> {
  readonly #store: BundleStore;
  readonly #byId: ReadonlyMap<string, LoadedHotline>;
  readonly #byNumber: ReadonlyMap<string, LoadedHotline>;
  readonly #oldVersions = new Map<string, AnyStateMachine>();
  readonly #languages = new Map<string, HotlineLanguage>();
  readonly #prepare: (prompts: PromptTexts) => Promise<void>;
  readonly #learn: ((intents: Intents) => HotlineLanguage) | undefined;

  private constructor({ loaded, hotlines, store, prepare, learn }: FlowFolderOptions) {
    this.#store = store;
    this.#prepare = prepare;
    this.#learn = learn;
    this.#byId = new Map(loaded.map((flow) => [flow.hotline.id, flow]));
    this.#byNumber = new Map(
      hotlines.map(({ number, flow }) => {
        const found = this.#byId.get(flow);
        if (!found) {
          const known = [...this.#byId.keys()].join(', ');
          throw new StrowgerError('flow.unknown', `Hotline ${number} names the flow '${flow}'; there are: ${known}.`, { fields: { number, flow } });
        }
        return [number, found];
      }),
    );
  }

  /** Throws `flow.unknown` for a hotline whose flow is not in the folder. */
  static async open(options: FlowFolderOptions): Promise<FlowFolder> {
    const folder = new FlowFolder(options);
    for (const { hotline, version, code } of options.loaded) {
      await options.store.put(hotline.id, version, code);
      folder.#learnOf(hotline, version);
    }
    return folder;
  }

  /** What a flow understands; undefined when it has no intents, or nobody listens. */
  languageOf(id: string, version: string): HotlineLanguage | undefined {
    return this.#languages.get(`${id}@${version}`);
  }

  #learnOf({ id, intents = {} }: Hotline, version: string): void {
    // Two at least: there is nothing to tell apart in less.
    if (this.#learn !== undefined && Object.keys(intents).length > 1) this.#languages.set(`${id}@${version}`, this.#learn(intents));
  }

  /** The flows that some hotline uses. */
  get used(): readonly LoadedHotline[] {
    return [...new Set(this.#byNumber.values())];
  }

  forNumber(dialled: string) {
    const found = this.#byNumber.get(dialled);
    return found && newest(found);
  }

  named(id: string) {
    const found = this.#byId.get(id);
    return found && newest(found);
  }

  async load(id: string, version: string): Promise<AnyStateMachine> {
    const current = this.#byId.get(id);
    if (current?.version === version) return current.hotline.machine;
    const key = `${id}@${version}`;
    const old = this.#oldVersions.get(key);
    if (old) return old;
    const code = await this.#store.get(id, version);
    if (code === undefined) {
      throw new StrowgerError('flow.version-unknown', `Version ${version} of the flow '${id}' is not kept.`, { fields: { flow: id, version } });
    }
    const hotline = await hotlineOf(id, code);
    await this.#prepare(hotline.prompts);
    this.#learnOf(hotline, version);
    this.#oldVersions.set(key, hotline.machine);
    return hotline.machine;
  }
}

function newest({ hotline, version }: LoadedHotline) {
  return { flow: hotline.machine as AnyStateMachine, id: hotline.id, version };
}
