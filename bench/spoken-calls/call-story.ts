import { setTimeout as sleep } from 'node:timers/promises';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { EngineProcess, LogLine } from '../../test/live/engine-process.ts';

const LOOK_EVERY_MS = 15;

/** The events of one call in the log of the engine, in order. Many calls are followed side by side. */
export class CallStory {
  readonly #engine: EngineProcess;
  readonly #callId: string;
  #read: number;

  constructor(engine: EngineProcess, callId: string, from: number) {
    this.#engine = engine;
    this.#callId = callId;
    this.#read = from;
  }

  /** The id of the first call that is told of after line `from` and is none of `known`. */
  static async firstCall(engine: EngineProcess, from: number, known: ReadonlySet<string>, limitMs: number): Promise<string> {
    const until = Date.now() + limitMs;
    for (;;) {
      const found = engine.lines.slice(from).find(({ event, callId }) => event !== undefined && callId !== undefined && !known.has(callId));
      if (found?.callId !== undefined) return found.callId;
      if (Date.now() > until || !engine.running) throw failure('the engine does not tell of a call', engine);
      await sleep(LOOK_EVERY_MS);
    }
  }

  /** The next event of one of these types. */
  async next(types: readonly string[], limitMs: number): Promise<LogLine> {
    const until = Date.now() + limitMs;
    for (;;) {
      while (this.#read < this.#engine.lines.length) {
        const line = this.#engine.lines[this.#read];
        this.#read += 1;
        if (line?.callId === this.#callId && types.includes(line.event ?? '')) return line;
      }
      if (Date.now() > until || !this.#engine.running) throw failure(`a call was to have ${types.join(' or ')} within ${limitMs} ms`, this.#engine, this.#callId);
      await sleep(LOOK_EVERY_MS);
    }
  }
}

/** The prompts that an event is about. */
export function promptsOf(line: LogLine): readonly string[] {
  const { prompts } = line;
  return Array.isArray(prompts) ? prompts.filter((prompt): prompt is string => typeof prompt === 'string') : [];
}

function failure(what: string, engine: EngineProcess, callId?: string): StrowgerError {
  const tail = engine.lines
    .filter((line) => callId === undefined || line.callId === callId)
    .slice(-6)
    .map((line) => JSON.stringify(line));
  return new StrowgerError('bench.failed', [`${what}; the last that the engine said:`, ...tail].join('\n'));
}
