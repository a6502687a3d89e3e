import type { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';

/** Waits until a switch holds nothing, and says what it holds when it does not get there within `withinMs`. */
export async function expectEmptySwitch(pbx: PrivateAsterisk, withinMs: number): Promise<void> {
  const until = Date.now() + withinMs;
  for (;;) {
    const [channels, bridges] = [await pbx.channelCount(), await pbx.bridgeCount()];
    if (channels === 0 && bridges === 0) return;
    if (Date.now() > until) throw new Error(`${channels} channels and ${bridges} bridges are left:\n${await pbx.cli('core show channels concise')}`);
    await new Promise((fulfil) => setTimeout(fulfil, 50)); // Asterisk tells no one when its last channel is gone
  }
}
