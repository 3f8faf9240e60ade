import type { ComponentChildren } from 'preact'
import { spanText } from '../../base/format.ts'
import { useWords } from '../../base/words.ts'
import { CAUSES, type Summary } from './answers.ts'
import { CAUSE_FILL } from './looks.ts'
import { WORDS } from './words.ts'

interface SummaryViewProps {
  readonly summary: Summary | undefined
  readonly interruptions: number
  readonly falseOnes: number
  readonly onShowSlowest: () => void
}

/** Less than this is no cause. */
const NOTABLE_MS = 40

/** A call in a few figures, and who made its slowest answer slow. */
export function SummaryView({
  summary,
  interruptions,
  falseOnes,
  onShowSlowest,
}: SummaryViewProps) {
  const say = useWords(WORDS)
  return (
    <dl class="grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line shadow-card lg:grid-cols-5">
      <Tile name={say.p50}>
        <Value>{spanText(summary?.p50Ms)}</Value>
      </Tile>
      <Tile name={say.p95}>
        <Value>{spanText(summary?.p95Ms)}</Value>
      </Tile>
      <Tile name={say.slowest}>
        {summary === undefined ? (
          <Value>–</Value>
        ) : (
          <Slowest summary={summary} onShow={onShowSlowest} />
        )}
      </Tile>
      <Tile name={say.interruptions}>
        <Value>{interruptions}</Value>
        {falseOnes > 0 && <span class="block text-xs text-muted">{say.falseOnes(falseOnes)}</span>}
      </Tile>
      <Tile name={say.whoWaits} isWide>
        {summary === undefined ? <Value>–</Value> : <Shares summary={summary} />}
      </Tile>
    </dl>
  )
}

function Tile(props: { name: string; isWide?: boolean; children: ComponentChildren }) {
  return (
    <div
      class={`min-w-0 bg-card px-4 py-3 ${props.isWide === true ? 'col-span-2 lg:col-span-1' : ''}`}
    >
      <dt class="truncate text-xs text-muted" title={props.name}>
        {props.name}
      </dt>
      <dd class="mt-0.5">{props.children}</dd>
    </div>
  )
}

function Value({ children }: { children: ComponentChildren }) {
  return <span class="text-lg font-semibold tracking-tight tabular-nums">{children}</span>
}

function Slowest({ summary, onShow }: { summary: Summary; onShow: () => void }) {
  const say = useWords(WORDS)
  const { slowest, slowestCause, slowestExtraMs, count } = summary
  const cause = say[`cause_${slowestCause}`]
  const why =
    count < 2
      ? say.slowestOnly(cause)
      : slowestExtraMs < NOTABLE_MS
        ? say.slowestAsUsual
        : say.slowestWhy(cause, spanText(slowestExtraMs))
  return (
    <>
      <Value>{spanText(slowest.totalMs)}</Value>{' '}
      <button type="button" class="text-xs text-accent hover:underline" onClick={onShow}>
        {say.slowestIn(slowest.turnId)}
      </button>
      <span class="block text-xs text-muted">{why}</span>
    </>
  )
}

function Shares({ summary }: { summary: Summary }) {
  const say = useWords(WORDS)
  const shares = CAUSES.map((cause) => ({
    cause,
    percent: Math.round(100 * summary.shares[cause]),
  }))
  return (
    <>
      <span class="mt-1.5 flex h-2.5 gap-px overflow-hidden rounded-sm">
        {shares.map(({ cause, percent }) => (
          <i key={cause} class={CAUSE_FILL[cause]} style={{ flex: `${percent} 0 0px` }} />
        ))}
      </span>
      <span class="mt-1.5 flex flex-wrap gap-x-3 text-xs text-muted tabular-nums">
        {shares
          .filter(({ percent }) => percent > 0)
          .map(({ cause, percent }) => (
            <span key={cause} class="inline-flex items-center gap-1">
              <i class={`size-2 rounded-xs ${CAUSE_FILL[cause]}`} />
              {say[`cause_${cause}`]} {percent}%
            </span>
          ))}
      </span>
    </>
  )
}
