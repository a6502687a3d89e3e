import { z } from 'zod';

/** What a caller wants, as the API tells it. */
export const wish = z
  .object({
    choice: z.string().optional().describe('The choice of a menu that tells it.'),
    confidence: z.number().min(0).max(1).optional().describe('How sure that was; absent where a key was pressed.'),
    text: z.string().optional().describe('What was said, without numbers and names; only where personal data is configured to be shown.'),
  })
  .describe('What the caller wants, as far as the flow has found out.');

/** Something with a wish as it may be shown. */
export function withShownWish<T extends { readonly wish?: z.input<typeof wish> | undefined }>(of: T, showPersonalData: boolean): T {
  if (showPersonalData || of.wish?.text === undefined) return of;
  const { text: _text, ...known } = of.wish;
  return { ...of, wish: known };
}
