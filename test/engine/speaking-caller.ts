import { afterEach, beforeEach, expect } from 'vitest';
import { agentId } from '../../engine/domain/ids.ts';
import type { Hotline } from '../../engine/flow/hotline.ts';
import { learnHotline } from '../../engine/navigation/hotline-language.ts';
import { answers } from '../../telephony/sim/phone-behaviour.ts';
import type { SimulatedCaller } from '../../telephony/sim/simulated-caller.ts';
import type { Saying } from '../../telephony/sim/simulated-speech.ts';
import { VirtualEngine } from './virtual-engine.ts';

/** For each test of the suite that makes it: an engine that understands its hotline, an agent who is ready, and a caller who leaves nothing behind. */
export class SpeakingCaller {
  engine!: VirtualEngine;
  caller!: SimulatedCaller;

  constructor(hotline: Hotline) {
    const language = learnHotline(hotline.intents);
    beforeEach(async () => {
      this.engine = await VirtualEngine.start(hotline);
      this.engine.language = language;
      this.engine.sim.phone('PJSIP/1001', answers(1_000));
      this.engine.distributor.signIn(agentId('1001'));
    });
    afterEach(async () => {
      const { engine, caller } = this;
      caller.hangUp();
      await engine.clock.settle();
      await engine.clock.advanceBy(60_000);
      expect(engine.leftovers()).toEqual([]);
      expect(engine.complaints.errors).toEqual([]);
    });
  }

  dials(number: string): void {
    this.caller = this.engine.sim.call({ number, callerNumber: '13800138000', answeredByDialplan: true });
  }

  /** Gets to the bank's open question, in Chinese, and hears it to its end. */
  async isAskedByTheBank(): Promise<void> {
    this.dials('95500');
    await this.caller.pressInto('sound:zh-CN/language.menu', '1');
    await this.caller.hears('sound:zh-CN/main.ask', { toEnd: true });
  }

  readonly says = (text: string, how?: Saying): void => this.engine.speech.say(this.caller.channelId, text, how);
}
