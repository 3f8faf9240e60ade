import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { ENGINE_FIELDS } from '../../../../server/src/call/engine-fields.ts'
import { apiDescription, type ApiDescription } from '../../base/open-api.ts'
import { useShared } from '../../base/value.ts'
import { language, useWords } from '../../base/words.ts'
import { check } from '../../schema-form/check.ts'
import { SchemaForm } from '../../schema-form/schema-form.tsx'
import { Button } from '../../ui/button.tsx'
import { ChoiceField } from '../../ui/field.tsx'
import { Card } from '../../ui/page.tsx'
import type { CallLog } from './log.ts'
import type { Source } from './source.ts'
import type { Timeline } from './timeline.ts'
import { useReplay } from './use-replay.ts'
import { Outcome } from './what-if-outcome.tsx'
import { nameOf, settingOf, type Config, type Setting } from './what-if-setting.ts'
import { WORDS } from './words.ts'

interface WhatIfProps {
  readonly log: CallLog
  readonly source: Source
  readonly timeline: Timeline
}

/** Another setting for this call, and what would have become of it. */
export function WhatIfView({ log, source, timeline }: WhatIfProps) {
  const say = useWords(WORDS)
  const [api, setApi] = useState<ApiDescription | undefined>()
  const [path, setPath] = useState('AsrConfig.AsrMaxSilence')
  const [value, setValue] = useState<unknown>(undefined)
  const { answer, isBusy, play, forget } = useReplay()
  const reset = (): void => {
    setValue(undefined)
    forget()
  }
  useEffect(() => void apiDescription().then(setApi, () => {}), [])
  useEffect(reset, [log.instanceId])
  if (api === undefined) return null

  const config: Config = log.antiphon.trace?.stretches[0]?.head.config ?? {}
  const setting = settingOf(path, config, api)
  const given: Config = value === undefined ? {} : { [setting.member]: value }
  const issues = check(setting.schema, given, api)
  const isReady = value !== undefined && issues.length === 0
  const onPath = (next: string): void => {
    setPath(next)
    reset()
  }
  return (
    <Card title={say.whatIf} isFlush>
      <form
        class="p-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (isReady) play(log, [{ path, value }])
        }}
      >
        <p class="max-w-3xl text-sm text-muted">{say.whatIfText}</p>
        <div class="mt-4 grid items-start gap-x-6 gap-y-4 lg:grid-cols-[20rem_1fr]">
          <SettingChoice setting={setting} api={api} onChoose={onPath} />
          <SchemaForm
            key={path}
            schema={setting.schema}
            only={[setting.member]}
            value={given}
            onChange={(next) => setValue(next[setting.member])}
            api={api}
            issues={issues}
          />
        </div>
        <ReplayButtons isBusy={isBusy} isReady={isReady}>
          {answer !== undefined && <Button onClick={reset}>{say.reset}</Button>}
        </ReplayButtons>
        {answer?.ok === false && (
          <p role="alert" class="mt-3 rounded-lg bg-danger-tint px-3 py-2 text-sm">
            {answer.error}
          </p>
        )}
      </form>
      {answer?.ok === true && (
        <Outcome source={source} timeline={timeline} other={answer.value} unit={setting.unit} />
      )}
    </Card>
  )
}

interface SettingChoiceProps {
  readonly setting: Setting
  readonly api: ApiDescription
  readonly onChoose: (path: string) => void
}

/** Which setting is to be another; below it, what the call had. */
function SettingChoice({ setting, api, onChoose }: SettingChoiceProps) {
  const say = useWords(WORDS)
  const tongue = useShared(language)
  const { path, recorded } = setting
  return (
    <ChoiceField
      label={say.setting}
      value={path}
      choices={ENGINE_FIELDS.map((one) => [one, nameOf(one, api, tongue)] as const)}
      hint={recorded === undefined ? say.wasUnset : say.wasSet(JSON.stringify(recorded))}
      onChoose={onChoose}
    />
  )
}

interface ReplayButtonsProps {
  readonly isBusy: boolean
  readonly isReady: boolean
  /** Further buttons. */
  readonly children: ComponentChildren
}

function ReplayButtons({ isBusy, isReady, children }: ReplayButtonsProps) {
  const say = useWords(WORDS)
  return (
    <div class="mt-4 flex gap-2">
      <Button kind="primary" icon="play" type="submit" isBusy={isBusy} isDisabled={!isReady}>
        {isBusy ? say.replaying : say.replay}
      </Button>
      {children}
    </div>
  )
}
