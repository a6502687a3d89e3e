// One part of the bench in a process of its own, so that heap and CPU are those of this part. See part.ts.
import { doPart, type PartTask } from './parts.ts';

process.once('disconnect', () => process.exit(1));
const result = await doPart(JSON.parse(process.env['STROWGER_BENCH_TASK'] ?? '') as PartTask);
// The timers of what was closed would keep it alive for a while.
process.send?.(result, () => process.exit(0));
