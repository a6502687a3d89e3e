const FIRST = /^(?:(?:是|要|我要|选)?(?:第一个?|前一?个|前者|前面(?:的|那个)?)|(?:the )?(?:first|former)(?: one)?)(?:$|[\s,，。.!！吧的])/iu;
const SECOND = /^(?:(?:是|要|我要|选)?(?:第二个?|后一?个|后者|后面(?:的|那个)?)|(?:the )?(?:second|latter|last)(?: one)?)(?:$|[\s,，。.!！吧的])/iu;
const NEITHER = /^(?:都不是|都不对|都不要|两个都不|neither|none|no)(?:$|[\s,，。.!！吧的])/iu;

/** Reads an answer to "this or that?" that names neither: "the first one", "都不是". Undefined when it is something else. */
export function readWhich(text: string): 'first' | 'second' | 'neither' | undefined {
  const said = text.normalize('NFKC').trim();
  if (NEITHER.test(said)) return 'neither';
  if (FIRST.test(said)) return 'first';
  return SECOND.test(said) ? 'second' : undefined;
}
