import { expect, it } from 'vitest';
import { estimateCost, type CallCost } from './call-cost.ts';

const cost: CallCost = { capPerDay: 1_000, perMinuteByPrefix: { '+86': 10, '+8610': 8, '+852': 80 }, assumedMinutes: 5 };

it.each([
  ['+8613800138000', 50],
  ['+861088886666', 40],
  ['+85291234567', 400],
  ['+449098790000', 400],
])('a call to %s is taken to cost %d: by the longest prefix, without one the dearest', (number, expected) => expect(estimateCost(number, cost)).toBe(expected));

it('costs nothing without prices', () => expect(estimateCost('+8613800138000', { ...cost, perMinuteByPrefix: {} })).toBe(0));
