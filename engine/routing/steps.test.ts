import { describe, expect, it } from 'vitest';
import type { RoutingStep } from '../domain/requirement.ts';
import { firstStep, nextStep, stepEndsAt, stepsOf } from './steps.ts';

const step = (skill: string, forMs: number | 'untilServed'): RoutingStep => ({ require: { skill }, forMs });
const expert = step('expert', 30_000);
const senior = step('senior', 20_000);
const anyone = step('anyone', 'untilServed');
const steps = [expert, senior, anyone];

/** Servable are the steps with these indices. */
const only = (...indices: number[]) => (index: number) => indices.includes(index);

describe('stepsOf', () => {
  it('leaves strict steps as they are', () => {
    expect(stepsOf({ steps: [expert], afterSteps: 'strict' })).toEqual([expert]);
  });

  it("ends with everyone of the queue for 'any', and when there is no step at all", () => {
    const everyone = { require: { all: [] }, forMs: 'untilServed' };
    expect(stepsOf({ steps: [expert], afterSteps: 'any' })).toEqual([expert, everyone]);
    expect(stepsOf({ steps: [], afterSteps: 'strict' })).toEqual([everyone]);
  });
});

describe('firstStep', () => {
  it('is the first that somebody signed in can serve; skipping takes no time', () => {
    expect(firstStep(steps, 1000, 1000, only(0, 1, 2))).toEqual({ index: 0, openedAt: 1000 });
    expect(firstStep(steps, 1000, 1000, only(2))).toEqual({ index: 2, openedAt: 1000 });
    expect(firstStep(steps, 1000, 1000, only())).toBeUndefined();
  });

  it('is the one that the age of a contact has reached when it comes back after a restart', () => {
    expect(firstStep(steps, 0, 29_999, only(0, 1, 2))).toEqual({ index: 0, openedAt: 0 });
    expect(firstStep(steps, 0, 40_000, only(0, 1, 2))).toEqual({ index: 1, openedAt: 30_000 });
    expect(firstStep(steps, 0, 90_000, only(0, 1, 2))).toEqual({ index: 2, openedAt: 50_000 });
    expect(firstStep(steps, 0, 40_000, only(0, 2))).toEqual({ index: 2, openedAt: 30_000 });
    expect(firstStep(steps, 0, 40_000, only(0))).toEqual({ index: 0, openedAt: 0 });
  });

  it('tries a step of 0 ms once', () => {
    const now = [step('free now', 0), anyone];
    expect(firstStep(now, 1000, 1000, only(0, 1))).toEqual({ index: 0, openedAt: 1000 });
    expect(nextStep(now, { index: 0, openedAt: 1000 }, 1000, only(0, 1))).toEqual({ index: 1, openedAt: 1000 });
  });
});

describe('nextStep', () => {
  const open = { index: 0, openedAt: 0 };

  it('is the same object while nothing calls for another', () => {
    expect(nextStep(steps, open, 29_999, only(0, 1, 2))).toBe(open);
  });

  it('opens the next that can be served when the time is up', () => {
    expect(nextStep(steps, open, 30_000, only(0, 1, 2))).toEqual({ index: 1, openedAt: 30_000 });
    expect(nextStep(steps, open, 30_000, only(0, 2))).toEqual({ index: 2, openedAt: 30_000 });
  });

  it('stays on the last that can be served, and goes on as soon as a later one can', () => {
    expect(nextStep(steps, open, 60_000, only(0))).toBe(open);
    expect(nextStep(steps, open, 61_000, only(0, 1))).toEqual({ index: 1, openedAt: 61_000 });
  });

  it('gives way at once when nobody is left who could serve it', () => {
    expect(nextStep(steps, open, 5_000, only(1, 2))).toEqual({ index: 1, openedAt: 5_000 });
  });

  it('goes back to the nearest earlier one only when there is no later one', () => {
    const last = { index: 2, openedAt: 50_000 };
    expect(nextStep(steps, last, 60_000, only(0, 1))).toEqual({ index: 1, openedAt: 60_000 });
    expect(nextStep(steps, last, 60_000, only(0))).toEqual({ index: 0, openedAt: 60_000 });
    expect(nextStep(steps, { index: 1, openedAt: 0 }, 1_000, only(0, 2))).toEqual({ index: 2, openedAt: 1_000 });
  });

  it('is none when nobody is signed in who could serve any', () => {
    expect(nextStep(steps, open, 5_000, only())).toBeUndefined();
  });
});

describe('stepEndsAt', () => {
  it('is the time limit, as long as a later step could take over', () => {
    const open = { index: 0, openedAt: 1_000 };
    expect(stepEndsAt(steps, open, only(0, 1))).toBe(31_000);
    expect(stepEndsAt(steps, open, only(0))).toBeUndefined();
    expect(stepEndsAt(steps, { index: 2, openedAt: 0 }, only(0, 1, 2))).toBeUndefined();
  });
});
