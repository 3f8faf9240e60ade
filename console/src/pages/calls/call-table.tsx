import { spanText, timeText } from '../../base/format.ts'
import { useWords } from '../../base/words.ts'
import { Badge, type Tone } from '../../ui/badge.tsx'
import { Link } from '../../ui/link.tsx'
import { useRowWindow } from '../../ui/windowed.ts'
import type { Call } from './calls.ts'
import { useReasonText } from './reasons.ts'
import { WORDS } from './words.ts'

const TONES: Readonly<Record<Call['status'], Tone>> = {
  Created: 'neutral',
  Executing: 'good',
  Finished: 'neutral',
}

interface CallTableProps {
  readonly calls: readonly Call[]
  readonly agentNames: ReadonlyMap<string, string>
}

/** Rows that stay narrow on a phone: what is less needed comes with width. Of many only those in view are drawn. */
export function CallTable({ calls, agentNames }: CallTableProps) {
  const say = useWords(WORDS)
  const { from, until, ref, rowPx } = useRowWindow<HTMLTableSectionElement>(calls.length)
  return (
    <table class="w-full text-left text-sm" aria-rowcount={calls.length + 1}>
      <thead class="text-xs text-muted">
        <tr class="border-b border-line">
          <th class="px-2 py-2.5 pl-4 font-medium sm:px-4">{say.started}</th>
          <th class="hidden px-4 py-2.5 font-medium sm:table-cell">{say.agent}</th>
          <th class="px-2 py-2.5 font-medium sm:px-4">{say.status}</th>
          <th class="px-2 py-2.5 pr-4 text-right font-medium sm:px-4">{say.duration}</th>
          <th class="hidden px-4 py-2.5 text-right font-medium md:table-cell">{say.turns}</th>
          <th class="hidden px-4 py-2.5 text-right font-medium lg:table-cell" title={say.delayNote}>
            {say.delayColumn}
          </th>
          <th class="hidden px-4 py-2.5 text-right font-medium lg:table-cell">
            {say.interruptions}
          </th>
          <th class="hidden px-4 py-2.5 font-medium xl:table-cell">{say.ended}</th>
        </tr>
      </thead>
      <tbody ref={ref}>
        <Room rowsPx={from * rowPx} />
        {calls.slice(from, until).map((call, index) => (
          <Row
            key={call.instanceId}
            call={call}
            number={from + index + 2}
            agentName={agentNames.get(call.agentId)}
          />
        ))}
        <Room rowsPx={(calls.length - until) * rowPx} />
      </tbody>
    </table>
  )
}

/** In the place of rows that are not drawn. */
function Room({ rowsPx }: { rowsPx: number }) {
  if (rowsPx === 0) return null
  return (
    <tr aria-hidden="true">
      <td style={{ height: `${rowsPx}px`, padding: 0 }} />
    </tr>
  )
}

interface RowProps {
  readonly call: Call
  /** In the table, from 1, its head included. */
  readonly number: number
  readonly agentName: string | undefined
}

function Row({ call, number, agentName }: RowProps) {
  const say = useWords(WORDS)
  const reasonText = useReasonText()
  const delay =
    call.answerP50Ms === undefined
      ? '–'
      : `${spanText(call.answerP50Ms)} / ${spanText(call.answerP95Ms)}`
  return (
    <tr data-row="" aria-rowindex={number} class="border-b border-line last:border-0 hover:bg-fill">
      <td class="px-2 py-2.5 pl-4 whitespace-nowrap tabular-nums sm:px-4">
        <Link href={`/calls/${call.instanceId}`}>{timeText(call.createdMs)}</Link>
      </td>
      <td class="hidden max-w-56 truncate px-4 py-2.5 sm:table-cell">
        {agentName ?? <span class="font-mono text-xs">{call.agentId}</span>}
      </td>
      <td class="px-2 py-2.5 whitespace-nowrap sm:px-4">
        <Badge tone={TONES[call.status]}>{say[call.status]}</Badge>
      </td>
      <td class="px-2 py-2.5 pr-4 text-right tabular-nums sm:px-4">{spanText(call.durationMs)}</td>
      <td class="hidden px-4 py-2.5 text-right tabular-nums md:table-cell">{call.turns}</td>
      <td class="hidden px-4 py-2.5 text-right whitespace-nowrap tabular-nums lg:table-cell">
        {delay}
      </td>
      <td class="hidden px-4 py-2.5 text-right tabular-nums lg:table-cell">{call.interruptions}</td>
      <td class="hidden px-4 py-2.5 text-muted xl:table-cell">{reasonText(call.endReason)}</td>
    </tr>
  )
}
