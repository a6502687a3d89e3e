import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import wavefile from 'wavefile';
import { nodeId } from '../../engine/domain/ids.ts';
import type { CallEvents } from '../../engine/ports/call-events.ts';
import { silentLogger } from '../../engine/ports/logger.ts';
import { systemClock } from '../../integrations/runtime/system-clock.ts';
import type { AriNode } from '../../telephony/ari/ari-node.ts';
import { AriRecorder } from '../../telephony/ari/ari-recorder.ts';
import { AriSwitchboard } from '../../telephony/ari/ari-switchboard.ts';
import type { AriTransportKind } from '../../telephony/ari/ari-transport.ts';
import { until } from '../../telephony/ari/testing/until.ts';
import { PrivateAsterisk } from '../../telephony/pbx/private-asterisk.ts';
import { ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { ScriptedAgentPhone } from '../../telephony/phones/scripted-agent-phone.ts';
import type { AnswerBehaviour, IncomingCall } from '../../telephony/phones/scripted-agent-phone.ts';
import { ScriptedCaller } from '../../telephony/phones/scripted-caller.ts';
import type { RtpEndpoint } from '../../telephony/phones/rtp-endpoint.ts';
import type { ScriptedCall } from '../../telephony/phones/scripted-call.ts';
import { PCMA } from '../../telephony/phones/g711.ts';
import { sine } from '../../telephony/phones/tone.ts';
import { hearsHoldMusic } from '../rigs/hold-music-ear.ts';
import type { FarEnd, PhoneBehaviour } from './call-control-rig.ts';
import type { CallRecordingRig } from './call-recording.ts';

const CALLER_HZ = 700;
const AGENT_HZ = [1_100, 1_500] as const;
const AGENTS = [
  { id: 'agent1', password: 'one' },
  { id: 'agent2', password: 'two' },
  { id: 'absent', password: 'three' },
] as const;

/** What a phone says after its answer, once: `isOver` when it was said. */
interface Speech {
  isOver: boolean;
}

/** A far end on a real SIP call. */
export class SipFarEnd implements FarEnd {
  readonly hz: number;
  readonly #call: ScriptedCall;
  readonly #speech: Speech;
  wasAnswered = false;

  constructor(call: ScriptedCall, hz: number, speech: Speech = { isOver: false }) {
    this.#call = call;
    this.hz = hz;
    this.#speech = speech;
    call.answered.then(
      () => (this.wasAnswered = true),
      () => undefined, // `isOver` tells.
    );
  }

  /** What it hears and says. */
  get media(): RtpEndpoint {
    return this.#call.media;
  }

  get isOver(): boolean {
    return this.#call.isOver;
  }

  get isSpeaking(): boolean {
    return !this.#speech.isOver;
  }

  async sendDigits(digits: string, pace?: 'fast'): Promise<void> {
    await this.#call.media.sendDigits(digits, pace === 'fast' ? { durationMs: 60, gapMs: 60 } : {});
  }

  async hangUp(): Promise<void> {
    await this.#call.hangUp();
  }

  async hears(other: FarEnd): Promise<void> {
    await this.#call.media.hearsTone((other as SipFarEnd).hz);
  }

  async hold(): Promise<void> {
    await this.#call.hold();
  }

  async unhold(): Promise<void> {
    await this.#call.unhold();
  }

  async hearsMusic(): Promise<void> {
    await hearsHoldMusic(this.#call.media);
  }
}

/** A real Asterisk with a SIP trunk and two SIP phones. */
export class AsteriskRig implements CallRecordingRig {
  readonly node: AriNode;
  readonly events: CallEvents;
  readonly media: CallRecordingRig['media'];
  readonly recorder: AriRecorder;
  readonly pbx: PrivateAsterisk;
  readonly #switchboard: AriSwitchboard;
  readonly #caller: ScriptedCaller;
  readonly #phones: readonly ScriptedAgentPhone[];
  readonly #dir: string;
  #turn = 0;

  /** `viaUrl` may put something between engine and switch. */
  static async start(transport: 'auto' | AriTransportKind, viaUrl: (ariUrl: string) => Promise<string> = (url) => Promise.resolve(url)): Promise<AsteriskRig> {
    const root = await ensurePrivateRoot();
    const pbx = await PrivateAsterisk.start({
      root,
      config: { hotlines: [{ number: '95588', flow: 'contract' }], agents: AGENTS, answerInDialplan: false },
    });
    const command = root.command('sipp', []);
    const [caller, ...phones] = await Promise.all([
      ScriptedCaller.start({ command, server: pbx.sip }),
      ...AGENTS.slice(0, 2).map(({ id, password }, i) =>
        ScriptedAgentPhone.start({ command, server: pbx.sip, user: id, password, source: { kind: 'tone', hz: AGENT_HZ[i] ?? 0 } }),
      ),
    ]);
    return new AsteriskRig(transport, await viaUrl(pbx.ari.url), pbx, caller, phones);
  }

  private constructor(transport: 'auto' | AriTransportKind, url: string, pbx: PrivateAsterisk, caller: ScriptedCaller, phones: readonly ScriptedAgentPhone[]) {
    this.pbx = pbx;
    this.#caller = caller;
    this.#phones = phones;
    this.#dir = mkdtempSync(join(tmpdir(), 'strowger-contract-'));
    this.media = { short: this.#tone('short', 300), long: this.#tone('long', 8_000), missing: `sound:${this.#dir}/missing` };
    this.#switchboard = new AriSwitchboard({
      nodes: [{ id: 'pbx-1', ...pbx.ari, url, transport }],
      app: 'strowger',
      clock: systemClock,
      random: Math.random,
      log: silentLogger,
    });
    this.node = this.#switchboard.node(nodeId('pbx-1'));
    this.events = this.#switchboard;
    this.recorder = new AriRecorder(this.#switchboard);
  }

  async connect(): Promise<void> {
    this.#switchboard.start();
    await this.ready();
  }

  /** Settles when the node is connected. */
  async ready(): Promise<void> {
    await this.until(() => this.node.status.ready || undefined, 'a connection').catch((error: unknown) => {
      throw new Error(`There is no connection: ${this.node.status.lastError?.message}. ${JSON.stringify(this.node.stats)}`, { cause: error });
    });
  }

  async inboundCall({ callerNumber, callerName, dialled }: { callerNumber: string; callerName: string; dialled: string }): Promise<FarEnd> {
    const call = await this.#caller.dial({ number: dialled, callerNumber, callerName, media: { source: { kind: 'tone', hz: CALLER_HZ } } });
    return new SipFarEnd(call, CALLER_HZ);
  }

  phone(behaviour: PhoneBehaviour): Promise<{ endpoint: string; party(): FarEnd | undefined }> {
    if (behaviour.does === 'beAbsent') return Promise.resolve({ endpoint: 'PJSIP/absent', party: () => undefined });
    const index = (this.#turn += 1) % this.#phones.length;
    const phone = this.#phones[index] as ScriptedAgentPhone;
    const speech: Speech = { isOver: false };
    phone.behaviour = behaviourOf(behaviour, AGENT_HZ[index] ?? 0, speech);
    const known = phone.calls.length;
    const ends = new Map<IncomingCall, SipFarEnd>();
    const party = () => {
      const call = phone.calls[known];
      if (call === undefined) return undefined;
      const end = ends.get(call) ?? new SipFarEnd(call, AGENT_HZ[index] ?? 0, speech);
      ends.set(call, end);
      return end;
    };
    return Promise.resolve({ endpoint: `PJSIP/${phone.user}`, party });
  }

  loudness(sound: Uint8Array): number {
    return loudnessOf(PCMA.decode(sound));
  }

  pass(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  until<T>(probe: () => T | undefined, what: string): Promise<T> {
    return until(probe, what);
  }

  async close(): Promise<void> {
    this.#switchboard.stop();
    await Promise.all([this.#caller.stop(), ...this.#phones.map((phone) => phone.stop())]);
    await this.pbx.stop();
    rmSync(this.#dir, { recursive: true });
  }

  /** Writes a sine of 440 Hz and returns its URI. */
  #tone(name: string, durationMs: number): string {
    const wav = new wavefile.WaveFile();
    wav.fromScratch(1, 8_000, '16', Int16Array.from({ length: durationMs * 8 }, (_, i) => Math.round(8_000 * Math.sin((2 * Math.PI * 440 * i) / 8_000))));
    writeFileSync(join(this.#dir, `${name}.wav`), wav.toBuffer());
    return `sound:${this.#dir}/${name}`;
  }
}

/** The least that A-law knows beside nothing: it has no zero. */
const A_LAW_SILENCE = 8;

/** Root of the mean square, full scale is 1; 0 for digital silence. */
export function loudnessOf(pcm: Int16Array): number {
  if (pcm.every((value) => Math.abs(value) <= A_LAW_SILENCE)) return 0;
  return Math.sqrt(pcm.reduce((sum, value) => sum + value * value, 0) / pcm.length) / 32_768;
}

/** "Hello?", and the greeting of a machine. */
const SPEECH_MS = { speak: 600, greet: 4_000 };

function behaviourOf(behaviour: Exclude<PhoneBehaviour, { does: 'beAbsent' }>, hz: number, speech: Speech): AnswerBehaviour {
  switch (behaviour.does) {
    case 'answer':
      return { do: 'answer', afterMs: 50, ...(behaviour.hangUpAfterMs === undefined ? {} : { hangUpAfterMs: behaviour.hangUpAfterMs }) };
    case 'speak':
    case 'greet':
      return { do: 'answer', afterMs: 50, says: { kind: 'pcm', pcm: sine(hz, SPEECH_MS[behaviour.does]), onEnd: () => (speech.isOver = true) } };
    case 'busy':
      return { do: 'busy' };
    case 'decline':
      return { do: 'decline' };
    case 'ring':
      return { do: 'ring' };
  }
}
