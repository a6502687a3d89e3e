import { expect, it } from 'vitest';
import { shortestBetween } from './shortest-between.ts';

it.each([
  [0, 1, 0.5],
  [0.62, 0.68, 0.65],
  [0.5, 0.7, 0.6],
  [0.69999, 0.7, 0.7],
  [0.3, 0.3 + 1e-12, 0.3 + 1e-12],
])('above %d and up to %d: %d', (low, high, between) => {
  expect(shortestBetween(low, high)).toBe(between);
});
