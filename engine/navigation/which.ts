import { restOf } from './yes-no.ts';

const FIRST = /^(?:(?:是|要|我要|选)?(?:第一个?|前一?个|前者|前面(?:的|那个)?)(?:$|[\s,，。.!！吧的])|(?:the )?(?:first|former)(?: one)?(?: please)?(?:$|[,.!]))/iu;
const SECOND = /^(?:(?:是|要|我要|选)?(?:第二个?|后一?个|后者|后面(?:的|那个)?)(?:$|[\s,，。.!！吧的])|(?:the )?(?:second|latter|last)(?: one)?(?: please)?(?:$|[,.!]))/iu;
const NEITHER = /^(?:都不是|都不对|都不要|两个都不|neither|none|no)(?:$|[\s,，。.!！吧的])/iu;

/** Reads an answer to "this or that?" that names neither: "the first one", "no, the second", "都不是，查余额". Undefined when it is something else. */
export function readWhich(text: string): { readonly which: 'first' | 'second' } | { readonly which: 'neither'; readonly rest: string } | undefined {
  const said = text.normalize('NFKC').trim();
  const neither = NEITHER.exec(said);
  const rest = neither === null ? said : restOf(said, neither[0]);
  if (FIRST.test(rest)) return { which: 'first' };
  if (SECOND.test(rest)) return { which: 'second' };
  return neither === null ? undefined : { which: 'neither', rest };
}
