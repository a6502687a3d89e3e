import { placeDue, type PlacingTask } from './placing.ts';
import { rateOfRequests, type RequestTask } from './requests.ts';
import { readPlain, restorePending, type RestoreTask } from './restore.ts';

export type PartTask =
  | ({ readonly part: 'restore' } & RestoreTask)
  | ({ readonly part: 'readPlain' } & RestoreTask)
  | ({ readonly part: 'place' } & PlacingTask)
  | ({ readonly part: 'request' } & RequestTask);

/** Does one part of the bench in this process. */
export async function doPart(task: PartTask): Promise<unknown> {
  switch (task.part) {
    case 'restore':
      return restorePending(task);
    case 'readPlain':
      return readPlain(task);
    case 'place':
      return placeDue(task);
    case 'request':
      return rateOfRequests(task);
  }
}
