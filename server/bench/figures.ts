/** What benchmarks print. */

/** The value that `share` of the samples do not exceed; `NaN` of none. */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  return (
    sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(sorted.length * share) - 1))] ?? NaN
  )
}

export function spread(samplesMs: readonly number[]): string {
  if (samplesMs.length === 0) return 'no samples'
  const at = (share: number): string => quantile(samplesMs, share).toFixed(1)
  return `p50 ${at(0.5)}  p95 ${at(0.95)}  max ${at(1)} ms  (${samplesMs.length} samples)`
}

/** The share of samples that lie within `toleranceMs` of `wantedMs`, as per cent. */
export function within(
  samplesMs: readonly number[],
  wantedMs: number,
  toleranceMs: number,
): string {
  const good = samplesMs.filter((ms) => Math.abs(ms - wantedMs) <= toleranceMs).length
  return `${((good / samplesMs.length) * 100).toFixed(1)} %`
}

/** Whether an aim is met, as a mark behind the figure. */
export const aim = (value: number, limit: number, unit: string): string =>
  `aim ≤ ${limit} ${unit}: ${value <= limit ? 'met' : 'MISSED'}`

export function line(label: string, text: string): void {
  console.log(`  ${label.padEnd(46)} ${text}`)
}
