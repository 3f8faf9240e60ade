import { spanText } from '../../base/format.ts'
import { useShared } from '../../base/value.ts'
import { language, useWords } from '../../base/words.ts'
import { PARTS } from './answers.ts'
import { kindText } from './decision-words.ts'
import { MARK_FILL, SPAN_FILL } from './looks.ts'
import type { Mark, Span, SpanKind } from './timeline.ts'
import { isMark, type Item, type Track } from './timeline-items.ts'
import { WORDS } from './words.ts'

/** What is pointed at, in words. */
export function About({ item }: { item: Item }) {
  const say = useWords(WORDS)
  const { what, startMs, endMs } = item
  const tongue = useShared(language)
  const name = isMark(what) ? kindText(what.kind, tongue) : say[`kind_${what.kind}`]
  const time = `${(startMs / 1000).toFixed(2)} s`
  return (
    <>
      <span class="font-medium">{name}</span>{' '}
      <span class="text-muted tabular-nums">
        {what.turnId !== undefined && `${say.turn(what.turnId)} · `}
        {time}
        {endMs > startMs && ` · ${spanText(endMs - startMs)}`}
      </span>
      {'text' in what && what.text !== undefined && <span class="block">“{what.text}”</span>}
      {what.reason !== '' && <span class="block text-muted">{what.reason}</span>}
    </>
  )
}

const LEGEND: readonly SpanKind[] = ['speech', 'hearing', ...PARTS, 'playout', 'held']

/** What the colours stand for; only of what there is. */
export function Legend({ tracks }: { tracks: readonly Track[] }) {
  const say = useWords(WORDS)
  const kinds = new Set<SpanKind>()
  const tones = new Set<Mark['tone']>()
  for (const { timeline } of tracks) {
    for (const { kind } of timeline.spans as readonly Span[]) kinds.add(kind)
    for (const { tone } of timeline.marks) tones.add(tone)
  }
  return (
    <ul class="flex flex-wrap gap-x-4 gap-y-1 border-t border-line px-4 py-2.5 text-xs text-muted">
      {LEGEND.filter((kind) => kinds.has(kind)).map((kind) => (
        <li key={kind} class="flex items-center gap-1.5">
          <i class={`size-2.5 rounded-xs ${kind === 'held' ? 'border' : ''} ${SPAN_FILL[kind]}`} />
          {say[`kind_${kind}`]}
        </li>
      ))}
      {(['bad', 'false', 'plain'] as const)
        .filter((tone) => tones.has(tone))
        .map((tone) => (
          <li key={tone} class="flex items-center gap-1.5">
            <i class={`size-2 rotate-45 ${MARK_FILL[tone]}`} />
            {say[`mark_${tone}`]}
          </li>
        ))}
    </ul>
  )
}
