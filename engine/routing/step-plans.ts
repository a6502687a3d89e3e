import type { QueueId } from '../domain/ids.ts';
import type { RoutingStep } from '../domain/requirement.ts';
import { PlanIndex, type PlanSource } from './plan-index.ts';
import type { RequirementClass, SharedPlan } from './requirement-class.ts';
import type { RequirementClasses } from './requirement-classes.ts';
import { stepsOf, type Servable } from './steps.ts';

/** So many plans are remembered at least; flows name few, but a requirement may be made from data, and all of those would be a leak. */
const REMEMBERED = 4_096;

/** The steps of all contacts of a queue that ask for the same. */
export interface StepPlan extends SharedPlan {
  readonly queueId: QueueId;
  /** From `stepsOf`. */
  readonly steps: readonly RoutingStep[];
  /** Of each step. */
  classes: readonly RequirementClass[];
  readonly servable: Servable;
  /** Slots of the contacts that have it. */
  readonly contacts: number[];
}

/** The step plans that are in use, and the last that were. */
export class StepPlans {
  readonly #index = new PlanIndex<StepPlan>();
  readonly #remembered: number;
  #classes: RequirementClasses;
  #limit: number;

  constructor(classes: RequirementClasses, remembered: number = REMEMBERED) {
    this.#classes = classes;
    this.#remembered = remembered;
    this.#limit = remembered;
  }

  get size(): number {
    return this.#index.size;
  }

  of(source: PlanSource): StepPlan {
    return this.#index.get(source) ?? this.#make(source);
  }

  /** Looks up anew who may serve the contacts that wait; forgets all other plans. */
  rebind(classes: RequirementClasses): void {
    this.#classes = classes;
    this.#dropUnused();
    for (const plan of this.#index.values()) this.#bind(plan);
  }

  #make(source: PlanSource): StepPlan {
    if (this.#index.size >= this.#limit) {
      this.#dropUnused();
      this.#classes.dropUnused();
      this.#limit = Math.max(this.#remembered, 2 * this.#index.size);
    }
    const plan: StepPlan = {
      queueId: source.queueId,
      steps: stepsOf(source),
      classes: [],
      servable: (index) => {
        const cls = plan.classes[index];
        return cls !== undefined && cls.staffedGroups > 0;
      },
      contacts: [],
    };
    this.#index.set({ queueId: source.queueId, steps: source.steps, afterSteps: source.afterSteps }, plan);
    this.#bind(plan);
    return plan;
  }

  #bind(plan: StepPlan): void {
    plan.classes = plan.steps.map(({ require, keepIdle }) => this.#classes.of(plan.queueId, require, Math.max(0, keepIdle ?? 0)));
    for (const cls of new Set(plan.classes)) cls.plans.push(plan);
  }

  #dropUnused(): void {
    const touched = new Set<RequirementClass>();
    for (const plan of this.#index.values()) {
      if (plan.contacts.length === 0) for (const cls of plan.classes) touched.add(cls);
    }
    this.#index.keep((plan) => plan.contacts.length > 0);
    for (const cls of touched) cls.plans = cls.plans.filter((plan) => plan.contacts.length > 0);
  }
}
