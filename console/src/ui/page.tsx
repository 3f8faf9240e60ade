import type { ComponentChildren } from 'preact'
import { useEffect } from 'preact/hooks'

interface PageProps {
  readonly title: string
  /** Under the title. */
  readonly lead?: ComponentChildren
  /** Buttons to the right of the title. */
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
}

/** The keys go on from the page's title: for when what had the focus is gone. */
export function focusTitle(): void {
  document.querySelector<HTMLElement>('#page h1')?.focus()
}

/** The frame of every page: its title, what can be done with the whole, its content. */
export function Page({ title, lead, actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · antiphon`
  }, [title])
  return (
    <div class="mx-auto w-full max-w-7xl px-4 pt-5 pb-12 sm:px-6 sm:pt-7 lg:px-8">
      <header class="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <div class="min-w-0">
          <h1 tabIndex={-1} class="text-xl font-semibold tracking-tight sm:text-2xl">
            {title}
          </h1>
          {lead !== undefined && <p class="mt-1 text-sm text-muted">{lead}</p>}
        </div>
        {actions !== undefined && <div class="flex flex-wrap gap-2">{actions}</div>}
      </header>
      <div class="mt-6">{children}</div>
    </div>
  )
}

interface CardProps {
  readonly title?: string
  readonly actions?: ComponentChildren
  readonly children: ComponentChildren
  /** Content up to the edges, for tables. */
  readonly isFlush?: boolean
}

export function Card({ title, actions, children, isFlush = false }: CardProps) {
  return (
    <section class="min-w-0 rounded-xl border border-line bg-card shadow-card">
      {title !== undefined && (
        <div class="flex min-h-12 items-center justify-between gap-3 border-b border-line px-4 py-2">
          <h2 class="font-semibold tracking-tight">{title}</h2>
          {actions}
        </div>
      )}
      <div class={isFlush ? '' : 'p-4'}>{children}</div>
    </section>
  )
}

/** What stands where nothing is yet. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="px-4 py-12 text-center">
      <p class="font-medium">{title}</p>
      {children !== undefined && <div class="mt-2 text-sm text-muted">{children}</div>}
    </div>
  )
}
