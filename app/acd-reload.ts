import type { AcdConfig } from '../engine/acd/acd-config.ts';
import { isStrowgerError, messageOf, StrowgerError } from '../engine/domain/errors.ts';
import type { Logger } from '../engine/ports/logger.ts';
import { ACD_SECTIONS, acdConfigOf } from './config/acd-config.ts';
import { problemLines, show, type ConfigProblem } from './config/config-problem.ts';
import { withItem, withoutItem, type ItemKind, type Settings } from './config/edit-config.ts';
import { checkConfig, readConfig, type CheckedConfig, type Environment } from './config/load-config.ts';
import { agentForm, queueForm } from './config/acd-schema.ts';
import type { Config } from './config/schema.ts';
import { writeAtomically } from './write-atomically.ts';

/** What takes agents and queues while contacts wait and agents talk. It announces `acd.configured` itself. */
export interface Configurable {
  configure(config: AcdConfig): void;
}

export interface AcdReloadOptions {
  /** The configuration that the engine runs by. */
  readonly config: Config;
  /** Where it came from; without it (a demonstration) nothing can be read again. */
  readonly file?: string;
  readonly environment: Environment;
  readonly distributor: Configurable;
  readonly log: Logger;
  /** What flows ask for and a configuration does not have, as sentences. */
  readonly checkFlows?: (config: Config) => readonly string[];
}

/** What has become different by a reload. */
export interface ReloadReport {
  readonly agents: Difference;
  readonly queues: Difference;
  /** Other settings of the ACD that have changed, by name. */
  readonly settings: readonly string[];
  /** Sections that differ from what the engine runs by, but take effect only when it is started anew. */
  readonly needRestart: readonly string[];
  /** What is allowed but looks like a mistake. */
  readonly warnings: readonly string[];
}

export interface Difference {
  readonly added: readonly string[];
  readonly changed: readonly string[];
  readonly removed: readonly string[];
}

/** How often an edit is begun anew because somebody else writes the file, too. */
const MOST_ATTEMPTS = 5;

/**
 * Agents, queues and skills as the running engine has them, and the only way to change them: read the file again, or edit it
 * and read it again. A file with a mistake is refused as a whole and what was there stays. One change at a time.
 */
export class AcdReload {
  readonly #options: AcdReloadOptions;
  #config: Config;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: AcdReloadOptions) {
    this.#options = options;
    this.#config = options.config;
  }

  /** With the ACD's sections as they are now; all others as they were when the engine started. */
  get config(): Config {
    return this.#config;
  }

  /** Reads the file again. Rejects with `acd.refused` (every mistake is named) and `acd.no-file`. */
  reload(): Promise<ReloadReport> {
    return this.#oneAtATime(() => this.#apply(this.#check(this.#read())));
  }

  /** Sets an agent or a queue in the file, adding it when it is not there, and reads the file again. */
  put(kind: ItemKind, id: string, settings: Settings): Promise<ReloadReport> {
    const form = kind === 'agents' ? agentForm : queueForm;
    return this.#edit((text) => withItem(text, kind, id, settings, Object.keys(form.shape)));
  }

  /** Takes an agent or a queue out of the file and reads the file again. Rejects with `acd.unknown`, too. */
  remove(kind: ItemKind, id: string): Promise<ReloadReport> {
    return this.#edit((text) => withoutItem(text, kind, id));
  }

  #edit(edit: (text: string) => string): Promise<ReloadReport> {
    return this.#oneAtATime(() => {
      const file = this.#file();
      for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt += 1) {
        const before = this.#read();
        const after = edit(before);
        const checked = this.#check(after);
        // Somebody may have saved the file in an editor meanwhile: theirs is not overwritten.
        if (this.#read() !== before) continue;
        if (after !== before) write(file, after);
        return this.#apply(checked);
      }
      throw new StrowgerError('acd.refused', `${file} is being changed by somebody else.`, { hint: 'Try again.' });
    });
  }

  #read(): string {
    try {
      return readConfig(this.#file());
    } catch (error) {
      throw refused(error);
    }
  }

  #check(text: string): CheckedConfig {
    try {
      const checked = checkConfig(text, this.#file(), this.#options.environment);
      const problems = this.#calendarProblems(checked.config);
      if (problems.length > 0) throw new StrowgerError('acd.refused', `${this.#file()} cannot be taken over:\n${problemLines(problems)}`);
      return checked;
    } catch (error) {
      throw refused(error);
    }
  }

  /** Calendars are made when the engine starts: a queue cannot be given one that is new. */
  #calendarProblems(config: Config): readonly ConfigProblem[] {
    const there = Object.keys(this.#options.config.calendars);
    return config.queues.flatMap(({ calendar }, index) =>
      calendar === undefined || there.includes(calendar)
        ? []
        : [{ path: `queues[${index}].calendar`, found: show(calendar), allowed: `${there.join(', ') || 'none'}; a new calendar needs a restart first` }],
    );
  }

  #apply({ config, warnings }: CheckedConfig): ReloadReport {
    const before = this.#config;
    const sections = Object.keys(config) as (keyof Config)[];
    const isOurs = (section: string): boolean => (ACD_SECTIONS as readonly string[]).includes(section);
    const differs = (section: keyof Config, other: Config): boolean => JSON.stringify(config[section]) !== JSON.stringify(other[section]);
    const report: ReloadReport = {
      agents: difference(before.agents, config.agents),
      queues: difference(before.queues, config.queues),
      settings: ACD_SECTIONS.filter((section) => section !== 'agents' && section !== 'queues' && differs(section, before)),
      needRestart: [...new Set([...sections, ...(Object.keys(this.#options.config) as (keyof Config)[])])].filter((section) => !isOurs(section) && differs(section, this.#options.config)),
      warnings: [...warnings.map((problem) => problemLines([problem]).trim()), ...(this.#options.checkFlows?.(config) ?? [])],
    };
    // The distributor announces `acd.configured`, so that reports and explanations know from when on.
    this.#options.distributor.configure(acdConfigOf(config));
    const { agents, queues, notReadyReasons, skills, skillLevels, fairAfterSeconds } = config;
    const { notReadyReasons: _, skills: __, ...rest } = this.#options.config;
    this.#config = {
      ...rest,
      agents,
      queues,
      skillLevels,
      fairAfterSeconds,
      ...(notReadyReasons === undefined ? {} : { notReadyReasons }),
      ...(skills === undefined ? {} : { skills }),
    };
    this.#options.log.info({ event: 'acd.reloaded', ...report }, 'Agents, queues and skills were read again');
    return report;
  }

  #file(): string {
    const { file } = this.#options;
    if (file === undefined) throw new StrowgerError('acd.no-file', 'This engine was not started from a configuration file.');
    return file;
  }

  #oneAtATime<T>(work: () => T): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch((error: unknown) => {
      this.#options.log.warn({ event: 'acd.refused', reason: messageOf(error) }, 'A change of agents, queues or skills was refused');
    });
    return result;
  }
}

/** A file that is not valid, as a refusal: what was there stays. */
function refused(error: unknown): unknown {
  if (!isStrowgerError(error) || !error.code.startsWith('config.')) return error;
  return new StrowgerError('acd.refused', `${error.message}\nNothing was changed.`, { cause: error, fields: error.fields });
}

function write(file: string, text: string): void {
  try {
    writeAtomically(file, text);
  } catch (error) {
    throw new StrowgerError('acd.no-file', `${file} cannot be written: ${messageOf(error)}`, { cause: error, fields: { file } });
  }
}

function difference<Item extends { readonly id: string }>(before: readonly Item[], after: readonly Item[]): Difference {
  const old = new Map(before.map((item) => [item.id, JSON.stringify(item)]));
  const now = new Set(after.map(({ id }) => id));
  return {
    added: after.flatMap(({ id }) => (old.has(id) ? [] : [id])),
    changed: after.flatMap((item) => (old.has(item.id) && old.get(item.id) !== JSON.stringify(item) ? [item.id] : [])),
    removed: before.flatMap(({ id }) => (now.has(id) ? [] : [id])),
  };
}
