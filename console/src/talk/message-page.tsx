import type { ComponentChildren } from 'preact'

interface MessagePageProps {
  readonly title: ComponentChildren
  readonly children: ComponentChildren
  readonly action?: { readonly label: string; run(): void }
}

/** A page that holds nothing but a message. */
export function MessagePage({ title, children, action }: MessagePageProps) {
  return (
    <div class="overflow-y-auto px-4 pb-8">
      <section class="mx-auto mt-[10vh] max-w-lg rounded-2xl border border-line bg-card p-6 shadow-card sm:p-8">
        <h1 class="text-xl font-semibold tracking-tight text-balance">{title}</h1>
        <div class="mt-3 text-muted">{children}</div>
        {action && (
          <button
            type="button"
            class="mt-6 h-11 rounded-full bg-accent px-6 font-medium text-accent-ink hover:opacity-90"
            onClick={() => action.run()}
          >
            {action.label}
          </button>
        )}
      </section>
    </div>
  )
}
