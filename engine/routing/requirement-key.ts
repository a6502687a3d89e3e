import type { AgentId } from '../domain/ids.ts';
import type { Requirement } from '../domain/requirement.ts';

/** A text that only an equal requirement has. Lengths stand before names, so no name can be mistaken for syntax. */
export function requirementKey(requirement: Requirement): string {
  if ('skill' in requirement) {
    const { skill, atLeast, atMost } = requirement;
    let key = `s${skill.length}:${skill}`;
    if (atLeast !== undefined) key += `>${atLeast}`;
    if (atMost !== undefined) key += `<${atMost}`;
    return key;
  }
  if ('agent' in requirement) return `a${requirement.agent.length}:${requirement.agent}`;
  if ('all' in requirement) return `&${keysOf(requirement.all)}`;
  if ('any' in requirement) return `|${keysOf(requirement.any)}`;
  return `!${requirementKey(requirement.not)}`;
}

function keysOf(parts: readonly Requirement[]): string {
  let keys = '(';
  for (const part of parts) keys += `${requirementKey(part)},`;
  return `${keys})`;
}

/**
 * The same requirement in one spelling: parts in order of their keys, `all` in `all` and `any` in `any` unfolded, an `all` or
 * `any` of one part replaced by it. Equal parts stay: what fit counts twice would otherwise count once.
 */
export function canonical(requirement: Requirement): Requirement {
  if ('all' in requirement) {
    const parts = sorted(requirement.all.flatMap((part) => {
      const inner = canonical(part);
      return 'all' in inner ? inner.all : [inner];
    }));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { all: parts };
  }
  if ('any' in requirement) {
    const parts = sorted(requirement.any.flatMap((part) => {
      const inner = canonical(part);
      return 'any' in inner ? inner.any : [inner];
    }));
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : { any: parts };
  }
  return 'not' in requirement ? { not: canonical(requirement.not) } : requirement;
}

function sorted(parts: readonly Requirement[]): readonly Requirement[] {
  return parts
    .map((part) => ({ part, key: requirementKey(part) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ part }) => part);
}

/** Every agent whom a requirement names, be it to ask for or to rule out. */
export function agentsNamedBy(requirement: Requirement): readonly AgentId[] {
  if ('agent' in requirement) return [requirement.agent];
  if ('all' in requirement) return requirement.all.flatMap(agentsNamedBy);
  if ('any' in requirement) return requirement.any.flatMap(agentsNamedBy);
  return 'not' in requirement ? agentsNamedBy(requirement.not) : [];
}
