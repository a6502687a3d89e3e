// The workbench beside `./strowger bench call`: the same bench with every knob, for those who tune.
//   node --import tsx bench/call/lab.ts --rate 80 --sockets 4 --answer program --only bare,engine --profile DIR
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { runCallBench } from './call-bench.ts';
import { CONTESTANT_NAMES, type ContestantName } from './contestants.ts';
import { hotSpots } from './cpu-profile.ts';
import { reportOf } from './report.ts';

const { values } = parseArgs({
  options: {
    rate: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '6' },
    'warm-up': { type: 'string', default: '300' },
    sockets: { type: 'string', default: '2' },
    answer: { type: 'string', default: 'dialplan' },
    only: { type: 'string', default: CONTESTANT_NAMES.join() },
    profile: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

const result = await runCallBench({
  rate: Number(values.rate),
  rounds: Number(values.rounds),
  roundSeconds: Number(values.seconds),
  warmUpCalls: Number(values['warm-up']),
  requestSockets: Number(values.sockets),
  answeredBy: values.answer === 'program' ? 'program' : 'dialplan',
  contestants: values.only.split(',').filter((name): name is ContestantName => (CONTESTANT_NAMES as readonly string[]).includes(name)),
  onProgress: (text) => console.error(text),
  ...(values.profile === undefined ? {} : { profileDir: values.profile }),
});
console.log(values.json ? JSON.stringify(result, undefined, 2) : reportOf(result).join('\n'));
if (values.profile !== undefined) console.log(`\n${hotSpots(join(values.profile, 'engine-process')).join('\n')}`);
