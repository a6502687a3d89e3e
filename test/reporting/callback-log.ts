import type { AttemptOutcome, CallbackActor, CallbackEnd, CallbackRefusal, Period } from '../../engine/domain/callback.ts';
import { agentId, callbackId, callId, queueId } from '../../engine/domain/ids.ts';
import type { LogBuilder } from './log-builder.ts';

interface Story {
  readonly queue: string;
  readonly requestedAt: number;
  kind: 'soon' | 'at';
  period: Period;
  attempts: number;
}

const DAY_MS = 86_400_000;
export const A_PROGRAM: CallbackActor = { by: 'program' };

/** Writes what the callback desk announces into a log. Times are milliseconds since the epoch. */
export class CallbackLog {
  readonly #log: LogBuilder;
  readonly #stories = new Map<string, Story>();

  constructor(log: LogBuilder) {
    this.#log = log;
  }

  offered(queue: string, call?: string): this {
    this.#log.add({ type: 'callback.offered', queueId: queueId(queue) }, call);
    return this;
  }

  /** Without a period: as soon as possible. With a call: by its caller, else by a program. */
  requested(id: string, queue: string, { period, call }: { readonly period?: Period; readonly call?: string } = {}): this {
    const now = this.#log.now;
    const story: Story = { queue, requestedAt: now, kind: period === undefined ? 'soon' : 'at', period: period ?? { from: now, to: now + DAY_MS }, attempts: 0 };
    this.#stories.set(id, story);
    const { kind } = story;
    this.#log.add({ type: 'callback.requested', ...this.#ids(id), kind, period: story.period, virtualSince: now, by: actor(call), pii: { number: '+8613812345678' } }, call);
    return this;
  }

  refused(queue: string, refusal: CallbackRefusal, call?: string): this {
    this.#log.add({ type: 'callback.refused', queueId: queueId(queue), refusal, by: actor(call), pii: { number: '1' } }, call);
    return this;
  }

  moved(id: string, period: Period): this {
    Object.assign(this.#story(id), { kind: 'at', period });
    this.#log.add({ type: 'callback.moved', ...this.#ids(id), period, by: A_PROGRAM });
    return this;
  }

  due(id: string): this {
    this.#log.add({ type: 'callback.due', ...this.#ids(id), period: this.#story(id).period });
    return this;
  }

  dialled(id: string, call: string, agent?: string): this {
    const attempt = this.#story(id).attempts + 1;
    this.#log.add({ type: 'callback.dialled', ...this.#ids(id), attempt, ...(agent === undefined ? {} : { agentId: agentId(agent) }) }, call);
    return this;
  }

  attempted(id: string, outcome: AttemptOutcome, call?: string): this {
    const story = this.#story(id);
    story.attempts += 1;
    this.#log.add({ type: 'callback.attempted', ...this.#ids(id), attempt: story.attempts, outcome }, call);
    return this;
  }

  ended(id: string, how: CallbackEnd): this {
    const { attempts, kind, period, requestedAt } = this.#story(id);
    this.#log.add({ type: 'callback.ended', ...this.#ids(id), how, attempts, kind, period, tookMs: Math.max(0, this.#log.now - requestedAt) });
    return this;
  }

  /** An attempt that reached the customer. */
  reached(id: string): this {
    return this.attempted(id, 'answered').ended(id, 'reached');
  }

  #ids(id: string) {
    return { callbackId: callbackId(id), queueId: queueId(this.#story(id).queue) } as const;
  }

  #story(id: string): Story {
    const story = this.#stories.get(id);
    if (story === undefined) throw new Error(`nobody asked for callback ${id}`);
    return story;
  }
}

function actor(call: string | undefined): CallbackActor {
  return call === undefined ? A_PROGRAM : { by: 'customer', callId: callId(call) };
}
