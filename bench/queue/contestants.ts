import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';

/** The ways to queue the same callers for the same phones, in the order in which they are shown. */
export const CONTESTANTS = {
  retry1: { number: '7101', title: 'app_queue, retry=1' },
  retry5: { number: '7102', title: 'app_queue, retry=5' },
  engine: { number: '7103', title: 'Strowger' },
} as const;

export type ContestantName = keyof typeof CONTESTANTS;
export const CONTESTANT_NAMES = Object.keys(CONTESTANTS) as readonly ContestantName[];

/** Seconds; 5 is app_queue's default, 1 the least that it takes (0 becomes 5; app_queue.c, queue_set_param). */
const RETRY = { retry1: 1, retry5: 5 } as const;

/** Both queues of app_queue; the engine's hotline is configured as any other. */
export function benchDialplan(): string {
  const queue = (name: keyof typeof RETRY): string => `exten => ${CONTESTANTS[name].number},1,Answer()
 same => n,Queue(${name})
 same => n,Hangup()
`;
  return `[strowger-hotlines]\n${queue('retry1')}${queue('retry5')}`;
}

/** Gives app_queue its files and loads it. Rejects with `bench.failed` when it does not run. */
export async function loadAppQueue(pbx: PrivateAsterisk, agents: readonly string[]): Promise<void> {
  writeFileSync(join(pbx.dirs.etc, 'queues.conf'), queuesConf(agents));
  writeFileSync(join(pbx.dirs.etc, 'queuerules.conf'), '[general]\n');
  await pbx.cli('module load app_queue.so');
  for (const name of Object.keys(RETRY)) {
    const shown = await pbx.cli(`queue show ${name}`);
    const members = shown.split('\n').filter((line) => line.includes('Not in use')).length;
    if (members !== agents.length) {
      throw new StrowgerError('bench.failed', `app_queue has ${members} of ${agents.length} phones ready in the queue ${name}:\n${shown}`);
    }
  }
}

/** As quick and as plain as app_queue can be: the settings are those of the engine's queue (bench/peers/queue-engine-process.ts). */
function queuesConf(agents: readonly string[]): string {
  const members = agents.map((agent) => `member => PJSIP/${agent}`).join('\n');
  const queue = (name: keyof typeof RETRY): string => `
[${name}]
strategy = leastrecent
musicclass = default
timeout = 15
retry = ${RETRY[name]}
wrapuptime = 0
ringinuse = no
autopause = no
joinempty = yes
leavewhenempty = no
announce-frequency = 0
${members}
`;
  // autofill: idle agents are rung for several callers at a time, not only for the first in line.
  return `[general]\npersistentmembers = no\nautofill = yes\n${queue('retry1')}${queue('retry5')}`;
}
