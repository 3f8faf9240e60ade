import type { RefObject } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'

/** Lists that are longer show only the rows in view, and room for the others. */
export const WINDOW_FROM_ROWS = 200
/** Rows that are drawn beyond each edge, so that a quick scroll finds them there. */
const MARGIN_ROWS = 30

export interface RowWindow {
  /** The first row that is drawn, and the one after the last. */
  readonly from: number
  readonly until: number
}

/** Which rows of a long list are drawn; `topPx` is where the list begins, from the top of what is seen. */
export function rowsInView(list: {
  readonly count: number
  readonly rowPx: number
  readonly topPx: number
  readonly heightPx: number
}): RowWindow {
  const { count, rowPx, topPx, heightPx } = list
  if (count <= WINDOW_FROM_ROWS || rowPx <= 0) return { from: 0, until: count }
  const first = Math.floor(-topPx / rowPx) - MARGIN_ROWS
  const last = Math.ceil((heightPx - topPx) / rowPx) + MARGIN_ROWS
  const from = Math.min(Math.max(0, first), count)
  return { from, until: Math.max(from, Math.min(count, last)) }
}

/** The rows to draw of a list whose rows are equally high and that scrolls with the page. */
export function useRowWindow<Body extends HTMLElement>(
  count: number,
): RowWindow & { readonly ref: RefObject<Body | null>; readonly rowPx: number } {
  const ref = useRef<Body>(null)
  const [rowPx, setRowPx] = useState(0)
  const [view, setView] = useState<RowWindow>({ from: 0, until: Math.min(count, WINDOW_FROM_ROWS) })
  useEffect(() => {
    if (count <= WINDOW_FROM_ROWS) return setView({ from: 0, until: count })
    const look = (): void => {
      const body = ref.current
      if (body === null) return
      const row = body.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? 0
      setRowPx(row)
      const { top } = body.getBoundingClientRect()
      const next = rowsInView({ count, rowPx: row, topPx: top, heightPx: innerHeight })
      setView((before) =>
        before.from === next.from && before.until === next.until ? before : next,
      )
    }
    look()
    addEventListener('scroll', look, { passive: true })
    addEventListener('resize', look)
    return () => {
      removeEventListener('scroll', look)
      removeEventListener('resize', look)
    }
  }, [count])
  return { ...view, until: Math.min(view.until, count), ref, rowPx }
}
