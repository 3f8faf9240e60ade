import { countText } from '../../base/format.ts'
import { useShared } from '../../base/value.ts'
import { language, useWords } from '../../base/words.ts'
import { Link } from '../../ui/link.tsx'
import { Card } from '../../ui/page.tsx'
import { useReasonText } from '../calls/reasons.ts'
import type { Statistics } from './statistics.ts'
import { minutesText } from './tiles.tsx'
import { WORDS } from './words.ts'

const HEAD = 'px-4 py-2.5 font-medium whitespace-nowrap'
const NUMBER = 'px-4 py-2 text-right tabular-nums'

/** Who had the calls. */
export function AgentsCard({ statistics }: { statistics: Statistics }) {
  const say = useWords(WORDS)
  const tongue = useShared(language)
  const { agents } = statistics
  const most = Math.max(1, ...agents.map(({ mostCalls }) => mostCalls))
  return (
    <Card title={say.agents} isFlush>
      <div class="overflow-x-auto">
        <table class="w-full text-left text-sm">
          <thead class="text-xs text-muted">
            <tr class="border-b border-line">
              <th class={HEAD}>{say.agent}</th>
              <th class={`${HEAD} text-right`}>{say.now}</th>
              <th class={HEAD}>{say.mostAtATime}</th>
              <th class={`${HEAD} text-right`}>{say.calls}</th>
              <th class={`${HEAD} text-right`}>{say.minutes}</th>
            </tr>
          </thead>
          <tbody>
            {agents.map(({ agentId, name, callsNow, mostCalls, calls, minutes }) => (
              <tr key={agentId} class="border-b border-line last:border-0">
                <td class="max-w-48 truncate px-4 py-2">
                  <Link href={`/agents/${agentId}`}>{name}</Link>
                </td>
                <td class={`${NUMBER} ${callsNow > 0 ? 'font-medium text-accent' : 'text-muted'}`}>
                  {countText(callsNow, tongue)}
                </td>
                <td class="px-4 py-2">
                  <Bar share={mostCalls / most} text={countText(mostCalls, tongue)} isWide />
                </td>
                <td class={NUMBER}>{countText(calls, tongue)}</td>
                <td class={NUMBER}>{minutesText(minutes, tongue)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  )
}

/** A number, and how much of the largest it is. */
function Bar(props: {
  readonly share: number
  readonly text: string
  readonly tone?: string
  /** On a phone the number alone. */
  readonly isWide?: boolean
}) {
  const { share, text, tone = 'bg-accent', isWide = false } = props
  return (
    <span class="flex items-center gap-2">
      <span
        class={`h-1.5 w-20 flex-none overflow-hidden rounded-full bg-fill ${isWide ? 'hidden sm:block' : 'block'}`}
        aria-hidden="true"
      >
        <span
          class={`block h-full rounded-full ${tone}`}
          style={{ width: `${Math.round(share * 100)}%` }}
        />
      </span>
      <span class="min-w-6 tabular-nums">{text}</span>
    </span>
  )
}

/** Why calls ended. */
export function EndReasonsCard({ statistics }: { statistics: Statistics }) {
  const say = useWords(WORDS)
  const reasonText = useReasonText()
  const tongue = useShared(language)
  const most = Math.max(1, ...statistics.endReasons.map(({ count }) => count))
  return (
    <Card title={say.endReasons}>
      <ul class="grid gap-2 text-sm">
        {statistics.endReasons.map(({ reason, count }) => (
          <li key={reason} class="flex items-center justify-between gap-3">
            <span class="min-w-0 truncate">
              <Link href={`/calls?reason=${reason}`}>{reasonText(reason)}</Link>
            </span>
            <Bar share={count / most} text={countText(count, tongue)} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

/** What providers could not do. */
export function FailuresCard({ statistics }: { statistics: Statistics }) {
  const say = useWords(WORDS)
  const tongue = useShared(language)
  const { failures } = statistics
  const most = Math.max(1, ...failures.map(({ count }) => count))
  const kinds: Readonly<Record<string, string>> = {
    asr: say.asr,
    llm: say.llm,
    tts: say.tts,
    vad: say.vad,
  }
  return (
    <Card title={say.providerFailures}>
      {failures.length === 0 ? (
        <p class="text-sm text-muted">{say.noFailures}</p>
      ) : (
        <ul class="grid gap-2 text-sm">
          {failures.map(({ kind, provider, count }) => (
            <li key={`${kind} ${provider}`} class="flex items-center justify-between gap-3">
              <span class="min-w-0 truncate">
                {kinds[kind] ?? kind} <span class="font-mono text-xs text-muted">{provider}</span>
              </span>
              <Bar share={count / most} text={countText(count, tongue)} tone="bg-danger" />
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
