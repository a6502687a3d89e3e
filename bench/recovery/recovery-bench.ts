import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as passes } from 'node:timers/promises';
import { stringify } from 'yaml';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { defaultCacheDir, ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { ScriptedCaller, type OutgoingCall } from '../../telephony/phones/scripted-caller.ts';
import { EngineProcess, type LogLine } from '../../test/live/engine-process.ts';
import { freePort } from '../../test/live/hotline-rig.ts';
import { asteriskVersion } from '../asterisk-version.ts';
import { load1 } from '../call/cpu.ts';
import { percentilesOf, type Percentiles } from '../call/figures.ts';
import { journalCost, type JournalCost } from './journal-cost.ts';

export interface RecoveryBenchOptions {
  readonly quick?: boolean;
  /** How many calls at once, one after the other; by default by `quick`. */
  readonly sizes?: readonly number[];
  /** Whether it is measured what the journal costs. Default true. */
  readonly journal?: boolean;
  readonly onProgress?: (text: string) => void;
}

/** One size of load. Milliseconds after the kill -9. */
export interface Recovery {
  readonly calls: number;
  /** Of them in a queue; the others are in a menu. */
  readonly waiting: number;
  /** Until the next process logged its first line, and until it had compared all with the switch. */
  readonly processMs: number;
  readonly comparedMs: number;
  /** Until each call was taken up. */
  readonly takenUpMs: Percentiles;
  /** Calls that no process took up, or that ended. */
  readonly lost: number;
  /** Callers in the menu who pressed a key afterwards and were not served. */
  readonly notServed: number;
}

export interface RecoveryBenchResult {
  readonly at: string;
  readonly machine: { readonly node: string; readonly asterisk: string; readonly load1Before: number };
  readonly sizes: readonly Recovery[];
  /** Undefined where it was not asked for. */
  readonly journal: JournalCost | undefined;
  readonly left: { readonly channels: number; readonly bridges: number };
}

const NUMBER = '7301';
const QUICK = [20];
const FULL = [50, 500];
const QUICK_JOURNAL = { rate: 20, roundSeconds: 5, rounds: 1 } as const;
const FULL_JOURNAL = { rate: 40, roundSeconds: 15, rounds: 3 } as const;
const CALLS_PER_SECOND = 20;
/** The others stay in the menu. */
const QUEUE_SHARE = 0.5;
const RECOVERY_LIMIT_MS = 60_000;
const MEDIA = { source: { kind: 'silence', forMs: 100 }, record: false } as const;

/** How long callers are served by nobody when the engine is killed and its supervisor starts it again. */
export async function recoveryBench({ quick = false, sizes = quick ? QUICK : FULL, journal = true, onProgress = () => undefined }: RecoveryBenchOptions): Promise<RecoveryBenchResult> {
  const load1Before = load1();
  const stops: (() => Promise<unknown>)[] = [];
  try {
    const root = await ensurePrivateRoot({ onProgress: ({ name, detail }) => onProgress(`private Asterisk: ${name} ${detail ?? ''}`) });
    const dir = await mkdtemp(join(tmpdir(), 'strowger-recovery-'));
    stops.unshift(() => rm(dir, { recursive: true, force: true }));
    const pbx = await PrivateAsterisk.start({ root, rtpPorts: 2 * Math.max(...sizes) + 200, config: { hotlines: [{ number: NUMBER, flow: 'waiting' }] } });
    stops.unshift(() => pbx.stop());
    const engine = await startEngine(dir, pbx, (stop) => stops.unshift(stop));
    const caller = await ScriptedCaller.start({ command: root.command('sipp', []), server: pbx.sip });
    stops.unshift(() => caller.stop());
    const measured: Recovery[] = [];
    for (const calls of sizes) measured.push(await recover({ engine, pbx, caller, calls, onProgress }));
    const left = { channels: await pbx.channelCount(), bridges: await pbx.bridgeCount() };
    const machine = { node: process.version, asterisk: await asteriskVersion(pbx), load1Before };
    for (const stop of stops.splice(0)) await stop();
    const cost = journal ? await journalCost({ ...(quick ? QUICK_JOURNAL : FULL_JOURNAL), onProgress }) : undefined;
    return { at: new Date().toISOString(), machine, sizes: measured, journal: cost, left };
  } finally {
    for (const stop of stops) await stop();
  }
}

async function startEngine(dir: string, pbx: PrivateAsterisk, onStarted: (stop: () => Promise<unknown>) => void): Promise<EngineProcess> {
  const configFile = join(dir, 'strowger.yaml');
  const config = {
    engine: { id: 'bench', dataDir: dir },
    nodes: [{ id: 'pbx-1', ...pbx.ari }],
    hotlines: [{ number: NUMBER, flow: 'waiting' }],
    flows: { dir: join(import.meta.dirname, 'flow') },
    prompts: { cacheDir: join(defaultCacheDir(), 'prompts') },
    // An agent who is not there: callers wait.
    queues: [{ id: 'nobody', name: 'Nobody', maxWaitSeconds: 'untilServed', noAgentsGraceSeconds: 3_600, announcements: { position: false, expectedWait: false } }],
    agents: [{ id: '1001', name: 'Away', endpoint: 'PJSIP/1001', queues: ['nobody'] }],
    mqtt: { port: await freePort() },
    http: { port: await freePort() },
  };
  await writeFile(configFile, stringify(config));
  const engine = new EngineProcess(configFile);
  onStarted(() => engine.stop());
  await engine.start('--supervised');
  return engine;
}

interface Scene {
  readonly engine: EngineProcess;
  readonly pbx: PrivateAsterisk;
  readonly caller: ScriptedCaller;
  readonly calls: number;
  readonly onProgress: (text: string) => void;
}

async function recover({ engine, pbx, caller, calls, onProgress }: Scene): Promise<Recovery> {
  onProgress(`${calls} callers come in`);
  const before = engine.lines.length;
  const events = (type: string, from: number): readonly LogLine[] => engine.lines.slice(from).filter(({ event }) => event === type);
  const placed: OutgoingCall[] = [];
  for (const startedAt = performance.now(); placed.length < calls; ) {
    placed.push(await caller.dial({ number: NUMBER, callerNumber: String(13_800_000_000 + placed.length), media: MEDIA }));
    await passes(Math.max(0, startedAt + (placed.length * 1_000) / CALLS_PER_SECOND - performance.now()));
  }
  await Promise.all(placed.map(({ answered }) => answered));
  const inQueue = placed.slice(0, Math.round(calls * QUEUE_SHARE));
  const inMenu = placed.slice(inQueue.length);
  for (const call of inQueue) await call.media.sendDigits('1');
  await until(() => events('contact.queued', before).length >= inQueue.length && events('prompt.finished', before).length >= calls, 'the callers to wait');

  // As it is on any day: another engine is loaded, and waits.
  await until(() => engine.lines.findLastIndex(({ event }) => event === 'supervisor.standby') > engine.lines.findLastIndex(({ event }) => event === 'engine.ready'), 'an engine to stand by');
  onProgress(`kill -9 with ${calls} callers`);
  const from = engine.lines.length;
  const killedAt = Date.now();
  process.kill(engine.enginePid, 'SIGKILL');
  await until(() => events('engine.started', from).length > 0 && events('call.resumed', from).length >= calls, 'the callers to be taken up').catch(() => undefined);
  const resumed = events('call.resumed', from);
  const started = events('engine.started', from)[0];
  const firstLine = engine.lines.slice(from).find(({ time, event }) => typeof time === 'string' && Date.parse(time) > killedAt && event?.startsWith('supervisor.') !== true);

  onProgress(`${calls} callers are taken up; those in the menu press a key`);
  const pressedFrom = engine.lines.length;
  for (const call of inMenu) if (!call.isOver) await call.media.sendDigits('2');
  const served = (): number => events('prompt.started', pressedFrom).filter(({ prompts }) => (prompts as string[]).includes('recovery.next')).length;
  await until(() => served() >= inMenu.length, 'the keys to be answered').catch(() => undefined);
  const notServed = inMenu.length - served();
  const over = placed.filter(({ isOver }) => isOver).length;
  await Promise.all(placed.map((call) => call.hangUp()));
  await until(() => events('call.ended', before).length >= calls, 'the calls to end');
  for (const deadline = Date.now() + 10_000; Date.now() < deadline && (await pbx.channelCount()) > 0; ) await passes(50);
  return {
    calls,
    waiting: inQueue.length,
    processMs: firstLine === undefined ? NaN : Date.parse(String(firstLine['time'])) - killedAt,
    comparedMs: started === undefined ? NaN : Number(started['at']) - killedAt,
    takenUpMs: percentilesOf(resumed.map(({ at }) => Number(at) - killedAt)),
    lost: Math.max(calls - new Set(resumed.map(({ callId }) => callId)).size, over),
    notServed,
  };
}

async function until(isSo: () => boolean, what: string): Promise<void> {
  for (const deadline = Date.now() + RECOVERY_LIMIT_MS; !isSo(); await passes(20)) {
    if (Date.now() > deadline) throw new Error(`the bench waited ${RECOVERY_LIMIT_MS} ms for ${what}`);
  }
}
