import type { BridgeId, ChannelId, PlaybackId } from '../../engine/domain/ids.ts';
import type { OriginateRequest } from '../../engine/ports/call-control.ts';
import type { AnsweredBy, ChannelInfo, ChannelState, SwitchEventBody } from '../../engine/ports/call-events.ts';
import type { Clock, TimerHandle } from '../../engine/ports/clock.ts';
import type { Ear } from './ear.ts';

export interface ChannelSurroundings {
  readonly clock: Clock;
  readonly emit: (event: SwitchEventBody) => void;
  /** Length of a media URI; undefined when the file is missing. */
  readonly mediaDurationMs: (uri: string) => number | undefined;
}

/** How a call ended for a party: hung up by itself, by the switch (asked by the engine or not), or with the switch. */
export type EndedBy = 'self' | 'switch' | 'crash';

/** Who is at the end of a channel, as the channel needs it. */
export interface ChannelParty {
  readonly name: string;
  readonly ear: Ear;
  closed(channel: SimulatedChannel, by: EndedBy, cause: number): void;
}

/** The bridge that a channel is in, as the channel needs it. */
export interface ChannelBridge {
  readonly id: BridgeId;
  readonly channels: ReadonlySet<SimulatedChannel>;
  remove(channel: SimulatedChannel): void;
}

/** The media of `playSilence`, which nobody hears. */
export const SILENCE = 'sound:silence';
export const SILENCE_MS = 60_000;

interface Playback {
  readonly id: PlaybackId;
  readonly media: readonly string[];
}

/** What a channel has been told to do. Playbacks take time, the others are done at once when it is their turn. */
type Command = { readonly kind: 'play'; readonly playback: Playback; cancelled: boolean } | { readonly kind: 'act'; readonly act: () => void };

/** The class that Asterisk suggests for a phone that says nothing of it (`moh_suggest`). */
const HOLD_MUSIC = 'default';

/**
 * One line of the switch with the party at its end. As in Asterisk's Stasis, what a channel is told to do it does in
 * order, and a playback holds up what comes after it (res_stasis dispatches the commands of a channel one by one).
 */
export class SimulatedChannel {
  readonly id: ChannelId;
  readonly party: ChannelParty;
  /** Dialled by the engine. */
  readonly dialledByUs: boolean;
  readonly args: readonly string[];
  readonly detectMachine: OriginateRequest['detectMachine'];
  /** What the switch heard, once it has listened. */
  answeredBy: AnsweredBy | undefined;
  state: ChannelState;
  inApplication = false;
  /** Dialled by the engine, or told to it: its end is told, too. */
  isKnown: boolean;
  gone = false;
  /** Its party has put the other side on hold. */
  holds = false;
  bridge: ChannelBridge | undefined;
  readonly #info: Omit<ChannelInfo, 'id' | 'state'>;
  readonly #around: ChannelSurroundings;
  readonly #commands: Command[] = [];
  #playing: { readonly playback: Playback; index: number; ok: boolean; timer: TimerHandle } | undefined;
  #music: string | undefined;
  #isHeld = false;

  constructor(
    facts: ChannelInfo & { readonly party: ChannelParty; readonly dialledByUs: boolean; readonly args: readonly string[] } & Pick<OriginateRequest, 'detectMachine'>,
    around: ChannelSurroundings,
  ) {
    const { id, state, party, dialledByUs, args, callerNumber, callerName, dialled, trunk, createdAt } = facts;
    this.id = id;
    this.state = state;
    this.party = party;
    this.dialledByUs = dialledByUs;
    this.isKnown = dialledByUs;
    this.args = args;
    this.detectMachine = facts.detectMachine;
    this.#info = { callerNumber, callerName, dialled, createdAt, ...(trunk === undefined ? {} : { trunk }) };
    this.#around = around;
  }

  get info(): ChannelInfo {
    return { id: this.id, state: this.state, ...this.#info };
  }

  /** The playbacks that run or wait. */
  get playbacks(): readonly PlaybackId[] {
    const waiting = this.#commands.flatMap((command) => (command.kind === 'play' ? [command.playback.id] : []));
    return this.#playing ? [this.#playing.playback.id, ...waiting] : waiting;
  }

  /** The class of the music that plays, if any. */
  get music(): string | undefined {
    return this.#music;
  }

  play(playback: Playback): void {
    this.#enqueue({ kind: 'play', playback, cancelled: false });
  }

  /** Does `act` when all before it is done, or when the channel goes: Asterisk runs what is queued then, too. */
  inTurn(act: () => void): void {
    this.#enqueue({ kind: 'act', act });
  }

  stopPlayback(id: PlaybackId): void {
    if (this.#playing?.playback.id === id) {
      this.#finish(true);
      return;
    }
    // One that waits is reported as finished when its turn comes, without having started.
    for (const command of this.#commands) if (command.kind === 'play' && command.playback.id === id) command.cancelled = true;
  }

  startMusic(musicClass: string): void {
    if (this.gone) return;
    this.#music = musicClass;
    if (!this.#playing) this.party.ear.begin(`music:${musicClass}`);
  }

  stopMusic(): void {
    if (this.#music === undefined) return;
    this.#music = undefined;
    if (!this.#playing) this.party.ear.end(false);
  }

  /** Another party of the bridge puts this one on hold, or takes it back. The music is the same as that of `startMusic`. */
  setHeld(held: boolean): void {
    if (held === this.#isHeld) return;
    this.#isHeld = held;
    if (held) this.startMusic(HOLD_MUSIC);
    else this.stopMusic();
  }

  /** The line is no more. What plays or waits is over, which is no failure of the media. */
  close(): void {
    this.gone = true;
    this.#music = undefined;
    this.#finish(true);
    this.party.ear.end(false);
    for (const command of this.#commands.splice(0)) {
      if (command.kind === 'act') command.act();
      else {
        if (!command.cancelled) this.#started(command.playback);
        this.#finished(command.playback, true);
      }
    }
  }

  #enqueue(command: Command): void {
    this.#commands.push(command);
    this.#work();
  }

  #work(): void {
    while (!this.#playing && !this.gone) {
      const command = this.#commands.shift();
      if (!command) return;
      if (command.kind === 'act') command.act();
      else if (command.cancelled) this.#finished(command.playback, true);
      else this.#start(command.playback);
    }
  }

  #start(playback: Playback): void {
    // A prompt ends the music for good, but in a bridge: there the music comes back after it.
    if (!this.bridge) this.stopMusic();
    this.#playing = { playback, index: 0, ok: true, timer: undefined };
    this.#started(playback);
    this.#playNext();
  }

  #playNext(): void {
    const playing = this.#playing;
    if (!playing) return;
    const uri = playing.playback.media[playing.index];
    if (uri === undefined) {
      this.#finish(playing.ok);
      return;
    }
    playing.index += 1;
    const durationMs = this.#around.mediaDurationMs(uri);
    // What is missing is passed over; the verdict is that of the last media.
    playing.ok = durationMs !== undefined;
    if (durationMs === undefined) {
      this.#playNext();
      return;
    }
    if (uri !== SILENCE) this.party.ear.begin(uri);
    playing.timer = this.#around.clock.setTimeout(() => {
      this.party.ear.end(true);
      this.#playNext();
    }, durationMs);
  }

  #finish(ok: boolean): void {
    const playing = this.#playing;
    if (!playing) return;
    this.#around.clock.clearTimeout(playing.timer);
    this.#playing = undefined;
    this.party.ear.end(false);
    if (this.#music !== undefined) this.startMusic(this.#music);
    this.#finished(playing.playback, ok);
    this.#work();
  }

  #started({ id }: Playback): void {
    this.#around.emit({ type: 'playback.started', channelId: this.id, playbackId: id });
  }

  #finished({ id }: Playback, ok: boolean): void {
    this.#around.emit({ type: 'playback.finished', channelId: this.id, playbackId: id, ok });
  }
}
