import type { Lane, Mark, Span, Timeline } from './timeline.ts'

/** Timelines one above the other: as a call was, and as it would have been. */
export interface Track {
  readonly id: string
  readonly name: string
  readonly timeline: Timeline
}

/** One thing that can be pointed at. */
export interface Item {
  readonly key: string
  readonly startMs: number
  readonly endMs: number
  readonly what: Span | Mark
}

export const isMark = (what: Span | Mark): what is Mark => 'tone' in what

/** Where each lane stands in its track, px. */
export const LANE_PLACE: Readonly<Record<Lane | 'marks', readonly [y: number, height: number]>> = {
  marks: [0, 14],
  user: [18, 20],
  ear: [41, 6],
  reaction: [50, 20],
  agent: [74, 20],
}
export const TRACK_PX = 102
export const AXIS_PX = 22
/** Above each track when there are several. */
export const NAME_PX = 20

export const trackTop = (index: number, count: number): number =>
  AXIS_PX + index * (TRACK_PX + (count > 1 ? NAME_PX : 0)) + (count > 1 ? NAME_PX : 0)

export const heightOf = (count: number): number =>
  trackTop(count, count) - (count > 1 ? NAME_PX : 0)

/** Everything of all tracks, in the order of time. */
export function itemsOf(tracks: readonly Track[]): readonly Item[] {
  const items = tracks.flatMap(({ id, timeline }) => [
    ...timeline.spans.map((what, index) => ({
      key: `${id} s${index}`,
      startMs: what.startMs,
      endMs: what.endMs,
      what,
    })),
    ...timeline.marks.map((what, index) => ({
      key: `${id} m${index}`,
      startMs: what.atMs,
      endMs: what.atMs,
      what,
    })),
  ])
  return items.toSorted((one, other) => one.startMs - other.startMs)
}
