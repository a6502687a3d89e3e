import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { LANGUAGES, type Language } from '../../engine/domain/language.ts';
import { Topics, trainTopics } from '../../engine/navigation/topics.ts';
import { CHINESE } from './chinese.ts';
import { readExamples } from './examples-file.ts';
import { keepTopics, readTopics } from './kept-topics.ts';

/** What callers of banks say, written for this project: sentences by topic, a file a language. Topics that begin with `other.` are what they say who want nothing of a bank. */
const FOLDER = join(import.meta.dirname, '../../integrations/language/bank-topics');
const OTHER = 'other.';
/** Names of topics begin with it. */
export const TOPICS = 'bank-topics-';

const opened = new Map<Language, Topics>();

/** The topics of bank hotlines. Learnt when a language is first asked for, which takes seconds; what was learnt is kept beside the compiled program. Throws `nlu.data`. */
export function bankTopics(language: Language): Topics {
  const known = opened.get(language) ?? open(language);
  opened.set(language, known);
  return known;
}

/** Those whose name this is; undefined: this version has others. */
export function bankTopicsNamed(name: string): Topics | undefined {
  return LANGUAGES.filter((language) => name.startsWith(prefixOf(language))).map(bankTopics).find((topics) => topics.name === name);
}

/** The share of texts that are about banking, of those in the language of the topics. */
export function bankShareOf(texts: readonly string[], topics: Topics): number {
  const about = texts.map((text) => topics.topicOf(text));
  return about.filter((topic) => topic !== undefined && !topic.startsWith(OTHER)).length / Math.max(1, texts.length);
}

const prefixOf = (language: Language): string => `${TOPICS}${language}-`;

function open(language: Language): Topics {
  const file = join(FOLDER, `${language}.csv`);
  const name = prefixOf(language) + createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 8);
  // Beside the compiled program (app/launch.mjs), which is another when what learns is another; what runs from its sources learns each time.
  const kept = import.meta.dirname.includes(`${sep}.cache${sep}`) ? join(import.meta.dirname, `${name}.v8`) : undefined;
  const found = kept === undefined ? undefined : readTopics(kept);
  if (found !== undefined) return new Topics({ ...found, name, language }, CHINESE);
  const topics = trainTopics({ name, language, sayings: readExamples(file).map(({ text, intent }) => ({ text, topic: intent })) }, CHINESE);
  if (kept !== undefined) keepTopics(kept, topics.parts);
  return topics;
}
