/** Something that is to happen; without `run` it has been called off. */
export interface Due {
  readonly atMs: number
  readonly order: number
  run: (() => void) | undefined
}

/** What is to happen, soonest first, and in the order of asking for what is due at the same time. */
export class Agenda {
  readonly #heap: Due[] = []
  #order = 0

  add(atMs: number, run: () => void): Due {
    const due = { atMs, order: this.#order, run }
    this.#order += 1
    push(this.#heap, due)
    return due
  }

  /** Takes the next that is due by then. */
  next(untilMs: number): Due | undefined {
    for (;;) {
      const [first] = this.#heap
      if (first === undefined || first.atMs > untilMs) return undefined
      pop(this.#heap)
      if (first.run !== undefined) return first
    }
  }
}

const isBefore = (one: Due, other: Due): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order)

/** A binary heap, soonest first. */
function push(heap: Due[], due: Due): void {
  let index = heap.length
  heap.push(due)
  while (index > 0) {
    const parent = (index - 1) >> 1
    const above = heap[parent]
    if (above === undefined || !isBefore(due, above)) break
    heap[index] = above
    index = parent
  }
  heap[index] = due
}

function pop(heap: Due[]): void {
  const last = heap.pop()
  if (last === undefined || heap.length === 0) return
  let index = 0
  for (;;) {
    let child = index * 2 + 1
    const left = heap[child]
    if (left === undefined) break
    const right = heap[child + 1]
    if (right !== undefined && isBefore(right, left)) child += 1
    const least = heap[child]
    if (least === undefined || !isBefore(least, last)) break
    heap[index] = least
    index = child
  }
  heap[index] = last
}
