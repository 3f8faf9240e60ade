import { heightOf, trackTop, type Track } from './timeline-items.ts'
import { TrackLanes } from './track.tsx'
import { pxOf, ticks, tickText, type Extent, type Viewport } from './viewport.ts'

/** What of the time is in view, and how wide it is drawn. */
interface Zoom {
  readonly extent: Extent
  readonly view: Viewport
}

interface TimelineDrawingProps extends Zoom {
  readonly tracks: readonly Track[]
  /** Where the recording is. */
  readonly cursorMs: number | undefined
  /** Key of the item that is pointed at. */
  readonly pointed: string | undefined
  readonly onPoint: (key: string | undefined) => void
}

/** The lanes of all tracks below their axis; the keys and what is read out are its owner's. */
export function TimelineDrawing(props: TimelineDrawingProps) {
  const { tracks, extent, view, cursorMs, pointed, onPoint } = props
  const height = heightOf(tracks.length)
  return (
    <svg
      class="sticky left-0 block"
      width={extent.widthPx}
      height={height}
      aria-hidden="true"
      data-testid="timeline"
    >
      <Axis extent={extent} view={view} height={height} />
      {tracks.map((track, index) => (
        <TrackLanes
          key={track.id}
          track={track}
          top={trackTop(index, tracks.length)}
          extent={extent}
          view={view}
          pointed={pointed}
          onPoint={onPoint}
        />
      ))}
      {cursorMs !== undefined && (
        <rect
          class="fill-danger"
          x={pxOf(extent, view, cursorMs) - 0.75}
          y={0}
          width={1.5}
          height={height}
        />
      )}
    </svg>
  )
}

function Axis({ extent, view, height }: Zoom & { readonly height: number }) {
  const marks = ticks(extent, view)
  const stepMs = (marks[1] ?? 1000) - (marks[0] ?? 0)
  return (
    <g>
      {marks.map((atMs) => {
        const x = pxOf(extent, view, atMs)
        return (
          <g key={atMs}>
            <rect class="fill-line" x={x} y={0} width={1} height={height} />
            <text class="fill-muted text-[11px] tabular-nums" x={x + 4} y={14}>
              {tickText(atMs, stepMs)}
            </text>
          </g>
        )
      })}
    </g>
  )
}
