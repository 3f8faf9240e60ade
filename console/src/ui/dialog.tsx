import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

interface DialogProps {
  readonly title: string
  readonly children: ComponentChildren
  /** Buttons at its foot. */
  readonly actions?: ComponentChildren
  readonly onClose: () => void
}

/** Stands before the page until it is closed; the browser keeps the focus in it and closes it on Escape. */
export function Dialog({ title, children, actions, onClose }: DialogProps) {
  const shown = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const dialog = shown.current
    dialog?.showModal()
    return () => dialog?.close()
  }, [])
  return (
    <dialog
      ref={shown}
      aria-labelledby={id}
      class="m-auto w-[min(34rem,calc(100vw-2rem))] rounded-2xl border border-line bg-card p-0 text-ink shadow-card backdrop:bg-black/40"
      onClose={onClose}
      onClick={(event) => event.target === event.currentTarget && onClose()}
    >
      <div class="p-5 sm:p-6">
        <h2 id={id} class="text-lg font-semibold tracking-tight">
          {title}
        </h2>
        <div class="mt-3 text-sm">{children}</div>
        {actions !== undefined && <div class="mt-6 flex justify-end gap-2">{actions}</div>}
      </div>
    </dialog>
  )
}
