import { basename } from 'node:path';
import { isStrowgerError, messageOf } from '../../engine/domain/errors.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { findPrivateRoot } from '../../telephony/pbx/private-packages.ts';
import type { Config } from '../config/schema.ts';
import { openCommands, openSherpaModel, type CommandsConfig, type SherpaModelConfig } from '../speech.ts';
import { somebodyListens } from './check-surroundings.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

/** Something listens where recognisers are said to be; those without a server have their programs and their models. */
export async function checkSpeech({ speech }: Config): Promise<readonly Finding[]> {
  return Promise.all(
    speech.recognizers.map(async (one, index): Promise<Finding> => {
      const part = `speech ${one.kind}`;
      if (one.kind === 'commands' || one.kind === 'sherpaModel') return checkLocal(part, one);
      const { listens, at } = await somebodyListens(one.url);
      const next = index + 1 < speech.recognizers.length ? 'the next recogniser is asked' : 'callers are asked for keys';
      return listens ? ok(part, `something listens at ${at}`) : warning(part, `nobody listens at ${at}`, `Start it or correct speech.recognizers[${index}].url. Until then ${next}.`);
    }),
  );
}

async function checkLocal(part: string, one: CommandsConfig | SherpaModelConfig): Promise<Finding> {
  const surroundings = { clock: systemClock, log: silentLogger };
  try {
    if (one.kind === 'commands') {
      const commands = await openCommands(one, { ...surroundings, root: findPrivateRoot() });
      await commands.close();
      return ok(part, `understands ${commands.languages.join(' and ')}`);
    }
    const model = await openSherpaModel(one, { ...surroundings, phrases: [] });
    await model.close();
    return ok(part, `understands ${model.languages.join(' and ')} by ${model.files.kind}: ${Object.values(model.files.files).map((file) => basename(file)).join(', ')}`);
  } catch (error) {
    const advice = one.kind === 'commands' ? 'Install pocketsphinx and pocketsphinx-en-us, or correct speech.recognizers[].mandarinModel.' : 'Correct speech.recognizers[].model: docs/speech.md tells what must be in the folder.';
    return failure(part, messageOf(error), isStrowgerError(error) && error.hint !== '' ? error.hint : advice);
  }
}
