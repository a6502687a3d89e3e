import type { PrivateAsterisk } from '../telephony/pbx/private-asterisk.ts';

/** As it tells it itself, e.g. `22.10.1`. */
export async function asteriskVersion(pbx: PrivateAsterisk): Promise<string> {
  return /Asterisk (\S+)/.exec(await pbx.cli('core show version'))?.[1] ?? 'unknown';
}
