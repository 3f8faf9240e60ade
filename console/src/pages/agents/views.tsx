import { useState } from 'preact/hooks'
import type { ApiDescription, Schema } from '../../base/open-api.ts'
import { useWords } from '../../base/words.ts'
import { Badge } from '../../ui/badge.tsx'
import { AreaField } from '../../ui/field.tsx'
import type { Config } from './agents.ts'
import { differences, valueText } from './differences.ts'
import { firstMessages } from './editor.ts'
import { WORDS } from './words.ts'

interface JsonViewProps {
  readonly value: Config
  readonly note: string
  readonly onChange: (value: Config) => void
}

/** The whole as text; what is typed reaches the forms as soon as it is a JSON object. */
export function JsonView({ value, note, onChange }: JsonViewProps) {
  const say = useWords(WORDS)
  const shown = JSON.stringify(value, null, 2)
  const [typed, setTyped] = useState<string | undefined>()
  const isWrong = typed !== undefined && readObject(typed) === undefined
  return (
    <div onFocusOut={() => isWrong || setTyped(undefined)}>
      <AreaField
        label="JSON"
        hint={note}
        error={isWrong ? say.jsonWrong : undefined}
        isCode
        rows={Math.min(32, Math.max(10, shown.split('\n').length + 1))}
        value={typed ?? shown}
        onInput={(text) => {
          setTyped(text)
          const object = readObject(text)
          if (object !== undefined) onChange(object)
        }}
      />
    </div>
  )
}

function readObject(text: string): Config | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Config)
      : undefined
  } catch {
    return undefined
  }
}

interface DifferencesViewProps {
  readonly schema: Schema
  readonly config: Config
  readonly api: ApiDescription
}

export function DifferencesView({ schema, config, api }: DifferencesViewProps) {
  const say = useWords(WORDS)
  const found = differences(schema, config, api)
  if (found.length === 0) return <p class="text-sm text-muted">{say.noDifferences}</p>
  return (
    <div class="overflow-x-auto" tabIndex={0} role="group" aria-label={say.differences}>
      <table class="w-full text-left text-sm">
        <thead class="text-xs text-muted">
          <tr class="border-b border-line">
            <th class="py-2 pr-4 font-medium">{say.setting}</th>
            <th class="py-2 pr-4 font-medium">{say.value}</th>
            <th class="py-2 font-medium">{say.byDefault}</th>
          </tr>
        </thead>
        <tbody>
          {found.map(({ path, value, byDefault }) => (
            <tr key={path} class="border-b border-line align-top last:border-0">
              <td class="py-2 pr-4 font-mono text-xs leading-5 break-all sm:break-normal">
                {path}
              </td>
              <td class="max-w-md min-w-36 py-2 pr-4 break-words">{valueText(value)}</td>
              <td class="py-2 text-muted">
                {byDefault === undefined ? say.none : valueText(byDefault)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function PromptView({ config }: { config: Config }) {
  const say = useWords(WORDS)
  return (
    <div>
      <p class="mb-4 text-sm text-muted">{say.promptText}</p>
      <ol class="grid gap-3">
        {firstMessages(config, say.userSays).map(({ role, content }, index) => (
          <li key={index} class="rounded-lg bg-fill p-3">
            <Badge tone={role === 'assistant' ? 'agent' : 'neutral'}>{role}</Badge>
            <p class="mt-2 text-sm whitespace-pre-wrap">{content}</p>
          </li>
        ))}
      </ol>
    </div>
  )
}
