import type { ContactRequest } from '../domain/contact.ts';
import type { PromptRef } from '../domain/prompt.ts';
import type { RouteInput, VerbRun } from '../flow/verb.ts';
import { LEAST_ANNOUNCEMENT_GAP_MS, nextAnnouncement, type Announcement } from '../routing/expected-wait/announcement.ts';
import type { WaitEstimate } from '../routing/expected-wait/wait-estimator.ts';
import type { VerbContext } from './verb-context.ts';

export interface WaitingComfortOptions {
  readonly context: VerbContext;
  readonly run: VerbRun<'route'>;
  readonly contact: () => ContactRequest;
  /** The caller still waits: false once it is connected or gone. */
  readonly waiting: () => boolean;
  /** What the caller was told last, to be kept over a restart: it never hears worse. */
  readonly told: () => Announcement | undefined;
  readonly keepTold: (told: Announcement) => void;
}

/** What a caller hears while waiting: music, and from time to time a comforting word, its place and the wait that is expected. */
export class WaitingComfort {
  readonly #o: WaitingComfortOptions;
  #timer: unknown;
  #comfortAt = Infinity;
  #announceAt = Infinity;
  #offerAt = Infinity;

  constructor(options: WaitingComfortOptions) {
    this.#o = options;
  }

  start(): void {
    const { context, run } = this.#o;
    const { queueId } = this.#o.contact();
    const { comfort, music, announce, callback } = run.input;
    const queue = context.distributor.queue(queueId);
    const now = context.clock.now();
    context.player.startMusic(music ?? queue?.music);
    if (comfort) this.#comfortAt = now + comfort.everyMs;
    if (callback && queue?.callbacks !== undefined) this.#offerAt = Math.max(now, this.#o.contact().enqueuedAt + callback.afterMs);
    if (announce && queue && (queue.announcements.position || queue.announcements.expectedWait)) {
      const { firstAfterMs, everyMs } = queue.announcements;
      const after = this.#o.told() === undefined ? firstAfterMs : Math.max(everyMs, LEAST_ANNOUNCEMENT_GAP_MS);
      this.#announceAt = now + after;
    }
    this.#arm();
  }

  stop(): void {
    const { clock, player } = this.#o.context;
    clock.clearTimeout(this.#timer);
    player.stop();
    player.stopMusic();
  }

  #arm(): void {
    const { clock } = this.#o.context;
    const next = Math.min(this.#comfortAt, this.#announceAt, this.#offerAt);
    if (next === Infinity) return;
    this.#timer = clock.setTimeout(() => void this.#speak(), Math.max(0, next - clock.now()));
  }

  async #speak(): Promise<void> {
    const { context, run, waiting } = this.#o;
    const { clock, player, language, distributor } = context;
    const { comfort, music, callback } = run.input;
    const queue = distributor.queue(this.#o.contact().queueId);
    const prompts: PromptRef[] = [];
    const now = clock.now();
    const announceIsDue = now >= this.#announceAt;
    if (announceIsDue) prompts.push(...this.#announcement(now));
    const comfortIsDue = comfort !== undefined && now >= this.#comfortAt;
    if (comfortIsDue) prompts.push(comfort.prompt);
    const offerIsDue = callback !== undefined && now >= this.#offerAt;
    if (offerIsDue && this.#isWorthACallback(callback.whenExpectedMs)) prompts.push(this.#offer(callback.prompt));
    if (prompts.length > 0) {
      player.stopMusic();
      const said = context.delicate(run.cancel);
      await player.play(prompts, [language], { bargeIn: false, cancel: run.cancel });
      said();
      if (!waiting()) return;
      player.startMusic(music ?? queue?.music);
    }
    // From the end of what was said: a caller is not to hear more words than music.
    const ended = clock.now();
    if (comfortIsDue) this.#comfortAt = ended + comfort.everyMs;
    if (offerIsDue) this.#offerAt = ended + callback.everyMs;
    if (announceIsDue) this.#announceAt = queue === undefined ? Infinity : ended + Math.max(queue.announcements.everyMs, LEAST_ANNOUNCEMENT_GAP_MS);
    this.#arm();
  }

  /** Not for who is next, nor when the wait that is expected is short. Where nothing can be expected, the caller decides. */
  #isWorthACallback(whenExpectedMs: number | undefined): boolean {
    const prospect = this.#o.context.distributor.prospect(this.#o.contact().contactId);
    if (prospect === undefined || prospect.offered) return false;
    return whenExpectedMs === undefined || prospect.estimate === undefined || prospect.estimate.expectedMs > whenExpectedMs;
  }

  #offer(prompt: PromptRef): PromptRef {
    this.#o.context.announce({ type: 'callback.offered', queueId: this.#o.contact().queueId });
    return prompt;
  }

  /** Nothing, when nothing can be said or it would be worse than before. */
  #announcement(now: number): readonly PromptRef[] {
    const { context, run, told, keepTold } = this.#o;
    const { announce } = run.input;
    const { contactId, queueId } = this.#o.contact();
    const prospect = context.distributor.prospect(contactId);
    if (announce === undefined || prospect === undefined || prospect.offered) return [];
    const options = context.distributor.queue(queueId)?.announcements;
    const previous = told();
    const next = nextAnnouncement(previous, options?.expectedWait ? prospect.estimate : undefined, prospect.position, now);
    if (next === undefined) return [];
    keepTold(next);
    const wait = next.wait === undefined ? undefined : waitPrompt(announce, next.wait);
    if (wait !== undefined && prospect.estimate !== undefined) this.#noteTold(prospect.estimate, prospect.position - 1);
    const position =
      options?.position && announce.position !== undefined && next.position !== undefined
        ? { key: announce.position, values: { ahead: next.position - 1 } }
        : undefined;
    return [position, wait].flatMap((prompt) => prompt ?? []);
  }

  #noteTold(estimate: WaitEstimate, ahead: number): void {
    const { contactId, queueId } = this.#o.contact();
    const { expectedMs, lowMs, highMs } = estimate;
    this.#o.context.announce({ type: 'contact.estimated', contactId, queueId, ahead, expectedMs, lowMs, highMs, told: true });
  }
}

function waitPrompt(announce: NonNullable<RouteInput['announce']>, { fromMinutes, toMinutes }: NonNullable<Announcement['wait']>): PromptRef | undefined {
  const { waitLess, waitBetween, waitMore } = announce;
  if (toMinutes === undefined) return waitMore === undefined ? undefined : { key: waitMore, values: { from: fromMinutes } };
  if (fromMinutes === 0) return waitLess === undefined ? undefined : { key: waitLess, values: { to: toMinutes } };
  return waitBetween === undefined ? undefined : { key: waitBetween, values: { from: fromMinutes, to: toMinutes } };
}
