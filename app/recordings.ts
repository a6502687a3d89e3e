import { join, resolve } from 'node:path';
import type { NodeId } from '../engine/domain/ids.ts';
import type { Announce } from '../engine/ports/announcer.ts';
import type { Clock } from '../engine/ports/clock.ts';
import type { IdSource } from '../engine/ports/id-source.ts';
import type { Logger } from '../engine/ports/logger.ts';
import { Recordings } from '../engine/recording/recordings.ts';
import { RecordingFolder } from '../integrations/recordings/recording-folder.ts';
import { RecordingKeys } from '../integrations/recordings/recording-keys.ts';
import type { Store } from '../integrations/store/sqlite-store.ts';
import { AriRecorder } from '../telephony/ari/ari-recorder.ts';
import type { AriSwitchboard } from '../telephony/ari/ari-switchboard.ts';
import { readSecret, type Environment } from './config/load-config.ts';
import type { Config } from './config/schema.ts';

const DAY_MS = 86_400_000;

export interface RecordingParts {
  readonly config: Config;
  readonly environment: Environment;
  readonly clock: Clock;
  readonly ids: IdSource;
  readonly log: Logger;
  readonly announce: Announce;
  readonly store: Store;
  readonly switchboard: AriSwitchboard;
  /** Nodes that are connected already: a hand-over. */
  readonly connected: readonly NodeId[];
}

/** Recordings as configured, with what the journal kept; undefined where nothing is recorded. Rejects with `recording.key-missing` and `config.secret`. */
export async function startRecordings({ config, environment, clock, ids, log, announce, store, switchboard, connected }: RecordingParts): Promise<Recordings | undefined> {
  const { recording } = config;
  if (recording === undefined) return undefined;
  const recordings = new Recordings({
    ...{ clock, ids, log, announce, connected },
    journal: store.journal,
    events: switchboard,
    recorder: new AriRecorder(switchboard),
    vault: new RecordingFolder(recordingDir(config), recordingKeys(recording, environment)),
    index: store.recordings,
    retentionMs: recording.retentionDays * DAY_MS,
    pauseLimitMs: recording.pauseLimitSeconds * 1_000,
  });
  await recordings.open();
  return recordings;
}

export function recordingKeys(recording: NonNullable<Config['recording']>, environment: Environment): RecordingKeys {
  return new RecordingKeys(recording.keys.map(({ id, key }) => ({ id, key: readSecret(key, environment) })));
}

export function recordingDir(config: Config): string {
  return resolve(config.recording?.dir ?? join(config.engine.dataDir, 'recordings'));
}
