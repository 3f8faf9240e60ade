import { useWords } from '../base/words.ts'
import { PROBLEM_TEXTS, PROBLEM_TITLES } from './problem-words.ts'
import { isError, type Problem } from './problems.ts'
import { WORDS } from './words.ts'

interface NoticeProps {
  readonly problem: Problem
  readonly onClose?: () => void
}

export function Notice({ problem, onClose }: NoticeProps) {
  const text = useWords(WORDS)
  const isBad = isError(problem)
  return (
    <div
      role={isBad ? 'alert' : 'status'}
      class={`flex gap-3 rounded-xl px-4 py-3 text-sm ${isBad ? 'bg-danger-tint' : 'bg-fill'}`}
    >
      {isBad && <span class="icon icon-alert text-danger" aria-hidden="true" />}
      <div class="min-w-0 flex-1">
        <p class="font-semibold">
          <ProblemTitle problem={problem} />
        </p>
        <p class="mt-0.5 wrap-anywhere text-muted">
          <ProblemText problem={problem} />
        </p>
      </div>
      {onClose && (
        <button
          type="button"
          aria-label={text.close}
          class="-mt-1 -mr-2 size-8 flex-none rounded-full text-lg text-muted hover:bg-fill"
          onClick={onClose}
        >
          ×
        </button>
      )}
    </div>
  )
}

export function ProblemTitle({ problem }: { problem: Problem }) {
  return <>{useWords(PROBLEM_TITLES)[problem.name]}</>
}

export function ProblemText({ problem }: { problem: Problem }) {
  const text = useWords(PROBLEM_TEXTS)[problem.name]
  return (
    <>
      {text}
      {problem.reason !== '' && ` (${problem.reason})`}
    </>
  )
}
