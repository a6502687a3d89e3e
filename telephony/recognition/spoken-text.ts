// SenseVoice's marks of language, mood and event (`<|zh|><|NEUTRAL|><|Speech|>`), and what models write for a sound that is no word:
// `<unk>` (sherpa-onnx, FunASR), `[unk]` (Vosk with a list of phrases).
const MARKS = /<\|[^|<>]*\|>|<\/?(?:unk|blk|blank|sil|s|sos\/eos)>|\[unk\]/giu;
// What stands inside a number, an address or a word belongs to it (12.5, 1,000, 3:30, don't, a@b.cn, 5%).
const INNER = /(?<=[\p{L}\p{N}])(?<!\p{Script=Han})[.,:'’@&/_+-](?=[\p{L}\p{N}])(?!\p{Script=Han})/u;
const PUNCTUATION = /[\p{P}]/u;
const KEPT_AT_THE_END = /%/u;
// Chinese writes no spaces. Vosk puts one between words, others between characters, or beside numbers.
const SPACE_AT_HAN = /(?<=\p{Script=Han}) +| +(?=\p{Script=Han})/gu;

/**
 * What was said, as one would write it without punctuation: recognisers add marks, punctuation and spaces, each its own, and what follows
 * (intents, phrases, confirmations) must not depend on which of them listened. Letters keep their case.
 */
export function spokenText(text: string): string {
  const unmarked = text.replace(MARKS, ' ').normalize('NFKC');
  let plain = '';
  for (let at = 0; at < unmarked.length; at += 1) {
    const character = unmarked.charAt(at);
    plain += PUNCTUATION.test(character) && !KEPT_AT_THE_END.test(character) && !isInner(unmarked, at) ? ' ' : character;
  }
  return plain.replace(/\s+/gu, ' ').replace(SPACE_AT_HAN, '').trim();
}

function isInner(text: string, at: number): boolean {
  return INNER.test(text.slice(Math.max(0, at - 1), at + 2));
}
