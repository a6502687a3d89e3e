import { resolve } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { candidatesOf } from '../../engine/flow/spoken-candidates.ts';
import { spokenMenus } from '../../engine/flow/spoken-menus.ts';
import { DEFAULT_BANDS, type Bands } from '../../engine/navigation/bands.ts';
import type { Understand } from '../../engine/navigation/choose.ts';
import type { Example } from '../../engine/navigation/intent-trainer.ts';
import { costOf, DEFAULT_COSTS, outcomesOf, tuneBands, type MeantUtterance, type Outcome, type Tuned, type TuningCosts, type TuningQuestion, type Tuning } from '../../engine/navigation/tuning.ts';
import type { Hotline } from '../../engine/flow/hotline.ts';
import { readExamples, readTexts } from '../nlu/examples-file.ts';
import { intentsOfExamples, intentsOfFlow, intentsOfModel, type IntentSource } from '../nlu/intent-source.ts';
import { flowOf, loadFlows } from './flow.ts';
import { printTable } from './table.ts';
import type { Terminal } from './terminal.ts';

export interface NluTuneOptions {
  readonly data: string;
  readonly flow?: string;
  readonly dir?: string;
  readonly model?: string;
  readonly menu?: string;
  readonly oos?: string;
  readonly wrong?: string;
  readonly confirm?: string;
  readonly confirmWrong?: string;
  readonly either?: string;
  readonly again?: string;
  readonly strangerTaken?: string;
  readonly json?: boolean;
}

/** What is tuned: who understands, and the menu that is asked. */
interface Subject {
  readonly source: IntentSource;
  readonly question: TuningQuestion;
  readonly present: Bands;
  /** For people. */
  readonly name: string;
}

/** What one intent costs callers. */
interface IntentCost {
  readonly intent: string;
  readonly utterances: number;
  readonly cost: number;
  readonly costEach: number;
  /** What costs most of it. */
  readonly mostly: Outcome | undefined;
}

const FOLDS = 5;
const MOST_ROWS = 10;
/** How data sets call what is none of the intents. */
const NONE = ['oos', 'none', ''];

/** `./strowger nlu tune`: finds the bands that cost callers least, by what callers have said. */
export async function nluTune(terminal: Terminal, options: NluTuneOptions): Promise<void> {
  const costs = costsOf(options);
  const examples = readExamples(inFolder(options.data));
  const { source, question, present, name } = await subjectOf(options, examples);
  const unknown = examples.find(({ intent }) => !source.intents.includes(intent) && !NONE.includes(intent));
  if (unknown !== undefined) {
    throw new StrowgerError('nlu.intent-unknown', `"${unknown.text}" has the intent '${unknown.intent}', which is none of ${source.intents.join(', ')}. What means none of them has the intent oos.`, { fields: { intent: unknown.intent } });
  }
  const strangers = options.oos === undefined ? [] : readTexts(inFolder(options.oos));
  const { heard, note } = withUnderstanding([...examples, ...strangers.map((text) => ({ text, intent: 'oos' }))], source, (done) => terminal.progress(`  learning … ${Math.round(done * 100)} %`));
  const utterances = heard.map(({ text, intent, understand }): MeantUtterance => ({ text, choice: question.candidates.find(({ intents }) => intents.includes(intent))?.choice, understand }));
  terminal.progress('  tuning …');
  const tuning = tuneBands(utterances, question, present, costs);
  const intents = costliest(heard, outcomesOf(utterances, question, tuning.best.bands), costs);
  if (options.json) {
    terminal.line(JSON.stringify({ subject: name, utterances: utterances.length, strangers: utterances.filter(({ choice }) => choice === undefined).length, ...(note === undefined ? {} : { note }), costs, ...tuning, intents }));
    return;
  }
  print(terminal, { name, utterances, note, tuning, intents });
}

function costsOf(options: NluTuneOptions): TuningCosts {
  const read = (name: keyof TuningCosts): number => {
    const text = options[name];
    const cost = text === undefined ? DEFAULT_COSTS[name] : Number(text);
    if (Number.isFinite(cost) && cost >= 0 && text !== '') return cost;
    throw new StrowgerError('cli.usage', `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} takes a number from 0 on, not '${text ?? ''}'.`);
  };
  return { wrong: read('wrong'), confirm: read('confirm'), confirmWrong: read('confirmWrong'), either: read('either'), again: read('again'), strangerTaken: read('strangerTaken') };
}

async function subjectOf({ flow, model, dir = 'flows', menu }: NluTuneOptions, examples: readonly Example[]): Promise<Subject> {
  if (flow !== undefined && model !== undefined) throw new StrowgerError('cli.usage', 'Name a flow with --flow or a model with --model, not both.');
  if (flow !== undefined) return subjectOfFlow(flowOf(await loadFlows(dir), flow, dir).hotline, menu);
  if (menu !== undefined) throw new StrowgerError('cli.usage', '--menu names a menu of a flow: give the flow with --flow.');
  const source = model === undefined ? intentsOfExamples(examples.filter(({ intent }) => !NONE.includes(intent))) : intentsOfModel(inFolder(model));
  const candidates = source.intents.map((intent) => ({ choice: intent, intents: [intent] }));
  return { source, question: { candidates, canConfirm: () => true, canAskWhich: () => true }, present: DEFAULT_BANDS, name: model ?? 'the examples themselves' };
}

function subjectOfFlow(hotline: Hotline, wanted: string | undefined): Subject {
  const menus = spokenMenus(hotline.machine);
  const menu = wanted === undefined ? menus[0] : menus.find(({ path }) => path === wanted);
  if (menu === undefined) {
    const known = menus.map(({ path }) => path).join(', ');
    throw new StrowgerError('cli.usage', wanted === undefined ? `Nobody listens in the flow '${hotline.id}': no menu of its own has a choice with an intent.` : `The flow '${hotline.id}' has no menu '${wanted}' that listens. There are: ${known}.`);
  }
  const { names, confirm, either, bands } = menu.speech;
  const canConfirm = (choice: string): boolean => confirm !== undefined && names[choice] !== undefined;
  return {
    source: intentsOfFlow(hotline),
    question: { candidates: candidatesOf(menu.speech), canConfirm, canAskWhich: (choices) => either !== undefined && choices.every((choice) => names[choice] !== undefined) },
    present: bands,
    name: `the menu '${menu.path}' of the flow '${hotline.id}'`,
  };
}

interface Heard extends Example {
  readonly understand: Understand;
}

/** What was learnt is understood by what was learnt without it; where that cannot be, it is left out. */
function withUnderstanding(examples: readonly Example[], source: IntentSource, onProgress: (done: number) => void): { readonly heard: readonly Heard[]; readonly note: string | undefined } {
  const learnt = examples.filter(({ text }) => source.hasLearnt(text));
  const { without } = source;
  const share = `${learnt.length} of ${examples.length} texts were learnt from`;
  if (learnt.length > 0 && without === undefined) {
    if (learnt.length === examples.length) throw new StrowgerError('nlu.data', 'The model has learnt all of these texts: it knows them better than callers will be known. Tune by texts that it has not seen, or name no model: then the texts are learnt and tuned on in turn.');
    return { heard: examples.filter(({ text }) => !source.hasLearnt(text)).map((example) => ({ ...example, understand: remembered(source.understand) })), note: `${share}; these are left out` };
  }
  const folds = new Map<Example, number>();
  const seen = new Map<string, number>();
  for (const example of learnt) {
    const nth = seen.get(example.intent) ?? 0;
    seen.set(example.intent, nth + 1);
    folds.set(example, nth % FOLDS);
  }
  const parts = Math.min(FOLDS, Math.max(0, ...seen.values()));
  const ways = without === undefined ? [] : Array.from({ length: parts }, (_, fold) => {
    onProgress(fold / parts);
    return remembered(without(learnt.filter((example) => folds.get(example) === fold).map(({ text }) => text)));
  });
  const whole = remembered(source.understand);
  return {
    heard: examples.map((example) => ({ ...example, understand: ways[folds.get(example) ?? -1] ?? whole })),
    note: learnt.length === 0 ? undefined : `${share}: each is judged by what is learnt without it, in ${parts === 1 ? 'one part' : `${parts} parts`}`,
  };
}

/** The same text is understood once. */
function remembered(understand: Understand): Understand {
  const known = new Map<string, ReturnType<Understand>>();
  return (text) => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const understood = understand(text);
    known.set(text, understood);
    return understood;
  };
}

function costliest(heard: readonly Example[], outcomes: readonly Outcome[], costs: TuningCosts): readonly IntentCost[] {
  const intents = [...new Set(heard.map(({ intent }) => intent))];
  const rows = intents.map((intent): IntentCost => {
    const own = outcomes.filter((_, i) => heard[i]?.intent === intent);
    const by = new Map<Outcome, number>();
    for (const outcome of own) by.set(outcome, (by.get(outcome) ?? 0) + costOf(outcome, costs));
    const cost = [...by.values()].reduce((sum, each) => sum + each, 0);
    const [dearest] = [...by].sort(([, a], [, b]) => b - a);
    return { intent, utterances: own.length, cost, costEach: cost / own.length, mostly: cost === 0 ? undefined : dearest?.[0] };
  });
  return rows.sort((a, b) => b.cost - a.cost);
}

const NAMES: Readonly<Record<Outcome, string>> = {
  right: 'taken at once, rightly',
  wrong: 'taken at once, wrongly',
  strangerTaken: 'taken, meant none of them',
  confirmedRight: 'confirmed',
  confirmedWrong: 'asked about a wrong one',
  askedWhich: 'asked which of two',
  askedWhichOfOthers: 'asked which, meant neither',
  again: 'asked again',
};

interface Report {
  readonly name: string;
  readonly utterances: readonly MeantUtterance[];
  readonly note: string | undefined;
  readonly tuning: Tuning;
  readonly intents: readonly IntentCost[];
}

function print(terminal: Terminal, { name, utterances, note, tuning, intents }: Report): void {
  const { present, best, limited, expectedCostEach } = tuning;
  const none = utterances.filter(({ choice }) => choice === undefined).length;
  terminal.line(`${utterances.length} utterances for ${name}, ${none} of them mean none of its choices`);
  if (note !== undefined) terminal.line(note);
  terminal.line();
  printTable(terminal, [{ title: '' }, { title: 'now', align: 'right' }, { title: 'best', align: 'right' }], [
    ...(['accept', 'confirm', 'rival'] as const).map((band) => [band, String(present.bands[band]), String(best.bands[band])]),
    ...(Object.keys(NAMES) as Outcome[]).map((outcome) => [NAMES[outcome], percent(present.figures.shares[outcome]), percent(best.figures.shares[outcome])]),
    ['cost a caller', present.figures.costEach.toFixed(3), best.figures.costEach.toFixed(3)],
  ]);
  terminal.line(`of callers that the bands were not tuned on: ${expectedCostEach.toFixed(3)}`);
  terminal.line();
  printTable(
    terminal,
    [{ title: 'wrong turns' }, ...['accept', 'confirm', 'rival', 'wrong', 'at once', 'asked', 'again', 'cost'].map((title) => ({ title, align: 'right' as const }))],
    limited.map(({ mostWrong, tuned }) => [`at most ${percent(mostWrong)}`, ...(tuned === undefined ? ['none keep to it'] : tradeOff(tuned))]),
  );
  terminal.line();
  printTable(
    terminal,
    [{ title: 'pays most' }, { title: 'utterances', align: 'right' }, { title: 'cost each', align: 'right' }, { title: 'mostly' }],
    intents.slice(0, MOST_ROWS).filter(({ cost }) => cost > 0).map(({ intent, utterances: count, costEach, mostly }) => [intent, String(count), costEach.toFixed(2), mostly === undefined ? '' : NAMES[mostly]]),
  );
  const { accept, confirm, rival } = best.bands;
  terminal.line(`\ndefaults: { speech: { bands: { accept: ${accept}, confirm: ${confirm}, rival: ${rival} } } }`);
}

function tradeOff({ bands, figures: { shares, wrongShare, costEach } }: Tuned): readonly string[] {
  const asked = shares.confirmedRight + shares.confirmedWrong + shares.askedWhich + shares.askedWhichOfOthers;
  return [String(bands.accept), String(bands.confirm), String(bands.rival), percent(wrongShare), percent(shares.right), percent(asked), percent(shares.again), costEach.toFixed(3)];
}

const inFolder = (file: string): string => resolve(process.env['STROWGER_INVOKED_FROM'] ?? '.', file);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
