import type { MenuInput, MenuOutcome, VerbRun } from '../flow/verb.ts';
import { candidatesOf, GLOBAL } from '../flow/spoken-candidates.ts';
import { maskSpeech } from '../domain/personal-data.ts';
import type { Candidate, Decision } from '../navigation/bands.ts';
import { choose, type SpokenQuestion } from '../navigation/choose.ts';
import { earlyMatch, type EarlyMatch } from '../navigation/early-match.ts';
import { slotsOf, type Slots } from '../navigation/slots.ts';
import { readYesNo, YES_NO_PHRASES } from '../navigation/yes-no.ts';
import { readWhich } from '../navigation/which.ts';
import type { PromptRef } from '../domain/prompt.ts';
import type { Wish } from '../domain/wish.ts';
import type { Transcript } from '../ports/recognizer.ts';
import { Ear, type Answer, type EarOptions } from './ear.ts';
import { untilCancelled, type VerbContext, type VerbImplementation } from './verb-context.ts';

interface Progress {
  readonly noInput: number;
  readonly noMatch: number;
  /** The caller was not understood and goes on with keys. */
  readonly keypad?: boolean;
  /** What comes before the question has been said. */
  readonly told?: boolean;
  /** When the question had been put, while its answer is waited for. */
  readonly askedAt?: number;
}
type Missed = 'noInput' | 'noMatch';

/** Whoever wants to hear a menu more often than this is no caller: the key counts as a wrong one, so that the call comes to an end. */
const MOST_REPEATS = 10;

/** So often is asked back about one answer: a "no" that is heard as what was asked about would be asked about without end. */
const MOST_ASKED_BACK = 2;

/**
 * Asks for a key, or for words that mean the same. Silence and wrong answers are counted apart, as callers who cannot press and callers who
 * press wrongly need different help. A wrong key clears what was typed ahead, so that one mistake does not become three.
 */
export const menu: VerbImplementation<'menu'> = async (context, run) => {
  const { input, cancel, progress } = run;
  const resumed = run.resume as Progress | undefined;
  let keypad = resumed?.keypad ?? false;
  let told = input.before === undefined || (resumed?.told ?? false);
  let missed = { noInput: resumed?.noInput ?? 0, noMatch: resumed?.noMatch ?? 0 };
  const apology = { noInput: input.noInputPrompt, noMatch: input.noMatchPrompt };
  const ear = new Ear(context, cancel, { prompt: input.prompt.key, heard: keypad ? undefined : whatIsHeard(context, input), isWhole: wholeAnswers(context, input) });
  const question = new Question(context, run, ear);
  const goOnWithKeys = (): void => {
    ear.close();
    keypad = true;
    missed = { noInput: 0, noMatch: 0 };
  };
  let askedAt = context.handedOver ? resumed?.askedAt : undefined;
  const remember = (): void =>
    progress({ ...missed, ...(keypad ? { keypad } : {}), ...(input.before === undefined ? {} : { told }), ...(askedAt === undefined ? {} : { askedAt }) });
  let repeats = 0;
  try {
    for (;;) {
      // Nobody can listen, or not any more.
      if (!ear.listens && !keypad && input.keypadPrompt !== undefined) goOnWithKeys();
      question.prompt = (keypad ? input.keypadPrompt : undefined) ?? input.prompt;
      if (askedAt === undefined) {
        if (!told && input.before !== undefined) {
          await question.play([input.before]);
          told = true;
          remember();
        }
        await question.play([question.prompt]);
        askedAt = context.clock.now();
        remember();
      }
      const given = await question.answer(askedAt);
      askedAt = undefined;
      if (given === 'repeat' && (repeats += 1) <= MOST_REPEATS) {
        told = input.before === undefined;
        continue;
      }
      const answer = given === 'repeat' ? 'noMatch' : given;
      if (typeof answer === 'object') return answer;
      missed[answer] += 1;
      context.announce({ type: 'menu.missed', prompt: question.prompt.key, why: answer, attempt: missed[answer] });
      if (missed[answer] >= input.tries[answer]) {
        if (keypad || input.keypadPrompt === undefined) return { outcome: answer };
        goOnWithKeys();
      }
      remember();
      const sorry = apology[answer];
      if (sorry) await question.play([sorry]);
    }
  } finally {
    ear.close();
  }
};

function whatIsHeard({ voice }: VerbContext, { speech }: MenuInput): EarOptions['heard'] {
  if (speech === undefined || voice === undefined) return undefined;
  const { endSilenceMs, maxSpeechMs } = speech;
  const examples = candidatesOf(speech).flatMap(({ intents }) => intents.flatMap((intent) => voice.language.examplesOf(intent)));
  return { phrases: [...new Set([...examples, ...YES_NO_PHRASES])], endSilenceMs, maxSpeechMs };
}

/** What answers a menu before its end. A choice that keeps what else is named is heard to the end. */
function wholeAnswers({ voice }: VerbContext, { speech }: MenuInput): EarlyMatch | undefined {
  if (speech === undefined || voice === undefined) return undefined;
  const phrasesOf = (intents: readonly string[]): readonly string[] => intents.flatMap((intent) => voice.language.examplesOf(intent));
  const candidates = candidatesOf(speech);
  const keeps = (choice: string): boolean => (speech.slots?.of[choice]?.length ?? 0) > 0;
  const [heardOut, quick] = [candidates.filter(({ choice }) => keeps(choice)), candidates.filter(({ choice }) => !keeps(choice))];
  return earlyMatch(quick.map(({ intents }) => phrasesOf(intents)), [...heardOut.flatMap(({ intents }) => phrasesOf(intents)), ...YES_NO_PHRASES]);
}

/** One menu while it is being asked: what is said back about an answer, and what comes of it. */
class Question {
  readonly #context: VerbContext;
  readonly #run: VerbRun<'menu'>;
  readonly #ear: Ear;
  readonly #candidates: readonly Candidate[];
  /** The caller said that these were not meant. */
  readonly #denied = new Set<string>();
  /** What was said last, and how sure it was what that meant. */
  #heard: Pick<Wish, 'text' | 'confidence'> = {};
  /** What the caller named of an amount, a day, a card, since it was asked. */
  #named: Slots = {};
  /** How often it was asked back since the question was put. */
  #askedBack = 0;
  /** With which it is asked now. */
  prompt: PromptRef;

  constructor(context: VerbContext, run: VerbRun<'menu'>, ear: Ear) {
    this.#context = context;
    this.#run = run;
    this.#ear = ear;
    this.#candidates = run.input.speech === undefined ? [] : candidatesOf(run.input.speech);
    this.prompt = run.input.prompt;
  }

  play(prompts: readonly PromptRef[]): Promise<void> {
    const { input, cancel } = this.#run;
    const { bargeIn } = input;
    return this.#ear.play(() => this.#context.player.play(prompts, input.languages, { bargeIn, cancel }), bargeIn);
  }

  async answer(askedAt: number): Promise<MenuOutcome | 'repeat' | Missed> {
    this.#named = {};
    this.#askedBack = 0;
    return this.#take(await this.#next(askedAt));
  }

  /** Asks about what was said. Another process would begin with the menu again. */
  async #ask(prompts: readonly PromptRef[]): Promise<Answer> {
    this.#askedBack += 1;
    const over = this.#context.delicate(this.#run.cancel);
    await this.play(prompts);
    const answer = await this.#next(this.#context.clock.now());
    over();
    return answer;
  }

  async #next(askedAt: number): Promise<Answer> {
    const leftMs = askedAt + this.#run.input.firstDigitTimeoutMs - this.#context.clock.now();
    const answer = await this.#ear.next(Math.max(0, leftMs));
    if (answer.by === 'voice') this.#note(answer.transcripts[0]?.text ?? '');
    return answer;
  }

  #note(text: string): void {
    const slots = this.#run.input.speech?.slots;
    if (slots !== undefined) this.#named = { ...this.#named, ...slotsOf(text, { ...slots, nowMs: this.#context.clock.now() }) };
  }

  async #take(answer: Answer): Promise<MenuOutcome | 'repeat' | Missed> {
    if (answer.by === 'silence') return 'noInput';
    return answer.by === 'key' ? this.#typed(answer.digit) : this.#said(answer.transcripts);
  }

  // Keys

  async #typed(first: string): Promise<MenuOutcome | 'repeat' | Missed> {
    const { digits, announce } = this.#context;
    const { input, cancel } = this.#run;
    let typed = first;
    while (isBeginOfLonger(input, typed)) {
      const next = await digits.next(input.interDigitTimeoutMs, cancel);
      if (next === undefined) break;
      typed += next;
    }
    announce({ type: 'digit.pressed', digit: typed });
    const choice = Object.entries(input.choices).find(([, keys]) => keys === typed)?.[0];
    if (choice !== undefined) return this.#chosen(choice, 'dtmf');
    if (typed === input.globals.repeat) return 'repeat';
    if (typed === input.globals.operator) return this.#global('operator');
    if (typed === input.globals.back) return this.#global('back');
    digits.clear();
    return 'noMatch';
  }

  /** Leaves by an event that the flow handles; when it does not, the key or the word means nothing here. */
  #global(name: 'operator' | 'back'): Promise<never> | 'noMatch' {
    const { wish, wants, digits } = this.#context;
    // Who goes back looks for something else. Before the flow is told: it may enter a queue at once.
    if (name === 'back') wants(undefined);
    if (this.#run.tell({ type: `key.${name}` })) return untilCancelled();
    if (name === 'back') wants(wish);
    digits.clear();
    return 'noMatch';
  }

  #chosen(choice: string, by: 'dtmf' | 'speech'): MenuOutcome {
    this.#context.announce({ type: 'menu.chosen', prompt: this.prompt.key, choice, by });
    if (this.#isWish(choice)) this.#context.wants({ choice, ...(by === 'speech' ? this.#heard : {}) });
    const kept = by === 'speech' ? this.#kept(choice) : undefined;
    return { outcome: 'choice', choice, ...(kept === undefined ? {} : { result: kept }) };
  }

  /** What was named of what a choice keeps. Nothing else leaves the menu: outcomes are journaled. */
  #kept(choice: string): Slots | undefined {
    const wanted = this.#run.input.speech?.slots?.of[choice];
    return wanted && Object.fromEntries(wanted.flatMap((name) => (this.#named[name] === undefined ? [] : [[name, this.#named[name]]])));
  }

  /** Choices that can be said are what callers want; a language or a "to hear this again" is none. */
  #isWish(choice: string): boolean {
    const { speech } = this.#run.input;
    return speech?.intents[choice] !== undefined && !speech.asides?.includes(choice);
  }

  // Words

  async #said(transcripts: readonly Transcript[]): Promise<MenuOutcome | 'repeat' | Missed> {
    const { speech } = this.#run.input;
    if (speech === undefined) return 'noMatch';
    const decision = this.#choose(transcripts, { candidates: this.#candidates.filter(({ choice }) => !this.#denied.has(choice)), bands: speech.bands });
    const [text = ''] = transcripts.map((transcript) => transcript.text);
    switch (decision.kind) {
      case 'accept':
        this.#tell(text, decision);
        return this.#accepted(decision.choice);
      case 'confirm':
        return this.#confirm(text, decision);
      case 'either':
        return this.#askWhich(text, decision);
      case 'again':
        this.#tell(text, decision);
        return 'noMatch';
    }
  }

  #choose(transcripts: readonly Transcript[], question: SpokenQuestion): Decision {
    const { voice } = this.#context;
    return voice === undefined ? { kind: 'again', confidence: 0 } : choose(transcripts, question, voice.language.understand);
  }

  #accepted(choice: string): MenuOutcome | 'repeat' | Promise<never> | Missed {
    if (choice === `${GLOBAL}repeat`) return 'repeat';
    if (choice === `${GLOBAL}operator`) return this.#global('operator');
    return choice === `${GLOBAL}back` ? this.#global('back') : this.#chosen(choice, 'speech');
  }

  async #confirm(text: string, decision: Extract<Decision, { kind: 'accept' | 'confirm' }>): Promise<MenuOutcome | 'repeat' | Missed> {
    const { choice } = decision;
    const { confirm, names } = this.#run.input.speech ?? {};
    const name = names?.[choice];
    const canAsk = confirm !== undefined && name !== undefined && this.#mayAskBack;
    this.#tell(text, canAsk ? decision : { kind: 'again', confidence: decision.confidence });
    if (!canAsk) return 'noMatch';
    const answer = await this.#ask([confirm.before, name, confirm.after]);
    const key = this.#oneOrTwo(answer);
    if (key === 1) return this.#accepted(choice);
    if (key === 2) return this.#deny([choice], '');
    const yesNo = answer.by === 'voice' ? readYesNo(answer.transcripts[0]?.text ?? '') : undefined;
    if (yesNo === undefined) return this.#take(answer);
    return yesNo.yes ? this.#accepted(choice) : this.#deny([choice], yesNo.rest);
  }

  /** What was named went with what was denied; `rest` is what was said beside the denial. */
  #deny(choices: readonly string[], rest: string): 'noMatch' | Promise<MenuOutcome | 'repeat' | Missed> {
    for (const choice of choices) this.#denied.add(choice);
    this.#named = {};
    if (rest === '') return 'noMatch';
    this.#note(rest);
    return this.#said([{ text: rest }]);
  }

  async #askWhich(text: string, decision: Extract<Decision, { kind: 'either' }>): Promise<MenuOutcome | 'repeat' | Missed> {
    const { choices, confidence } = decision;
    const [first, second] = choices;
    const { either, names } = this.#run.input.speech ?? {};
    const [nameOfFirst, nameOfSecond] = [names?.[first], names?.[second]];
    // Where it cannot be asked which, the more likely one is asked about.
    if (either === undefined || nameOfFirst === undefined || nameOfSecond === undefined || !this.#mayAskBack) return this.#confirm(text, { kind: 'confirm', choice: first, confidence });
    this.#tell(text, decision);
    const answer = await this.#ask([either.before, nameOfFirst, either.between, nameOfSecond, either.after]);
    const key = this.#oneOrTwo(answer);
    if (key !== undefined) return this.#accepted(key === 1 ? first : second);
    if (answer.by !== 'voice') return this.#take(answer);
    const read = readWhich(answer.transcripts[0]?.text ?? '');
    if (read?.which === 'neither') return this.#deny(choices, read.rest);
    if (read !== undefined) return this.#accepted(read.which === 'first' ? first : second);
    return this.#said(answer.transcripts);
  }

  get #mayAskBack(): boolean {
    return this.#askedBack < MOST_ASKED_BACK;
  }

  /** The keys of a question about what was said go before those of the menu. */
  #oneOrTwo(answer: Answer): 1 | 2 | undefined {
    if (answer.by !== 'key' || (answer.digit !== '1' && answer.digit !== '2')) return undefined;
    this.#context.announce({ type: 'digit.pressed', digit: answer.digit });
    return answer.digit === '1' ? 1 : 2;
  }

  #tell(said: string, decision: Decision): void {
    const { kind, confidence } = decision;
    const { wish, wants, announce } = this.#context;
    const text = maskSpeech(said);
    this.#heard = { text, confidence };
    // What nobody understood may tell an agent something, unless it is known what the caller wants.
    if (kind === 'again' && text !== '' && wish?.choice === undefined) wants(this.#heard);
    announce({
      type: 'speech.heard',
      prompt: this.prompt.key,
      decision: kind,
      ...('choice' in decision ? { choice: decision.choice } : {}),
      confidence,
      pii: { text },
    });
  }
}

function isBeginOfLonger(input: MenuInput, typed: string): boolean {
  return Object.values(input.choices).some((keys) => keys.length > typed.length && keys.startsWith(typed));
}
