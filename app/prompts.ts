import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import type { Language } from '../engine/domain/language.ts';
import type { PromptTexts } from '../engine/domain/prompt.ts';
import type { Synthesizer } from '../engine/ports/synthesizer.ts';
import type { PrivateRoot } from '../telephony/pbx/private-root.ts';
import { EspeakSynthesizer } from '../telephony/speech/espeak-synthesizer.ts';
import { FliteSynthesizer } from '../telephony/speech/flite-synthesizer.ts';
import { requirePlayable } from '../telephony/speech/prompt-problems.ts';
import type { RenderProgress } from '../telephony/speech/prompt-renderer.ts';
import { RenderedPromptLibrary } from '../telephony/speech/rendered-prompt-library.ts';
import type { SpeechCommand } from '../telephony/speech/speech-program.ts';
import type { Config } from './config/schema.ts';
import type { LoadedHotline } from './flows/flow-folder.ts';

export interface PromptsOptions {
  readonly config: Config;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Its espeak-ng and flite speak where the machine has none. */
  readonly root?: PrivateRoot;
  readonly onProgress?: (progress: RenderProgress) => void;
}

/** Makes the library of prompts; nothing is rendered yet. */
export function promptLibrary({ config, environment, root, onProgress }: PromptsOptions): RenderedPromptLibrary {
  const { mediaRoot, recordingsDir } = config.prompts;
  return new RenderedPromptLibrary({
    cacheDir: resolve(config.prompts.cacheDir ?? join(config.engine.dataDir, 'prompts')),
    recordingsDir: resolve(recordingsDir),
    synthesizers: synthesizers(config, environment, root),
    ...(mediaRoot === undefined ? {} : { mediaRoot }),
    ...(onProgress ? { onProgress } : {}),
  });
}

/** Renders the prompts of all flows. Throws what callers could not hear. */
export async function loadPrompts(library: RenderedPromptLibrary, hotlines: readonly LoadedHotline[]): Promise<{ readonly fragments: number; readonly rendered: number }> {
  const summary = await library.load(new Map(hotlines.map(({ hotline }) => [hotline.id, hotline.prompts])));
  requirePlayable(summary.problems);
  return summary;
}

/**
 * For a call on an older version of a flow: renders the prompts that the newest version has no more. Keys that both have are
 * played as the newest version says them.
 */
export function prepareOlder(library: RenderedPromptLibrary, hotlines: readonly LoadedHotline[]): (prompts: PromptTexts) => Promise<void> {
  return async (prompts) => {
    const current = new Set(hotlines.flatMap(({ hotline }) => Object.keys(hotline.prompts)));
    const dropped = Object.entries(prompts).filter(([key]) => !current.has(key));
    if (dropped.length > 0) await library.load(new Map([['older', Object.fromEntries(dropped)]]));
  };
}

function synthesizers(
  config: Config,
  environment: PromptsOptions['environment'],
  root: PrivateRoot | undefined,
): Partial<Record<Language, Synthesizer>> {
  const espeak = program('espeak-ng', config.prompts.espeakNg, environment, root);
  const flite = program('flite', config.prompts.flite, environment, root);
  const speaksChinese = espeak && new EspeakSynthesizer(espeak);
  const speaksEnglish = flite ? new FliteSynthesizer(flite) : speaksChinese;
  return {
    ...(speaksChinese ? { 'zh-CN': speaksChinese } : {}),
    ...(speaksEnglish ? { en: speaksEnglish } : {}),
  };
}

/** As configured, else from PATH, else from the private packages. */
function program(
  name: 'espeak-ng' | 'flite',
  configured: string | undefined,
  environment: PromptsOptions['environment'],
  root: PrivateRoot | undefined,
): SpeechCommand | undefined {
  if (configured !== undefined) return { file: resolve(configured), args: [], env: environment };
  // The private packages go first where they are there: their espeak-ng is known to speak Mandarin well (1.52).
  if (root) return root.command(name, []);
  const found = (environment['PATH'] ?? '').split(delimiter).map((dir) => join(dir, name)).find(isExecutable);
  return found === undefined ? undefined : { file: found, args: [], env: environment };
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false; // not there, or not ours to run: the next folder of PATH
  }
}
