// The workbench beside `./strowger bench queue`: the same bench with every knob, for those who tune.
//   node --import tsx bench/queue/lab.ts --calls 60 --rounds 2 --agents 20 --load 1.2 --only retry1,engine
import { parseArgs } from 'node:util';
import { CONTESTANT_NAMES, type ContestantName } from './contestants.ts';
import { queueBench } from './queue-bench.ts';
import { reportOf } from './report.ts';

const { values } = parseArgs({
  options: {
    calls: { type: 'string', default: '150' },
    rounds: { type: 'string', default: '2' },
    agents: { type: 'string', default: '8' },
    load: { type: 'string', default: '1' },
    'ended-by': { type: 'string', default: 'both' },
    'warm-up': { type: 'string', default: '80' },
    only: { type: 'string', default: CONTESTANT_NAMES.join() },
    json: { type: 'boolean', default: false },
  },
});

const result = await queueBench({
  calls: Number(values.calls),
  rounds: Number(values.rounds),
  agents: Number(values.agents),
  load: Number(values.load),
  endedBy: values['ended-by'] === 'caller' || values['ended-by'] === 'agent' ? values['ended-by'] : 'both',
  warmUpCalls: Number(values['warm-up']),
  contestants: values.only.split(',').filter((name): name is ContestantName => (CONTESTANT_NAMES as readonly string[]).includes(name)),
  onProgress: (text) => console.error(text),
});
console.log(values.json ? JSON.stringify(result, undefined, 2) : reportOf(result).join('\n'));
