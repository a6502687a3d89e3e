import { availableParallelism } from 'node:os';
import pLimit, { type LimitFunction } from 'p-limit';
import { isStrowgerError, messageOf, StrowgerError } from '../../../engine/domain/errors.ts';
import type { Language } from '../../../engine/domain/language.ts';
import type { Clock } from '../../../engine/ports/clock.ts';
import { CALL_SAMPLE_RATE_HZ } from '../../../engine/ports/call-audio.ts';
import { type Logger, silentLogger } from '../../../engine/ports/logger.ts';
import type { Phonetics } from '../../../engine/ports/phonetics.ts';
import type { Recognition, RecognitionRequest, RecognitionSink, Recognizer, Transcript } from '../../../engine/ports/recognizer.ts';
import { Upsampler } from '../upsampler.ts';
import { type AcousticModel, type ModelOptions, openAcousticModel } from './acoustic-model.ts';
import { type Command, commandGrammar, digitGrammar, type Grammar, phoneLoop } from './command-grammar.ts';
import { CommandRecognition } from './command-recognition.ts';
import { confidenceOf, likelihoodRatio } from './confidence.ts';
import { DecoderProgram, type ProgramCommand } from './decoder-program.ts';
import { type Decoding, spokenWords } from './decoding.ts';
import { digitWords, isDigits } from './digit-words.ts';
import { FailedRecognition } from '../failed-recognition.ts';
import { politeness } from './politeness.ts';
import { PreparedGrammar, PreparedGrammars } from './prepared-grammars.ts';
import { type PhraseProblem, unpronounceable } from './pronouncer.ts';

export interface PocketsphinxOptions {
  /** pocketsphinx 5, e.g. `root.command('pocketsphinx', [])` of the private packages. */
  readonly command: ProgramCommand;
  /** One for each language that is to be understood. */
  readonly models: readonly ModelOptions[];
  readonly phonetics: Phonetics;
  readonly clock: Clock;
  /** Told once of each phrase that is not listened for. */
  readonly logger?: Logger;
  /** What is less likely than this is as if nothing had been said, 0 to 1. Default 0.5. */
  readonly leastConfidence?: number;
  /** From the end of an utterance until it is understood. Default 5 s; an idle core takes 0.1 to 0.3 s. */
  readonly answerLimitMs?: number;
  /** What an utterance has beyond this is not heard. Default 15 s: no command is as long, and the work grows with it. */
  readonly maxUtteranceMs?: number;
  /** So many utterances are decoded at a time. Default: the cores. When many callers end at once, the first are answered soon and not all late. */
  readonly maxDecodings?: number;
  /** For measurements. */
  readonly onRatio?: (ratio: number | undefined, text: string | undefined) => void;
}

// Without a second pass over a lattice, which grammars have no use for; the log holds the scores. (-topn 8 costs a third more and understands
// one word of fifty more.)
const COMMON_ARGS = ['-bestpath', 'no', '-backtrace', 'yes', '-loglevel', 'INFO'];
// A third of the time of the default beams (1e-48), and the same scores.
const LOOP_BEAMS = ['-beam', '1e-20', '-pbeam', '1e-20', '-wbeam', '1e-15'];

const ANSWER_LIMIT_MS = 5_000;
// Phrases come from flows, a few sets each; those of versions that nobody calls any more are forgotten with the rest.
const MOST_KNOWN = 1_000;

interface OpenModel extends AcousticModel {
  readonly loop: PreparedGrammar;
}

/**
 * Understands commands without any server: CMU Sphinx as a child process, with a grammar of the phrases that are expected. Two programs read
 * each utterance, started when it begins so that they have loaded their model when it ends: one finds the command, the other how well any
 * sounds would fit; speech that is none of the commands, and noise, end as `final([])`. No partials.
 */
export class PocketsphinxRecognizer implements Recognizer {
  readonly name = 'pocketsphinx';
  readonly #options: PocketsphinxOptions;
  readonly #models: ReadonlyMap<Language, OpenModel>;
  readonly #grammars = new PreparedGrammars();
  /** Whether any of these phrases can be listened for: it is asked before each menu. */
  readonly #known = new Map<string, boolean>();
  readonly #running = new Set<DecoderProgram>();
  readonly #turns: LimitFunction;
  #isClosed = false;

  private constructor(options: PocketsphinxOptions, models: readonly OpenModel[]) {
    this.#options = options;
    this.#turns = pLimit(options.maxDecodings ?? availableParallelism());
    this.#models = new Map(models.map((model) => [model.language, model]));
  }

  /** Reads the models and tries the program with each. Rejects with `speech.model`. */
  static async open(options: PocketsphinxOptions): Promise<PocketsphinxRecognizer> {
    const opened = await Promise.all(options.models.map((model) => openAcousticModel(model, options.phonetics)));
    const models = opened.map((model) => ({ ...model, loop: new PreparedGrammar(phoneLoop(model.pronouncer.phones)) }));
    const recognizer = new PocketsphinxRecognizer(options, models);
    try {
      await Promise.all(models.map((model) => recognizer.#try(model)));
    } catch (error) {
      await recognizer.close();
      throw error;
    }
    return recognizer;
  }

  /** The languages of its models. */
  get languages(): readonly Language[] {
    return [...this.#models.keys()];
  }

  /** Programs that run at this moment: two an utterance. */
  get runningPrograms(): number {
    return this.#running.size;
  }

  knows({ languages, phrases }: RecognitionRequest): boolean {
    const language = this.#languageOf(languages);
    if (language === undefined) return false;
    const key = keyOf(language, phrases);
    const remembered = this.#known.get(key);
    if (remembered !== undefined) return remembered;
    const known = this.problems(phrases, language).length < phrases.length;
    if (this.#known.size >= MOST_KNOWN) this.#known.clear();
    this.#known.set(key, known);
    return known;
  }

  /** The phrases that it cannot listen for, each with the reason: nothing is left out silently. */
  problems(phrases: readonly string[], language: Language): readonly PhraseProblem[] {
    const model = this.#models.get(language);
    return phrases.flatMap((phrase) => {
      const message = model === undefined ? `there is no model of ${language}` : unpronounceable(model.pronouncer.words(phrase));
      return message === undefined ? [] : [{ phrase, language, message }];
    });
  }

  /** Throws `speech.model`, naming each phrase that it cannot listen for. For those who publish a flow. */
  requirePronounceable(phrases: readonly string[], language: Language): void {
    const problems = this.problems(phrases, language);
    if (problems.length > 0) throw phrasesError(problems);
  }

  recognize(request: RecognitionRequest, sink: RecognitionSink): Recognition {
    try {
      return this.#begin(request, sink);
    } catch (error) {
      const failure = isStrowgerError(error) ? error : new StrowgerError('speech.failed', `The recogniser ${this.name} could not begin: ${messageOf(error)}`, { cause: error });
      return new FailedRecognition(failure, sink);
    }
  }

  /** Resolves when the programs that run now have ended. */
  async idle(): Promise<void> {
    await Promise.all([...this.#running].map(({ ended }) => ended));
  }

  /** Ends what runs, and waits for it. What is being recognised ends as failed, and so does what comes later. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const program of this.#running) program.kill();
    this.#grammars.close();
    for (const { loop } of this.#models.values()) loop.close();
    await this.idle();
  }

  #begin({ languages, phrases }: RecognitionRequest, sink: RecognitionSink): Recognition {
    // The numbers of its files may be others' by now.
    if (this.#isClosed) throw new StrowgerError('speech.failed', `The recogniser ${this.name} was closed.`, { fields: { recognizer: this.name } });
    const language = this.#languageOf(languages);
    const model = language === undefined ? undefined : this.#models.get(language);
    if (model === undefined) throw new StrowgerError('speech.model', `The recogniser ${this.name} has no model of ${languages.join(', ')}.`);
    const prepared = this.#grammars.get(keyOf(model.language, phrases), () => this.#grammarOf(phrases, model));
    const { answerLimitMs = ANSWER_LIMIT_MS, maxUtteranceMs = 15_000, clock } = this.#options;
    return new CommandRecognition(
      {
        name: this.name,
        commands: this.#start(model, prepared),
        free: this.#start(model, model.loop, LOOP_BEAMS),
        upsampler: model.sampleRateHz === CALL_SAMPLE_RATE_HZ ? undefined : new Upsampler(),
        clock,
        turns: this.#turns,
        answerLimitMs,
        maxUtteranceMs,
        decide: (commands, free) => this.#decide(model, prepared.grammar, commands, free),
      },
      sink,
    );
  }

  #languageOf(languages: readonly Language[]): Language | undefined {
    return languages.find((language) => this.#models.has(language));
  }

  #grammarOf(phrases: readonly string[], { language, pronouncer }: AcousticModel): Grammar {
    const problems = this.problems(phrases, language);
    if (problems.length === phrases.length) throw phrasesError(problems);
    // A flow has phrases in all its languages: those in another script are nobody's mistake.
    const mistakes = problems.filter(({ phrase }) => /\p{Script=Han}/u.test(phrase) === (language === 'zh-CN'));
    for (const { phrase, message } of mistakes) (this.#options.logger ?? silentLogger).warn({ code: 'speech.model', phrase, language, reason: message }, 'phrase not listened for');
    if (isDigits(phrases)) return digitGrammar(digitWords(language, pronouncer));
    const unknown = new Set(problems.map(({ phrase }) => phrase));
    const commands: readonly Command[] = phrases.filter((phrase) => !unknown.has(phrase)).map((text) => ({ text, words: pronouncer.words(text) }));
    return commandGrammar(commands, politeness(language, pronouncer));
  }

  #decide(model: AcousticModel, grammar: Grammar, commands: Decoding, free: Decoding | undefined): readonly Transcript[] {
    const text = grammar.textOf(spokenWords(commands));
    const ratio = free === undefined ? undefined : likelihoodRatio(commands, free);
    this.#options.onRatio?.(ratio, text);
    if (text === undefined || ratio === undefined) return [];
    const confidence = confidenceOf(ratio - (grammar.ratioShift ?? 0), model.calibration);
    return confidence < (this.#options.leastConfidence ?? 0.5) ? [] : [{ text, confidence }];
  }

  #start(model: AcousticModel, { args, fds }: PreparedGrammar, more: readonly string[] = []): DecoderProgram {
    const all = ['-hmm', model.dir, '-samprate', String(model.sampleRateHz), ...args, ...COMMON_ARGS, ...more, 'single', '-'];
    const program = new DecoderProgram(this.#options.command, all, fds);
    this.#running.add(program);
    void program.ended.then(() => this.#running.delete(program));
    return program;
  }

  /** That program and model go together shows at the start, not at the first call. */
  async #try(model: OpenModel): Promise<void> {
    const program = this.#start(model, model.loop, LOOP_BEAMS);
    program.write(new Int16Array(model.sampleRateHz));
    program.end();
    const { clock, answerLimitMs = ANSWER_LIMIT_MS } = this.#options;
    // The first time, the model comes from the disk.
    const limit = clock.setTimeout(() => program.kill(), 6 * answerLimitMs);
    const end = await program.ended;
    clock.clearTimeout(limit);
    if (end.ok) return;
    throw new StrowgerError('speech.model', `pocketsphinx with the model ${model.dir} ${end.reason}.`, { fields: { language: model.language } });
  }
}

function keyOf(language: Language, phrases: readonly string[]): string {
  return [language, ...phrases].join('\n');
}

function phrasesError(problems: readonly PhraseProblem[]): StrowgerError {
  const list = problems.map(({ phrase, message }) => `'${phrase}': ${message}`).join('; ');
  return new StrowgerError('speech.model', `pocketsphinx cannot listen for these phrases: ${list}.`, {
    hint: 'Write them in words of the language, spell foreign words by how they sound, or leave them to a recogniser of free speech.',
  });
}
