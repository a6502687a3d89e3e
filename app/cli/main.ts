import { Command, CommanderError } from 'commander';
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
  .action(async (options: { config: string }) => {
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
  .command('agent')
  .description('agents of a running engine: list, sign-in, sign-out, ready, not-ready, finish-wrap-up')
  .argument('<action>', 'list, sign-in, sign-out, ready, not-ready or finish-wrap-up')
  .argument('[agent]', 'agent id')
  .option('--reason <reason>', 'reason code for not-ready')
  .option('--url <url>', 'API of the engine', process.env['STROWGER_API_URL'] ?? 'http://127.0.0.1:8080')
  .option('--token <token>', 'API token (or STROWGER_API_TOKEN)', process.env['STROWGER_API_TOKEN'])
  .option('--json', 'print JSON')
  .action(async (action: string, agent: string | undefined, options: { reason?: string; url: string; token?: string; json?: boolean }) => {
    const { agentCommand } = await import('./agent.ts');
    await agentCommand(terminal, action, agent, options);
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
  .argument('[filters...]', 'only test files whose path contains one of these')
  .action(async (filters: string[], options: { unit?: boolean; repeat: string }) => {
    const { test } = await import('./test.ts');
    await test(terminal, filters, options);
  });

program
  .command('bench')
  .description('benchmarks, side by side with the peers')
  .argument('<bench>', 'call')
  .option('--quick', 'under a minute')
  .option('--json', 'print JSON')
  .option('--rate <calls>', 'calls per second')
  .action(async (name: string, options: { quick?: boolean; json?: boolean; rate?: string }) => {
    const { bench } = await import('./bench.ts');
    await bench(terminal, name, options);
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
