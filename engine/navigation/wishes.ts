/** Where one wish ends and another begins: "我要挂失，还想查一下余额", "block my card and then tell me my balance". */
const BETWEEN = /(?:[，,。；;！!]|\s)*(?:还有|另外|然后|再就是|顺便|同时|以及|并且|还(?=要|想|需要|得))|[，,。；;！!]+\s*|\s+(?:and then|and also|and|also|then|plus)\s+/giu;

/** The wishes that an utterance may hold: itself when there is nothing between two. Shorter parts than two letters are none. */
export function wishesOf(text: string): readonly string[] {
  const parts = text
    .normalize('NFKC')
    .split(BETWEEN)
    .map((part) => part.trim())
    .filter((part) => [...part].length >= 2);
  return parts.length < 2 ? [text] : parts;
}
