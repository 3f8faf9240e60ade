import { spanText, timeText } from '../../base/format.ts'
import { useNow } from '../../base/now.ts'
import { useWords } from '../../base/words.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Link } from '../../ui/link.tsx'
import { Card } from '../../ui/page.tsx'
import { CallActions } from './call-actions.tsx'
import { activityOf, useLiveCalls, type Activity, type LiveCall } from './live.ts'
import { WORDS } from './words.ts'

const TONES: Readonly<Record<Activity, Tone>> = {
  waiting: 'neutral',
  connecting: 'neutral',
  human: 'bad',
  user: 'good',
  listening: 'neutral',
  thinking: 'busy',
  speaking: 'agent',
}

/** What goes on in a call, in a word and a colour. */
export function ActivityBadge({ call }: { call: LiveCall }) {
  const say = useWords(WORDS)
  const activity = activityOf(call)
  return <Badge tone={TONES[activity]}>{say[`is_${activity}`]}</Badge>
}

/** The calls that go on now, as they go on. */
export function LivePanel({ agentNames }: { agentNames: ReadonlyMap<string, string> }) {
  const say = useWords(WORDS)
  const { list, isConnected, isRefused, clockMs } = useLiveCalls()
  const hasCalls = list !== undefined && list.calls.length > 0
  const nowMs = useNow(hasCalls ? 500 : undefined) + clockMs
  const more = (list?.total ?? 0) - (list?.calls.length ?? 0)
  if (isRefused) return null
  return (
    <Card
      title={say.now}
      isFlush
      actions={
        <span class="text-sm text-muted">
          {!isConnected ? say.noFeed : list === undefined ? say.loading : null}
          {isConnected && hasCalls && say.running(list.total)}
        </span>
      }
    >
      {hasCalls ? (
        <ul class="max-h-96 overflow-y-auto" aria-label={say.now} tabIndex={0}>
          {list.calls.map((call) => (
            <LiveRow
              key={call.instanceId}
              call={call}
              name={agentNames.get(call.agentId) ?? call.agentId}
              nowMs={nowMs}
            />
          ))}
          {more > 0 && <li class="px-4 py-3 text-sm text-muted">{say.others(more)}</li>}
        </ul>
      ) : (
        <p class="px-4 py-5 text-sm text-muted">{say.nobodyText}</p>
      )}
    </Card>
  )
}

interface LiveRowProps {
  readonly call: LiveCall
  readonly name: string
  readonly nowMs: number
}

function LiveRow({ call, name, nowMs }: LiveRowProps) {
  const say = useWords(WORDS)
  const { instanceId, createdMs, executingMs, waitingSinceMs, answerMs, human } = call
  const delays =
    call.answerP50Ms === undefined
      ? '–'
      : `${spanText(call.answerP50Ms)} / ${spanText(call.answerP95Ms)}`
  return (
    <li class="grid grid-cols-[1fr_auto] items-center gap-x-4 gap-y-1 border-b border-line px-4 py-2.5 text-sm last:border-0 md:grid-cols-[minmax(0,2fr)_9rem_repeat(3,minmax(0,1fr))_auto]">
      <div class="min-w-0">
        <p class="truncate">
          <Link href={`/calls/${instanceId}`}>{name}</Link>
        </p>
        <p class="truncate text-xs text-muted tabular-nums">{timeText(createdMs)}</p>
      </div>
      <div class="justify-self-end md:justify-self-start">
        <ActivityBadge call={call} />
      </div>
      <Figure
        label={say.duration}
        value={executingMs === undefined ? '–' : spanText(Math.max(0, nowMs - executingMs))}
      />
      <Figure
        label={waitingSinceMs === undefined ? say.lastAnswer : say.waitsSince}
        value={spanText(
          waitingSinceMs === undefined ? answerMs : Math.max(0, nowMs - waitingSinceMs),
        )}
        isWarm={waitingSinceMs !== undefined}
      />
      <Figure label={say.delay} value={delays} title={say.delayNote} />
      <div class="justify-self-end">
        <CallActions
          instanceId={instanceId}
          name={`${name} ${timeText(createdMs)}`}
          hasHuman={human !== undefined}
          isSmall
        />
      </div>
    </li>
  )
}

interface FigureProps {
  readonly label: string
  readonly value: string
  readonly title?: string
  readonly isWarm?: boolean
}

function Figure({ label, value, title, isWarm = false }: FigureProps) {
  return (
    <p class="min-w-0" title={title}>
      <span class="block truncate text-xs text-muted">{label}</span>
      <span class={`tabular-nums ${isWarm ? 'text-thinking' : ''}`}>{value}</span>
    </p>
  )
}
