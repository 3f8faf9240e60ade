import { useEffect, useId, useMemo, useState } from 'preact/hooks'
import { useWords } from '../../base/words.ts'
import { Button } from '../../ui/button.tsx'
import { LaneNames } from './lane-names.tsx'
import { TimelineDrawing } from './timeline-drawing.tsx'
import { heightOf, itemsOf, type Item, type Track } from './timeline-items.ts'
import { About, Legend } from './timeline-legend.tsx'
import { useViewport, type Zooming } from './use-viewport.ts'
import { msOf } from './viewport.ts'
import { WORDS } from './words.ts'

interface TimelineViewProps {
  readonly tracks: readonly Track[]
  /** Where the recording is. */
  readonly cursorMs?: number | undefined
  readonly isPlaying?: boolean
  /** A stretch of time to be brought into view; a new object each time. */
  readonly target?: { readonly fromMs: number; readonly untilMs: number } | undefined
  readonly onSeek?: ((atMs: number) => void) | undefined
}

const STEP = 1.6
/** Of its length a timeline leaves so much free at the right, so that its last mark is seen whole. */
const END_ROOM = 0.015

/** What happened when, drawn; what is pointed at, or reached by the keys, is explained below. */
export function TimelineView(props: TimelineViewProps) {
  const { tracks, cursorMs, onSeek } = props
  const say = useWords(WORDS)
  const zooming = useTimelineZoom(props)
  const { scroller, extent, view } = zooming
  const items = useMemo(() => itemsOf(tracks), [tracks])
  const [pointed, setPointed] = useState<string | undefined>()
  const item = items.find(({ key }) => key === pointed)
  const about = useId()
  const onPoint = (next: Item): void => {
    setPointed(next.key)
    zooming.reveal(next.startMs)
  }
  const onKeyDown = timelineKeys({ items, item, zooming, onPoint, onSeek })
  const onClick = (event: MouseEvent): void => {
    const left = scroller.current?.getBoundingClientRect().left ?? 0
    onSeek?.(msOf(extent, view, event.clientX - left))
  }
  return (
    <div>
      <ZoomBar zooming={zooming} />
      <div class="flex border-y border-line">
        <LaneNames tracks={tracks} height={heightOf(tracks.length)} />
        <div
          ref={scroller}
          role="group"
          tabIndex={0}
          aria-label={`${say.timeline}. ${say.timelineHelp}`}
          aria-describedby={about}
          class="min-w-0 flex-1 touch-pan-x touch-pan-y overflow-x-auto overflow-y-hidden focus-visible:-outline-offset-2"
          onKeyDown={onKeyDown}
          onClick={onClick}
        >
          <div style={{ width: `${zooming.widthPx}px` }}>
            <TimelineDrawing
              tracks={tracks}
              extent={extent}
              view={view}
              cursorMs={cursorMs}
              pointed={pointed}
              onPoint={setPointed}
            />
          </div>
        </div>
      </div>
      <p id={about} aria-live="polite" class="min-h-16 px-4 py-2.5 text-sm">
        {item === undefined ? <span class="text-muted">{say.pointAt}</span> : <About item={item} />}
      </p>
      <Legend tracks={tracks} />
    </div>
  )
}

/** What is in view: all tracks at first, then what the user, the recording or the page asks for. */
function useTimelineZoom(props: TimelineViewProps): Zooming {
  const { tracks, cursorMs, isPlaying = false, target } = props
  const startMs = Math.min(...tracks.map(({ timeline }) => timeline.startMs))
  const lastMs = Math.max(...tracks.map(({ timeline }) => timeline.endMs))
  const zooming = useViewport(startMs, lastMs + (lastMs - startMs) * END_ROOM)
  useEffect(() => {
    if (target !== undefined) zooming.showTime(target.fromMs, target.untilMs)
  }, [target])
  useEffect(() => {
    if (isPlaying && cursorMs !== undefined) zooming.reveal(cursorMs)
  }, [isPlaying, cursorMs])
  return zooming
}

interface TimelineKeys {
  readonly items: readonly Item[]
  /** The one that is pointed at. */
  readonly item: Item | undefined
  readonly zooming: Zooming
  readonly onPoint: (item: Item) => void
  readonly onSeek: TimelineViewProps['onSeek']
}

/** Arrows go from item to item, plus and minus zoom, Enter goes to the item in the recording. */
function timelineKeys(options: TimelineKeys): (event: KeyboardEvent) => void {
  const { items, item, zooming, onPoint, onSeek } = options
  const step = (by: number): void => {
    const at = item === undefined ? -1 : items.indexOf(item)
    const next = items[Math.min(items.length - 1, Math.max(0, at < 0 ? 0 : at + by))]
    if (next !== undefined) onPoint(next)
  }
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => step(-items.length),
    End: () => step(items.length),
    '+': () => zooming.zoom(STEP),
    '=': () => zooming.zoom(STEP),
    '-': () => zooming.zoom(1 / STEP),
    '0': zooming.showAll,
    Enter: () => {
      if (item !== undefined) onSeek?.(item.startMs)
    },
  }
  return (event) => {
    const act = keys[event.key]
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  }
}

function ZoomBar({ zooming }: { readonly zooming: Zooming }) {
  const say = useWords(WORDS)
  const { zoom, showAll, isWhole } = zooming
  return (
    <div class="flex flex-wrap items-center gap-2 px-4 pt-3 pb-2">
      <Button kind="quiet" icon="plus" label={say.zoomIn} onClick={() => zoom(STEP)} />
      <Button kind="quiet" icon="minus" label={say.zoomOut} onClick={() => zoom(1 / STEP)} />
      <Button kind="quiet" isDisabled={isWhole} onClick={showAll}>
        {say.zoomAll}
      </Button>
      <span class="hidden text-xs text-muted md:inline">{say.zoomHint}</span>
    </div>
  )
}
