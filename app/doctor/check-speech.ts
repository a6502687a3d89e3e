import { basename } from 'node:path';
import { isStrowgerError, messageOf, type StrowgerError } from '../../engine/domain/errors.ts';
import { LANGUAGES, type Language } from '../../engine/domain/language.ts';
import { CALL_SAMPLE_RATE_HZ } from '../../engine/ports/call-audio.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import type { Recognizer } from '../../engine/ports/recognizer.ts';
import { randomIds } from '../../integrations/runtime/random-ids.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { findPrivateRoot } from '../../telephony/pbx/private-packages.ts';
import type { Config } from '../config/schema.ts';
import { openCommands, openSherpaModel, serverRecognizer, type CommandsConfig, type ServerConfig, type SherpaModelConfig } from '../speech.ts';
import { somebodyListens } from './check-surroundings.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

/** Servers answer where recognisers are said to be; those without a server have their programs and their models. */
export async function checkSpeech({ speech }: Config): Promise<readonly Finding[]> {
  return Promise.all(
    speech.recognizers.map(async (one, index): Promise<Finding> => {
      const part = `speech ${one.kind}`;
      if (one.kind === 'commands' || one.kind === 'sherpaModel') return checkLocal(part, one);
      return checkServer(part, one, `speech.recognizers[${index}]`, index + 1 < speech.recognizers.length ? 'the next recogniser is asked' : 'callers are asked for keys');
    }),
  );
}

async function checkServer(part: string, one: ServerConfig, setting: string, meanwhile: string): Promise<Finding> {
  const { listens, at } = await somebodyListens(one.url);
  if (!listens) return warning(part, `nobody listens at ${at}`, `Start it or correct ${setting}.url. Until then ${meanwhile}.`);
  const error = await failureOnSilence(serverRecognizer(one, systemClock, randomIds()), one.languages ?? LANGUAGES);
  if (error === undefined) return ok(part, `answers at ${at}`);
  // Not every server has something to say about silence.
  if (error.code === 'speech.timeout') return ok(part, `something listens at ${at}, and says nothing about silence`);
  return warning(part, `what listens at ${at} is of no use: ${error.message}`, `Correct ${setting}, or the server. Until then ${meanwhile}.`);
}

/** Says nothing for a tenth of a second, and tells what goes wrong. */
function failureOnSilence(recognizer: Recognizer, languages: readonly Language[]): Promise<StrowgerError | undefined> {
  return new Promise((resolve) => {
    const recognition = recognizer.recognize({ languages, phrases: [] }, { partial: () => undefined, final: () => resolve(undefined), failed: resolve });
    recognition.write(new Int16Array(CALL_SAMPLE_RATE_HZ / 10));
    recognition.end();
  });
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
