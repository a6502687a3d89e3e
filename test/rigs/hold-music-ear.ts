import { renderHoldMusic } from '../../telephony/pbx/hold-music.ts';
import { findPrompts } from '../../telephony/phones/audio-match.ts';
import { preciseNowMs, type RtpEndpoint } from '../../telephony/phones/rtp-endpoint.ts';

const EXCERPT_MS = 1_500;
const PER_MS = 8;

/** The music of a private Asterisk, and its beginning once more: it loops. */
const music = ((): Int16Array => {
  const once = renderHoldMusic(PER_MS * 1000);
  const looped = new Int16Array(once.length + EXCERPT_MS * PER_MS);
  looped.set(once);
  looped.set(once.subarray(0, EXCERPT_MS * PER_MS), once.length);
  return looped;
})();

/**
 * Settles once 1.5 s of what an endpoint hears from now on are hold music and nothing beside it. Asterisk goes on where it stopped
 * when a call hears the music again: so what was heard is looked for in the music, not the other way round.
 */
export async function hearsHoldMusic(media: RtpEndpoint): Promise<void> {
  const askedAtMs = preciseNowMs();
  const isMusic = (excerpt: Int16Array): boolean => {
    if (excerpt.length < EXCERPT_MS * PER_MS) return false;
    return findPrompts(music, [{ key: 'heard', pcm: excerpt }], { minScore: 0.9 }).some(({ complete }) => complete);
  };
  await media.until(({ pcm, startedAtMs }) => startedAtMs >= askedAtMs && isMusic(pcm), { lastMs: EXCERPT_MS, everyMs: 500, what: 'the hold music' });
}
