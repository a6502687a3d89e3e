import type { AnsweredBy } from '../../engine/ports/call-events.ts';

/**
 * ARI has no answering machine detection: a leg that is to be listened to first goes through this context of extensions.conf, which runs
 * AMD() and hands the leg over with its verdict as one more argument.
 */
export const DETECTION_CONTEXT = 'strowger-detect';

const VERDICT = /^amd:([A-Z]*):([A-Z]*)/;

/** The arguments as the engine gave them, and the verdict of AMD() that the dialplan added: its AMDSTATUS and AMDCAUSE. */
export function readArgs(all: readonly string[]): { readonly args: readonly string[]; readonly answeredBy?: AnsweredBy } {
  const [, status, cause] = VERDICT.exec(all.at(-1) ?? '') ?? [];
  if (status === undefined) return { args: all };
  return { args: all.slice(0, -1), answeredBy: verdictOf(status, cause) };
}

function verdictOf(status: string, cause: string | undefined): AnsweredBy {
  if (status === 'HUMAN') return 'person';
  // Asterisk calls it a machine when nothing at all was said; people who wait for the other side to speak do the same.
  return status === 'MACHINE' && cause !== 'INITIALSILENCE' ? 'machine' : 'unknown';
}
