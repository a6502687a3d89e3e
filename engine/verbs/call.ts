import { Cancellation } from '../domain/cancellation.ts';
import { isStrowgerError, messageOf } from '../domain/errors.ts';
import type { Json } from '../domain/json.ts';
import type { CallOutcome } from '../flow/verb.ts';
import type { Vault, VerbImplementation } from './verb-context.ts';

/** Silence longer than this makes callers say "hello?": music starts. */
const SILENCE_LIMIT_MS = 2000;

/** Asks a back office, within the caller's patience. */
export const call: VerbImplementation<'call'> = async (context, run) => {
  const { clock, player, services, announce, callId, log } = context;
  const { input } = run;
  const kept = (run.resume as { idempotencyKey?: string } | undefined)?.idempotencyKey;
  const idempotencyKey = kept ?? context.ids.next('request');
  if (kept === undefined) run.progress({ idempotencyKey });
  const revealed = reveal(input.input, context.vault);
  if (revealed === undefined) return { outcome: 'secretLost' };

  // Secrets that it was given are in memory alone, and whoever asks again makes the caller wait again.
  const over = context.delicate(run.cancel);
  const startedAt = clock.now();
  const request = new Cancellation();
  const outcome = await new Promise<CallOutcome>((resolve) => {
    let playing = false;
    const music = clock.setTimeout(() => {
      playing = input.music !== undefined;
      if (playing) player.startMusic(input.music);
    }, SILENCE_LIMIT_MS);
    const patience = clock.setTimeout(() => finish({ outcome: 'failed', code: 'service.timeout' }), input.timeoutMs);
    const tidy = (): void => {
      clock.clearTimeout(music);
      clock.clearTimeout(patience);
      if (playing) player.stopMusic();
      request.cancel();
    };
    const forget = run.cancel.onCancel(tidy);
    const finish = (result: CallOutcome): void => {
      if (request.cancelled) return;
      forget();
      tidy();
      resolve(result);
    };
    services.request({ service: input.service, input: revealed, callId, idempotencyKey, cancel: request }).then(
      (result) => finish({ outcome: 'ok', result }),
      (error: unknown) => {
        const code = isStrowgerError(error) ? error.code : 'service.failed';
        log.warn({ service: input.service, code, error: messageOf(error) }, 'service failed');
        finish({ outcome: 'failed', code });
      },
    );
  });
  over();
  announce({
    type: 'service.called',
    service: input.service,
    outcome: outcome.outcome === 'ok' ? 'ok' : 'failed',
    ...(outcome.outcome === 'failed' ? { code: outcome.code } : {}),
    durationMs: clock.now() - startedAt,
  });
  return outcome;
};

/** The input with handles replaced by secrets; undefined when one of them is lost. */
function reveal(value: Json, vault: Vault): Json | undefined {
  if (vault.isHandle(value)) return vault.reveal(value);
  if (Array.isArray(value)) {
    const items = (value as readonly Json[]).map((item) => reveal(item, vault));
    return items.includes(undefined) ? undefined : (items as Json[]);
  }
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => [key, reveal(item, vault)] as const);
    return entries.some(([, item]) => item === undefined) ? undefined : (Object.fromEntries(entries) as Json);
  }
  return value;
}
