import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { renderHoldMusic } from '../../telephony/pbx/hold-music.ts';
import { ensurePrivateRoot } from '../../telephony/pbx/private-packages.ts';
import { decodeWav } from '../../telephony/phones/wav.ts';
import { humanWords } from '../../test/rigs/human-words.ts';
import { saidByMachines } from '../../test/rigs/said-by-machines.ts';
import { atLevel, bursts, cadence, dtmf, joined, mixed, pinkNoise, silence, tones, whiteNoise } from '../../test/rigs/telephone-sounds.ts';

export interface SpeechSet {
  readonly name: string;
  readonly recordings: readonly Int16Array[];
}

/** A sound in which nobody speaks. */
export interface OtherSound {
  readonly name: string;
  readonly sound: Int16Array;
}

// Debian's asterisk-moh-opsound-wav: eighteen minutes of songs at 8 kHz.
const MUSIC_FOLDERS = ['/usr/share/asterisk/moh', '/usr/share/asterisk/moh/default'];

/** Speech that is at hand, and what was not. `quick`: a sixth. */
export async function speechSets(quick: boolean): Promise<{ readonly sets: readonly SpeechSet[]; readonly leftOut: readonly string[] }> {
  const limit = quick ? 10 : 60;
  const { words, missing } = humanWords(limit);
  const root = await ensurePrivateRoot();
  const said = await saidByMachines(root);
  const sets = [
    { name: 'words, a person, zh', recordings: words.map(({ sound }) => sound) },
    { name: 'prompts, a person, en', recordings: personsPrompts(join(root.path, 'usr/share/asterisk/sounds/en_US_f_Allison'), limit / 2) },
    { name: 'requests, espeak-ng, zh', recordings: said['zh-CN'] },
    { name: 'requests, flite, en', recordings: said.en },
  ];
  return { sets: sets.filter(({ recordings }) => recordings.length > 0), leftOut: missing === undefined ? [] : [missing] };
}

/** What is no speech, or nobody's who calls. `musicFolder`: WAV files of music without song; else Debian's hold music, when it is installed. */
export function otherSounds(quick: boolean, musicFolder: string | undefined): { readonly sounds: readonly OtherSound[]; readonly leftOut: readonly string[] } {
  const minutes = quick ? 0.2 : 1;
  const ms = minutes * 60_000;
  const folders = musicFolder === undefined ? MUSIC_FOLDERS : [musicFolder];
  const songs = folders.filter((folder) => existsSync(folder)).flatMap((folder) => wavFiles(folder));
  const sounds = [
    { name: 'silence', sound: silence(ms) },
    { name: 'white noise, -30 dBFS', sound: whiteNoise(ms, -30) },
    { name: 'white noise, -45 dBFS', sound: whiteNoise(ms, -45) },
    { name: 'pink noise, -30 dBFS', sound: pinkNoise(ms, -30) },
    { name: 'pink noise, -45 dBFS', sound: pinkNoise(ms, -45) },
    { name: 'knocks of 8 ms', sound: bursts(8, 500, 120 * minutes) },
    { name: 'coughs of 120 ms, made', sound: bursts(120, 1_000, 60 * minutes) },
    { name: 'coughs of 350 ms, made', sound: bursts(350, 1_500, 40 * minutes) },
    { name: 'keys (DTMF)', sound: joined(...Array.from({ length: 8 * minutes }, (_, index) => dtmf('1234567890*#', 60 + 40 * (index % 8), 80))) },
    { name: 'ringing and busy tones', sound: joined(cadence([450], 1_000, 4_000, 6 * minutes), cadence([440, 480], 2_000, 4_000, 5 * minutes), cadence([450], 350, 350, 60 * minutes), tones([350, 440], 5_000)) },
    { name: 'six people behind, -45 dBFS', sound: babble(ms) },
    { name: 'hold music, ours', sound: renderHoldMusic(8_000) },
    { name: 'hold music, songs', sound: joined(...(quick ? songs.map((song) => song.subarray(0, 80_000)) : songs)) },
  ];
  const leftOut = songs.length > 0 ? [] : ['There are no songs: install asterisk-moh-opsound-wav, or name a folder of WAV files with STROWGER_MUSIC.'];
  return { sounds: sounds.filter(({ sound }) => sound.length > 0), leftOut };
}

// Words of one person, six at once.
function babble(ms: number): Int16Array {
  const { words } = humanWords();
  if (words.length === 0) return new Int16Array();
  const voices = Array.from({ length: 6 }, (_, voice) => atLevel(joined(...words.filter((_word, index) => index % 6 === voice).map(({ sound }) => sound)), -20));
  return atLevel(voices.reduce((sum, voice) => mixed(sum, voice), silence(ms)), -45);
}

// Words and sentences of a second or two; the alphabet and single digits are no more than one syllable.
function personsPrompts(folder: string, limit: number): readonly Int16Array[] {
  if (!existsSync(folder)) return [];
  return wavFiles(folder)
    .filter(({ length }) => length > 6_000 && length < 24_000)
    .slice(0, limit);
}

function wavFiles(folder: string): readonly Int16Array[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.wav'))
    .sort()
    .map((name) => decodeWav(readFileSync(join(folder, name))).pcm);
}
