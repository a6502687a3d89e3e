import { Command, CommanderError, Option } from 'commander';
import type { AcdSimulateOptions } from './acd-simulate.ts';
import type { AcdCommandOptions } from './acd.ts';
import type { BenchOptions } from './bench.ts';
import type { CallbackCommandOptions, CallbackListOptions, CallbackMoveOptions, CallbackRequestOptions } from './callback.ts';
import type { DrainCommandOptions } from './drain.ts';
import type { NluTuneOptions } from './nlu-tune.ts';
import type { NluExplainOptions, NluTestOptions, NluTrainOptions } from './nlu.ts';
import type { RecordingCommandOptions, RecordingExportOptions, RecordingListOptions } from './recording.ts';
import type { ReportCommandOptions } from './report.ts';
import type { TestOptions } from './test.ts';
import { explain, processTerminal } from './terminal.ts';

const terminal = processTerminal();

/** Commands load their code when they run, so that `--help` and a mistyped command answer at once. */
const program = new Command('strowger')
  .description('IVR and voice-routing engine: hotlines as XState machines on Asterisk')
  .showHelpAfterError('(./strowger --help lists the commands)')
  .exitOverride();

program
  .command('demo')
  .description('a whole contact centre on this machine: a private Asterisk, the sample hotline, a call from a scripted caller to a scripted agent')
  .option('--once', 'end after the call; exit code 0 only if it went as it should')
  .option('--json', 'print the story as JSON lines')
  .option('--language <language>', 'the language the caller chooses: zh-CN or en', 'zh-CN')
  .action(async (options: { once?: boolean; json?: boolean; language: string }) => {
    const { demo } = await import('./demo.ts');
    await demo(terminal, options);
  });

program
  .command('serve')
  .description('the engine against a configured PBX')
  .option('-c, --config <file>', 'configuration file', process.env['STROWGER_CONFIG'] ?? 'strowger.yaml')
  .option('--take-over', 'take the calls over from the engine that serves them now, which ends then')
  .option('--supervised', 'keep an engine running: another takes its calls up when it dies or hangs; SIGUSR2 replaces it without a caller noticing')
  .option('--no-standby', 'with --supervised: no other engine is loaded beforehand, which saves its memory (some 120 MB) and costs callers two seconds')
  .addOption(new Option('--stand-by').hideHelp())
  .action(async (options: { config: string; standby: boolean; takeOver?: boolean; supervised?: boolean; standBy?: boolean }) => {
    if (options.supervised === true) {
      const { supervise } = await import('./supervise.ts');
      return supervise(options);
    }
    const { serve } = await import('./serve.ts');
    await serve(terminal, options);
  });

program
  .command('doctor')
  .description('checks each part of a configured installation and says how to mend what is wrong')
  .option('-c, --config <file>', 'configuration file', process.env['STROWGER_CONFIG'] ?? 'strowger.yaml')
  .option('--json', 'print the findings as JSON')
  .action(async (options: { config: string; json?: boolean }) => {
    const { doctor } = await import('./doctor.ts');
    await doctor(terminal, options);
  });

program
  .command('drain')
  .description('no new calls, of the engine or of one switch; waits until those that are in have ended')
  .option('--switch <id>', 'this switch only; it stays so until it is undone, whatever becomes of the engine')
  .option('--undo', 'take calls again')
  .option('--no-wait', 'do not wait')
  .option('--timeout <seconds>', 'wait no longer than that; exit code 1 when calls still go on')
  .option('--url <url>', 'API of the engine', process.env['STROWGER_API_URL'] ?? 'http://127.0.0.1:8080')
  .option('--token <token>', 'API token (or STROWGER_API_TOKEN)', process.env['STROWGER_API_TOKEN'])
  .option('--json', 'print JSON')
  .action(async (options: DrainCommandOptions) => {
    const { drain } = await import('./drain.ts');
    await drain(terminal, options);
  });

program
  .command('agent')
  .description('agents of a running engine: list, sign-in, sign-out, ready, not-ready, finish-wrap-up, code')
  .argument('<action>', 'list, sign-in, sign-out, ready, not-ready, finish-wrap-up or code')
  .argument('[agent]', 'agent id')
  .argument('[code]', 'for code: what the conversation was about, one of queues[].wrapUpCodes')
  .option('--reason <reason>', 'reason code for not-ready')
  .option('--url <url>', 'API of the engine', process.env['STROWGER_API_URL'] ?? 'http://127.0.0.1:8080')
  .option('--token <token>', 'API token (or STROWGER_API_TOKEN)', process.env['STROWGER_API_TOKEN'])
  .option('--json', 'print JSON')
  .action(async (action: string, agent: string | undefined, code: string | undefined, options: { reason?: string; url: string; token?: string; json?: boolean }) => {
    const { agentCommand } = await import('./agent.ts');
    await agentCommand(terminal, action, agent, { ...options, ...(code === undefined ? {} : { code }) });
  });

const nlu = program.command('nlu').description('intents of what callers say: learn them from examples, test and explain them');
nlu
  .command('train')
  .description('learn intents from a CSV with the columns text and intent')
  .requiredOption('--data <file>', 'examples: CSV with the columns text and intent')
  .requiredOption('--out <file>', 'the model')
  .option('--oos <file>', 'utterances that mean none of the intents: CSV with a column text')
  .option('--no-embedding', 'without the sentence encoder: quicker')
  .option('--json', 'print JSON')
  .action(async (options: NluTrainOptions) => {
    const { nluTrain } = await import('./nlu.ts');
    await nluTrain(terminal, options);
  });
/** A command about intents of a model or of a flow. */
const ofIntents = (command: Command): Command =>
  command
    .option('--flow <id>', 'a flow with intents')
    .option('--dir <dir>', 'folder of flows', 'flows')
    .option('--model <file>', 'what `nlu train` wrote');
ofIntents(nlu.command('test'))
  .description('accuracy, macro F1, calibration, out-of-scope AUROC and confusions on examples that have not been learnt')
  .requiredOption('--data <file>', 'examples: CSV with the columns text and intent')
  .option('--oos <file>', 'utterances that mean none of the intents: CSV with a column text')
  .option('--json', 'print JSON, with every error')
  .action(async (options: NluTestOptions) => {
    const { nluTest } = await import('./nlu.ts');
    await nluTest(terminal, options);
  });
ofIntents(nlu.command('tune'))
  .description('the bands (accept, confirm, rival) that cost callers least, by what callers have said')
  .requiredOption('--data <file>', 'what callers said and meant: CSV with the columns text and intent; without --flow and --model it is learnt and tuned on in turn')
  .option('--oos <file>', 'what callers said who mean none of the intents: CSV with a column text')
  .option('--menu <state>', 'the menu of the flow; default: the one with the most intents')
  .option('--wrong <cost>', 'something else is done than was meant (10)')
  .option('--confirm <cost>', '"did you mean …?", and it was (1)')
  .option('--confirm-wrong <cost>', '"did you mean …?", and it was not (3)')
  .option('--either <cost>', '"this or that?" (1.5)')
  .option('--again <cost>', 'asked again (2)')
  .option('--stranger-taken <cost>', 'something is done for somebody who means none of the intents (10)')
  .option('--json', 'print JSON')
  .action(async (options: NluTuneOptions) => {
    const { nluTune } = await import('./nlu-tune.ts');
    await nluTune(terminal, options);
  });
ofIntents(nlu.command('explain'))
  .description('what an utterance is understood as, and why')
  .argument('<text>', 'what a caller says')
  .option('--intent <intent>', 'why this one, and not the most likely')
  .option('--json', 'print JSON')
  .action(async (text: string, options: NluExplainOptions) => {
    const { nluExplain } = await import('./nlu.ts');
    await nluExplain(terminal, text, options);
  });

const acd = program.command('acd').description('the distribution of calls to agents: what it does, why, and its configuration');
/** A command that asks a running engine. */
const ofEngine = (command: Command): Command =>
  command
    .option('--url <url>', 'API of the engine', process.env['STROWGER_API_URL'] ?? 'http://127.0.0.1:8080')
    .option('--token <token>', 'API token (or STROWGER_API_TOKEN)', process.env['STROWGER_API_TOKEN'])
    .option('--json', 'print JSON');
ofEngine(acd.command('status'))
  .description('queues, who waits, and agents')
  .option('--watch', 'again each second, until interrupted')
  .action(async (options: AcdCommandOptions & { watch?: boolean }) => {
    const { acdStatus } = await import('./acd.ts');
    await acdStatus(terminal, options);
  });
ofEngine(acd.command('why'))
  .description('why a caller waits and what would change it; what happened, when the wait is over')
  .argument('<id>', 'contact or call')
  .action(async (id: string, options: AcdCommandOptions) => {
    const { acdWhy } = await import('./acd.ts');
    await acdWhy(terminal, id, options);
  });
ofEngine(acd.command('reload'))
  .description('reads agents, queues and skills of the configuration file again; calls go on (as SIGHUP does)')
  .action(async (options: AcdCommandOptions) => {
    const { acdReload } = await import('./acd.ts');
    await acdReload(terminal, options);
  });
acd
  .command('simulate')
  .description('a day of a contact centre in virtual time: one configuration, two side by side, or a recorded log with another one')
  .argument('[scenario]', 'scenario file; samples are in scenarios/')
  .option('--compare <scenario>', 'another scenario, with the same callers')
  .option('--log <file>', 'recorded events: a store file, or JSON lines as /api/v1/events prints them')
  .option('--replications <n>', 'how many days (20)')
  .option('--seed <n>', 'of the random numbers (1)')
  .option('--zone <zone>', "time zone of the log's days", 'Asia/Shanghai')
  .option('--json', 'print every figure as JSON')
  .action(async (scenario: string | undefined, options: AcdSimulateOptions) => {
    const { acdSimulate } = await import('./acd-simulate.ts');
    await acdSimulate(terminal, scenario, options);
  });
ofEngine(acd.command('priority'))
  .description('gives a waiting contact another priority')
  .argument('<contact>', 'contact id: `acd status` lists them')
  .argument('<priority>', '1 is the most urgent, 5 the default')
  .option('--age-boost <seconds>', 'it stands as if it had come this much earlier')
  .action(async (contact: string, priority: string, options: AcdCommandOptions & { ageBoost?: string }) => {
    const { acdPriority } = await import('./acd.ts');
    await acdPriority(terminal, contact, priority, options);
  });

const callback = program.command('callback').description('customers who are to be called back');
ofEngine(callback.command('list'))
  .description('those that are open, the soonest first')
  .option('--queue <queue>', 'only those of this queue')
  .option('--all', 'those, too, that ended within the last two days')
  .action(async (options: CallbackListOptions) => {
    const { callbackList } = await import('./callback.ts');
    await callbackList(terminal, options);
  });
ofEngine(callback.command('show'))
  .description('one callback with its attempts')
  .argument('<id>', 'callback id: `callback list` has them')
  .action(async (id: string, options: CallbackCommandOptions) => {
    const { callbackShow } = await import('./callback.ts');
    await callbackShow(terminal, id, options);
  });
ofEngine(callback.command('windows'))
  .description('the windows that can be chosen in a queue now')
  .argument('<queue>', 'queue id')
  .action(async (queue: string, options: CallbackCommandOptions) => {
    const { callbackWindows } = await import('./callback.ts');
    await callbackWindows(terminal, queue, options);
  });
ofEngine(callback.command('request'))
  .description('asks for a callback, as soon as its turn in the queue comes or within a window')
  .argument('<queue>', 'queue id')
  .argument('<number>', 'as it is dialled here, or with + and the country code')
  .option('--at <time>', 'a time within the window: 10:00 is today, else 2026-08-13T10:00')
  .option('--language <language>', 'zh-CN or en', 'zh-CN')
  .option('--topic <topic>', "what it is about, for the agent's screen")
  .action(async (queue: string, number: string, options: CallbackRequestOptions) => {
    const { callbackRequest } = await import('./callback.ts');
    await callbackRequest(terminal, queue, number, options);
  });
ofEngine(callback.command('move'))
  .description('to another time; refused, it keeps the one that it has')
  .argument('<id>', 'callback id')
  .option('--at <time>', 'a time within the window: 10:00 is today, else 2026-08-13T10:00')
  .option('--soon', 'as soon as its turn in the queue comes')
  .action(async (id: string, options: CallbackMoveOptions) => {
    const { callbackMove } = await import('./callback.ts');
    await callbackMove(terminal, id, options);
  });
ofEngine(callback.command('cancel'))
  .description("cancels a callback; too late once the customer's phone rings")
  .argument('<id>', 'callback id')
  .action(async (id: string, options: CallbackCommandOptions) => {
    const { callbackCancel } = await import('./callback.ts');
    await callbackCancel(terminal, id, options);
  });

const recording = program.command('recording').description('recordings of calls that were put away');
ofEngine(recording.command('list'))
  .description('recordings, the newest first')
  .option('--queue <queue>', 'only those of this queue')
  .option('--agent <agent>', 'only those of this agent')
  .option('--call <call>', 'only those of this call')
  .option('--from <moment>', 'begun from here on: 2026-08-12 or 2026-08-12T09:30')
  .option('--to <moment>', 'begun before')
  .option('--limit <n>', 'at most so many (100)')
  .action(async (options: RecordingListOptions) => {
    const { recordingList } = await import('./recording.ts');
    await recordingList(terminal, options);
  });
ofEngine(recording.command('show'))
  .description('one recording: of which call, with whom, when it was silent')
  .argument('<id>', 'recording id: `recording list` has them')
  .action(async (id: string, options: RecordingCommandOptions) => {
    const { recordingShow } = await import('./recording.ts');
    await recordingShow(terminal, id, options);
  });
ofEngine(recording.command('export'))
  .description('its sound, decrypted, as a WAV file; the event log notes who had it')
  .argument('<id>', 'recording id')
  .option('--out <file>', 'the file; by default <id>.wav')
  .option('--as <name>', 'who asks, for the books')
  .action(async (id: string, options: RecordingExportOptions) => {
    const { recordingExport } = await import('./recording.ts');
    await recordingExport(terminal, id, options);
  });
ofEngine(recording.command('delete'))
  .description('deletes a recording before its time; the event log notes who did')
  .argument('<id>', 'recording id')
  .option('--as <name>', 'who asks, for the books')
  .action(async (id: string, options: RecordingCommandOptions) => {
    const { recordingDelete } = await import('./recording.ts');
    await recordingDelete(terminal, id, options);
  });

program
  .command('report')
  .description('figures of a running engine: queues, agents, callbacks, the whole centre, and how good the estimated waits were')
  .argument('[what]', 'queues, agents, totals, callbacks or expected-wait', 'queues')
  .option('--from <moment>', '2026-08-12 or 2026-08-12T09:30; default: the beginning of today')
  .option('--to <moment>', 'the same; a date is taken to its end; default: now')
  .option('--interval <interval>', '15, 30 or 60 minutes, day, or range: all in one row', 'range')
  .option('--time-zone <zone>', 'e.g. Asia/Shanghai; default: the one of the contact centre')
  .option('--id <id>', 'only this queue or agent')
  .option('--service-levels', 'the service level, counted in seven ways')
  .option('--url <url>', 'API of the engine', process.env['STROWGER_API_URL'] ?? 'http://127.0.0.1:8080')
  .option('--token <token>', 'API token (or STROWGER_API_TOKEN)', process.env['STROWGER_API_TOKEN'])
  .option('--json', 'print JSON')
  .action(async (what: string, options: ReportCommandOptions) => {
    const { reportCommand } = await import('./report.ts');
    await reportCommand(terminal, what, options);
  });

program
  .command('asterisk-config')
  .description('renders the configuration of Asterisk for this contact centre into a folder')
  .argument('<dir>', 'where to write it, e.g. /etc/asterisk')
  .option('-c, --config <file>', 'configuration file', process.env['STROWGER_CONFIG'] ?? 'strowger.yaml')
  .action(async (dir: string, options: { config: string }) => {
    const { asteriskConfig } = await import('./asterisk-config.ts');
    await asteriskConfig(terminal, dir, options);
  });

program
  .command('password')
  .description('reads a password from standard input and prints the hash for http.users[].passwordHash')
  .action(async () => {
    const { password } = await import('./password.ts');
    await password(terminal);
  });

const flow = program.command('flow').description('flow files: check and draw them');
flow
  .command('check')
  .description('finds what would fail in a call: missing prompts, unhandled outcomes, dead ends')
  .argument('[flows...]', 'flow ids; all of the folder without')
  .option('--dir <dir>', 'folder of flows', 'flows')
  .option('--json', 'print JSON')
  .action(async (ids: string[], options: { dir: string; json?: boolean }) => {
    const { flowCheck } = await import('./flow.ts');
    await flowCheck(terminal, ids, options);
  });
flow
  .command('diagram')
  .description('the statechart of a flow')
  .argument('<flow>', 'flow id')
  .option('--dir <dir>', 'folder of flows', 'flows')
  .option('--format <format>', 'mermaid or svg', 'mermaid')
  .option('--language <language>', 'of the prompts in an svg: zh-CN or en', 'en')
  .option('--failures', 'also what happens at a fault of ours')
  .action(async (id: string, options: { dir: string; format: string; language: string; failures?: boolean }) => {
    const { flowDiagram } = await import('./flow.ts');
    await flowDiagram(terminal, id, options);
  });

program
  .command('test')
  .description('lint, types, dependency rules, unit tests and live tests on a real Asterisk')
  .option('--unit', 'only what needs no Asterisk')
  .option('--repeat <n>', 'run the tests n times in a row', '1')
  .option('--faults <n>', 'with `chaos`: so many faults', '500')
  .option('--callers <n>', 'with `chaos`: so many callers at a time', '50')
  .option('--seed <n>', 'with `chaos`: the same faults in the same order', '1')
  .option('--inputs <n>', 'with `fuzz`: so many inputs for each reader', '100000')
  .argument('[filters...]', 'only test files whose path contains one of these; `chaos`: faults beside live calls, for a night; `fuzz`: broken inputs for all that reads from outside')
  .action(async (filters: string[], options: TestOptions) => {
    const { test } = await import('./test.ts');
    await test(terminal, filters, options);
  });

program
  .command('bench')
  .description('benchmarks, side by side with the peers')
  .argument('<bench>', 'call, queue, recovery, soak, router, oracles, expected-wait, callback, nlu, voice-activity or speech')
  .option('--quick', 'under a minute')
  .option('--json', 'print JSON')
  .option('--rate <calls>', "calls per second, for 'call' and 'soak'")
  .option('--minutes <n>', "for 'soak' (60)")
  .option('--bank-log <file>', "call log of a bank, for 'oracles' and 'expected-wait'")
  .option('--nlu-data <folder>', "examples of intents, for 'nlu'")
  .option('--speech-data <folder>', "a model of Mandarin and a person's words, for 'speech'")
  .action(async (name: string, options: BenchOptions) => {
    const { bench } = await import('./bench.ts');
    await bench(terminal, name, options);
  });

// Whoever reads along may have seen enough (`| head`).
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await program.parseAsync(process.argv);
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else {
    explain(error, terminal);
    process.exitCode = 1;
  }
}
