import { readFileSync } from 'node:fs';
import { StrowgerError } from '../../engine/domain/errors.ts';

const FOLDER = new URL('../../asterisk-config/', import.meta.url);

// One agent's part is asked for as often as there are agents.
const read = new Map<string, string>();

/** Reads a template of asterisk-config/, e.g. `pjsip.conf` or `parts/agent.conf`. */
export function readTemplate(name: string): string {
  const text = read.get(name) ?? readFileSync(new URL(name, FOLDER), 'utf8');
  read.set(name, text);
  return text;
}

/**
 * Puts values into the `{{name}}` places of a template. A place without a value is a mistake of ours and throws;
 * a line that becomes empty because its only place is empty disappears.
 */
export function fillTemplate(template: string, values: Readonly<Record<string, string | number>>): string {
  const lines = template.split('\n').flatMap((line) => {
    const filled = line.replaceAll(/\{\{([a-zA-Z.]+)\}\}/g, (_whole, name: string) => {
      const value = values[name];
      if (value === undefined) throw new StrowgerError('pbx.config', `A template asks for {{${name}}}, which has no value.`, { fields: { option: name } });
      return String(value);
    });
    return filled === '' && line !== '' ? [] : [filled];
  });
  return `${lines.join('\n').trimEnd()}\n`;
}
