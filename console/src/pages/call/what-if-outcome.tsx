import { useEffect, useState } from 'preact/hooks'
import { spanText } from '../../base/format.ts'
import { useShared } from '../../base/value.ts'
import { language, useWords } from '../../base/words.ts'
import { Badge } from '../../ui/badge.tsx'
import { useReasonText } from '../calls/reasons.ts'
import { answersOf, summaryOf } from './answers.ts'
import { decisionsIn } from './decision-words.ts'
import type { Source } from './source.ts'
import { timelineOf, type Timeline } from './timeline.ts'
import { TimelineView } from './timeline-view.tsx'
import type { OtherCall } from './what-if-run.ts'
import { changeText, differenceText, turnPairs, type TurnPair } from './what-if-turns.ts'
import { WORDS as WHAT_IF } from './what-if-words.ts'
import { WORDS } from './words.ts'

interface OutcomeProps {
  readonly source: Source
  readonly timeline: Timeline
  readonly other: OtherCall
  /** Of the setting that was changed; '' when it has none. */
  readonly unit: string
}

interface Target {
  readonly fromMs: number
  readonly untilMs: number
}

/** What would have become of the call: turn by turn, in sentences, and as a timeline below the real one. */
export function Outcome({ source, timeline, other, unit }: OutcomeProps) {
  const say = useWords(WORDS)
  const tongue = useShared(language)
  const [target, setTarget] = useState<Target | undefined>()
  const [tracks, setTracks] = useState<Parameters<typeof TimelineView>[0]['tracks']>([])
  useEffect(() => {
    const decisions = decisionsIn(other.source.decisions, tongue)
    setTracks([
      { id: 'recorded', name: say.recorded, timeline },
      { id: 'other', name: say.other, timeline: timelineOf({ ...other.source, decisions }) },
    ])
  }, [timeline, other, say, tongue])
  const { differences, unexplained } = other.result
  const show = (atMs: number): void => setTarget({ fromMs: atMs - 500, untilMs: atMs + 6000 })
  return (
    <div class="border-t border-line">
      <div class="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-3">
        <div>
          <h3 class="font-medium">
            <Question other={other} unit={unit} />
          </h3>
          <p class="text-sm text-muted" role="status">
            {differences.length === 0 ? say.same : say.differences(differences.length)}
          </p>
        </div>
        <MedianChange source={source} other={other} />
      </div>
      {unexplained > 0 && (
        <p class="flex gap-2 px-4 pb-2 text-sm text-thinking">
          <span class="icon icon-alert mt-0.5 size-4" aria-hidden="true" />
          {say.unexplained(unexplained)}
        </p>
      )}
      {tracks.length > 0 && <TimelineView tracks={tracks} target={target} />}
      <Turns pairs={turnPairs(other.result)} onShow={show} />
      {differences.length > 0 && <Differences other={other} onShow={show} />}
    </div>
  )
}

function Question({ other, unit }: { other: OtherCall; unit: string }) {
  const say = useWords(WHAT_IF)
  const valueText = (value: unknown): string =>
    typeof value === 'number' && unit !== ''
      ? `${value} ${unit}`
      : typeof value === 'string'
        ? `“${value}”`
        : JSON.stringify(value)
  const asked = other.result.changes.map(({ path, from, to }) =>
    say.question(path, valueText(to), from === undefined ? say.byDefault : valueText(from)),
  )
  return <>{asked.join(' ')}</>
}

function MedianChange({ source, other }: { source: Source; other: OtherCall }) {
  const say = useWords(WORDS)
  const before = summaryOf(answersOf(source.decisions))?.p50Ms
  const after = summaryOf(answersOf(other.source.decisions))?.p50Ms
  return (
    <p class="text-sm text-muted tabular-nums">
      {say.medianChange}: {spanText(before)} → {spanText(after)}
    </p>
  )
}

interface TurnsProps {
  readonly pairs: readonly TurnPair[]
  readonly onShow: (atMs: number) => void
}

const HEAD = 'px-4 py-2 font-medium'
const DELAY = 'px-4 py-2 text-right whitespace-nowrap tabular-nums'

function Turns({ pairs, onShow }: TurnsProps) {
  const say = useWords(WHAT_IF)
  if (pairs.length === 0) return null
  return (
    <div
      class="max-h-96 overflow-auto border-t border-line"
      tabIndex={0}
      role="group"
      aria-label={say.turns}
    >
      <table class="w-full text-left text-sm">
        <thead class="text-xs text-muted">
          <tr class="border-b border-line whitespace-nowrap">
            <th class={HEAD}>{say.at}</th>
            <th class={HEAD}>{say.userSays}</th>
            <th class={`${HEAD} text-right`}>{say.delayWas}</th>
            <th class={`${HEAD} text-right`}>{say.delayThen}</th>
            <th class={`${HEAD} text-right`}>{say.change}</th>
            <th class={HEAD}>{say.agentSays}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.map((pair) => (
            <Turn
              key={`${pair.was?.turnId ?? ''} ${pair.would?.turnId ?? ''}`}
              pair={pair}
              onShow={onShow}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Turn({ pair, onShow }: { pair: TurnPair; onShow: (atMs: number) => void }) {
  const say = useWords(WHAT_IF)
  const { atMs, was, would, caution } = pair
  const delay = (turn: TurnPair['was'], isThere: boolean): string =>
    turn === undefined
      ? isThere
        ? say.newTurn
        : say.noTurn
      : turn.answerDelayMs === undefined
        ? say.unanswered
        : spanText(turn.answerDelayMs)
  const change = changeText(pair)
  const isSaidOtherwise =
    was !== undefined && would !== undefined && was.answerText !== would.answerText
  return (
    <tr class="border-b border-line align-top last:border-0 hover:bg-fill">
      <td class="px-4 py-2 whitespace-nowrap tabular-nums">
        <button type="button" class="text-accent hover:underline" onClick={() => onShow(atMs)}>
          {(atMs / 1000).toFixed(1)} s
        </button>
      </td>
      <td class="min-w-40 px-4 py-2">{(would ?? was)?.userText}</td>
      <td class={DELAY}>{delay(was, would === undefined)}</td>
      <td class={DELAY}>{delay(would, was === undefined)}</td>
      <td
        class={`${DELAY} font-medium ${change.startsWith('+') ? 'text-thinking' : 'text-accent'}`}
      >
        {change}
      </td>
      <td class="min-w-56 px-4 py-2">
        <p class={isSaidOtherwise ? 'text-muted' : ''}>{(was ?? would)?.answerText}</p>
        {isSaidOtherwise && (
          <p>
            <span class="text-xs text-muted">{say.saidThen}</span>{' '}
            {would.answerText || say.unanswered}
          </p>
        )}
        {caution !== undefined && <p class="text-xs text-thinking">{say[caution]}</p>}
      </td>
    </tr>
  )
}

function Differences(props: { other: OtherCall; onShow: (atMs: number) => void }) {
  const say = useWords(WORDS)
  const told = useWords(WHAT_IF)
  const reasonText = useReasonText()
  const { result } = props.other
  return (
    <ol class="max-h-80 overflow-y-auto border-t border-line" tabIndex={0} aria-label={say.whatIf}>
      {result.differences.map((difference, index) => (
        <li
          key={index}
          class="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 text-sm last:border-0"
        >
          <button
            type="button"
            class="w-16 text-left text-accent tabular-nums hover:underline"
            title={say.show}
            onClick={() => props.onShow(difference.atMs)}
          >
            {(difference.atMs / 1000).toFixed(1)} s
          </button>
          <Badge tone={difference.kind.startsWith('interruption') ? 'bad' : 'neutral'}>
            {say[`diff_${difference.kind}`]}
          </Badge>
          <span class="min-w-0 basis-64 grow break-words">
            {differenceText(difference, result, told, reasonText)}
          </span>
        </li>
      ))}
    </ol>
  )
}
