import { isStrowgerError } from '../../engine/domain/errors.ts';

// What a request that only ends something may be told when there is nothing left to end: the channel is not in the
// application (409) or not in that bridge (422) any more.
const NOTHING_LEFT: readonly unknown[] = [409, 422];

/** For requests that only end something. */
export async function succeedWhenGone(request: Promise<void>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (isStrowgerError(error, 'switch.gone')) return;
    if (isStrowgerError(error, 'switch.refused') && NOTHING_LEFT.includes(error.fields['status'])) return;
    throw error;
  }
}
