import { useRef } from 'preact/hooks'

interface TabsProps {
  readonly label: string
  /** Id and what it is called. */
  readonly tabs: readonly (readonly [id: string, name: string])[]
  readonly chosen: string
  readonly onChoose: (id: string) => void
  /** There are many: they go on in a second line instead of out of sight. */
  readonly isWrapped?: boolean
}

const LINE = '-mb-px h-10 border-b-2 px-3 '
const PILL = 'h-8 rounded-lg px-2.5 '

const shape = (isWrapped: boolean, isChosen: boolean): string =>
  isWrapped
    ? PILL + (isChosen ? 'bg-accent-tint text-accent' : 'text-muted hover:bg-fill hover:text-ink')
    : LINE + (isChosen ? 'border-accent text-ink' : 'border-transparent text-muted hover:text-ink')

/** One of a few views; arrow keys go from one to the next. What it shows is the caller's to draw. */
export function Tabs({ label, tabs, chosen, onChoose, isWrapped = false }: TabsProps) {
  const list = useRef<HTMLDivElement>(null)
  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.findIndex(([id]) => id === chosen)
    const places: Readonly<Record<string, number>> = {
      ArrowRight: (at + 1) % tabs.length,
      ArrowLeft: (at - 1 + tabs.length) % tabs.length,
      Home: 0,
      End: tabs.length - 1,
    }
    const next = places[event.key]
    if (next === undefined) return
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
      class={`flex gap-1 ${isWrapped ? '-mx-2.5 flex-wrap' : 'overflow-x-auto border-b border-line'}`}
      onKeyDown={onKeyDown}
    >
      {tabs.map(([id, name]) => (
        <button
          key={id}
          type="button"
          role="tab"
          aria-selected={id === chosen}
          tabIndex={id === chosen ? 0 : -1}
          class={`flex-none text-sm font-medium focus-visible:-outline-offset-2 ${shape(isWrapped, id === chosen)}`}
          onClick={() => onChoose(id)}
        >
          {name}
        </button>
      ))}
    </div>
  )
}
