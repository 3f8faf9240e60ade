import { useRef } from 'preact/hooks'

interface TabsProps {
  readonly label: string
  /** Id and what it is called. */
  readonly tabs: readonly (readonly [id: string, name: string])[]
  readonly chosen: string
  readonly onChoose: (id: string) => void
}

/** One of a few views; arrow keys go from one to the next. What it shows is the caller's to draw. */
export function Tabs({ label, tabs, chosen, onChoose }: TabsProps) {
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0
    if (step === 0) return
    const at = tabs.findIndex(([id]) => id === chosen)
    const next = (at + step + tabs.length) % tabs.length
    const id = tabs[next]?.[0]
    if (id === undefined) return
    onChoose(id)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus()
    event.preventDefault()
  }
  return (
    <div
      ref={list}
      role="tablist"
      aria-label={label}
      class="flex gap-1 overflow-x-auto border-b border-line"
      onKeyDown={onKeyDown}
    >
      {tabs.map(([id, name]) => (
        <button
          key={id}
          type="button"
          role="tab"
          aria-selected={id === chosen}
          tabIndex={id === chosen ? 0 : -1}
          class={`-mb-px h-10 flex-none border-b-2 px-3 text-sm font-medium ${id === chosen ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink'}`}
          onClick={() => onChoose(id)}
        >
          {name}
        </button>
      ))}
    </div>
  )
}
