// The engine with the queue of `./strowger bench queue`.
import { programTask } from './program.ts';
import { runWholeEngine } from './whole-engine.ts';

export interface QueueEngineTask {
  readonly url: string;
  readonly user: string;
  readonly password: string;
  readonly number: string;
  readonly dataDir: string;
  /** Ids of the agents: what the switch knows as PJSIP/<id>. */
  readonly agents: readonly string[];
}

const task = programTask() as unknown as QueueEngineTask;
await runWholeEngine({
  engine: { id: 'bench', dataDir: task.dataDir },
  nodes: [{ id: 'pbx', url: task.url, user: task.user, password: task.password }],
  hotlines: [{ number: task.number, flow: 'queue' }],
  // As queues.conf has it for app_queue (bench/queue/contestants.ts).
  queues: [{ id: 'bench', name: 'Bench', ringSeconds: 15, wrapUpSeconds: 0, maxWaitSeconds: 'untilServed', selection: 'longestIdle' }],
  agents: task.agents.map((id) => ({ id, name: id, endpoint: `PJSIP/${id}`, queues: ['bench'], signedIn: true })),
});
