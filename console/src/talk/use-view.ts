import { useEffect, useState } from 'preact/hooks'
import type { CallDesk } from './call-desk.ts'
import type { View } from './view.ts'

/** What a desk shows, drawn again at every change. */
export function useView(desk: CallDesk): View {
  const [view, setView] = useState(desk.view)
  useEffect(() => {
    setView(desk.view)
    return desk.onView(setView)
  }, [desk])
  return view
}
