import { useState } from 'preact/hooks'
import type { Answer } from '../base/api.ts'
import { spanText } from '../base/format.ts'
import { useShared } from '../base/value.ts'
import { language, useWords } from '../base/words.ts'
import { Button } from '../ui/button.tsx'
import { Failure } from '../ui/failure.tsx'
import { testProvider, type Choice, type ProviderKind, type TestReport } from './providers.ts'
import { WORDS, wordOf } from './words.ts'

interface TestButtonProps {
  readonly kind: ProviderKind
  /** `undefined` tests the server's own choice. */
  readonly choice: Choice | undefined
  readonly isDisabled?: boolean
  readonly onReport?: (report: TestReport) => void
  /** A model that the server has was chosen from the report. */
  readonly onModel?: (model: string) => void
}

/** Tries a provider and says precisely what came of it. The result goes when the choice changes. */
export function TestButton({ kind, choice, isDisabled, onReport, onModel }: TestButtonProps) {
  const say = useWords(WORDS)
  const [isBusy, setBusy] = useState(false)
  const [tested, setTested] = useState<
    { readonly key: string; readonly answer: Answer<TestReport> } | undefined
  >()
  const key = JSON.stringify(choice ?? {})
  const run = async (): Promise<void> => {
    setBusy(true)
    const answer = await testProvider(kind, choice)
    setBusy(false)
    setTested({ key, answer })
    if (answer.ok) onReport?.(answer.value)
  }
  const shown = tested?.key === key ? tested.answer : undefined
  return (
    <div>
      <div>
        <Button icon="check" isBusy={isBusy} isDisabled={isDisabled} onClick={() => void run()}>
          {isBusy ? say.testing : say.test}
        </Button>
      </div>
      <div role="status">
        {shown?.ok === true && <Report kind={kind} report={shown.value} onModel={onModel} />}
      </div>
      {shown?.ok === false && (
        <div class="mt-3">
          <Failure failure={shown.failure} />
        </div>
      )}
    </div>
  )
}

interface ReportProps {
  readonly kind: ProviderKind
  readonly report: TestReport
  readonly onModel: ((model: string) => void) | undefined
}

function Report({ kind, report, onModel }: ReportProps) {
  const say = useWords(WORDS)
  const { isWorking, problem, warnings, message, firstMs, totalMs, answer, models } = report
  const title = !isWorking ? say.fails : warnings.length > 0 ? say.worksBut : say.works
  const tone = !isWorking
    ? 'bg-danger-tint'
    : warnings.length > 0
      ? 'bg-thinking-tint'
      : 'bg-accent-tint'
  const tongue = useShared(language)
  // What the server says of a failure says it all, in English.
  const isTold = tongue === 'en' && problem !== undefined
  const causes = isTold ? warnings : [...(problem === undefined ? [] : [problem]), ...warnings]
  return (
    <div class={`mt-3 rounded-lg px-4 py-3 text-sm ${tone}`}>
      <p class="font-medium">{title}</p>
      {causes.map((cause) => (
        <p key={cause} class="mt-1">
          {wordOf(say, cause)}
        </p>
      ))}
      {!isWorking && <p class={`mt-1 break-words ${isTold ? '' : 'text-muted'}`}>{message}</p>}
      {models.length > 0 && onModel !== undefined && (
        <ul class="mt-2 flex flex-wrap items-center gap-2">
          <li class="text-muted">{say.has}</li>
          {models.map((model) => (
            <li key={model}>
              <button
                type="button"
                class="rounded-md border border-line bg-card px-2 py-1 font-mono text-xs hover:bg-fill"
                aria-label={`${say.use}: ${model}`}
                onClick={() => onModel(model)}
              >
                {model}
              </button>
            </li>
          ))}
        </ul>
      )}
      {isWorking && totalMs !== undefined && (
        <p class="mt-1 text-xs text-muted tabular-nums">
          {firstMs !== undefined && `${say.first} ${spanText(firstMs)} · `}
          {say.whole} {spanText(totalMs)}
        </p>
      )}
      {answer !== undefined && answer !== '' && (
        <p class="mt-2 break-words">
          <span class="text-muted">{kind === 'asr' ? say.heard : say.said}: </span>“{answer}”
        </p>
      )}
    </div>
  )
}
