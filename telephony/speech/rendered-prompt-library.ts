import { resolve } from 'node:path';
import { isStrowgerError, StrowgerError } from '../../engine/domain/errors.ts';
import { type Language, LANGUAGES } from '../../engine/domain/language.ts';
import type { PromptRef, PromptTexts, PromptValue, ValueKind } from '../../engine/domain/prompt.ts';
import { spoken } from '../../engine/domain/spoken/spoken.ts';
import type { PromptLibrary } from '../../engine/ports/prompt-library.ts';
import { atomFragments, mergedTexts, promptFragments, promptPieces } from './fragments.ts';
import { type PromptProblem, recordingProblems, textProblems } from './prompt-problems.ts';
import { fragmentId, PromptRenderer, type PromptRendererOptions, type RenderFailure } from './prompt-renderer.ts';
import { Recordings } from './recordings.ts';

export interface RenderedPromptLibraryOptions extends PromptRendererOptions {
  /** The cache folder as the switch sees it, when it runs elsewhere. Default: the cache folder. */
  readonly mediaRoot?: string;
  /** Where callers are, for dates and times: minutes east of Greenwich. Default 480, China. */
  readonly utcOffsetMinutes?: number;
}

export interface LoadSummary {
  readonly fragments: number;
  /** Those that were not in the cache. */
  readonly rendered: number;
  readonly problems: readonly PromptProblem[];
}

// `undefined`: it could not be rendered.
type Piece = { readonly type: 'media'; readonly uri: string | undefined } | { readonly type: 'value'; readonly name: string; readonly kind: ValueKind };

/** Prompts as files on disk, looked up in memory. */
export class RenderedPromptLibrary implements PromptLibrary {
  readonly #options: RenderedPromptLibraryOptions;
  readonly #renderer: PromptRenderer;
  readonly #mediaRoot: string;
  // Keys stay when a newly published flow has them no more: calls on its older version still play them.
  readonly #prompts = new Map<string, readonly Piece[]>();
  #media: ReadonlyMap<string, string> = new Map();
  #failures: readonly RenderFailure[] = [];
  #recordings = Recordings.none();
  #loading: Promise<unknown> = Promise.resolve();

  constructor(options: RenderedPromptLibraryOptions) {
    this.#options = options;
    this.#renderer = new PromptRenderer(options);
    this.#mediaRoot = options.mediaRoot ?? resolve(options.cacheDir);
    // ARI takes a list of media with commas between them.
    if (this.#mediaRoot.includes(',')) {
      throw new StrowgerError('config.invalid', `The folder of prompts has a comma in its path, which the switch cannot play from: ${this.#mediaRoot}`, { hint: 'Choose another `prompts.cacheDir` or `prompts.mediaRoot`.' });
    }
  }

  /**
   * Renders what the prompts of all flows (by flow id) need and makes them playable. To be called at start and when a flow is
   * published: prompts change at once, between two look-ups. Rejects with `prompt.conflict`; what else is wrong is told in
   * the summary, for requirePlayable.
   */
  load(flows: ReadonlyMap<string, PromptTexts>): Promise<LoadSummary> {
    const loading = this.#loading.then(() => this.#load(mergedTexts(flows)));
    this.#loading = loading.catch(() => undefined);
    return loading;
  }

  media({ key, values = {} }: PromptRef, language: Language): readonly string[] {
    const pieces = this.#prompts.get(`${language}/${key}`);
    if (pieces === undefined) throw new StrowgerError('prompt.missing', `There is no prompt '${key}' in ${language}.`, { fields: { prompt: key, language } });
    const media = pieces.flatMap((piece) => (piece.type === 'media' ? [this.#playable(piece.uri, key, language)] : this.#valueMedia(key, piece, values[piece.name], language)));
    // A value has no silence of its own after it; whatever is played next would follow without a breath.
    return pieces.at(-1)?.type === 'value' ? [...media, this.#atom('pause', key, language)] : media;
  }

  /**
   * What a caller would miss of these prompts, as loaded: for doctor. Prompts that were never loaded are unrendered.
   */
  missingPrompts(texts: PromptTexts): readonly PromptProblem[] {
    const needed = [...promptFragments(texts), ...LANGUAGES.flatMap(atomFragments)];
    const failures = new Map(this.#failures.map(({ fragment, error }) => [fragmentId(fragment), error]));
    const unrendered = needed.flatMap((fragment): readonly PromptProblem[] => {
      const id = fragmentId(fragment);
      if (this.#media.has(id)) return [];
      const error = failures.get(id);
      const message = error?.message ?? `The prompt fragment '${fragment.name}' is not rendered in ${fragment.language}.`;
      return [{ severity: 'error', code: error?.code ?? 'prompt.missing', language: fragment.language, name: fragment.name, message }];
    });
    const atoms = new Set(LANGUAGES.flatMap(atomFragments).map(fragmentId));
    return [...textProblems(texts), ...unrendered, ...recordingProblems(texts, this.#recordings, atoms)];
  }

  async #load(texts: PromptTexts): Promise<LoadSummary> {
    const fragments = [...promptFragments(texts), ...LANGUAGES.flatMap(atomFragments)];
    const { paths, failures, rendered, recordings } = await this.#renderer.render(fragments);
    const media = new Map(Array.from(paths, ([id, path]) => [id, `sound:${this.#mediaRoot}/${path}`]));
    this.#media = media;
    this.#failures = failures;
    this.#recordings = recordings;
    for (const [key, text] of Object.entries(texts)) {
      for (const language of LANGUAGES) {
        const pieces = promptPieces(key, text[language] ?? '', language).map(
          (piece): Piece => (piece.type === 'fragment' ? { type: 'media', uri: media.get(fragmentId(piece.fragment)) } : piece),
        );
        if (pieces.length > 0) this.#prompts.set(`${language}/${key}`, pieces);
        else this.#prompts.delete(`${language}/${key}`);
      }
    }
    return { fragments: fragments.length, rendered, problems: this.missingPrompts(texts) };
  }

  #valueMedia(key: string, { name, kind }: Piece & { type: 'value' }, value: PromptValue | undefined, language: Language): readonly string[] {
    const fields = { prompt: key, value: name, kind, language };
    if (value === undefined) throw new StrowgerError('prompt.value', `The prompt '${key}' is played without its value '${name}'.`, { fields });
    const { utcOffsetMinutes } = this.#options;
    try {
      return spoken(kind, value, language, utcOffsetMinutes === undefined ? {} : { utcOffsetMinutes }).map((atom) => this.#atom(atom.key, key, language));
    } catch (error) {
      if (!isStrowgerError(error, 'prompt.value')) throw error;
      throw new StrowgerError('prompt.value', `The value '${name}' of the prompt '${key}': ${error.message}`, { fields, cause: error });
    }
  }

  #atom(atom: string, key: string, language: Language): string {
    return this.#playable(this.#media.get(fragmentId({ language, name: `atoms/${atom}` })), key, language);
  }

  #playable(uri: string | undefined, key: string, language: Language): string {
    if (uri !== undefined) return uri;
    throw new StrowgerError('prompt.missing', `A part of the prompt '${key}' was not rendered in ${language}.`, { fields: { prompt: key, language } });
  }
}
