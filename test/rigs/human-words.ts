import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { decodeWav } from '../../telephony/phones/wav.ts';

export interface HumanWord {
  readonly text: string;
  /** 8 kHz, telephone band. */
  readonly sound: Int16Array;
}

/**
 * Mandarin words that a person spoke (`hsk_words_8k` of the folder that STROWGER_SPEECH_DATA names; without it of
 * ../shared/data/speech beside the clone). They are data for tests, not part of the project. Without them: why.
 */
export function humanWords(limit = Number.POSITIVE_INFINITY, data = process.env['STROWGER_SPEECH_DATA']): { readonly words: readonly HumanWord[]; readonly missing?: string } {
  const folder = join(data ?? join(import.meta.dirname, '../../../shared/data/speech'), 'hsk_words_8k');
  const list = join(folder, 'words.tsv');
  if (!existsSync(list)) return { words: [], missing: `There are no human words in ${folder}: set STROWGER_SPEECH_DATA to the folder that has hsk_words_8k.` };
  const words = readFileSync(list, 'utf8')
    .split('\n')
    .filter((line) => line.includes('\t'))
    .slice(0, limit)
    .map((line) => {
      const [file = '', text = ''] = line.trim().split('\t');
      return { text, sound: decodeWav(readFileSync(join(folder, file))).pcm };
    });
  return { words };
}
