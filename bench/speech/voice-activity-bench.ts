import type { VoiceActivityDetector } from '../../engine/ports/voice-activity.ts';
import { type Endpoint, Endpointer, type EndpointRules, ENDPOINT_DEFAULTS } from '../../telephony/listening/endpointer.ts';
import { atLevel, joined, mixed, overTelephone, pinkNoise, rms, silence, whiteNoise } from '../../test/rigs/telephone-sounds.ts';
import type { OtherSound, SpeechSet } from './sound-sets.ts';

/** How speech is disturbed before it goes over the telephone. */
export interface Condition {
  readonly name: string;
  readonly levelDb: number;
  readonly noise?: { readonly kind: 'white' | 'pink'; readonly snrDb: number };
}

export interface SpeechFigures {
  readonly set: string;
  readonly condition: string;
  readonly recordings: number;
  /** Of the windows with speech, how many were told as such; of those without, how many were not. 0 to 1. */
  readonly speechRight: number;
  readonly silenceRight: number;
  /** Of the recordings, in how many an utterance began. */
  readonly found: number;
  /** From the first loud window to `started`. */
  readonly beginDelayMs: { readonly median: number; readonly p90: number };
  /** From the last loud window to the end, less the silence that was asked for. */
  readonly endDelayMs: { readonly median: number; readonly p90: number };
  /** Utterances beyond the first of each recording. */
  readonly splits: number;
}

export interface OtherFigures {
  readonly sound: string;
  readonly minutes: number;
  readonly falseStarts: number;
  /** Windows taken for speech, 0 to 1. */
  readonly falseWindows: number;
}

export interface CpuFigures {
  readonly sound: string;
  /** Share of one core that one channel takes. */
  readonly share: number;
  readonly msAWindow: number;
  /** The longest time for a packet in a hundred. */
  readonly p99Ms: number;
}

export interface VoiceActivityResult {
  readonly node: string;
  readonly speech: readonly SpeechFigures[];
  readonly other: readonly OtherFigures[];
  readonly cpu: readonly CpuFigures[];
  readonly leftOut: readonly string[];
}

const CONDITIONS: readonly Condition[] = [
  { name: 'clean, -20 dBFS', levelDb: -20 },
  { name: 'clean, -32 dBFS', levelDb: -32 },
  { name: 'white noise, 10 dB', levelDb: -20, noise: { kind: 'white', snrDb: 10 } },
  { name: 'white noise, 5 dB', levelDb: -20, noise: { kind: 'white', snrDb: 5 } },
  { name: 'pink noise, 10 dB', levelDb: -20, noise: { kind: 'pink', snrDb: 10 } },
  { name: 'pink noise, 5 dB', levelDb: -20, noise: { kind: 'pink', snrDb: 5 } },
  { name: 'pink noise, 0 dB', levelDb: -20, noise: { kind: 'pink', snrDb: 0 } },
];
const WINDOW_SAMPLES = 256;
const PACKET_SAMPLES = 160;
// The truth goes by the clean recording: within this of its loudest window somebody speaks, below that nobody does.
const SPEECH_RANGE_DB = 25;
const SILENCE_RANGE_DB = 45;
// The noise of a quiet line.
const LINE_NOISE_DB = -68;

export interface BenchSounds {
  readonly speech: readonly SpeechSet[];
  readonly other: readonly OtherSound[];
  readonly leftOut: readonly string[];
}

export interface BenchSettings {
  readonly detector: VoiceActivityDetector;
  /** Instead of the listener's own. */
  readonly rules?: Partial<EndpointRules>;
  readonly onProgress: (text: string) => void;
}

/** Runs the detector, and the rules that make utterances of what it says, over sounds of which is known whether somebody speaks. */
export function voiceActivityBench({ speech, other, leftOut }: BenchSounds, { detector, rules = {}, onProgress }: BenchSettings): VoiceActivityResult {
  const allRules: EndpointRules = { ...ENDPOINT_DEFAULTS, endSilenceMs: 600, maxSpeechMs: 15_000, ...rules };
  const figures = speech.flatMap((set) =>
    CONDITIONS.map((condition) => {
      onProgress(`${set.name}: ${condition.name}`);
      return measureSpeech(set, condition, detector, allRules);
    }),
  );
  const others = other.map((sound) => {
    onProgress(sound.name);
    return measureOther(sound, detector, allRules);
  });
  onProgress('CPU');
  const talk = speech[0] === undefined ? [] : [{ name: 'somebody speaks all the time', sound: overTelephone(joined(...speech[0].recordings.slice(0, 40))) }];
  const cpu = [...talk, { name: 'noise, -45 dBFS', sound: pinkNoise(60_000, -45) }, { name: 'silence', sound: silence(60_000) }].map((sound) => measureCpu(sound, detector));
  return { node: process.version, speech: figures, other: others, cpu, leftOut };
}

function measureSpeech({ name, recordings }: SpeechSet, condition: Condition, detector: VoiceActivityDetector, rules: EndpointRules): SpeechFigures {
  const right = { speech: 0, speechOf: 0, silence: 0, silenceOf: 0 };
  const beginDelays: number[] = [];
  const endDelays: number[] = [];
  let splits = 0;
  recordings.forEach((recording, index) => {
    const clean = joined(silence(640), atLevel(recording, condition.levelDb), silence(1_500));
    const likelihoods = detector.start().write(overTelephone(disturbed(clean, condition, index + 1)));
    const truth = truthOf(clean);
    likelihoods.forEach((likelihood, window) => {
      const said = likelihood >= rules.beginLikelihood;
      if (truth[window] === 'speech') {
        right.speechOf += 1;
        if (said) right.speech += 1;
      } else if (truth[window] === 'silence') {
        right.silenceOf += 1;
        if (!said) right.silence += 1;
      }
    });
    const begins = windowsOf('began', likelihoods, rules);
    const ends = windowsOf('ended', likelihoods, rules);
    const [first] = begins;
    if (first === undefined) return;
    beginDelays.push((first + 1 - truth.indexOf('speech')) * windowMs());
    endDelays.push(((ends.at(-1) ?? Number.POSITIVE_INFINITY) - truth.lastIndexOf('speech')) * windowMs() - rules.endSilenceMs);
    splits += begins.length - 1;
  });
  return {
    set: name,
    condition: condition.name,
    recordings: recordings.length,
    speechRight: right.speech / right.speechOf,
    silenceRight: right.silence / right.silenceOf,
    found: beginDelays.length / recordings.length,
    beginDelayMs: medianAndP90(beginDelays),
    endDelayMs: medianAndP90(endDelays),
    splits,
  };
}

function measureOther({ name, sound }: OtherSound, detector: VoiceActivityDetector, rules: EndpointRules): OtherFigures {
  const likelihoods = detector.start().write(overTelephone(sound));
  return {
    sound: name,
    minutes: sound.length / 8_000 / 60,
    falseStarts: windowsOf('began', likelihoods, rules).length,
    falseWindows: likelihoods.filter((likelihood) => likelihood >= rules.beginLikelihood).length / likelihoods.length,
  };
}

function measureCpu({ name, sound }: OtherSound, detector: VoiceActivityDetector): CpuFigures {
  const activity = detector.start();
  const times: number[] = [];
  const before = process.cpuUsage();
  for (let at = 0; at < sound.length; at += PACKET_SAMPLES) {
    const start = performance.now();
    activity.write(sound.subarray(at, at + PACKET_SAMPLES));
    times.push(performance.now() - start);
  }
  const { user, system } = process.cpuUsage(before);
  const cpuMs = (user + system) / 1_000;
  times.sort((a, b) => a - b);
  return { sound: name, share: cpuMs / (sound.length / 8), msAWindow: cpuMs / (sound.length / WINDOW_SAMPLES), p99Ms: quantile(times, 0.99) };
}

function disturbed(clean: Int16Array, { levelDb, noise }: Condition, seed: number): Int16Array {
  const ms = clean.length / 8;
  if (noise === undefined) return mixed(clean, whiteNoise(ms, LINE_NOISE_DB, seed));
  return mixed(clean, (noise.kind === 'white' ? whiteNoise : pinkNoise)(ms, levelDb - noise.snrDb, seed));
}

function truthOf(clean: Int16Array): readonly ('speech' | 'silence' | 'unsure')[] {
  const levels = Array.from({ length: Math.floor(clean.length / WINDOW_SAMPLES) }, (_, index) => 20 * Math.log10(rms(clean.subarray(index * WINDOW_SAMPLES, (index + 1) * WINDOW_SAMPLES))));
  const loudest = Math.max(...levels);
  return levels.map((level) => (level > loudest - SPEECH_RANGE_DB ? 'speech' : level < loudest - SILENCE_RANGE_DB ? 'silence' : 'unsure'));
}

/** The windows in which utterances began, or ended. */
function windowsOf(type: Endpoint['type'], likelihoods: readonly number[], rules: EndpointRules): readonly number[] {
  const endpointer = new Endpointer(rules, windowMs());
  return likelihoods.flatMap((likelihood, window) => (endpointer.hear(likelihood)?.type === type ? [window] : []));
}

function medianAndP90(values: readonly number[]): { readonly median: number; readonly p90: number } {
  const sorted = values.toSorted((a, b) => a - b);
  return { median: quantile(sorted, 0.5), p90: quantile(sorted, 0.9) };
}

function windowMs(): number {
  return WINDOW_SAMPLES / 8;
}

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
