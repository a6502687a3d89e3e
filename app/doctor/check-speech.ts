import { isStrowgerError, messageOf } from '../../engine/domain/errors.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { findPrivateRoot } from '../../telephony/pbx/private-packages.ts';
import type { Config } from '../config/schema.ts';
import { openCommands } from '../speech.ts';
import { somebodyListens } from './check-surroundings.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

/** Something listens where recognisers are said to be; the one without a server has its program and its models. */
export async function checkSpeech({ speech }: Config): Promise<readonly Finding[]> {
  return Promise.all(
    speech.recognizers.map(async (one, index): Promise<Finding> => {
      const part = `speech ${one.kind}`;
      if (one.kind !== 'commands') {
        const { listens, at } = await somebodyListens(one.url);
        const next = index + 1 < speech.recognizers.length ? 'the next recogniser is asked' : 'callers are asked for keys';
        return listens ? ok(part, `something listens at ${at}`) : warning(part, `nobody listens at ${at}`, `Start it or correct speech.recognizers[${index}].url. Until then ${next}.`);
      }
      try {
        const commands = await openCommands(one, { clock: systemClock, log: silentLogger, root: findPrivateRoot() });
        await commands.close();
        return ok(part, `understands ${commands.languages.join(' and ')}`);
      } catch (error) {
        return failure(part, messageOf(error), isStrowgerError(error) && error.hint !== '' ? error.hint : 'Install pocketsphinx and pocketsphinx-en-us, or correct speech.recognizers[].mandarinModel.');
      }
    }),
  );
}
