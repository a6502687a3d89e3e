import type { VerbName } from '../flow/verb.ts';
import { call } from './call.ts';
import { collect } from './collect.ts';
import { end } from './end.ts';
import { hours } from './hours.ts';
import { menu } from './menu.ts';
import { music } from './music.ts';
import { recording } from './recording.ts';
import { route } from './route.ts';
import { say } from './say.ts';
import type { VerbImplementation } from './verb-context.ts';
import { wait } from './wait.ts';

/** What each verb does. */
export const verbTable: { readonly [N in VerbName]: VerbImplementation<N> } = {
  say,
  menu,
  collect,
  call,
  route,
  music,
  wait,
  hours,
  recording,
  end,
};
