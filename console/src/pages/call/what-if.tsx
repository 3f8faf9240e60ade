import { useEffect, useRef, useState } from 'preact/hooks'
import { ENGINE_FIELDS } from '../../../../server/src/call/engine-fields.ts'
import { apiDescription, type ApiDescription } from '../../base/open-api.ts'
import { spanText } from '../../base/format.ts'
import { useWords } from '../../base/words.ts'
import { check } from '../../schema-form/check.ts'
import { SchemaForm } from '../../schema-form/schema-form.tsx'
import { Badge } from '../../ui/badge.tsx'
import { Button } from '../../ui/button.tsx'
import { ChoiceField } from '../../ui/field.tsx'
import { Card } from '../../ui/page.tsx'
import { answersOf, summaryOf } from './answers.ts'
import type { CallLog } from './log.ts'
import type { Source } from './source.ts'
import { timelineOf, type Timeline } from './timeline.ts'
import { TimelineView } from './timeline-view.tsx'
import type { OtherAnswer, OtherCall } from './what-if-run.ts'
import { WORDS } from './words.ts'

type Config = Readonly<Record<string, unknown>>

interface WhatIfProps {
  readonly log: CallLog
  readonly source: Source
  readonly timeline: Timeline
}

/** Another setting for this call, and what would have become of it. */
export function WhatIfView({ log, source, timeline }: WhatIfProps) {
  const say = useWords(WORDS)
  const [api, setApi] = useState<ApiDescription | undefined>()
  const [field, setField] = useState('AsrConfig.AsrMaxSilence')
  const config: Config = log.antiphon.trace?.stretches[0]?.head.config ?? {}
  const [value, setValue] = useState<unknown>(undefined)
  const { answer, isBusy, play, forget } = useReplay()
  useEffect(() => void apiDescription().then(setApi, () => {}), [])
  useEffect(() => {
    setValue(undefined)
    forget()
  }, [log.instanceId])
  if (api === undefined) return null

  const [section = '', name] = field.split('.')
  const properties = api.structures['AIAgentConfig']?.properties ?? {}
  const schema = name === undefined ? { type: 'object', properties } : (properties[section] ?? {})
  const member = name ?? section
  const given: Config = value === undefined ? {} : { [member]: value }
  const issues = check(schema, given, api).map((issue) => ({ ...issue }))
  const recorded = name === undefined ? config[section] : (config[section] as Config)?.[name]
  const choose = (next: string): void => {
    setField(next)
    setValue(undefined)
    forget()
  }
  const run = (): void => {
    if (value !== undefined && issues.length === 0) play(log, [{ path: field, value }])
  }
  return (
    <Card title={say.whatIf} isFlush>
      <form
        class="p-4"
        onSubmit={(event) => {
          event.preventDefault()
          run()
        }}
      >
        <p class="max-w-3xl text-sm text-muted">{say.whatIfText}</p>
        <div class="mt-4 grid items-start gap-x-6 gap-y-4 lg:grid-cols-[20rem_1fr]">
          <ChoiceField
            label={say.setting}
            value={field}
            choices={ENGINE_FIELDS.map((path) => [path, path] as const)}
            hint={recorded === undefined ? say.wasUnset : say.wasSet(JSON.stringify(recorded))}
            onChoose={choose}
          />
          <SchemaForm
            key={field}
            schema={schema}
            only={[member]}
            value={given}
            onChange={(next) => setValue(next[member])}
            api={api}
            issues={issues}
          />
        </div>
        <div class="mt-4 flex gap-2">
          <Button
            kind="primary"
            icon="play"
            type="submit"
            isBusy={isBusy}
            isDisabled={value === undefined || issues.length > 0}
          >
            {isBusy ? say.replaying : say.replay}
          </Button>
          {answer !== undefined && (
            <Button
              onClick={() => {
                setValue(undefined)
                forget()
              }}
            >
              {say.reset}
            </Button>
          )}
        </div>
        {answer?.ok === false && (
          <p role="alert" class="mt-3 rounded-lg bg-danger-tint px-3 py-2 text-sm">
            {answer.error}
          </p>
        )}
      </form>
      {answer?.ok === true && <Outcome source={source} timeline={timeline} other={answer.value} />}
    </Card>
  )
}

interface OutcomeProps {
  readonly source: Source
  readonly timeline: Timeline
  readonly other: OtherCall
}

function Outcome({ source, timeline, other }: OutcomeProps) {
  const say = useWords(WORDS)
  const { differences, scriptedTurns, shortenedTurns, unexplained } = other.result
  const [target, setTarget] = useState<{ fromMs: number; untilMs: number } | undefined>()
  const [tracks, setTracks] = useState<Parameters<typeof TimelineView>[0]['tracks']>([])
  useEffect(() => {
    setTracks([
      { id: 'recorded', name: say.recorded, timeline },
      { id: 'other', name: say.other, timeline: timelineOf(other.source) },
    ])
  }, [timeline, other, say])
  const before = summaryOf(answersOf(source.decisions))?.p50Ms
  const after = summaryOf(answersOf(other.source.decisions))?.p50Ms
  const cautions = [
    scriptedTurns.length > 0 ? say.scripted(scriptedTurns.join(', ')) : '',
    shortenedTurns.length > 0 ? say.shortened(shortenedTurns.join(', ')) : '',
    unexplained > 0 ? say.unexplained(unexplained) : '',
  ].filter((text) => text !== '')
  return (
    <div class="border-t border-line">
      <div class="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1 px-4 py-3">
        <h3 class="font-medium">
          <span role="status">
            {differences.length === 0 ? say.same : say.differences(differences.length)}
          </span>
        </h3>
        <p class="text-sm text-muted tabular-nums">
          {say.medianChange}: {spanText(before)} → {spanText(after)}
        </p>
      </div>
      {cautions.map((text) => (
        <p key={text} class="flex gap-2 px-4 pb-2 text-sm text-thinking">
          <span class="icon icon-alert mt-0.5 size-4" aria-hidden="true" />
          {text}
        </p>
      ))}
      {tracks.length > 0 && <TimelineView tracks={tracks} target={target} />}
      {differences.length > 0 && (
        <ol
          class="max-h-80 overflow-y-auto border-t border-line"
          tabIndex={0}
          aria-label={say.whatIf}
        >
          {differences.map(({ kind, atMs, words }, index) => (
            <li
              key={index}
              class="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line px-4 py-2 text-sm last:border-0"
            >
              <button
                type="button"
                class="w-16 text-left text-accent tabular-nums hover:underline"
                title={say.show}
                onClick={() => setTarget({ fromMs: atMs - 500, untilMs: atMs + 6000 })}
              >
                {(atMs / 1000).toFixed(1)} s
              </button>
              <Badge tone={kind.startsWith('interruption') ? 'bad' : 'neutral'}>
                {say[`diff_${kind}`]}
              </Badge>
              <span class="min-w-0 basis-64 grow break-words">{words}</span>
            </li>
          ))}
        </ol>
      )}
    </div>
  )
}

interface Replaying {
  readonly answer: OtherAnswer | undefined
  readonly isBusy: boolean
  play(log: CallLog, changes: readonly { readonly path: string; readonly value: unknown }[]): void
  forget(): void
}

/** Has a worker play calls again; what it is busy with is given up when something else is asked of it. */
function useReplay(): Replaying {
  const worker = useRef<Worker | undefined>(undefined)
  const [answer, setAnswer] = useState<OtherAnswer | undefined>()
  const [isBusy, setBusy] = useState(false)
  const stop = (): void => {
    worker.current?.terminate()
    worker.current = undefined
    setBusy(false)
  }
  useEffect(() => stop, [])
  return {
    answer,
    isBusy,
    play: (log, changes) => {
      stop()
      setBusy(true)
      const made = new Worker(new URL('./what-if-worker.ts', import.meta.url), { type: 'module' })
      worker.current = made
      const finish = (given: OtherAnswer): void => {
        if (worker.current !== made) return
        setAnswer(given)
        stop()
      }
      made.onmessage = ({ data }: MessageEvent<OtherAnswer>) => finish(data)
      made.onerror = ({ message }) => finish({ ok: false, error: message })
      made.postMessage({ log, changes })
    },
    forget: () => {
      stop()
      setAnswer(undefined)
    },
  }
}
