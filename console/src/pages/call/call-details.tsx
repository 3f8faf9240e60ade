import { spanText, timeText } from '../../base/format.ts'
import { useWords } from '../../base/words.ts'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Link } from '../../ui/link.tsx'
import { Card } from '../../ui/page.tsx'
import { useReasonText } from '../calls/reasons.ts'
import type { CallDetails } from './call.ts'
import { WORDS } from './words.ts'

/** Times, ids and what the caller's program had to say of a call. */
export function CallDetailsView({ call }: { call: CallDetails }) {
  const say = useWords(WORDS)
  const reasonText = useReasonText()
  const { createdMs, executingMs, finishedMs, endReason, sessionId, userData } = call
  const time = (atMs: number | undefined): string => (atMs === undefined ? '–' : timeText(atMs))
  const rows: readonly (readonly [string, preact.ComponentChildren])[] = [
    [say.started, time(createdMs)],
    [say.connected, time(executingMs)],
    [say.ended, time(finishedMs)],
    [say.duration, spanText(call.durationMs)],
    [say.reason, reasonText(endReason) || '–'],
    [say.instance, <Code key="i" text={call.instanceId} />],
    [
      say.agent,
      <Link key="a" href={`/agents/${call.agentId}`}>
        <Code text={call.agentId} />
      </Link>,
    ],
    [
      say.session,
      sessionId === '' ? (
        '–'
      ) : (
        <Link key="s" href={`/calls?session=${encodeURIComponent(sessionId)}`}>
          <Code text={sessionId} />
        </Link>
      ),
    ],
  ]
  return (
    <Card title={say.details}>
      <dl class="grid gap-x-8 gap-y-2 text-sm sm:grid-cols-[repeat(2,auto_1fr)]">
        {rows.map(([name, value]) => (
          <div
            key={name}
            class="grid grid-cols-[8rem_1fr] gap-x-6 sm:col-span-2 sm:grid-cols-subgrid"
          >
            <dt class="text-muted">{name}</dt>
            <dd class="min-w-0 break-words tabular-nums">{value}</dd>
          </div>
        ))}
      </dl>
      {userData !== '' && (
        <div class="mt-4">
          <p class="mb-1 text-sm text-muted">{say.userData}</p>
          <CodeBlock label={say.userData} code={pretty(userData)} />
        </div>
      )}
    </Card>
  )
}

const Code = ({ text }: { text: string }) => <span class="font-mono text-xs break-all">{text}</span>

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2)
  } catch {
    return text
  }
}
