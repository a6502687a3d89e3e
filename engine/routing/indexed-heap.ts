/**
 * Binary heaps of small whole numbers (slots of contacts, numbers of agents) that know where each item stands, so that any of
 * them can be taken out at once. A heap is an array, the first item its head. An item stands in at most one of the heaps
 * that share `positions`; -1 there means in none.
 */
export interface HeapOrder {
  /** True when `a` goes before `b`. Never true both ways. */
  before(a: number, b: number): boolean;
}

export function heapInsert(heap: number[], positions: Int32Array, order: HeapOrder, item: number): void {
  heap.push(item);
  siftUp(heap, positions, order, item, heap.length - 1);
}

export function heapRemove(heap: number[], positions: Int32Array, order: HeapOrder, item: number): void {
  const at = positions[item]!;
  positions[item] = -1;
  const last = heap.pop()!;
  if (last === item) return;
  settle(heap, positions, order, last, at);
}

function settle(heap: number[], positions: Int32Array, order: HeapOrder, item: number, at: number): void {
  if (at > 0 && order.before(item, heap[(at - 1) >> 1]!)) siftUp(heap, positions, order, item, at);
  else siftDown(heap, positions, order, item, at);
}

function siftUp(heap: number[], positions: Int32Array, order: HeapOrder, item: number, from: number): void {
  let at = from;
  while (at > 0) {
    const parentAt = (at - 1) >> 1;
    const parent = heap[parentAt]!;
    if (!order.before(item, parent)) break;
    heap[at] = parent;
    positions[parent] = at;
    at = parentAt;
  }
  heap[at] = item;
  positions[item] = at;
}

function siftDown(heap: number[], positions: Int32Array, order: HeapOrder, item: number, from: number): void {
  const { length } = heap;
  let at = from;
  for (;;) {
    let childAt = 2 * at + 1;
    if (childAt >= length) break;
    let child = heap[childAt]!;
    if (childAt + 1 < length) {
      const right = heap[childAt + 1]!;
      if (order.before(right, child)) {
        child = right;
        childAt += 1;
      }
    }
    if (!order.before(child, item)) break;
    heap[at] = child;
    positions[child] = at;
    at = childAt;
  }
  heap[at] = item;
  positions[item] = at;
}
