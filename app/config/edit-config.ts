import { Document, isMap, isScalar, isSeq, parse, parseDocument, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { StrowgerError } from '../../engine/domain/errors.ts';

export type ItemKind = 'agents' | 'queues';

/** What is set of an agent or a queue, by name, as it stands in the file. */
export type Settings = Readonly<Record<string, unknown>>;

// No folding: what was one line stays one line.
const FORMAT = { lineWidth: 0 } as const;

/**
 * The text of a configuration file with an agent or a queue set, and all else as people wrote it, comments included. The
 * settings that `own` names are replaced as a whole: one that is not given is taken out. Others (a phone password) stay.
 */
export function withItem(text: string, kind: ItemKind, id: string, settings: Settings, own: readonly string[]): string {
  const document = documentOf(text);
  const list = listOf(document, kind);
  const item = itemOf(list, id);
  if (item === undefined) {
    const last = list.items.at(-1);
    const added = document.createNode({ id, ...settings }) as YAMLMap;
    if (isMap(last)) added.flow = last.flow === true;
    for (const { value } of added.items) flatten(value);
    list.add(added);
    return firstRight([() => inserted(text, last, added)], document);
  }
  for (const key of own) if (settings[key] === undefined) item.delete(key);
  for (const [key, value] of Object.entries(settings)) if (value !== undefined) setValue(document, item, key, value);
  return firstRight([() => replaced(text, item, true), () => replaced(text, item, false)], document);
}

/** The text without an agent or a queue. Throws `acd.unknown`. */
export function withoutItem(text: string, kind: ItemKind, id: string): string {
  const document = documentOf(text);
  const list = listOf(document, kind);
  const item = itemOf(list, id);
  if (item === undefined) throw new StrowgerError('acd.unknown', `There is no '${id}' in ${kind}.`, { fields: { kind, id } });
  list.items.splice(list.items.indexOf(item), 1);
  return firstRight([() => removed(text, item)], document);
}

function documentOf(text: string): Document.Parsed {
  const document = parseDocument(text);
  const [mistake] = document.errors;
  if (mistake) throw new StrowgerError('acd.refused', `The configuration file is no YAML: ${mistake.message}`, { cause: mistake });
  return document;
}

/** The first text that says what the document says; the document's own, which writes all lines anew, when there is none. */
function firstRight(attempts: readonly (() => string | undefined)[], document: Document.Parsed): string {
  const wanted = JSON.stringify(document.toJS());
  for (const attempt of attempts) {
    try {
      const text = attempt();
      if (text !== undefined && JSON.stringify(parse(text)) === wanted) return text;
    } catch {
      // An item that cannot be written by itself, for instance with an alias of something elsewhere.
    }
  }
  return document.toString(FORMAT);
}

interface Place {
  readonly start: number;
  readonly end: number;
  /** Where the line of its dash begins, and the dash. Undefined when it does not stand in a list of lines. */
  readonly line: number;
  readonly column: number;
}

function placeOf(text: string, item: unknown): Place | undefined {
  if (!isMap(item) || !item.range) return undefined;
  const [start, , end] = item.range;
  const line = text.lastIndexOf('\n', start - 1) + 1;
  if (!/^ *- +$/.test(text.slice(line, start))) return undefined;
  return { start, end: start + text.slice(start, end).trimEnd().length, line, column: start - line };
}

function replaced(text: string, item: YAMLMap, keepLines: boolean): string | undefined {
  const place = placeOf(text, item);
  if (place === undefined) return undefined;
  const { start, end, column } = place;
  const written = new Map(text.slice(start, end).split('\n').map((line) => [line.replaceAll(' ', ''), line]));
  const lines = linesOf(item, column).map((line) => (keepLines ? (written.get(line.replaceAll(' ', '')) ?? line) : line));
  return text.slice(0, start) + lines.join('\n') + text.slice(end);
}

function inserted(text: string, last: unknown, item: YAMLMap): string | undefined {
  const place = placeOf(text, last);
  if (place === undefined) return undefined;
  const { line, start, column } = place;
  // A comment at the end of the line is the last one's.
  const end = place.end + (/^[ \t]*#[^\n]*/.exec(text.slice(place.end))?.[0].length ?? 0);
  return `${text.slice(0, end)}\n${text.slice(line, start)}${linesOf(item, column).join('\n')}${text.slice(end)}`;
}

function removed(text: string, item: YAMLMap): string | undefined {
  const place = placeOf(text, item);
  if (place === undefined) return undefined;
  return text.slice(0, place.line) + text.slice(place.end).replace(/^[^\n]*\n?/, '');
}

/** An item as it stands in a list of lines; the first line follows the dash. */
function linesOf(item: YAMLMap, column: number): readonly string[] {
  const alone = new Document();
  // What stands above it stays there.
  const copy = item.clone() as YAMLMap;
  copy.commentBefore = null;
  copy.spaceBefore = false;
  alone.contents = copy;
  const lines = alone.toString(FORMAT).trimEnd().split('\n');
  return lines.map((line, index) => (index === 0 || line === '' ? line : ' '.repeat(column) + line));
}

function listOf(document: Document.Parsed, kind: ItemKind): YAMLSeq {
  const list = document.get(kind, true);
  if (isSeq(list)) return list;
  const made = document.createNode([]) as YAMLSeq;
  document.set(kind, made);
  return made;
}

function itemOf(list: YAMLSeq, id: string): YAMLMap | undefined {
  return list.items.find((item): item is YAMLMap => isMap(item) && item.get('id') === id);
}

/** Changes as little as it can: what is the same stays, with its comments and the way it is written. */
function setValue(document: Document.Parsed, map: YAMLMap, key: string, value: unknown): void {
  const pair = (map.items).find((one) => nameOf(one) === key);
  if (pair === undefined) {
    const node = document.createNode(value);
    flatten(node);
    map.set(document.createNode(key), node);
    return;
  }
  const old = pair.value;
  if (isMap(old) && typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const wanted = value as Settings;
    for (const name of (old.items).map(nameOf)) if (!Object.hasOwn(wanted, name)) old.delete(name);
    for (const [name, inner] of Object.entries(wanted)) setValue(document, old, name, inner);
  } else if (isSeq(old) && Array.isArray(value)) {
    if (JSON.stringify(old.toJSON()) !== JSON.stringify(value)) old.items = value.map((one) => document.createNode(one));
  } else if (isScalar(old) && typeof old.value === typeof value) {
    if (old.value !== value) old.value = value;
  } else {
    pair.value = document.createNode(value);
    flatten(pair.value);
  }
}

function nameOf(pair: Pair): string {
  return String(isScalar(pair.key) ? pair.key.value : pair.key);
}

/** Lists and maps inside an item are written on one line, as people do. */
function flatten(node: unknown): void {
  if (isMap(node) || isSeq(node)) node.flow = true;
}
