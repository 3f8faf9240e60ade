import { useEffect, useRef, useState } from 'preact/hooks'
import { ENGINE_FIELDS } from '../../../../server/src/call/engine-fields.ts'
import { apiDescription, resolve, type ApiDescription, type Schema } from '../../base/open-api.ts'
import { useShared } from '../../base/value.ts'
import { language, useWords, type Language } from '../../base/words.ts'
import { check } from '../../schema-form/check.ts'
import { SchemaForm } from '../../schema-form/schema-form.tsx'
import { sentenceIn } from '../../schema-form/sentences.ts'
import { Button } from '../../ui/button.tsx'
import { ChoiceField } from '../../ui/field.tsx'
import { Card } from '../../ui/page.tsx'
import type { CallLog } from './log.ts'
import type { Source } from './source.ts'
import type { Timeline } from './timeline.ts'
import { Outcome } from './what-if-outcome.tsx'
import type { OtherAnswer } from './what-if-run.ts'
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
  const tongue = useShared(language)
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
            choices={ENGINE_FIELDS.map((path) => [path, nameOf(path, api, tongue)] as const)}
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
      {answer?.ok === true && (
        <Outcome
          source={source}
          timeline={timeline}
          other={answer.value}
          unit={memberOf(schema, member, api)['x-unit'] ?? ''}
        />
      )}
    </Card>
  )
}

const memberOf = (schema: Schema, member: string, api: ApiDescription): Schema =>
  resolve(resolve(schema, api).properties?.[member] ?? {}, api)

/** `AsrConfig.AsrMaxSilence: Silence that ends a sentence.` */
function nameOf(path: string, api: ApiDescription, tongue: Language): string {
  const [section = '', name] = path.split('.')
  const whole: Schema = { $ref: '#/components/schemas/AIAgentConfig' }
  const first = memberOf(whole, section, api)
  const { description = '' } = name === undefined ? first : memberOf(first, name, api)
  return description === '' ? path : `${path}: ${sentenceIn(description, tongue)}`
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
