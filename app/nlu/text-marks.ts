import { plainText } from '../../engine/navigation/text.ts';

/** 32 bits by which a text is known again without being kept (FNV-1a, draft-eastlake-fnv): two texts in four thousand million share one. */
export function textMark(text: string): number {
  let mark = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(plainText(text))) mark = Math.imul(mark ^ byte, 0x01000193);
  return mark >>> 0;
}
