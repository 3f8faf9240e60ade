import { MARK_FILL, SPAN_FILL } from './looks.ts'
import { LANE_PLACE, type Track } from './timeline-items.ts'
import { pxOf, type Extent, type Viewport } from './viewport.ts'

interface TrackProps {
  readonly track: Track
  readonly top: number
  readonly extent: Extent
  readonly view: Viewport
  /** Key of the item that is pointed at. */
  readonly pointed: string | undefined
  readonly onPoint: (key: string) => void
}

/** Wider than what is seen, so that edges are not. */
const MARGIN_PX = 20
const THINNEST_PX = 1.5
const MARK_PX = 5
/** What is said stands in its span when there is room for a few words. */
const TEXT_AT_PX = 6
const CHAR_PX = 6.4
const FEWEST_CHARS = 8

/** Characters that are twice as wide count for two. */
function shortened(text: string, chars: number): string {
  let left = chars
  const fitting = [...text].findIndex((char) => (left -= char > '\u2e7f' ? 2 : 1) < 0)
  return fitting < 0 ? text : `${[...text].slice(0, Math.max(0, fitting - 1)).join('')}…`
}

/** The lanes of one timeline, as far as they are in view. */
export function TrackLanes({ track, top, extent, view, pointed, onPoint }: TrackProps) {
  const { id, timeline } = track
  const isSeen = (from: number, until: number): boolean =>
    until >= -MARGIN_PX && from <= extent.widthPx + MARGIN_PX
  return (
    <g transform={`translate(0 ${top})`}>
      {timeline.spans.map((span, index) => {
        const from = pxOf(extent, view, span.startMs)
        const until = pxOf(extent, view, span.endMs)
        if (!isSeen(from, until)) return null
        const [y, height] = LANE_PLACE[span.lane]
        const key = `${id} s${index}`
        const x = Math.max(from, -MARGIN_PX)
        const width = Math.max(THINNEST_PX, Math.min(until, extent.widthPx + MARGIN_PX) - x)
        const chars = Math.floor((width - 2 * TEXT_AT_PX) / CHAR_PX)
        return (
          <g key={key} class="cursor-pointer" onPointerEnter={() => onPoint(key)}>
            <rect
              data-kind={span.kind}
              class={`${SPAN_FILL[span.kind]} ${key === pointed ? 'stroke-ink stroke-2' : ''}`}
              x={x}
              y={y}
              width={width}
              height={height}
              rx={2}
            />
            {span.text !== undefined && chars >= FEWEST_CHARS && (
              <text class="pointer-events-none fill-card text-[11px]" x={x + TEXT_AT_PX} y={y + 14}>
                {shortened(span.text, chars)}
              </text>
            )}
          </g>
        )
      })}
      {timeline.marks.map((mark, index) => {
        const x = pxOf(extent, view, mark.atMs)
        if (!isSeen(x - MARK_PX, x + MARK_PX)) return null
        const key = `${id} m${index}`
        const y = LANE_PLACE.marks[1] / 2
        return (
          <g
            key={key}
            data-kind={mark.kind}
            class={`cursor-pointer ${MARK_FILL[mark.tone]}`}
            onPointerEnter={() => onPoint(key)}
          >
            {mark.tone !== 'plain' && (
              <rect x={x - 0.5} y={y} width={1} height={LANE_PLACE.agent[0] + 14} opacity={0.5} />
            )}
            <path
              class={key === pointed ? 'stroke-ink stroke-2' : ''}
              d={`M${x} ${y - MARK_PX}l${MARK_PX} ${MARK_PX}l${-MARK_PX} ${MARK_PX}l${-MARK_PX} ${-MARK_PX}z`}
            />
          </g>
        )
      })}
    </g>
  )
}
