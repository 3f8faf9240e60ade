import { useState } from 'preact/hooks'
import { useShared } from '../../base/value.ts'
import { language, useWords } from '../../base/words.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/page.tsx'
import { kindText } from './decision-words.ts'
import type { Decision } from './log.ts'
import { WORDS } from './words.ts'

/** So many at first: a long call has thousands. */
const FIRST_ROWS = 100

/** Every decision of the engine with its reason: what the timeline shows to those who can point at it. */
export function Decisions(props: {
  readonly decisions: readonly Decision[]
  readonly onShow: (atMs: number) => void
}) {
  const say = useWords(WORDS)
  const tongue = useShared(language)
  const [limit, setLimit] = useState(FIRST_ROWS)
  const { decisions, onShow } = props
  return (
    <Card
      title={say.decisions}
      isFlush
      actions={<span class="text-sm text-muted">{say.decisionsCount(decisions.length)}</span>}
    >
      <div class="max-h-[32rem] overflow-auto" tabIndex={0} role="group" aria-label={say.decisions}>
        <table class="w-full text-left text-sm">
          <thead class="text-xs text-muted">
            <tr class="border-b border-line">
              <th class="px-4 py-2 font-medium">{say.at}</th>
              <th class="hidden px-4 py-2 font-medium sm:table-cell">{say.turnColumn}</th>
              <th class="px-4 py-2 font-medium">{say.what}</th>
              <th class="px-4 py-2 font-medium">{say.why}</th>
            </tr>
          </thead>
          <tbody>
            {decisions.slice(0, limit).map(({ kind, atMs, turnId, words }, index) => (
              <tr key={index} class="border-b border-line align-top last:border-0 hover:bg-fill">
                <td class="px-4 py-2 whitespace-nowrap tabular-nums">
                  <button
                    type="button"
                    class="text-accent hover:underline"
                    title={say.show}
                    onClick={() => onShow(atMs)}
                  >
                    {(atMs / 1000).toFixed(2)} s
                  </button>
                </td>
                <td class="hidden px-4 py-2 text-muted tabular-nums sm:table-cell">{turnId}</td>
                <td class="px-4 py-2 whitespace-nowrap" title={kind}>
                  {kindText(kind, tongue)}
                </td>
                <td class="min-w-56 px-4 py-2">{words}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {decisions.length > limit && (
        <div class="border-t border-line p-2 text-center">
          <Button kind="quiet" onClick={() => setLimit(limit + 500)}>
            {say.decisionsCount(decisions.length - limit)} +
          </Button>
        </div>
      )}
    </Card>
  )
}
