import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Spoken } from '../../app/cli/spoken.ts';
import { FunasrPeer } from '../../telephony/recognition/testing/funasr-peer.ts';
import { HotlineRig } from './hotline-rig.ts';

/** So many loud samples, an eighth of a second at the 16 kHz of the server, are words and not a click on the line. */
const WORDS = 2_000;

let rig: HotlineRig;
let voice: Spoken;
let peer: FunasrPeer;
/** What the peer writes of the next utterance: a server of free speech cannot be had here, its protocol can. */
let writes = '';

beforeAll(async () => {
  peer = await new FunasrPeer((samples) => (samples.filter((sample) => Math.abs(sample) > 300).length > WORDS ? writes : '')).listen();
  rig = await HotlineRig.start([{ kind: 'funasr', url: peer.url }], { flow: { id: 'repayment', dir: join(import.meta.dirname, 'speaking-flows') } });
  voice = new Spoken(rig.root);
}, 300_000);
afterAll(async () => {
  await voice.close();
  await rig.stop();
  await peer.close();
});
afterEach(() => rig.cleanUp());

describe('a caller who names more than a wish, on a real Asterisk, to a recogniser that writes whatever is said', () => {
  it('is not asked again for the amount and the card, says a code into a question, and none of the numbers is in the log', async () => {
    const says = async (text: string) => {
      writes = text;
      await call.media.sendPcm(await voice.sound(text, 'zh-CN'));
    };
    const call = await rig.call('95500');
    await rig.engine.prompt('repay.ask', 30_000);
    await says('我要还款五百元，尾号八八六六');
    expect(await rig.engine.event('menu.chosen', () => true, 20_000)).toMatchObject({ choice: 'repay', by: 'speech' });
    await rig.engine.prompt('repay.code', 20_000);
    await says('一三五七');
    await rig.engine.prompt('repay.done', 20_000);
    await rig.engine.event('call.ended', () => true, 30_000);
    expect(JSON.stringify(rig.engine.lines)).not.toMatch(/五百|八八六六|8866|50000|一三五七|1357/);
    expect(peer.complaints).toEqual([]);
  }, 120_000);
});
