import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import type { EngineTask } from '../peers/engine-process.ts';
import type { ProgramTask } from '../peers/program.ts';
import { ProgramProcess } from './program-process.ts';
import type { ToneName } from './tones.ts';

/** The ways to run the same small IVR, in the order in which they are shown. */
export const CONTESTANTS = {
  dialplan: { number: '7001', title: 'dialplan' },
  ariClient: { number: '7002', title: 'ari-client, plain' },
  bare: { number: '7003', title: 'bare WebSocket' },
  engine: { number: '7004', title: 'Strowger' },
} as const;

export type ContestantName = keyof typeof CONTESTANTS;
export const CONTESTANT_NAMES = Object.keys(CONTESTANTS) as readonly ContestantName[];

/** Who answers the calls of `bare` and `engine`: the dialplan before `Stasis()`, as production has it, or the program. */
export type AnsweredBy = 'dialplan' | 'program';

type Prompts = Readonly<Record<ToneName, string>>;

/** The extensions that the bench needs beside the engine's hotline, which is configured as any other. */
export function benchDialplan(prompts: Prompts, answeredBy: AnsweredBy): string {
  const { dialplan, ariClient, bare } = CONTESTANTS;
  // Read() plays, takes a digit that barges in, and returns at once when it has one.
  return `[strowger-hotlines]
exten => ${dialplan.number},1,Answer()
 same => n,Read(DIGIT,${prompts.first},1,,1,5)
 same => n,Playback(\${IF($["\${DIGIT}" = "1"]?${prompts.second}:)})
 same => n,Hangup()
exten => ${ariClient.number},1,Stasis(bench-ari-client)
 same => n,Hangup()
exten => ${bare.number},1,${answeredBy === 'dialplan' ? 'Answer()' : 'NoOp()'}
 same => n,Stasis(bench-bare)
 same => n,Hangup()
`;
}

export interface ProgramsOptions {
  readonly pbx: PrivateAsterisk;
  readonly prompts: Prompts;
  readonly dir: string;
  readonly requestSockets: number;
  readonly names: readonly ContestantName[];
  readonly profileDir?: string | undefined;
  /** Of the engine. Default true. */
  readonly keepsJournal?: boolean;
}

/** Starts the programs of the contestants that have one. When one fails, those that run are ended. */
export async function startPrograms(options: ProgramsOptions): Promise<ReadonlyMap<ContestantName, ProgramProcess>> {
  const { pbx, prompts, dir, requestSockets, names, profileDir, keepsJournal = true } = options;
  const task: ProgramTask = { ...pbx.ari, app: '', first: `sound:${prompts.first}`, second: `sound:${prompts.second}` };
  const dataDir = join(dir, 'engine');
  mkdirSync(dataDir);
  const engineTask: EngineTask = { ...task, number: CONTESTANTS.engine.number, dataDir, requestSockets, keepsJournal };
  const programs: Partial<Record<ContestantName, { readonly name: string; readonly task: object }>> = {
    ariClient: { name: 'plain-ari-client', task: { ...task, app: 'bench-ari-client' } },
    bare: { name: 'bare-websocket', task: { ...task, app: 'bench-bare' } },
    engine: { name: 'engine-process', task: engineTask },
  };
  const started = await Promise.allSettled(
    names.flatMap((name) => {
      const program = programs[name];
      return program === undefined ? [] : [ProgramProcess.start({ ...program, dir, profileDir }).then((process) => [name, process] as const)];
    }),
  );
  const running = started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failed = started.find((one) => one.status === 'rejected');
  if (failed !== undefined) {
    await Promise.all(running.map(([, process]) => process.stop()));
    throw failed.reason;
  }
  return new Map(running);
}
