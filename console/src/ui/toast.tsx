import { shared, useShared } from '../base/value.ts'

interface Toast {
  readonly id: number
  readonly text: string
  readonly tone: 'note' | 'error'
}

const SHOWN_MS = 5000
const toasts = shared<readonly Toast[]>([])
let count = 0

/** Tells in a corner what has just been done, or could not be. */
export function toast(text: string, tone: Toast['tone'] = 'note'): void {
  const id = ++count
  toasts.set([...toasts.now, { id, text, tone }])
  setTimeout(() => toasts.set(toasts.now.filter((one) => one.id !== id)), SHOWN_MS)
}

export function Toasts() {
  return (
    <div
      aria-live="polite"
      class="pointer-events-none fixed inset-x-4 bottom-20 z-20 flex flex-col items-center gap-2 lg:bottom-6"
    >
      {useShared(toasts).map(({ id, text, tone }) => (
        <p
          key={id}
          class={`rounded-lg px-4 py-2.5 text-sm font-medium shadow-card ${tone === 'error' ? 'bg-danger-fill text-danger-ink' : 'bg-ink text-card'}`}
        >
          {text}
        </p>
      ))}
    </div>
  )
}
