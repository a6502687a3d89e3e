// The engine with the small hotline of `./strowger bench call`.
import { programTask, type ProgramTask } from './program.ts';
import { runWholeEngine } from './whole-engine.ts';

/** The task of the engine: `app` is not used, the engine's own name is. */
export interface EngineTask extends ProgramTask {
  readonly number: string;
  readonly dataDir: string;
  readonly requestSockets: number;
  readonly keepsJournal: boolean;
}

const task = programTask() as EngineTask;
await runWholeEngine(
  {
    engine: { id: 'bench', dataDir: task.dataDir },
    nodes: [{ id: 'pbx', url: task.url, user: task.user, password: task.password, requestSockets: task.requestSockets }],
    hotlines: [{ number: task.number, flow: 'small' }],
    queues: [{ id: 'none', name: 'No queue' }],
  },
  { first: [task.first], second: [task.second] },
  { keepsJournal: task.keepsJournal },
);
