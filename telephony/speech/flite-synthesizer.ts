import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StrowgerError } from '../../engine/domain/errors.ts';
import type { Language } from '../../engine/domain/language.ts';
import type { Pcm, Synthesizer } from '../../engine/ports/synthesizer.ts';
import { fingerprint, runSpeechProgram, type SpeechCommand } from './speech-program.ts';
import { decodeWav } from './wav.ts';

export interface FliteOptions {
  /** Default `slt`, a woman's voice. */
  readonly voice?: string;
  readonly timeoutMs?: number;
}

// The end of a phrase is stretched, and a word of a number is nothing but an end.
const FRAGMENT = /^\S+( \S+)?$/;
const FRAGMENT_STRETCH = 0.85;

/** flite as a child process. English only. A development voice; see README.md. */
export class FliteSynthesizer implements Synthesizer {
  readonly id: string;
  readonly #command: SpeechCommand;
  readonly #voice: string;
  readonly #timeoutMs: number;

  constructor(command: SpeechCommand, options: FliteOptions = {}) {
    this.#command = command;
    this.#voice = options.voice ?? 'slt';
    this.#timeoutMs = options.timeoutMs ?? 15_000;
    this.id = ['flite', fingerprint(command), this.#voice, `x${FRAGMENT_STRETCH}`].join(' ');
  }

  async render(text: string, language: Language): Promise<Pcm> {
    if (language !== 'en') throw new StrowgerError('prompt.synthesis', `flite speaks English only, not ${language}.`, { hint: `Give ${language} another synthesizer.` });
    // Not /dev/stdout: flite opens its output by name, which fails when that is a socket.
    const file = join(tmpdir(), `strowger-flite-${randomUUID()}.wav`);
    const stretch = FRAGMENT.test(text) ? FRAGMENT_STRETCH : 1;
    try {
      await runSpeechProgram(this.#command, { args: ['-voice', this.#voice, '--setf', `duration_stretch=${stretch}`, '-t', text, '-o', file], timeoutMs: this.#timeoutMs });
      return decodeWav(await readFile(file));
    } finally {
      await rm(file, { force: true });
    }
  }
}
