import { accessSync, constants, existsSync, statfsSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { isStrowgerError, messageOf } from '../../engine/domain/errors.ts';
import { RECORDED_BYTES_PER_SECOND } from '../../engine/domain/recording.ts';
import type { Environment } from '../config/load-config.ts';
import type { Config } from '../config/schema.ts';
import { recordingDir, recordingKeys } from '../recordings.ts';
import { failure, ok, warning, type Finding } from './finding.ts';

const HOUR_BYTES = RECORDED_BYTES_PER_SECOND * 3_600;
/** Less than this is soon full: 500 hours are a day of a hundred agents. */
const LEAST_HOURS = 500;

/** The keys are there, and the folder can be written and has room. */
export function checkRecording(config: Config, environment: Environment): readonly Finding[] {
  const { recording } = config;
  if (recording === undefined) return [];
  return [keysFinding(recording, environment), folderFinding(recordingDir(config))];
}

function keysFinding(recording: NonNullable<Config['recording']>, environment: Environment): Finding {
  try {
    const { current } = recordingKeys(recording, environment);
    return ok('recording', `${recording.keys.length} keys are there; '${current}' encrypts`);
  } catch (error) {
    return failure('recording', messageOf(error), isStrowgerError(error) ? error.hint : 'Read the message.');
  }
}

function folderFinding(dir: string): Finding {
  try {
    let there = dir;
    while (!existsSync(there)) there = dirname(there);
    if (!statSync(there).isDirectory()) throw new Error(`${there} is no folder`);
    accessSync(there, constants.W_OK);
    const { bavail, bsize } = statfsSync(there);
    const hours = Math.floor((bavail * bsize) / HOUR_BYTES);
    const text = `${dir} can be written, and has room for ${hours} hours`;
    return hours < LEAST_HOURS ? warning('recording', text, 'Make room, or set a shorter `retentionDays`. What finds none waits on its switch.') : ok('recording', text);
  } catch (error) {
    return failure('recording', `${dir}: ${messageOf(error)}`, 'Let the user of the engine write it, or set `recording.dir`.');
  }
}
