/** What callers say who agree or do not. Whole answers, or how they begin: "是的，我要挂失", "no, my balance". */
const NO = /^(?:(?:嗯+|呃+|哦|啊|um+|uh+|er+|well|oh)[\s,，。.]*)?(?:不是|不对|不要|不用|不行|不|没有|错了?|否|no|nope|nah|wrong|incorrect|that's wrong)(?:$|[\s,，。.!！吧啊呀的了])/iu;
const YES = /^(?:是的?|对的?|对啊|好的?|好啊|可以|行|没错|嗯+|要的?|正确|确认|yes|yeah|yep|yup|sure|okay|ok|correct|right|that's right|exactly|please(?=[\s.!]*$))(?:$|[\s,，。.!！吧啊呀的了我])/iu;
/** "不是挂失", "not my card": what is denied comes along, so the whole of it is read once more, with what is wanted instead. */
const NOT_THAT = /^(?:不是|不要|不想|not\b)/iu;

/** Phrases for recognisers that know only what they are given. */
export const YES_NO_PHRASES: readonly string[] = ['是', '是的', '对', '对的', '好的', '不是', '不对', '不要', 'yes', 'yeah', 'correct', 'right', 'no', 'wrong', 'nope'];

/** Reads an answer to a question for yes or no; `rest` is what was said beside it. Undefined when it is neither. */
export function readYesNo(text: string): { readonly yes: boolean; readonly rest: string } | undefined {
  const said = text.normalize('NFKC').trim();
  // "No" first: "嗯，不是" begins as "嗯" does.
  const no = NO.exec(said);
  if (no !== null) return { yes: false, rest: restOf(said, no[0]) };
  if (NOT_THAT.test(said)) return { yes: false, rest: said };
  const yes = YES.exec(said);
  return yes === null ? undefined : { yes: true, rest: restOf(said, yes[0]) };
}

/** What stands behind what was read. */
export function restOf(said: string, read: string): string {
  return said.slice(read.length).replace(/^[\s,，。.!！]+/u, '');
}
