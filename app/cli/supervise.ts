import { spawn } from 'node:child_process';
import { pinoLogger } from '../../integrations/log/pino-logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import { GO, type ToldToSupervisor } from './supervised.ts';
import { Supervisor, type EngineChild, type EngineStart } from './supervisor.ts';

const OPTIONS: Readonly<Record<EngineStart, readonly string[]>> = { serve: [], takeOver: ['--take-over'], standby: ['--stand-by'] };
const STANDBY_AFTER_MS = 10_000;

/**
 * `./strowger serve --supervised`: a small process that keeps an engine running. SIGUSR2 lets a second engine take the calls over (a new version, a
 * changed configuration); SIGHUP goes to the engine; SIGTERM and SIGINT end both, and calls stay on their switches. With `standby` another engine
 * waits, loaded, for the end of the one that serves. Sets the exit code.
 */
export async function supervise(options: { readonly config: string; readonly standby: boolean }): Promise<void> {
  const supervisor = new Supervisor({
    spawn: (how) => startEngine(options.config, OPTIONS[how]),
    clock: systemClock,
    log: pinoLogger({ level: 'info', showPersonalData: false }),
    standbyAfterMs: options.standby ? STANDBY_AFTER_MS : undefined,
  });
  process.on('SIGHUP', () => supervisor.forward('SIGHUP'));
  process.on('SIGUSR2', () => supervisor.replace());
  process.on('SIGTERM', () => supervisor.stop('SIGTERM'));
  process.on('SIGINT', () => supervisor.stop('SIGINT'));
  supervisor.start();
  process.exitCode = await supervisor.ended;
}

/** The same program once more, in a process group of its own: Ctrl-C of a terminal is for the supervisor, which tells the engine. */
function startEngine(config: string, options: readonly string[]): EngineChild {
  const script = process.argv[1] ?? '';
  const child = spawn(process.execPath, [...process.execArgv, script, 'serve', '--config', config, ...options], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  return {
    pid: child.pid,
    kill: (signal) => void child.kill(signal),
    go: () => void child.send(GO),
    onTold: (listener) => void child.on('message', (message) => listener(message as ToldToSupervisor)),
    onExit: (listener) => {
      child.once('exit', listener);
      // It could not even be started: there is no exit then.
      child.once('error', () => {
        if (child.pid === undefined) listener(1, null);
      });
    },
  };
}
