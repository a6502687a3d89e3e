import { grownFloats, grownInts } from './growing.ts';
import { ageOf, bandOf, type Place } from './place.ts';

const FIRST_CAPACITY = 64;
const FIRST_ENTRIES = 4;
/** Numbers of an entry: band, age, sequence, slot. */
const STRIDE = 4;

/**
 * The waiting contacts, one binary heap for each requirement class. Contacts of any two classes can be compared, so who frees
 * an agent compares the heads of the classes that the agent may serve. The order never changes by time alone (virtual age grows
 * alike for all), so nothing is ever sorted again; promotion moves one contact. Every contact knows where it stands, so any can be
 * taken out at once.
 */
export class WaitingHeaps {
  /** By class: a heap's entries in one array, so that those that are compared lie side by side. */
  readonly #entries: Float64Array[] = [];
  /** By class: how many wait. */
  #sizes = new Int32Array(FIRST_CAPACITY);
  /** By class, in strides: a copy of the first entry for the scan; the band is NaN when nobody waits. */
  #heads = new Float64Array(FIRST_CAPACITY * STRIDE).fill(NaN);
  /** By slot; -1: in no heap. */
  #classes = new Int32Array(FIRST_CAPACITY).fill(-1);
  /** By slot: place in the heap. */
  #positions = new Int32Array(FIRST_CAPACITY).fill(-1);
  #size = 0;

  get size(): number {
    return this.#size;
  }

  has(slot: number): boolean {
    return slot < this.#classes.length && this.#classes[slot]! >= 0;
  }

  add(slot: number, classId: number, place: Place): void {
    if (slot >= this.#classes.length) {
      this.#classes = grownInts(this.#classes, slot + 1);
      this.#positions = grownInts(this.#positions, slot + 1);
    }
    this.#makeRoom(classId);
    const position = this.#sizes[classId]!;
    let entries = this.#entries[classId]!;
    if ((position + 1) * STRIDE > entries.length) {
      entries = grownFloats(entries, STRIDE * FIRST_ENTRIES);
      this.#entries[classId] = entries;
    }
    this.#classes[slot] = classId;
    this.#sizes[classId] = position + 1;
    this.#size += 1;
    this.#up(entries, position, bandOf(place), ageOf(place), place.sequence, slot);
    if (this.#positions[slot] === 0) this.#copyHead(classId);
  }

  remove(slot: number): void {
    if (!this.has(slot)) return;
    const classId = this.#classes[slot]!;
    const at = this.#positions[slot]!;
    const size = this.#sizes[classId]! - 1;
    this.#classes[slot] = -1;
    this.#sizes[classId] = size;
    this.#size -= 1;
    if (at < size) {
      const entries = this.#entries[classId]!;
      const last = size * STRIDE;
      this.#settle(entries, size, at, entries[last]!, entries[last + 1]!, entries[last + 2]!, entries[last + 3]!);
    }
    if (at === 0) this.#copyHead(classId);
  }

  /** To be called when what the place of a contact follows from has changed. */
  moved(slot: number, place: Place): void {
    if (!this.has(slot)) return;
    const classId = this.#classes[slot]!;
    const entries = this.#entries[classId]!;
    this.#settle(entries, this.#sizes[classId]!, this.#positions[slot]!, bandOf(place), ageOf(place), place.sequence, slot);
    this.#copyHead(classId);
  }

  clear(): void {
    this.#entries.length = 0;
    this.#sizes.fill(0);
    this.#heads.fill(NaN);
    this.#classes.fill(-1);
    this.#size = 0;
  }

  /** The first contact that waits in a class; -1 when none does. */
  head(classId: number): number {
    const at = classId * STRIDE;
    return at < this.#heads.length && !Number.isNaN(this.#heads[at]!) ? this.#heads[at + 3]! : -1;
  }

  /** The first of all contacts that wait in these classes; -1 when none does. */
  first(classIds: readonly number[]): number {
    const heads = this.#heads;
    let band = Infinity;
    let age = Infinity;
    let sequence = Infinity;
    let slot = -1;
    for (let index = 0; index < classIds.length; index += 1) {
      const at = classIds[index]! * STRIDE;
      if (at >= heads.length) continue;
      const itsBand = heads[at]!;
      // The band of an empty class is NaN: nothing is true of it.
      if (!(itsBand <= band)) continue;
      const itsAge = heads[at + 1]!;
      if (itsBand === band) {
        if (itsAge > age) continue;
        if (itsAge === age && heads[at + 2]! > sequence) continue;
      }
      band = itsBand;
      age = itsAge;
      sequence = heads[at + 2]!;
      slot = heads[at + 3]!;
    }
    return slot;
  }

  #makeRoom(classId: number): void {
    while (this.#entries.length <= classId) this.#entries.push(new Float64Array(0));
    if (classId < this.#sizes.length) return;
    const before = this.#sizes.length;
    this.#sizes = grownInts(this.#sizes, classId + 1).fill(0, before);
    this.#heads = grownFloats(this.#heads, this.#sizes.length * STRIDE).fill(NaN, before * STRIDE);
  }

  #copyHead(classId: number): void {
    const at = classId * STRIDE;
    const heads = this.#heads;
    if (this.#sizes[classId] === 0) {
      heads[at] = NaN;
      return;
    }
    const entries = this.#entries[classId]!;
    heads[at] = entries[0]!;
    heads[at + 1] = entries[1]!;
    heads[at + 2] = entries[2]!;
    heads[at + 3] = entries[3]!;
  }

  #settle(entries: Float64Array, size: number, at: number, band: number, age: number, sequence: number, slot: number): void {
    if (at > 0 && isBefore(band, age, sequence, entries, (at - 1) >> 1)) this.#up(entries, at, band, age, sequence, slot);
    else this.#down(entries, size, at, band, age, sequence, slot);
  }

  #up(entries: Float64Array, from: number, band: number, age: number, sequence: number, slot: number): void {
    let at = from;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(band, age, sequence, entries, parent)) break;
      this.#move(entries, parent, at);
      at = parent;
    }
    this.#put(entries, at, band, age, sequence, slot);
  }

  #down(entries: Float64Array, size: number, from: number, band: number, age: number, sequence: number, slot: number): void {
    let at = from;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      const right = (child + 1) * STRIDE;
      if (child + 1 < size && isBefore(entries[right]!, entries[right + 1]!, entries[right + 2]!, entries, child)) child += 1;
      if (isBefore(band, age, sequence, entries, child)) break;
      this.#move(entries, child, at);
      at = child;
    }
    this.#put(entries, at, band, age, sequence, slot);
  }

  #move(entries: Float64Array, from: number, to: number): void {
    const at = from * STRIDE;
    this.#put(entries, to, entries[at]!, entries[at + 1]!, entries[at + 2]!, entries[at + 3]!);
  }

  #put(entries: Float64Array, position: number, band: number, age: number, sequence: number, slot: number): void {
    const at = position * STRIDE;
    entries[at] = band;
    entries[at + 1] = age;
    entries[at + 2] = sequence;
    entries[at + 3] = slot;
    this.#positions[slot] = position;
  }
}

function isBefore(band: number, age: number, sequence: number, entries: Float64Array, position: number): boolean {
  const at = position * STRIDE;
  const itsBand = entries[at]!;
  if (band !== itsBand) return band < itsBand;
  const itsAge = entries[at + 1]!;
  if (age !== itsAge) return age < itsAge;
  return sequence < entries[at + 2]!;
}
