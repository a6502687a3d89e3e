import { beforeEach, describe, expect, it } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import bank from '../../flows/bank.ts';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import { SpeakingCaller } from './speaking-caller.ts';

/** What is played to callers: a second process that takes calls over asks the switch for nothing that they hear already. */
const started = (rig: SpeakingCaller): readonly string[] => rig.engine.log.of('prompt.started').flatMap(({ prompts }) => prompts);

describe('a hand-over to a second process', () => {
  const rig = new SpeakingCaller(bank);
  const heard = () => rig.caller.heard.map(({ media, complete }) => [media.replace(/^sound:zh-CN\//, ''), complete] as const);

  beforeEach(() => {
    rig.engine.services = async () => ({ outcome: 'none' });
    rig.engine.language = undefined;
    rig.dials('95500');
  });
  const toMenu = async () => {
    await rig.caller.pressInto('sound:zh-CN/language.menu', '1');
    await rig.caller.hears('sound:zh-CN/main.menu');
  };

  it('in a prompt: it goes on, and is waited for', async () => {
    await toMenu();
    await rig.caller.waits(1_000);
    await rig.engine.handOver(500);
    await rig.caller.waits(2_500);
    await rig.caller.press('3');
    await rig.caller.hears('sound:zh-CN/card.menu');
    expect(started(rig).filter((key) => key === 'main.menu')).toHaveLength(1);
    expect(heard().filter(([what]) => what === 'main.menu')).toEqual([['main.menu', true]]);
  });

  it('in a prompt that ends before the second process has read the journal: the menu waits for a key', async () => {
    await toMenu();
    await rig.caller.waits(2_900);
    await rig.engine.handOver(500);
    await rig.caller.waits(1_000);
    await rig.caller.press('3');
    await rig.caller.hears('sound:zh-CN/card.menu');
    expect(started(rig).filter((key) => key === 'main.menu')).toHaveLength(1);
  });

  it('in a prompt: a key that is pressed between the two processes counts', async () => {
    await toMenu();
    await rig.caller.waits(1_000);
    const over = rig.engine.handOver(500);
    await rig.engine.clock.advanceBy(3_200);
    await over;
    await rig.caller.press('3');
    await rig.caller.hears('sound:zh-CN/card.menu');
  });

  it('between prompt and key: the rest of the time is waited for, and then it is asked again as ever', async () => {
    await toMenu();
    // The prompt takes three seconds, an answer seven.
    await rig.caller.waits(7_000);
    await rig.engine.handOver();
    expect(started(rig).filter((key) => key === 'main.menu')).toHaveLength(1);
    await rig.caller.waits(2_500);
    expect(rig.engine.log.of('menu.missed')).toHaveLength(0);
    await rig.caller.waits(1_000);
    expect(rig.engine.log.of('menu.missed')).toMatchObject([{ why: 'noInput' }]);
  });

  it('while digits are typed: it waits until nobody types, but not for ever', async () => {
    await toMenu();
    await rig.caller.press('2');
    await rig.caller.hears('sound:zh-CN/identify.account', { toEnd: true });
    await rig.caller.press('62', { paceMs: 200 });
    const since = rig.engine.clock.now();
    await rig.engine.handOver();
    expect(rig.engine.clock.now() - since).toBeGreaterThanOrEqual(2_800);
    expect(rig.engine.clock.now() - since).toBeLessThan(5_100);
  });

  it('in the queue: the music plays on, the place is kept, and an agent is offered', async () => {
    rig.engine.distributor.setNotReady(agentId('1001'), 'break');
    await toMenu();
    await rig.caller.press('0');
    await rig.engine.clock.advanceBy(6_000);
    const [place] = rig.engine.distributor.queues().flatMap(({ contacts }) => contacts);
    expect(place).toBeDefined();
    const music = () => heard().filter(([what]) => what.startsWith('music:'));
    const before = music();
    await rig.engine.handOver(300);
    await rig.engine.clock.advanceBy(4_000);
    expect(music()).toEqual(before);
    expect(rig.engine.distributor.queues().flatMap(({ contacts }) => contacts)).toMatchObject([{ contactId: place?.contactId, enqueuedAt: place?.enqueuedAt }]);
    rig.engine.sim.phone('PJSIP/1001', answers(1_000));
    rig.engine.distributor.setReady(agentId('1001'));
    await rig.engine.clock.advanceBy(3_000);
    expect(rig.caller.connectedTo).toEqual(['PJSIP/1001']);
  });
});
