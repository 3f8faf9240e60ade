import { useEffect, useRef } from 'preact/hooks'
import { spanText } from '../../base/format.ts'
import { useWords } from '../../base/words.ts'
import { Button } from '../../ui/button.tsx'
import { Card, Empty } from '../../ui/page.tsx'
import type { Player } from './player.ts'
import type { TranscriptLine } from './transcript-lines.ts'
import { tickText } from './viewport.ts'
import { WORDS } from './words.ts'

interface TranscriptProps {
  readonly lines: readonly TranscriptLine[]
  readonly player: Player
  /** New lines are brought into view. */
  readonly isRunning: boolean
  readonly onShow: (line: TranscriptLine) => void
}

/** What each side said; of the agent's, what was heard and what was cut off. */
export function Transcript({ lines, player, isRunning, onShow }: TranscriptProps) {
  const say = useWords(WORDS)
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const element = list.current
    if (!isRunning || element === null) return
    element.scrollTop = element.scrollHeight
  }, [isRunning, lines.length, lines.at(-1)?.text])
  return (
    <Card title={say.transcript} isFlush>
      {lines.length === 0 ? (
        <Empty title={say.notYet} />
      ) : (
        <ol
          ref={list}
          class="max-h-[36rem] overflow-y-auto"
          tabIndex={0}
          aria-label={say.transcript}
        >
          {lines.map((line) => (
            <Row key={line.id} line={line} player={player} onShow={onShow} />
          ))}
        </ol>
      )}
    </Card>
  )
}

interface RowProps {
  readonly line: TranscriptLine
  readonly player: Player
  readonly onShow: (line: TranscriptLine) => void
}

/** The recording begins so much before a line, so that its first sound is not missed. */
const LEAD_MS = 150

function Row({ line, player, onShow }: RowProps) {
  const say = useWords(WORDS)
  const { isUser, saidBy, kind, beginMs, endMs, heard, cut, cutReason, delayMs } = line
  const isSounding =
    player.isPlaying && player.atMs !== undefined && player.atMs >= beginMs && player.atMs < endMs
  const who = isUser ? say.user : saidBy === undefined ? say.agentSide : say.human(saidBy)
  const note = kind === 'greeting' ? say.greeting : kind === 'speech' ? say.speech : undefined
  const play = (): void => {
    if (isSounding) player.pause()
    else player.play({ fromMs: beginMs - LEAD_MS, untilMs: endMs + LEAD_MS, lineId: line.id })
  }
  return (
    <li
      class={`group flex items-start gap-2 border-b border-line px-4 py-2.5 text-sm last:border-0 ${isSounding ? 'bg-fill' : ''}`}
    >
      <button
        type="button"
        class="mt-px w-11 flex-none text-left text-xs leading-5 text-muted tabular-nums hover:text-ink hover:underline"
        title={say.show}
        aria-label={`${say.show}: ${tickText(beginMs, 1000)}`}
        onClick={() => onShow(line)}
      >
        {tickText(beginMs, 1000)}
      </button>
      <div class="min-w-0 flex-1">
        <p class="text-xs leading-5">
          <span class={`font-medium ${isUser ? 'text-accent' : 'text-speaking'}`}>{who}</span>
          <span class="text-muted">
            {note !== undefined && ` · ${note}`}
            {delayMs !== undefined && ` · ${say.answered(spanText(delayMs))}`}
          </span>
        </p>
        <p class="break-words">
          {heard}
          {cut !== '' && (
            <>
              <span class="sr-only"> {say.cutOff} </span>
              <s class="text-muted">{cut}</s>
            </>
          )}
        </p>
        {cutReason !== undefined && (
          <p class="mt-0.5 flex gap-1.5 text-xs text-danger">
            <span class="icon icon-alert mt-0.5 size-3.5" aria-hidden="true" />
            {cutReason}
          </p>
        )}
      </div>
      {player.canPlay(line.id) && (
        <Button
          kind="quiet"
          icon={isSounding ? 'pause' : 'play'}
          label={`${isSounding ? say.stopPlaying : say.play}: ${heard.slice(0, 40)}`}
          onClick={play}
        />
      )}
    </li>
  )
}
