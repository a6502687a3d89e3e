import type { GeneratedFiles } from './render-types.ts';

/**
 * Where two generations of the types differ, one sentence each, empty when they describe the same API:
 * `events.ts: StasisStart.args: checked in 'readonly string[]', running Asterisk none`.
 */
export function differences(checkedIn: GeneratedFiles, running: GeneratedFiles): readonly string[] {
  return (Object.keys(checkedIn) as (keyof GeneratedFiles)[]).flatMap((file) => {
    const [ours, theirs] = [entriesOf(checkedIn[file]), entriesOf(running[file])];
    return [...new Set([...ours.keys(), ...theirs.keys()])]
      .filter((name) => ours.get(name) !== theirs.get(name))
      .map((name) => `${file}: ${name}: checked in ${shown(ours.get(name))}, running Asterisk ${shown(theirs.get(name))}`);
  });
}

const shown = (text: string | undefined): string => (text === undefined ? 'none' : `'${text}'`);

/** `Channel.state` → `string`: the fields of all declarations. Comments (the version in the header) do not count. */
function entriesOf(text: string): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  let declaration = '';
  for (const line of text.split('\n')) {
    const opened = /^export (?:interface|const|type) (\w+)/.exec(line)?.[1];
    if (opened !== undefined) declaration = opened;
    const field = /^ {2}(?:readonly )?'?([\w.]+)'?(\??): (.*?)[;,]$/.exec(line);
    if (field !== null) entries.set(`${declaration}.${field[1]}${field[2]}`, field[3] ?? '');
    // Members of the union and of the list: present or not.
    const member = /^ {2}(?:\| |')(\w+)'?[;,]?$/.exec(line)?.[1];
    if (member !== undefined) entries.set(`${declaration} ${member}`, 'present');
  }
  return entries;
}
