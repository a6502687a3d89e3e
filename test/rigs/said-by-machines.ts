import type { Language } from '../../engine/domain/language.ts';
import type { Pcm, Synthesizer } from '../../engine/ports/synthesizer.ts';
import type { PrivateRoot } from '../../telephony/pbx/private-root.ts';
import { EspeakSynthesizer } from '../../telephony/speech/espeak-synthesizer.ts';
import { FliteSynthesizer } from '../../telephony/speech/flite-synthesizer.ts';
import { Resampler } from '../../telephony/speech/resampler.ts';
import { fromPcm, toPcm } from '../../telephony/speech/sound.ts';

/** What callers of a bank say, spoken by the development voices at 8 kHz. */
export async function saidByMachines(root: PrivateRoot): Promise<Readonly<Record<Language, readonly Int16Array[]>>> {
  const resampler = new Resampler();
  const at8kHz = async ({ samples, sampleRateHz }: Pcm): Promise<Int16Array> => toPcm((await resampler.resampled({ samples: fromPcm(samples), sampleRateHz }, 8_000)).samples, 0.9);
  const all = async (language: Language, synthesizer: Synthesizer): Promise<Int16Array[]> => {
    const sounds: Int16Array[] = [];
    for (const text of TEXTS[language]) sounds.push(await at8kHz(await synthesizer.render(text, language)));
    return sounds;
  };
  try {
    return { 'zh-CN': await all('zh-CN', new EspeakSynthesizer(root.command('espeak-ng', []))), en: await all('en', new FliteSynthesizer(root.command('flite', []))) };
  } finally {
    await resampler.close();
  }
}

const TEXTS: Readonly<Record<Language, readonly string[]>> = {
  'zh-CN': ['我要挂失信用卡', '查一下余额', '转人工', '我的卡丢了，帮我冻结一下', '贷款利率是多少', '是的', '不是', '信用卡账单', '修改密码', '最近的网点在哪里'],
  en: ['I lost my card', 'my balance please', 'operator', 'I would like to report a stolen credit card', 'what are your opening hours', 'yes', 'no', 'credit card bill', 'change my password', 'where is the nearest branch'],
};
