import type { Wish } from '../../engine/domain/wish.ts';

/** What a caller wants, for people, after `before`: `loans, said "a loan" (0.93)`. Empty when nothing is known of it. */
export function wishText(wish: { readonly [K in keyof Wish]?: Wish[K] | undefined } | undefined, before = ''): string {
  if (wish === undefined) return '';
  const { choice, confidence, text } = wish;
  const said = text === undefined ? '' : ` said "${text}"`;
  const sure = confidence === undefined ? '' : ` (${confidence.toFixed(2)})`;
  return `${before}${choice ?? 'something that was not understood'}${said === '' ? '' : `,${said}`}${sure}`;
}
