import { describe, expect, it } from 'vitest';

import { Fft } from './fft.ts';

describe('the FFT', () => {
  it('agrees with the definition and comes back', () => {
    const size = 32;
    const re = Float64Array.from({ length: size }, (_, i) => Math.sin(i * i));
    const im = Float64Array.from({ length: size }, (_, i) => Math.cos(3 * i));
    const [outRe, outIm] = [re.slice(), im.slice()];
    const fft = new Fft(size);
    fft.forward(outRe, outIm);
    for (let k = 0; k < size; k++) {
      let [sumRe, sumIm] = [0, 0];
      for (let n = 0; n < size; n++) {
        const angle = (-2 * Math.PI * k * n) / size;
        sumRe += (re[n] ?? 0) * Math.cos(angle) - (im[n] ?? 0) * Math.sin(angle);
        sumIm += (re[n] ?? 0) * Math.sin(angle) + (im[n] ?? 0) * Math.cos(angle);
      }
      expect(outRe[k]).toBeCloseTo(sumRe, 9);
      expect(outIm[k]).toBeCloseTo(sumIm, 9);
    }
    fft.inverse(outRe, outIm);
    for (let n = 0; n < size; n++) {
      expect(outRe[n]).toBeCloseTo(re[n] ?? NaN, 9);
      expect(outIm[n]).toBeCloseTo(im[n] ?? NaN, 9);
    }
  });

  it('takes powers of two only', () => {
    expect(() => new Fft(48)).toThrow(RangeError);
  });
});
