import type { RefObject } from 'preact'
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { fitted, moved, shown, totalPx, zoomed, type Extent, type Viewport } from './viewport.ts'

export interface Zooming {
  /** What scrolls. */
  readonly scroller: RefObject<HTMLDivElement | null>
  readonly extent: Extent
  readonly view: Viewport
  readonly widthPx: number
  readonly isWhole: boolean
  /** Closer by a factor; around the middle without an anchor. */
  zoom(factor: number, anchorPx?: number): void
  showAll(): void
  showTime(fromMs: number, untilMs: number): void
  /** Scrolls, if need be, until a time is in view. */
  reveal(atMs: number): void
}

/** A part of a stretch of time that can be zoomed by wheel and pinch and scrolled as anything is. */
export function useViewport(startMs: number, endMs: number): Zooming {
  const scroller = useRef<HTMLDivElement>(null)
  const [widthPx, setWidthPx] = useState(800)
  // Without one all is shown, and goes on being so while a call grows.
  const [chosen, setChosen] = useState<Viewport | undefined>()
  const extent: Extent = { startMs, endMs, widthPx }
  const whole = fitted(extent)
  const isWhole = chosen === undefined || chosen.msPerPx >= whole.msPerPx
  const view = isWhole ? whole : moved(extent, chosen)
  const latest = useRef({ extent, view })
  latest.current = { extent, view }
  const set = (change: (extent: Extent, view: Viewport) => Viewport): void =>
    setChosen(change(latest.current.extent, latest.current.view))
  const zoom = (factor: number, anchorPx = latest.current.extent.widthPx / 2): void =>
    set((given, now) => zoomed(given, now, { factor, anchorPx }))

  useLayoutEffect(() => {
    const element = scroller.current
    if (element === null) return
    const watch = new ResizeObserver(() => setWidthPx(Math.max(100, element.clientWidth)))
    watch.observe(element)
    return () => watch.disconnect()
  }, [])
  useLayoutEffect(() => {
    const element = scroller.current
    if (element !== null && Math.abs(element.scrollLeft - view.leftPx) > 1) {
      element.scrollLeft = view.leftPx
    }
  }, [view.leftPx, view.msPerPx])
  useEffect(() => {
    const element = scroller.current
    if (element === null) return
    const onScroll = (): void => {
      const { view: now } = latest.current
      if (Math.abs(element.scrollLeft - now.leftPx) > 1) {
        setChosen({ ...now, leftPx: element.scrollLeft })
      }
    }
    element.addEventListener('scroll', onScroll, { passive: true })
    const stop = watchZoom(element, zoom)
    return () => {
      element.removeEventListener('scroll', onScroll)
      stop()
    }
  }, [])

  return {
    scroller,
    extent,
    view,
    widthPx: totalPx(extent, view),
    isWhole,
    zoom,
    showAll: () => setChosen(undefined),
    showTime: (fromMs, untilMs) => set((given) => shown(given, fromMs, untilMs)),
    reveal: (atMs) => {
      const { extent: given, view: now } = latest.current
      const px = (atMs - given.startMs) / now.msPerPx - now.leftPx
      if (px < 0 || px > given.widthPx * 0.9) {
        setChosen(moved(given, { ...now, leftPx: now.leftPx + px - given.widthPx * 0.2 }))
      }
    },
  }
}

const WHEEL_FACTOR = 1.002

/** The wheel with Ctrl or ⌘ (which is what a touchpad's pinch is, too), and two fingers. */
function watchZoom(
  element: HTMLElement,
  zoom: (factor: number, anchorPx: number) => void,
): () => void {
  const left = (): number => element.getBoundingClientRect().left
  const onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return
    event.preventDefault()
    zoom(WHEEL_FACTOR ** -event.deltaY, event.clientX - left())
  }
  let spreadPx: number | undefined
  const onTouch = (event: TouchEvent): void => {
    const [one, other] = event.touches
    if (one === undefined || other === undefined) {
      spreadPx = undefined
      return
    }
    event.preventDefault()
    const nowPx = Math.hypot(one.clientX - other.clientX, one.clientY - other.clientY)
    if (spreadPx !== undefined && spreadPx > 0) {
      zoom(nowPx / spreadPx, (one.clientX + other.clientX) / 2 - left())
    }
    spreadPx = nowPx
  }
  element.addEventListener('wheel', onWheel, { passive: false })
  element.addEventListener('touchstart', onTouch, { passive: false })
  element.addEventListener('touchmove', onTouch, { passive: false })
  element.addEventListener('touchend', onTouch)
  return () => {
    element.removeEventListener('wheel', onWheel)
    element.removeEventListener('touchstart', onTouch)
    element.removeEventListener('touchmove', onTouch)
    element.removeEventListener('touchend', onTouch)
  }
}
