/**
 * How wide text is, in em, without a font: by classes of characters of a common sans serif, a little wider than Arial, so
 * that text still fits where a browser takes another font. Chinese characters are one em in every font.
 */
function emsOf(character: string): number {
  if (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/u.test(character)) return 1;
  if (/[iljtfrI.,:;'!|()[\] *-]/.test(character)) return 0.31;
  if (/[mwMW@→…]/.test(character)) return 0.9;
  return /[A-Z]/.test(character) ? 0.72 : 0.56;
}

/** Width in px of a line of text at a font size in px. */
export function textWidth(text: string, fontSize: number): number {
  return [...text].reduce((sum, character) => sum + emsOf(character), 0) * fontSize;
}

/** Breaks text into lines of at most `width` px; what does not fit into `most` lines ends in `…`. */
export function wrapText(text: string, fontSize: number, width: number, most: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of piecesOf(text)) {
    if (line !== '' && textWidth((line + piece).trimEnd(), fontSize) > width) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  if (lines.length <= most) return lines;
  let last = lines[most - 1] ?? '';
  while (last !== '' && textWidth(`${last}…`, fontSize) > width) last = last.slice(0, -1);
  return [...lines.slice(0, most - 1), `${last.replace(/(?<=\s)[a-z]+$/i, '').replace(/[\s,.，。]+$/u, '')}…`];
}

/** Where a line may break: after a word with its space, after a Chinese character with the punctuation that follows it. */
function piecesOf(text: string): readonly string[] {
  return text.replace(/\s+/g, ' ').match(/[\u2e80-\u9fff][\u3000-\u303f\uff00-\uff60]*|[^\s\u2e80-\u9fff]+ ?| /gu) ?? [];
}
