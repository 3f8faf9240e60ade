import type { Problem } from './problems.ts'

interface NoticeProps {
  readonly problem: Problem
  readonly onClose?: () => void
}

export function Notice({ problem, onClose }: NoticeProps) {
  const isError = problem.tone === 'error'
  return (
    <div
      role={isError ? 'alert' : 'status'}
      class={`flex gap-3 rounded-xl px-4 py-3 text-sm ${isError ? 'bg-danger-tint' : 'bg-fill'}`}
    >
      {isError && <span class="icon icon-alert text-danger" aria-hidden="true" />}
      <div class="min-w-0 flex-1">
        <p class="font-semibold">{problem.title}</p>
        <p class="mt-0.5 text-muted">{problem.text}</p>
      </div>
      {onClose && (
        <button
          type="button"
          aria-label="Close this message"
          class="-mt-1 -mr-2 size-8 flex-none rounded-full text-lg text-muted hover:bg-fill"
          onClick={onClose}
        >
          ×
        </button>
      )}
    </div>
  )
}
