/** Names and values of labels. */
export type Labels = Readonly<Record<string, string>>

interface Sample {
  readonly suffix: string
  readonly labels: Labels
  readonly value: number
}

/** What the text is made from; `name` as Prometheus wants it: `antiphon_calls_started_total`. */
export interface Metric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  samples(): readonly Sample[]
}

/** Series of one metric that are told apart; whatever else comes counts under the label value {@link OTHER}. */
export const SERIES_LIMIT = 500
export const OTHER = 'other'

export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** Labelled values that grow, or go up and down. */
export class Series implements Metric {
  readonly name: string
  readonly help: string
  readonly type: 'counter' | 'gauge'
  readonly #values = new Map<string, { readonly labels: Labels; value: number }>()

  constructor(type: 'counter' | 'gauge', name: string, help: string) {
    this.type = type
    this.name = name
    this.help = help
  }

  add(labels: Labels, by = 1): void {
    const known = this.#values.get(keyOf(labels))
    if (known !== undefined) known.value += by
    else {
      const own = this.#values.size < SERIES_LIMIT ? labels : othersOf(labels)
      const before = this.#values.get(keyOf(own))?.value ?? 0
      this.#values.set(keyOf(own), { labels: own, value: before + by })
    }
  }

  samples(): readonly Sample[] {
    return [...this.#values.values()].map((one) => ({ suffix: '', ...one }))
  }
}

/** How often values were at most as large as each bound. */
export class Histogram implements Metric {
  readonly name: string
  readonly help: string
  readonly type = 'histogram'
  readonly #bounds: readonly number[]
  readonly #values = new Map<string, { labels: Labels; counts: number[]; sum: number }>()

  constructor(name: string, help: string, bounds: readonly number[]) {
    this.name = name
    this.help = help
    this.#bounds = bounds
  }

  observe(labels: Labels, value: number): void {
    const isFull = this.#values.size >= SERIES_LIMIT && !this.#values.has(keyOf(labels))
    const own = isFull ? othersOf(labels) : labels
    const key = keyOf(own)
    const known = this.#values.get(key) ?? {
      labels: own,
      counts: this.#bounds.map(() => 0).concat(0),
      sum: 0,
    }
    this.#values.set(key, known)
    const found = this.#bounds.findIndex((bound) => value <= bound)
    const at = found < 0 ? this.#bounds.length : found
    known.counts[at] = (known.counts[at] ?? 0) + 1
    known.sum += value
  }

  samples(): readonly Sample[] {
    return [...this.#values.values()].flatMap(({ labels, counts, sum }) => {
      let total = 0
      const buckets = counts.map((count, index) => {
        total += count
        const le = this.#bounds[index] === undefined ? '+Inf' : String(this.#bounds[index])
        return { suffix: '_bucket', labels: { ...labels, le }, value: total }
      })
      return [
        ...buckets,
        { suffix: '_sum', labels, value: sum },
        { suffix: '_count', labels, value: total },
      ]
    })
  }
}

/** Values that are looked up when they are asked for. */
export const looked = (
  type: 'counter' | 'gauge',
  name: string,
  help: string,
  look: () => Iterable<readonly [labels: Labels, value: number]>,
): Metric => ({
  name,
  help,
  type,
  samples: () => Array.from(look(), ([labels, value]) => ({ suffix: '', labels, value })),
})

/** The metrics in Prometheus' text format, version 0.0.4. */
export function exposition(metrics: readonly Metric[]): string {
  const lines = metrics.flatMap((metric) => [
    `# HELP ${metric.name} ${metric.help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}`,
    `# TYPE ${metric.name} ${metric.type}`,
    ...metric
      .samples()
      .map(({ suffix, labels, value }) => `${metric.name}${suffix}${textOf(labels)} ${value}`),
  ])
  return `${lines.join('\n')}\n`
}

function textOf(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

const keyOf = (labels: Labels): string => JSON.stringify(Object.values(labels))

const othersOf = (labels: Labels): Labels =>
  Object.fromEntries(Object.keys(labels).map((name) => [name, OTHER]))
