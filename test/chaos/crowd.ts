import type { RandomStream } from '../../engine/simulation/random-stream.ts';
import type { OutgoingCall, ScriptedCaller } from '../../telephony/phones/scripted-caller.ts';

const KEYS = ['1', '2', '3', '4', '0', '9', '*', '#', '6299990000010015#', '246810#', '12'];
const MEDIA = { source: { kind: 'silence', forMs: 100 }, record: false } as const;

interface Member {
  readonly number: string;
  readonly call: OutgoingCall;
}

/** Callers who come, press and say what they like, wait, and leave; as many at a time as there is room for. */
export class Crowd {
  readonly #caller: ScriptedCaller;
  readonly #hotline: string;
  readonly #size: number;
  readonly #random: RandomStream;
  /** What they say, at 8 kHz. */
  readonly #words: readonly Int16Array[];
  readonly #members = new Set<Member>();
  #count = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor({ caller, hotline, size, random, words }: { readonly caller: ScriptedCaller; readonly hotline: string; readonly size: number; readonly random: RandomStream; readonly words: readonly Int16Array[] }) {
    this.#caller = caller;
    this.#hotline = hotline;
    this.#size = size;
    this.#random = random;
    this.#words = words;
  }

  /** The numbers of those who are on the line: answered, and nobody has hung up. */
  get onTheLine(): readonly string[] {
    return [...this.#members].filter(({ call }) => !call.isOver && call.events.some(({ name }) => name === 'answered')).map(({ number }) => number);
  }

  /** All that has become of a caller, for a person. */
  storyOf(number: string): string {
    const call = [...this.#members].find((member) => member.number === number)?.call;
    return `${number}: ${call?.events.map(({ name, atMs }) => `${new Date(atMs).toISOString().slice(11, 23)} ${name}`).join(', ') ?? 'unknown'}`;
  }

  /** Everybody does something, and somebody comes, until `rest`. */
  act(): void {
    this.#timer = setInterval(() => {
      if (this.#members.size < this.#size) void this.#comes();
      for (const { call } of this.#members) {
        if (call.isOver) continue;
        const luck = this.#random.uniform();
        if (luck < 0.01) void call.hangUp();
        else if (luck < 0.12) call.media.sendDigits(KEYS[this.#random.index(KEYS.length)] ?? '1').catch(() => undefined); // the call ended meanwhile
        else if (luck < 0.16) call.media.sendPcm(this.#words[this.#random.index(this.#words.length)] ?? new Int16Array(0)).catch(() => undefined);
      }
    }, 250);
  }

  /** Nobody does anything. Resolves when nobody is being connected any more. */
  async rest(): Promise<void> {
    clearInterval(this.#timer);
    // A call that is not answered now is answered or refused before long.
    await Promise.all([...this.#members].map(({ call }) => Promise.race([call.answered.catch(() => undefined), call.ended])));
  }

  async leave(): Promise<void> {
    clearInterval(this.#timer);
    await Promise.all([...this.#members].map(({ call }) => call.hangUp()));
  }

  async #comes(): Promise<void> {
    this.#count += 1;
    const number = `139${String(this.#count).padStart(8, '0')}`;
    const call = await this.#caller.dial({ number: this.#hotline, callerNumber: number, media: MEDIA });
    const member = { number, call };
    this.#members.add(member);
    void call.ended.then(() => this.#members.delete(member));
  }
}
