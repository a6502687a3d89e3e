import type { Requirement } from '../engine/domain/requirement.ts';

/** A requirement as people say it: `loans ≥ 3 and (lang.en or agent 1001)`. */
export function requirementText(requirement: Requirement, isInner = false): string {
  if ('skill' in requirement) {
    const { skill, atLeast, atMost } = requirement;
    if (atLeast !== undefined && atMost !== undefined) return `${skill} ${atLeast} to ${atMost}`;
    return atLeast !== undefined ? `${skill} ≥ ${atLeast}` : atMost !== undefined ? `${skill} ≤ ${atMost}` : skill;
  }
  if ('agent' in requirement) return `agent ${requirement.agent}`;
  if ('not' in requirement) return `not ${requirementText(requirement.not, true)}`;
  const isAll = 'all' in requirement;
  const parts = isAll ? requirement.all : requirement.any;
  if (parts.length === 0) return isAll ? 'anyone of the queue' : 'nobody';
  const needed = parts.length === 1 ? parts : parts.filter((part) => !('all' in part && part.all.length === 0 && isAll));
  const texts = needed.map((part) => requirementText(part, needed.length > 1));
  const text = texts.join(isAll ? ' and ' : ' or ');
  return texts.length === 0 ? 'anyone of the queue' : isInner && texts.length > 1 ? `(${text})` : text;
}
