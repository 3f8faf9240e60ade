import { spanText } from '../../base/format.ts'
import { useWords } from '../../base/words.ts'
import { Card, Empty } from '../../ui/page.tsx'
import { PARTS, type Answer } from './answers.ts'
import { PART_FILL } from './looks.ts'
import { WORDS } from './words.ts'

interface WaterfallProps {
  readonly answers: readonly Answer[]
  /** Brings the answer into view on the timeline. */
  readonly onShow: (answer: Answer) => void
}

/** Each answer's delay, and the parts that it is made of, one after the other. */
export function Waterfall({ answers, onShow }: WaterfallProps) {
  const say = useWords(WORDS)
  const longestMs = Math.max(1, ...answers.map(({ totalMs }) => totalMs))
  const used = PARTS.filter((part) => answers.some(({ parts }) => parts[part] > 0))
  return (
    <Card title={say.waterfall} isFlush>
      {answers.length === 0 ? (
        <Empty title={say.noAnswers} />
      ) : (
        <>
          <p class="px-4 pt-3 text-xs text-muted">{say.waterfallText}</p>
          <ul class="flex flex-wrap gap-x-4 gap-y-1 px-4 pt-2 pb-1 text-xs text-muted">
            {used.map((part) => (
              <li key={part} class="flex items-center gap-1.5">
                <i class={`size-2.5 rounded-xs ${PART_FILL[part]}`} />
                {say[`kind_${part}`]}
              </li>
            ))}
          </ul>
          <ol
            class="max-h-[32rem] overflow-y-auto px-2 pb-2"
            tabIndex={0}
            aria-label={say.waterfall}
          >
            {answers.map((answer) => (
              <li key={`${answer.turnId} ${answer.atMs}`}>
                <Bar answer={answer} longestMs={longestMs} onShow={onShow} />
              </li>
            ))}
          </ol>
        </>
      )}
    </Card>
  )
}

interface BarProps {
  readonly answer: Answer
  readonly longestMs: number
  readonly onShow: (answer: Answer) => void
}

function Bar({ answer, longestMs, onShow }: BarProps) {
  const say = useWords(WORDS)
  const { turnId, totalMs, parts, isForgotten, words } = answer
  const named = PARTS.filter((part) => parts[part] >= 1)
  const told = named.map((part) => `${say[`kind_${part}`]} ${spanText(parts[part])}`).join(', ')
  return (
    <button
      type="button"
      class="block w-full rounded-lg px-2 py-1.5 text-left hover:bg-fill"
      title={words}
      onClick={() => onShow(answer)}
    >
      <span class="flex items-baseline justify-between gap-3 text-xs">
        <span class="text-muted">
          {say.turn(turnId)}
          {isForgotten && ` · ${say.forgotten}`}
        </span>
        <span class="font-medium tabular-nums">{spanText(totalMs)}</span>
      </span>
      <span
        class={`mt-1 flex h-3.5 gap-px overflow-hidden rounded-sm ${isForgotten ? 'opacity-40' : ''}`}
        style={{ width: `${(100 * totalMs) / longestMs}%` }}
        data-testid="waterfall"
      >
        {named.map((part) => (
          <i
            key={part}
            class={`h-full ${PART_FILL[part]}`}
            style={{ flex: `${parts[part]} 0 0px` }}
          />
        ))}
      </span>
      <span class="mt-1 block text-xs text-muted">{told}</span>
    </button>
  )
}
