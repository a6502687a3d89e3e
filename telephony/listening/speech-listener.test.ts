import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { StrowgerError } from '../../engine/domain/errors.ts';
import { ListeningRig } from '../../test/rigs/listening-rig.ts';
import { joined, silence } from '../../test/rigs/telephone-sounds.ts';

// The rig's detector goes by loudness: what a test says here is speech for sure, and each utterance can be told by its samples.
const speech = (ms: number, loudness = 2_000) => new Int16Array(ms * 8).fill(loudness);
const word = (loudness = 2_000) => joined(speech(400, loudness), silence(700));
const said = (text: string) => [{ text }];

/** What every way of ending has to leave behind. */
function expectNothingLeft(rig: ListeningRig): void {
  expect(rig.audio.openTaps).toBe(0);
  expect(rig.clock.pending).toBe(0);
}

async function openRig(...options: ConstructorParameters<typeof ListeningRig>): Promise<ListeningRig> {
  const rig = await new ListeningRig(...options).opened();
  onTestFinished(async () => {
    rig.listening.stop();
    await setImmediate();
    expectNothingLeft(rig);
  });
  return rig;
}

describe('an utterance', () => {
  it('is told as it comes: started, partials, final', async () => {
    const rig = await openRig();
    rig.hear(silence(1_000));
    expect(rig.story).toEqual([]);
    rig.hear(speech(400));
    expect(rig.story).toEqual(['started']);
    rig.recognizer.heard[0]?.partial('余');
    rig.recognizer.heard[0]?.partial('余额');
    rig.hear(silence(620));
    expect(rig.recognizer.heard[0]?.ended).toBe(true);
    rig.recognizer.heard[0]?.final(said('余额'));
    expect(rig.story).toEqual(['started', 'partial 余', 'partial 余额', 'final 余额']);
  });

  it('is told to have started within a sixth of a second of what is surely speech', async () => {
    const rig = await openRig();
    rig.hear(joined(silence(1_000), speech(1_000)));
    const [toldAt = 0] = rig.toldAt;
    expect(toldAt / 8 - 1_000).toBeGreaterThanOrEqual(90);
    expect(toldAt / 8 - 1_000).toBeLessThanOrEqual(160);
  });

  it('reaches the recogniser whole, with 300 ms of what was before', async () => {
    const rig = await openRig();
    rig.hear(joined(new Int16Array(8_000).fill(1), speech(1_000), silence(700)));
    const sound = rig.recognizer.heard[0]?.sound() ?? new Int16Array();
    const onset = sound.indexOf(2_000);
    expect(onset / 8).toBeGreaterThanOrEqual(300 - 32);
    expect(onset / 8).toBeLessThanOrEqual(300 + 64);
    expect(sound.filter((sample) => sample === 2_000)).toHaveLength(8_000);
    // And what it is followed by, until the end was sure.
    expect((sound.length - 1 - sound.lastIndexOf(2_000)) / 8).toBeGreaterThanOrEqual(600);
  });

  it('streams: the recogniser has each packet at once', async () => {
    const rig = await openRig();
    rig.hear(speech(400));
    const before = rig.recognizer.heard[0]?.sound().length ?? 0;
    rig.hear(speech(20));
    expect((rig.recognizer.heard[0]?.sound().length ?? 0) - before).toBe(160);
  });

  it('does not start with a burst that is too short to be speech', async () => {
    const rig = await openRig();
    for (let count = 0; count < 20; count += 1) rig.hear(joined(speech(60), silence(500)));
    expect(rig.story).toEqual([]);
    expect(rig.recognizer.heard).toEqual([]);
  });

  it('is cut when it is too long, and what follows is not heard until the caller pauses', async () => {
    const rig = await openRig({ request: { maxSpeechMs: 2_000 } });
    rig.hear(speech(9_000));
    expect(rig.recognizer.heard).toHaveLength(1);
    expect(rig.recognizer.heard[0]?.ended).toBe(true);
    expect((rig.recognizer.heard[0]?.sound().length ?? 0) / 8).toBeLessThanOrEqual(2_000 + 300 + 64);
    rig.hear(joined(silence(700), word()));
    expect(rig.recognizer.heard).toHaveLength(2);
  });

  it('is the same when sound comes in one large piece', async () => {
    const rig = await openRig();
    rig.audio.sink?.audio(joined(word(2_000), word(3_000), silence(10)));
    expect(rig.recognizer.heard.map(({ sound, ended }) => [sound().includes(2_000), sound().includes(3_000), ended])).toEqual([
      [true, false, true],
      [false, true, true],
    ]);
  });

  it('may end before the caller has finished: the rest of it is not heard', async () => {
    const rig = await openRig();
    rig.hear(speech(400));
    rig.recognizer.heard[0]?.final(said('余额'));
    rig.hear(joined(speech(1_000), silence(700)));
    expect(rig.recognizer.heard).toHaveLength(1);
    rig.hear(word());
    expect(rig.recognizer.heard).toHaveLength(2);
  });

  it('ends when no sound comes any more', async () => {
    const rig = await openRig();
    rig.hear(speech(400));
    await rig.clock.advanceBy(500);
    rig.hear(speech(20));
    await rig.clock.advanceBy(500);
    expect(rig.recognizer.heard[0]?.ended).toBe(false);
    await rig.clock.advanceBy(700);
    expect(rig.recognizer.heard[0]?.ended).toBe(true);
    expect(rig.clock.pending).toBe(0);
    rig.hear(word(3_000));
    expect(rig.recognizer.heard[1]?.sound().includes(2_000)).toBe(false);
  });

  it('does not share its sound with a buffer that is used again', async () => {
    const rig = await openRig();
    const buffer = speech(20);
    for (let count = 0; count < 20; count += 1) rig.audio.sink?.audio(buffer);
    buffer.fill(7);
    expect(rig.recognizer.heard[0]?.sound().includes(7)).toBe(false);
  });
});

describe('utterances one after the other', () => {
  it('are heard until it is stopped', async () => {
    const rig = await openRig();
    for (const text of ['一', '二', '三']) {
      rig.hear(word());
      rig.recognizer.heard.at(-1)?.final(said(text));
    }
    expect(rig.story).toEqual(['started', 'final 一', 'started', 'final 二', 'started', 'final 三']);
  });

  it('are told in the order in which they were spoken, however the recogniser answers', async () => {
    const rig = await openRig();
    for (const loudness of [2_000, 3_000, 4_000]) rig.hear(word(loudness));
    const [first, second, third] = rig.recognizer.heard;
    third?.final(said('三'));
    second?.partial('二?');
    expect(rig.story).toEqual(['started']);
    first?.partial('一?');
    first?.final(said('一'));
    expect(rig.story).toEqual(['started', 'partial 一?', 'final 一', 'started', 'partial 二?']);
    second?.final(said('二'));
    expect(rig.story.slice(5)).toEqual(['final 二', 'started', 'final 三']);
  });

  it('are never mixed', async () => {
    const rig = await openRig({ request: { endSilenceMs: 200 } });
    for (const loudness of [2_000, 3_000, 4_000]) rig.hear(joined(speech(400, loudness), silence(270)));
    const loud = rig.recognizer.heard.map(({ sound }) => [...new Set(sound())].filter((sample) => sample > 1));
    expect(loud).toEqual([[2_000], [3_000], [4_000]]);
  });

  it('take nothing that comes after their final', async () => {
    const rig = await openRig();
    rig.hear(word());
    const [first] = rig.recognizer.heard;
    first?.final(said('一'));
    first?.partial('late');
    first?.final(said('late'));
    first?.failed(new StrowgerError('speech.failed', 'late'));
    expect(rig.story).toEqual(['started', 'final 一']);
  });
});

describe('it fails', () => {
  const unreachable = new StrowgerError('speech.unreachable', 'nobody there');

  it('when the recogniser fails, and stops listening', async () => {
    const rig = await openRig();
    rig.hear(word());
    rig.recognizer.heard[0]?.failed(unreachable);
    await setImmediate();
    expect(rig.story).toEqual(['started', 'failed speech.unreachable']);
    expectNothingLeft(rig);
    rig.hear(word());
    expect(rig.story).toHaveLength(2);
  });

  it('when the recogniser fails at once', async () => {
    const rig = await openRig();
    rig.recognizer.onRecognize = (sink) => sink.failed(unreachable);
    rig.hear(word());
    expect(rig.story).toEqual(['started', 'failed speech.unreachable']);
  });

  it('when the recogniser throws', async () => {
    const rig = await openRig();
    rig.recognizer.onRecognize = () => {
      throw new Error('broken');
    };
    rig.hear(word());
    expect(rig.story).toEqual(['started', 'failed speech.failed']);
  });

  it('after the answer to what was said before', async () => {
    const rig = await openRig();
    rig.hear(word());
    rig.hear(word());
    rig.recognizer.heard[1]?.failed(unreachable);
    expect(rig.story).toEqual(['started']);
    rig.recognizer.heard[0]?.final(said('一'));
    expect(rig.story).toEqual(['started', 'final 一', 'started', 'failed speech.unreachable']);
  });

  it('when the sound of the call ends, and cancels what was being said', async () => {
    const rig = await openRig();
    rig.hear(speech(400));
    rig.audio.sink?.ended('hung up');
    await setImmediate();
    expect(rig.story).toEqual(['started', 'failed switch.gone']);
    expect(rig.recognizer.heard[0]?.canceled).toBe(true);
    expectNothingLeft(rig);
  });

  it('when the sound of the call cannot be opened', async () => {
    const rig = await new ListeningRig().listen();
    await rig.audio.refused(new StrowgerError('switch.unreachable', 'no way'));
    expect(rig.story).toEqual(['failed switch.unreachable']);
    expectNothingLeft(rig);
  });

  it('when nobody knows the language, without asking for the sound', async () => {
    const rig = new ListeningRig();
    rig.recognizer.understands = false;
    await rig.listen();
    expect(rig.story).toEqual(['failed speech.failed']);
    expect(rig.audio.asked).toBe(false);
  });

  it('when voice activity fails', async () => {
    const fail = () => {
      throw new Error('no model');
    };
    const rig = await openRig({ detector: { start: () => ({ windowMs: 32, write: fail, reset: () => undefined }) } });
    rig.hear(speech(20));
    rig.hear(speech(20));
    expect(rig.story).toEqual(['failed speech.failed']);
  });
});

describe('stop', () => {
  it('closes the tap, cancels all recognitions, and nothing is told any more', async () => {
    const rig = await openRig();
    rig.hear(word());
    rig.hear(speech(400));
    rig.listening.stop();
    rig.listening.stop();
    await setImmediate();
    expect(rig.recognizer.heard.map(({ canceled }) => canceled)).toEqual([true, true]);
    expect(rig.audio.closed).toBe(1);
    expectNothingLeft(rig);
    rig.recognizer.heard[0]?.final(said('一'));
    rig.recognizer.heard[1]?.failed(new StrowgerError('speech.failed', 'late'));
    rig.audio.sink?.ended('late');
    rig.hear(word());
    expect(rig.story).toEqual(['started']);
  });

  it('before the sound was asked for: it is not asked for', async () => {
    const rig = new ListeningRig();
    const listening = rig.listen();
    rig.listening.stop();
    await listening;
    expect(rig.audio.asked).toBe(false);
  });

  it('while the sound is being opened: it is closed as soon as it is open', async () => {
    const rig = await new ListeningRig().listen();
    rig.listening.stop();
    await rig.audio.opened();
    expect(rig.audio.closed).toBe(1);
    expect(rig.story).toEqual([]);
    expectNothingLeft(rig);
  });

  it('while the sound is being opened, which fails: nothing is told', async () => {
    const rig = await new ListeningRig().listen();
    rig.listening.stop();
    await rig.audio.refused(new StrowgerError('switch.gone', 'hung up'));
    expect(rig.story).toEqual([]);
  });

  it.each(['started', 'final'])('from inside the telling of %s', async (type) => {
    const rig = await openRig({ onEvent: (event, listening) => (event.type === type ? listening.stop() : undefined) });
    rig.hear(word());
    rig.hear(word());
    rig.recognizer.heard[1]?.final(said('二'));
    rig.recognizer.heard[0]?.final(said('一'));
    await setImmediate();
    expect(rig.story).toEqual(type === 'started' ? ['started'] : ['started', 'final 一']);
    expect(rig.recognizer.heard).toHaveLength(type === 'started' ? 0 : 2);
    expectNothingLeft(rig);
  });

  it('does not mind a tap that cannot be closed', async () => {
    const rig = await new ListeningRig().listen();
    await rig.audio.opened(() => Promise.reject(new Error('gone')));
    rig.listening.stop();
    await setImmediate();
    expect(rig.audio.closed).toBe(1);
  });
});

describe('the sound ends while it is being opened', () => {
  it.each(['opened', 'refused'] as const)('and is then %s: told once, nothing left', async (then) => {
    const rig = await new ListeningRig().listen();
    rig.audio.sink?.ended('hung up');
    if (then === 'opened') await rig.audio.opened();
    else await rig.audio.refused(new StrowgerError('switch.gone', 'hung up'));
    expect(rig.story).toEqual(['failed switch.gone']);
    expectNothingLeft(rig);
  });
});

it('tells nothing from inside listen, even when all parts answer at once', async () => {
  let inside = true;
  const rig = new ListeningRig({ onEvent: () => expect(inside).toBe(false) });
  rig.audio.onOpen = (sink) => {
    for (let count = 0; count < 50; count += 1) sink.audio(speech(20));
    sink.ended('hung up');
  };
  const listening = rig.listen();
  inside = false;
  await listening;
  await rig.audio.opened();
  expect(rig.story).toEqual(['started', 'failed switch.gone']);
  expectNothingLeft(rig);
});
