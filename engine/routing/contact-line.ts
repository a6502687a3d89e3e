import type { ContactId } from '../domain/ids.ts';
import type { Crew } from './crew.ts';
import { comparePlaces } from './place.ts';
import { RouterContacts, type RouterContact } from './router-contact.ts';
import type { ArrivingContact } from './routing-event.ts';
import type { SharedPlan } from './requirement-class.ts';
import type { StepPlan } from './step-plans.ts';
import { TimerHeap } from './timer-heap.ts';
import { WaitingHeaps } from './waiting-heaps.ts';

/**
 * All contacts: who stands where, and when time brings something for whom. A contact *stands* while it waits for an agent under
 * its open step; not while its phone rings. Those for whom some agents are not to be asked stand apart: they are few, and the
 * heaps stay simple because whoever is in one takes any agent of its class.
 */
export class ContactLine {
  readonly #contacts = new RouterContacts();
  readonly #heaps = new WaitingHeaps();
  readonly #apart = new Set<RouterContact>();
  readonly #timers = new TimerHeap();

  /** How many stand. */
  get standing(): number {
    return this.#heaps.size + this.#apart.size;
  }

  /** When time alone next brings something; `Infinity`: never. */
  get dueAt(): number {
    return this.#timers.due;
  }

  /** Only to be called when `dueAt` is not `Infinity`. */
  get dueFirst(): RouterContact {
    return this.#contacts.bySlot(this.#timers.slot);
  }

  get(contactId: ContactId): RouterContact | undefined {
    return this.#contacts.get(contactId);
  }

  /** In the order of arrival. */
  all(): Iterable<RouterContact> {
    return this.#contacts.all();
  }

  /** Contacts that have one of these plans, in the order of arrival. */
  withPlans(plans: ReadonlySet<SharedPlan>): readonly RouterContact[] {
    const found: RouterContact[] = [];
    for (const { contacts } of plans) for (const slot of contacts) found.push(this.#contacts.bySlot(slot));
    return found.sort((a, b) => a.sequence - b.sequence);
  }

  enter(arriving: ArrivingContact, plan: StepPlan, offered: boolean): RouterContact {
    return this.#contacts.add(arriving, plan, offered);
  }

  leave(contact: RouterContact): void {
    this.stepAside(contact);
    this.#timers.clear(contact.slot);
    this.#contacts.remove(contact);
  }

  /** Puts a contact where it belongs. */
  stand(contact: RouterContact): void {
    const { slot, cls, notBefore } = contact;
    if (contact.offered || cls === undefined) return;
    if (notBefore !== undefined) this.#apart.add(contact);
    else if (!this.#heaps.has(slot)) this.#heaps.add(slot, cls.id, contact);
  }

  stepAside(contact: RouterContact): void {
    this.#heaps.remove(contact.slot);
    if (contact.notBefore !== undefined) this.#apart.delete(contact);
  }

  /** Nobody stands any more: the classes have changed. */
  allAside(): void {
    this.#heaps.clear();
    this.#apart.clear();
  }

  /** To be called when what a contact's place follows from has changed. */
  reorder(contact: RouterContact): void {
    this.#heaps.moved(contact.slot, contact);
  }

  /** To be called when anything has changed that `dueAt` follows from. */
  schedule(contact: RouterContact): void {
    this.#timers.set(contact.slot, contact.dueAt, contact.sequence);
  }

  inOrder(contacts: readonly RouterContact[]): readonly RouterContact[] {
    return [...contacts].sort(comparePlaces);
  }

  /**
   * The first contact that an agent who became idle makes servable, if any. `coming` is 1 while the agent is not counted among
   * the idle yet.
   */
  firstFor(agent: number, crew: Crew, coming: 0 | 1): RouterContact | undefined {
    const { classes, reserved } = crew.groups.groupOfAgent(agent);
    let slot = this.#heaps.first(classes);
    for (let index = 0; index < reserved.length; index += 1) {
      const { id, idle, keepIdle } = crew.classes.byId(reserved[index]!);
      const head = this.#heaps.head(id);
      if (head >= 0 && idle + coming > keepIdle && (slot < 0 || this.#goesBefore(head, slot))) slot = head;
    }
    let first = slot < 0 ? undefined : this.#contacts.bySlot(slot);
    if (this.#apart.size === 0) return first;
    for (const contact of this.#apart) {
      if (first !== undefined && comparePlaces(first, contact) < 0) continue;
      if (this.#isServable(contact, agent, crew, coming)) first = contact;
    }
    return first;
  }

  #goesBefore(slot: number, other: number): boolean {
    return comparePlaces(this.#contacts.bySlot(slot), this.#contacts.bySlot(other)) < 0;
  }

  #isServable({ cls, notBefore }: RouterContact, agent: number, crew: Crew, coming: 0 | 1): boolean {
    if (cls === undefined || notBefore === undefined) return false;
    if (!crew.groups.mayServe(crew.groups.groupOfAgent(agent), cls.queueId, cls.require)) return false;
    if (!notBefore.has(crew.groups.idOf(agent))) return cls.idle + coming > cls.keepIdle || cls.keepIdle === 0;
    // The agent itself is not to be asked, but that it is idle may free another whom the reserve held back.
    return cls.keepIdle > 0 && cls.idle + coming > cls.keepIdle && crew.idle.bestBut(cls, notBefore) >= 0;
  }
}
