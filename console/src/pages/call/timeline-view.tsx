import { useEffect, useId, useMemo, useState } from 'preact/hooks'
import { spanText } from '../../base/format.ts'
import { useShared } from '../../base/value.ts'
import { language, useWords } from '../../base/words.ts'
import { Button } from '../../ui/button.tsx'
import { PARTS } from './answers.ts'
import { kindText } from './decision-words.ts'
import { MARK_FILL, SPAN_FILL } from './looks.ts'
import type { Mark, Span, SpanKind } from './timeline.ts'
import {
  AXIS_PX,
  heightOf,
  isMark,
  itemsOf,
  LANE_PLACE,
  NAME_PX,
  trackTop,
  type Item,
  type Track,
} from './timeline-items.ts'
import { TrackLanes } from './track.tsx'
import { useViewport } from './use-viewport.ts'
import { msOf, pxOf, ticks, tickText } from './viewport.ts'
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
  const { tracks, cursorMs, isPlaying = false, target, onSeek } = props
  const say = useWords(WORDS)
  const startMs = Math.min(...tracks.map(({ timeline }) => timeline.startMs))
  const lastMs = Math.max(...tracks.map(({ timeline }) => timeline.endMs))
  const endMs = lastMs + (lastMs - startMs) * END_ROOM
  const zooming = useViewport(startMs, endMs)
  const { scroller, extent, view, widthPx, zoom, showAll, showTime, reveal } = zooming
  const items = useMemo(() => itemsOf(tracks), [tracks])
  const [pointed, setPointed] = useState<string | undefined>()
  const item = items.find(({ key }) => key === pointed)
  const about = useId()

  useEffect(() => {
    if (target !== undefined) showTime(target.fromMs, target.untilMs)
  }, [target])
  useEffect(() => {
    if (isPlaying && cursorMs !== undefined) reveal(cursorMs)
  }, [isPlaying, cursorMs])

  const step = (by: number): void => {
    const at = items.findIndex(({ key }) => key === pointed)
    const next = items[Math.min(items.length - 1, Math.max(0, at < 0 ? 0 : at + by))]
    if (next === undefined) return
    setPointed(next.key)
    reveal(next.startMs)
  }
  const keys: Readonly<Record<string, () => void>> = {
    ArrowRight: () => step(1),
    ArrowLeft: () => step(-1),
    Home: () => step(-items.length),
    End: () => step(items.length),
    '+': () => zoom(STEP),
    '=': () => zoom(STEP),
    '-': () => zoom(1 / STEP),
    '0': showAll,
    Enter: () => {
      if (item !== undefined) onSeek?.(item.startMs)
    },
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    const act = keys[event.key]
    if (act === undefined || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    act()
  }
  const onClick = (event: MouseEvent): void => {
    const left = scroller.current?.getBoundingClientRect().left ?? 0
    onSeek?.(msOf(extent, view, event.clientX - left))
  }
  const height = heightOf(tracks.length)
  return (
    <div>
      <div class="flex flex-wrap items-center gap-2 px-4 pt-3 pb-2">
        <Button kind="quiet" icon="plus" label={say.zoomIn} onClick={() => zoom(STEP)} />
        <Button kind="quiet" icon="minus" label={say.zoomOut} onClick={() => zoom(1 / STEP)} />
        <Button kind="quiet" isDisabled={zooming.isWhole} onClick={showAll}>
          {say.zoomAll}
        </Button>
        <span class="hidden text-xs text-muted md:inline">{say.zoomHint}</span>
      </div>
      <div class="flex border-y border-line">
        <LaneNames tracks={tracks} height={height} />
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
          <div style={{ width: `${widthPx}px` }}>
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
                  onPoint={setPointed}
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

function Axis(props: {
  extent: Parameters<typeof ticks>[0]
  view: Parameters<typeof ticks>[1]
  height: number
}) {
  const { extent, view, height } = props
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

function LaneNames({ tracks, height }: { tracks: readonly Track[]; height: number }) {
  const say = useWords(WORDS)
  const names = ['marks', 'user', 'reaction', 'agent'] as const
  return (
    <div
      class="relative w-20 flex-none border-r border-line text-[11px] leading-none text-muted sm:w-28 sm:text-xs"
      style={{ height: `${height}px` }}
      aria-hidden="true"
    >
      {tracks.map(({ id, name }, index) => {
        const top = trackTop(index, tracks.length)
        return (
          <div key={id}>
            {tracks.length > 1 && (
              <span
                class="absolute inset-x-3 truncate font-medium text-ink sm:right-1 sm:left-4"
                style={{ top: `${top - NAME_PX + 3}px` }}
              >
                {name}
              </span>
            )}
            {names.map((lane) => {
              const [y, tall] = LANE_PLACE[lane]
              return (
                <span
                  key={lane}
                  class="absolute left-3 sm:left-4"
                  style={{ top: `${top + y + tall / 2 - 6}px` }}
                >
                  {say[`lane_${lane}`]}
                </span>
              )
            })}
          </div>
        )
      })}
      <span class="absolute inset-x-0 border-b border-line" style={{ top: `${AXIS_PX - 2}px` }} />
    </div>
  )
}

/** What is pointed at, in words. */
function About({ item }: { item: Item }) {
  const say = useWords(WORDS)
  const { what, startMs, endMs } = item
  const tongue = useShared(language)
  const name = isMark(what) ? kindText(what.kind, tongue) : say[`kind_${what.kind}`]
  const time = `${(startMs / 1000).toFixed(2)} s`
  return (
    <>
      <span class="font-medium">{name}</span>{' '}
      <span class="text-muted tabular-nums">
        {what.turnId !== undefined && `${say.turn(what.turnId)} · `}
        {time}
        {endMs > startMs && ` · ${spanText(endMs - startMs)}`}
      </span>
      {'text' in what && what.text !== undefined && <span class="block">“{what.text}”</span>}
      {what.reason !== '' && <span class="block text-muted">{what.reason}</span>}
    </>
  )
}

const LEGEND: readonly SpanKind[] = ['speech', 'hearing', ...PARTS, 'playout', 'held']

/** Only what there is. */
function Legend({ tracks }: { tracks: readonly Track[] }) {
  const say = useWords(WORDS)
  const kinds = new Set<SpanKind>()
  const tones = new Set<Mark['tone']>()
  for (const { timeline } of tracks) {
    for (const { kind } of timeline.spans as readonly Span[]) kinds.add(kind)
    for (const { tone } of timeline.marks) tones.add(tone)
  }
  return (
    <ul class="flex flex-wrap gap-x-4 gap-y-1 border-t border-line px-4 py-2.5 text-xs text-muted">
      {LEGEND.filter((kind) => kinds.has(kind)).map((kind) => (
        <li key={kind} class="flex items-center gap-1.5">
          <i class={`size-2.5 rounded-xs ${kind === 'held' ? 'border' : ''} ${SPAN_FILL[kind]}`} />
          {say[`kind_${kind}`]}
        </li>
      ))}
      {(['bad', 'false', 'plain'] as const)
        .filter((tone) => tones.has(tone))
        .map((tone) => (
          <li key={tone} class="flex items-center gap-1.5">
            <i class={`size-2 rotate-45 ${MARK_FILL[tone]}`} />
            {say[`mark_${tone}`]}
          </li>
        ))}
    </ul>
  )
}
