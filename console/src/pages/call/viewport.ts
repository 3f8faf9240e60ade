/** How much of a timeline is seen: so many ms a pixel, from the left edge on. */
export interface Viewport {
  readonly msPerPx: number
  /** What is scrolled out at the left, px. */
  readonly leftPx: number
}

/** What a timeline spans, and how wide it can be drawn. */
export interface Extent {
  readonly startMs: number
  readonly endMs: number
  readonly widthPx: number
}

/** One ms takes at most half a pixel… */
const CLOSEST_MS_PER_PX = 2
/** …and browsers draw nothing wider than this. */
const WIDEST_PX = 8_000_000

const lengthMs = ({ startMs, endMs }: Extent): number => Math.max(1, endMs - startMs)

/** All of it in view. */
export const fitted = (extent: Extent): Viewport => ({
  msPerPx: lengthMs(extent) / Math.max(1, extent.widthPx),
  leftPx: 0,
})

export const totalPx = (extent: Extent, { msPerPx }: Viewport): number =>
  Math.max(extent.widthPx, lengthMs(extent) / msPerPx)

/** `factor` above 1 comes closer; what is at `anchorPx` from the left edge stays there. */
export function zoomed(
  extent: Extent,
  view: Viewport,
  { factor, anchorPx }: { readonly factor: number; readonly anchorPx: number },
): Viewport {
  const closest = Math.max(CLOSEST_MS_PER_PX, lengthMs(extent) / WIDEST_PX)
  const farthest = fitted(extent).msPerPx
  const msPerPx = Math.min(farthest, Math.max(Math.min(closest, farthest), view.msPerPx / factor))
  const anchorMs = (view.leftPx + anchorPx) * view.msPerPx
  return moved(extent, { msPerPx, leftPx: anchorMs / msPerPx - anchorPx })
}

/** Not past either end. */
export function moved(extent: Extent, view: Viewport): Viewport {
  const mostPx = totalPx(extent, view) - extent.widthPx
  return { ...view, leftPx: Math.min(Math.max(0, mostPx), Math.max(0, view.leftPx)) }
}

/** So near that a stretch of time fills most of the width. */
export function shown(extent: Extent, fromMs: number, untilMs: number): Viewport {
  const { msPerPx } = zoomed(
    extent,
    { msPerPx: 1, leftPx: 0 },
    { factor: extent.widthPx / Math.max(1, (untilMs - fromMs) * 1.3), anchorPx: 0 },
  )
  const middlePx = ((fromMs + untilMs) / 2 - extent.startMs) / msPerPx
  return moved(extent, { msPerPx, leftPx: middlePx - extent.widthPx / 2 })
}

/** Pixels from the left edge of what is seen. */
export const pxOf = (extent: Extent, { msPerPx, leftPx }: Viewport, atMs: number): number =>
  (atMs - extent.startMs) / msPerPx - leftPx

export const msOf = (extent: Extent, { msPerPx, leftPx }: Viewport, px: number): number =>
  (px + leftPx) * msPerPx + extent.startMs

const STEPS_MS = [
  50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000,
  3_600_000,
]
const LEAST_STEP_PX = 72

/** Round times in view, far enough from each other for their names. */
export function ticks(extent: Extent, view: Viewport): readonly number[] {
  const stepMs =
    STEPS_MS.find((step) => step / view.msPerPx >= LEAST_STEP_PX) ?? STEPS_MS.at(-1) ?? 1
  const firstMs = Math.ceil(msOf(extent, view, 0) / stepMs) * stepMs
  const count = Math.floor((msOf(extent, view, extent.widthPx) - firstMs) / stepMs) + 1
  return Array.from({ length: Math.max(0, count) }, (_, index) => firstMs + index * stepMs)
}

/** `0:07`, `1:02:05`, or `7.25 s` where ticks are close. */
export function tickText(atMs: number, stepMs: number): string {
  if (stepMs < 1000) return `${(atMs / 1000).toFixed(stepMs < 100 ? 2 : 1)} s`
  const seconds = Math.round(atMs / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const tail = `${hours > 0 ? two(minutes) : minutes}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${tail}` : tail
}
