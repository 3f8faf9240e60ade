import { useEffect, useMemo, useState } from 'preact/hooks'
import { spanText, timeText } from '../../base/format.ts'
import { useNow } from '../../base/now.ts'
import { useShared } from '../../base/value.ts'
import { language, useWords } from '../../base/words.ts'
import type { PageProps } from '../../shell/page-props.ts'
import { Badge } from '../../ui/badge.tsx'
import { Button, LinkButton } from '../../ui/button.tsx'
import { Failure, useFailureText } from '../../ui/failure.tsx'
import { Card, Empty, Page } from '../../ui/page.tsx'
import { toast } from '../../ui/toast.tsx'
import { describeAgent } from '../agents/agents.ts'
import { CallActions } from '../calls/call-actions.tsx'
import { ActivityBadge } from '../calls/live-panel.tsx'
import { useReasonText } from '../calls/reasons.ts'
import { answersOf, summaryOf, type Answer } from './answers.ts'
import { exportCall, type CallDetails } from './call.ts'
import { CallDetailsView } from './call-details.tsx'
import { logIn } from './decision-words.ts'
import { Decisions } from './decisions.tsx'
import type { Decision } from './log.ts'
import { usePlayer, type Player } from './player.ts'
import { sourceOf, type Source } from './source.ts'
import { SummaryView } from './summary.tsx'
import { timelineOf } from './timeline.ts'
import { TimelineView } from './timeline-view.tsx'
import { Transcript } from './transcript.tsx'
import { transcriptOf } from './transcript-lines.ts'
import { useCall, type ShownCall } from './use-call.ts'
import { Waterfall } from './waterfall.tsx'
import { WhatIfView } from './what-if.tsx'
import { WORDS } from './words.ts'

/** One call: what was said, when what happened, why, and what would have been. */
export function CallPage({ id = '' }: PageProps) {
  const say = useWords(WORDS)
  const call = useCall(id)
  const { details, live } = call
  const name = useAgentName(details?.agentId) ?? details?.agentId ?? '…'
  const isRunning = details !== undefined && details.status !== 'Finished'
  return (
    <Page
      title={say.title(name)}
      lead={details && <Lead call={details} hasBegun={live?.executingMs !== undefined} />}
      actions={
        details &&
        (isRunning ? (
          <CallActions instanceId={id} name={name} hasHuman={live?.human !== undefined} />
        ) : (
          <Downloads call={details} />
        ))
      }
    >
      {call.failure && <Failure failure={call.failure} onRetry={call.reload} />}
      <div class="grid gap-5">
        {isRunning && (
          <div class="flex flex-wrap items-center gap-3 rounded-xl bg-fill px-4 py-3 text-sm">
            {live !== undefined && <ActivityBadge call={live} />}
            <p role="status">{call.isConnected ? say.live : say.noFeed}</p>
          </div>
        )}
        {call.isLogGone && <Empty title={say.noLog} />}
        {details !== undefined && call.log !== undefined && (
          <Content call={call} details={details} isRunning={isRunning} />
        )}
        {details !== undefined && <CallDetailsView call={details} />}
      </div>
    </Page>
  )
}

/** `undefined` while it is not known, or when the agent is gone. */
function useAgentName(agentId: string | undefined): string | undefined {
  const [name, setName] = useState<string | undefined>()
  useEffect(() => {
    if (agentId === undefined) return
    let isMoot = false
    void describeAgent(agentId).then((answer) => {
      if (!isMoot) setName(answer.ok ? answer.value.name : undefined)
    })
    return () => void (isMoot = true)
  }, [agentId])
  return name
}

function Lead({ call, hasBegun }: { call: CallDetails; hasBegun: boolean }) {
  const say = useWords(WORDS)
  const reasonText = useReasonText()
  const { createdMs, durationMs, endReason } = call
  // It was looked up before somebody came.
  const status = call.status === 'Created' && hasBegun ? 'Executing' : call.status
  const told = [
    timeText(createdMs),
    durationMs === undefined ? '' : spanText(durationMs),
    reasonText(endReason),
  ]
  return (
    <span class="flex flex-wrap items-center gap-x-3 gap-y-1 tabular-nums">
      <Badge tone={status === 'Executing' ? 'good' : 'neutral'}>{say[status]}</Badge>
      {told.filter((text) => text !== '').join(' · ')}
    </span>
  )
}

function Downloads({ call }: { call: CallDetails }) {
  const say = useWords(WORDS)
  const told = useFailureText()
  const { instanceId, logUrl, recordings } = call
  const whole = recordings.find(({ kind }) => kind === 'call')
  const saveLine = async (): Promise<void> => {
    const answer = await exportCall(instanceId)
    if (!answer.ok) return toast(told(answer.failure), 'error')
    const url = URL.createObjectURL(new Blob([answer.value], { type: 'application/x-ndjson' }))
    const link = document.createElement('a')
    link.href = url
    link.download = `${instanceId}.ndjson`
    link.click()
    URL.revokeObjectURL(url)
  }
  return (
    <>
      {logUrl !== undefined && (
        <LinkButton href={logUrl} icon="download" download={`${instanceId}.json`}>
          {say.log}
        </LinkButton>
      )}
      {whole !== undefined && (
        <LinkButton href={whole.url} icon="download" download={`${instanceId}.wav`}>
          {say.recording}
        </LinkButton>
      )}
      <Button icon="download" onClick={() => void saveLine()}>
        {say.lines}
      </Button>
    </>
  )
}

/** That nobody may interrupt at all is no such thing: the dashboard counts in the same way. */
const isFalseInterruption = ({ kind, figures }: Decision): boolean =>
  kind === 'no-interruption' && figures['heardMs'] !== undefined

const NO_RECORDINGS: CallDetails['recordings'] = []
/** How often a running call's timeline grows. */
const GROW_MS = 500
/** Around what is brought into view. */
const ROOM_MS = 600

interface ContentProps {
  readonly call: ShownCall
  readonly details: CallDetails
  readonly isRunning: boolean
}

function Content({ call, details, isRunning }: ContentProps) {
  const say = useWords(WORDS)
  const { log, clockMs } = call
  const tongue = useShared(language)
  const nowMs = useNow(isRunning ? GROW_MS : undefined) + clockMs
  const startMs = (log?.startTime ?? 0) * 1000
  const source = useMemo(
    (): Source =>
      log === undefined
        ? { lines: [], turns: [], decisions: [], endMs: 0 }
        : sourceOf(logIn(log, tongue), Math.max(0, nowMs - startMs)),
    [log, tongue, isRunning ? nowMs : 0],
  )
  const timeline = useMemo(() => timelineOf(source), [source])
  const answers = useMemo(() => answersOf(source.decisions), [source.decisions])
  const lines = useMemo(() => transcriptOf(source, answers), [source, answers])
  const tracks = useMemo(() => [{ id: 'call', name: say.recorded, timeline }], [timeline, say])
  // While it goes on, its recording is not all there.
  const player = usePlayer(isRunning ? NO_RECORDINGS : details.recordings, startMs)
  const [target, setTarget] = useState<{ fromMs: number; untilMs: number } | undefined>()
  const summary = summaryOf(answers)
  const showAnswer = ({ atMs, totalMs }: Answer): void =>
    setTarget({ fromMs: atMs - totalMs - 2 * ROOM_MS, untilMs: atMs + 2 * ROOM_MS })
  if (log === undefined) return null
  return (
    <>
      <SummaryView
        summary={summary}
        interruptions={source.decisions.filter(({ kind }) => kind === 'interruption').length}
        falseOnes={source.decisions.filter(isFalseInterruption).length}
        onShowSlowest={() => summary && showAnswer(summary.slowest)}
      />
      <Card title={say.timeline} isFlush>
        {!isRunning && <Sound player={player} />}
        <TimelineView
          tracks={tracks}
          cursorMs={player.atMs}
          isPlaying={player.isPlaying}
          target={target}
          onSeek={player.whole === undefined ? undefined : player.seek}
        />
      </Card>
      <div class="grid items-start gap-5 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <Transcript
          lines={lines}
          player={player}
          isRunning={isRunning}
          onShow={({ beginMs, endMs }) =>
            setTarget({ fromMs: beginMs - ROOM_MS, untilMs: endMs + ROOM_MS })
          }
        />
        <Waterfall answers={answers} onShow={showAnswer} />
      </div>
      {isRunning ? null : log.antiphon.trace === undefined ||
        log.antiphon.trace.stretches.length === 0 ? (
        <Card title={say.whatIf}>
          <p class="text-sm text-muted">{say.whatIfNever}</p>
        </Card>
      ) : (
        <WhatIfView log={log} source={source} timeline={timeline} />
      )}
      <Decisions
        decisions={source.decisions}
        onShow={(atMs) => setTarget({ fromMs: atMs - 2500, untilMs: atMs + 2500 })}
      />
    </>
  )
}

/** The recording of both sides; it moves the line on the timeline, and a click there moves it. */
function Sound({ player }: { player: Player }) {
  const say = useWords(WORDS)
  const { whole } = player
  return (
    <div class="px-4 pt-3">
      <audio
        ref={player.audio}
        controls={whole !== undefined}
        hidden={whole === undefined}
        preload="metadata"
        src={whole?.url}
        aria-label={say.audio}
        class="h-10 w-full max-w-2xl"
      />
      {whole === undefined && !player.canPlay() && <p class="text-xs text-muted">{say.noAudio}</p>}
      {player.hasFailed && <p class="mt-1 text-xs text-danger">{say.audioFailed}</p>}
    </div>
  )
}
